from typing import Any

from tests.factories import Json, appointment, current, position, problem, team, user
from tests.solver.plans import broken, excused, lowered, placed

USERS = [user("ana"), user("bo"), user("cy")]
TEAMS = [team("red", "ana", "bo"), team("blue", "bo", "cy", max_concurrent=2)]


def teamwork(*appointments: Json) -> Json:
    return problem(users=USERS, teams=TEAMS, appointments=list(appointments))


def red_or_blue(ident: str = "a", **fields: Any) -> Json:
    return appointment(ident, team={"any_of": ["red", "blue"]}, **fields)


def test_one_of_the_offered_teams_comes_whole() -> None:
    assert broken("team", teamwork(red_or_blue()), placed("a", "mon 09:00", "bo", "ana", team="red")) == []


def test_no_team_or_another_one_is_wrong() -> None:
    only_red = teamwork(appointment("a", team={"any_of": ["red"]}))
    assert broken("team", only_red, placed("a", "mon 09:00")) == [(("a",), 1)]
    assert broken("team", only_red, placed("a", "mon 09:00", "bo", "cy", team="blue")) == [(("a",), 1)]


def test_team_that_is_not_asked_for_is_wrong() -> None:
    item = teamwork(appointment("a", crew=[position()]))
    assert broken("team", item, placed("a", "mon 09:00", "ana", team="red")) == [(("a",), 1)]


def test_whole_team_without_some_members_is_off_by_their_number() -> None:
    assert broken("team", teamwork(red_or_blue()), placed("a", "mon 09:00", "ana", team="red")) == [(("a",), 1)]


def test_crew_are_members_of_the_team_that_comes() -> None:
    item = teamwork(red_or_blue(crew=[position(count=2)]))
    assert broken("team", item, placed("a", "mon 09:00", "ana", "bo", team="red")) == []
    assert broken("team", item, placed("a", "mon 09:00", "ana", "cy", team="red")) == [(("a",), 1)]


def test_team_has_at_most_so_many_appointments_at_once_buffers_included() -> None:
    one: Json = {"crew": [position()], "team": {"any_of": ["red"]}}
    touching = teamwork(appointment("a", **one), appointment("b", **one))
    a, b = placed("a", "mon 09:00", "ana", team="red"), placed("b", "mon 10:00", "bo", team="red")
    assert broken("team", touching, a, b) == []
    buffered = teamwork(appointment("a", buffer_after_minutes=5, **one), appointment("b", **one))
    assert broken("team", buffered, a, b) == [(("a", "b"), 1)]


def test_team_of_two_jobs_at_once_refuses_the_third() -> None:
    one: Json = {"crew": [position()], "team": {"any_of": ["blue"]}}
    item = teamwork(*(appointment(key, **one) for key in "abc"))
    two = [placed("a", "mon 09:00", "bo", team="blue"), placed("b", "mon 09:30", "cy", team="blue")]
    assert broken("team", item, *two) == []
    # From 09:30 to 10:00 all three are under way, one too many.
    third = placed("c", "mon 09:00", "ana", team="blue")
    assert (("a", "c", "b"), 1) in broken("team", item, *two, third)


def test_pinned_team_is_excused() -> None:
    item = teamwork(red_or_blue(current=current("mon 09:00", "cy", team="red"), pinned=True))
    assert broken("team", item, placed("a", "mon 09:00", "cy", team="red")) == []
    # Cy is a stranger in red, and both members stay away.
    assert excused("team", item, placed("a", "mon 09:00", "cy", team="red")) == [(("a",), 1), (("a",), 2)]


def test_teams_are_lowered_with_members_and_capacity() -> None:
    instance = lowered(teamwork())
    assert [(t.members, t.capacity) for t in instance.teams] == [((0, 1), 1), ((1, 2), 2)]


def test_task_offers_teams_and_narrows_positions_to_their_members() -> None:
    item = teamwork(
        appointment("a", crew=[position()], team={"any_of": ["blue"]}),
        appointment("b", crew=[position()], team={"any_of": ["blue"]}),
        red_or_blue("c", crew=[position()]),
        appointment("d", crew=[position()]),
    )
    a, b, c, d = lowered(item).tasks
    assert (a.teams, a.whole_team, a.positions[0].users) == ((4,), False, (1, 2))
    assert a.positions[0] is b.positions[0]
    assert (c.teams, c.positions[0].users) == ((3, 4), (0, 1, 2))
    assert (d.teams, d.whole_team) == ((), False)


def test_whole_team_is_offered_only_if_all_members_may_come() -> None:
    item = teamwork(
        red_or_blue("a", users={"allowed": ["bo", "cy"]}),
        red_or_blue("b", users={"excluded": ["cy"]}),
        red_or_blue("c", users={"excluded": ["bo"]}),
    )
    assert [(t.teams, t.whole_team) for t in lowered(item).tasks] == [((4,), True), ((3,), True), ((), True)]
