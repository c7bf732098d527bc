"""Edits: how they are asked for, and what becomes of a problem."""

from datetime import time
from typing import Any

import pytest

from models.edits import EDIT_LIST, EDITS, Asked, apply_edits, read_edits
from models.edits.draft import Draft
from models.edits.moments import read_span
from models.enums import Priority
from models.errors import InvalidEdit, InvalidProblem
from models.plan import Plan
from models.problem import Problem
from models.timegrid import minute_of
from tests.factories import (
    Json,
    appointment,
    at,
    current,
    hours,
    link,
    position,
    problem,
    resource,
    rule,
    span,
    team,
    user,
)

LEAVE, VEHICLE = span("tue 09:00", "tue 10:00"), {"resource_type": "vehicle"}
BY_OPTION = {edit.option: edit for edit in EDITS}


def week(**parts: Any) -> Problem:
    """A week with somebody of every kind."""
    fields: Json = {
        "horizon": span("mon 00:00", "sun 24:00"),
        "users": [
            user("ana", "wash", availability=hours("08:00", "16:00", "mon tue"), unavailable=[LEAVE]),
            user("bo", "wash"),
            user("cy:1"),
        ],
        "teams": [team("crew", "ana", "bo", lead="ana")],
        "resources": [resource("van", "vehicle"), resource("room")],
        "appointments": [
            appointment("a", crew=[position("wash")], users={"preferred": ["ana"]}, resources=[VEHICLE]),
            appointment("b", current=current("tue 09:00", "ana", resources=[{"resource": "van"}]), after=[link("a")]),
            appointment("c", current=current("wed 09:00", "bo"), pinned=True, resources=[{"resource": "room"}]),
        ],
        "rules": [rule("working_hours", start_time="07:00", end_time="18:00")],
    }  # fmt: skip
    return Problem.parse(problem(**(fields | parts)))


def asked(*words: str) -> list[Asked]:
    return [Asked(BY_OPTION[option], value) for option, value in zip(words[::2], words[1::2], strict=True)]


def changed(about: Problem, *words: str, plan: Plan | None = None) -> Problem:
    """Read options and apply what they ask for."""
    return apply_edits(about, read_edits(about, asked(*words), plan), plan).problem


def minutes(moment: str) -> int:
    return minute_of(Problem.parse(problem(now=at(moment))).now)  # type: ignore[arg-type]  # it has one


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("", "mon 00:00", "sun 24:00"),
        ("tue", "tue 00:00", "wed 00:00"),
        ("Tuesday", "tue 00:00", "wed 00:00"),
        ("2026-11-24", "tue 00:00", "wed 00:00"),
        ("tue..thu", "tue 00:00", "fri 00:00"),
        ("tue 14:00", "tue 14:00", "wed 00:00"),
        ("tue 14:00..16:30", "tue 14:00", "tue 16:30"),
        ("tue 14:00..wed 9:00", "tue 14:00", "wed 09:00"),
        ("2026-11-24T14:00..24:00", "tue 14:00", "wed 00:00"),
        ("2026-11-24T14:00:00+02:00..tue 13:00", "tue 12:00", "tue 13:00"),
        ("14:00..", "mon 14:00", "sun 24:00"),
        ("..tue 09:00", "mon 00:00", "tue 09:00"),
        ("today", "mon 00:00", "tue 00:00"),
        ("tomorrow 10:00", "tue 10:00", "wed 00:00"),
    ],
)
def test_span_is_read(text: str, start: str, end: str) -> None:
    found = read_span(text, Draft.of(week()))
    assert tuple(map(minute_of, found)) == (minutes(start), minutes(end))


def test_span_counts_from_now() -> None:
    draft = Draft.of(week(now=at("wed 10:30")))
    assert tuple(map(minute_of, read_span("", draft))) == (minutes("wed 10:30"), minutes("sun 24:00"))
    assert tuple(map(minute_of, read_span("fri..sat", draft))) == (minutes("fri 00:00"), minutes("sun 00:00"))
    assert minute_of(read_span("mon", draft)[0]) == minutes("mon 00:00") + 7 * 1440


@pytest.mark.parametrize("text", ["someday", "tue 25:00", "tue 9", "tue..mon 08:00:30", "14:00..13:00", "2026-02-30"])
def test_span_that_says_no_time_is_refused(text: str) -> None:
    with pytest.raises(InvalidEdit):
        read_span(text, Draft.of(week()))


def test_absence_is_added_to_what_a_user_is_unavailable_for() -> None:
    ana = changed(week(), "--absent", "ana:wed").users_by_id["ana"]
    assert [minute_of(period.start) for period in ana.unavailable] == [minutes("tue 09:00"), minutes("wed 00:00")]


def test_id_may_hold_the_mark() -> None:
    (period,) = changed(week(), "--absent", "cy:1:tue 09:00..10:00").users_by_id["cy:1"].unavailable
    assert minute_of(period.start) == minutes("tue 09:00")


def test_resource_is_down_and_team_takes_nothing() -> None:
    found = changed(week(), "--down", "van:tue", "--team-down", "crew:tue 12:00..thu")
    assert minute_of(found.resources_by_id["van"].unavailable[0].end) == minutes("wed 00:00")
    closure = found.rules[-1]
    assert (closure.applies_to_teams, closure.start_time, closure.end_time) == (("crew",), time(12), None)
    assert str(closure.end_date) == "2026-11-26"


def test_appointment_takes_longer_comes_late_and_is_cancelled() -> None:
    found = changed(week(), "--longer", "a:30", "--late", "b:20").appointments_by_id
    assert found["a"].duration_minutes == 90
    late = found["b"].current
    assert late is not None
    assert (minute_of(late.start), late.users, found["b"].pinned) == (minutes("tue 09:20"), ("ana",), True)
    left = changed(week(), "--cancelled", "a").appointments_by_id
    assert (set(left), left["b"].after) == ({"b", "c"}, ())


def test_new_request_is_urgent_unless_it_says_otherwise() -> None:
    text = '{"id": "n", "duration_minutes": 30}'
    assert changed(week(), "--urgent", text).appointments_by_id["n"].priority is Priority.URGENT
    low = text.replace("30", '30, "priority": "low"')
    assert changed(week(), "--urgent", low).appointments_by_id["n"].priority is Priority.LOW


def test_new_request_is_like_another_one_at_its_own_time() -> None:
    found = changed(week(), "--urgent", "like:b:wed 11:00..15:00", "--urgent", "like:a").appointments_by_id
    again = found["b-urgent"]
    assert (again.after, again.current, again.priority) == ((), None, Priority.URGENT)
    (window,) = again.windows
    assert (minute_of(window.start), minute_of(window.end)) == (minutes("wed 11:00"), minutes("wed 15:00"))
    assert found["a-urgent"].crew == found["a"].crew
    assert minute_of(found["a-urgent"].windows[0].end) == minutes("sun 24:00")


def test_keep_and_release_pin_and_unpin() -> None:
    found = changed(week(), "--keep", "b", "--release", "c").appointments_by_id
    assert (found["b"].pinned, found["c"].pinned) == (True, False)


def test_now_goes_before_all_others() -> None:
    (now, away) = read_edits(week(), asked("--absent", "bo:today", "--now", "thu 10:00"))
    assert now.option == "--now"
    period = apply_edits(week(), [away, now]).problem.users_by_id["bo"].unavailable[0]
    assert minute_of(period.start) == minutes("thu 00:00")


def test_copied_user_is_where_the_pattern_is_without_the_leave() -> None:
    found = changed(week(), "--add-user", "like:ana=zoe")
    zoe = found.users_by_id["zoe"]
    assert (zoe.skills, zoe.unavailable) == (found.users_by_id["ana"].skills, ())
    assert found.teams_by_id["crew"].members == ("ana", "bo", "zoe")
    assert found.appointments_by_id["a"].users.preferred == ("ana", "zoe")
    assert [one.id for one in changed(week(), "--add-user", "like:bo", "--add-user", "like:bo").users][-2:] == [
        "bo-2",
        "bo-3",
    ]


def test_copied_user_joins_no_team_that_is_taken_whole() -> None:
    whole = appointment("a", team={"any_of": ["crew"]})
    found = changed(week(appointments=[whole]), "--add-user", "like:ana")
    assert found.teams_by_id["crew"].members == ("ana", "bo")


def test_removed_user_is_nowhere() -> None:
    found = changed(week(), "--remove-user", "ana")
    assert [one.id for one in found.users] == ["bo", "cy:1"]
    crew = found.teams_by_id["crew"]
    assert (crew.members, crew.lead) == (("bo",), None)
    stands = found.appointments_by_id["b"].current
    assert stands is not None
    assert (found.appointments_by_id["a"].users.preferred, stands.users) == ((), ())


def test_removed_user_with_pinned_work_stays_for_it() -> None:
    bo = changed(week(), "--remove-user", "bo").users_by_id["bo"]
    assert [(minute_of(p.start), minute_of(p.end)) for p in bo.unavailable] == [
        (minutes("mon 00:00"), minutes("sun 24:00"))
    ]


def test_resources_come_and_go() -> None:
    found = changed(week(), "--add-resource", "like:van=van-2", "--remove-resource", "van", "--remove-resource", "room")
    # what is asked for by name stays in the file, but closed
    assert [(one.id, len(one.unavailable)) for one in found.resources] == [("room", 1), ("van-2", 0)]
    stands = found.appointments_by_id["b"].current
    assert stands is not None
    assert stands.resources == ()


def test_skill_is_learned() -> None:
    skills = changed(week(), "--add-skill", "cy:1:wash=2").users_by_id["cy:1"].skills
    assert [(skill.name, skill.level) for skill in skills] == [("wash", 2)]


@pytest.mark.parametrize(
    ("longer", "end"),
    [
        ("ana:60", "17:00"),
        ("ana:-30", "15:30"),
        ("ana:18:30", "18:30"),
        ("ana:12:00", "16:00"),
        ("ana:500", "00:20"),
    ],
)
def test_hours_of_one_are_extended(longer: str, end: str) -> None:
    found = changed(week(), "--extend-hours", longer)
    week_hours = found.users_by_id["ana"].availability
    assert week_hours is not None
    assert {spans[0].end.isoformat("minutes") for spans in week_hours.values()} == {end}
    # the rule that binds everybody is copied for her, and stays as it is for others
    assert [(one.is_global, one.applies_to_users) for one in found.rules] == [(True, ()), (False, ("ana",))]
    assert found.rules[0].end_time == time(18)


def test_hours_of_all_are_extended() -> None:
    found = changed(week(), "--extend-hours", "all:60")
    assert [one.end_time for one in found.rules] == [time(19)]
    own = found.users_by_id["ana"].availability
    assert own is not None
    assert {spans[0].end for spans in own.values()} == {time(17)}


def test_hours_never_exceed_a_day() -> None:
    night = problem(users=[user("ana", availability={"monday": [{"start": "20:00", "end": "06:00"}]})])
    spans = changed(Problem.parse(night), "--extend-hours", "ana:2000").users[0].availability
    assert spans is not None
    assert [(one.start, one.end) for day in spans.values() for one in day] == [(time(20), time(20))]


def test_weights_rules_and_demand() -> None:
    found = changed(
        week(), "--set-weight", "travel=7", "--set-weight", "unassigned.low=5", "--remove-rule", "working_hours"
    )
    assert (found.weights.travel, found.weights.unassigned.low) == (7, 5)
    assert not found.rules[0].is_active
    # the pinned one stands as it is, and copies have neither links nor a place
    more = changed(week(), "--scale-demand", "200").appointments
    assert [one.id for one in more] == ["a", "b", "c", "a again", "b again"]
    assert (more[-1].after, more[-1].current) == ((), None)
    assert [one.id for one in changed(week(), "--scale-demand", "50%").appointments] == ["a", "c"]


def test_stated_weights_stay_stated() -> None:
    found = changed(week(weights={"travel": 1}), "--set-weight", "lateness=2")
    assert {"travel", "lateness"} <= found.weights.model_fields_set
    assert "waiting" not in found.weights.model_fields_set


def test_plan_is_what_stands() -> None:
    plan = Plan.parse(
        {"assignments": [{"appointment": "a", "start": at("mon 09:00"), "end": at("mon 10:00"), "users": ["bo"]}]}
    )
    found = changed(week(), "--absent", "ana", plan=plan).appointments_by_id
    stands = found["a"].current
    assert stands is not None
    assert (minute_of(stands.start), stands.users) == (minutes("mon 09:00"), ("bo",))
    assert found["b"].current is None  # the plan leaves it out
    assert found["c"].current == week().appointments_by_id["c"].current  # it is pinned


def test_problem_stays_as_it_was() -> None:
    about = week()
    before = about.to_json()
    changed(about, "--absent", "ana", "--cancelled", "a", "--add-user", "like:bo", "--extend-hours", "all:60")
    assert about.to_json() == before


def test_all_faults_come_at_once_with_their_options() -> None:
    with pytest.raises(InvalidEdit) as caught:
        read_edits(
            week(), asked("--absent", "anna:tue", "--down", "bo", "--longer", "a:soon", "--set-weight", "travl=1")
        )
    told = [(fault.where, fault.advice) for fault in caught.value.faults]
    assert told == [
        ("--absent anna:tue", 'Did you mean "ana"?'),
        ("--down bo", "It is the id of a user."),
        ("--longer a:soon", "Such as a:30."),
        ("--set-weight travl=1", 'Did you mean "travel"?'),
    ]


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--longer", "a:0"),
        ("--longer", "a:-60"),
        ("--late", "a:10"),
        ("--keep", "a"),
        ("--urgent", '{"id": "a", "duration_minutes": 5}'),
        ("--urgent", '{"id": "n"}'),
        ("--urgent", "no-such-file.json"),
        ("--urgent", "like:x"),
        ("--add-user", "like:ana=bo"),
        ("--add-user", "ana"),
        ("--add-skill", "ana"),
        ("--add-skill", "ana:cook"),
        ("--extend-hours", "all:late"),
        ("--extend-hours", "nobody:60"),
        ("--extend-hours", "ana"),
        ("--remove-rule", "lunch"),
        ("--scale-demand", "-5"),
        ("--set-weight", "travel=-1"),
        ("--set-weight", "travel"),
    ],
)
def test_what_cannot_be_is_refused(option: str, value: str) -> None:
    with pytest.raises(InvalidEdit):
        changed(week(), option, value)


def test_changes_that_do_not_agree_are_refused() -> None:
    with pytest.raises(InvalidProblem):
        changed(week(), "--urgent", '{"id": "n", "duration_minutes": 5, "after": [{"appointment": "gone"}]}')


def test_edits_are_read_from_json_by_their_kind() -> None:
    document = [
        {"kind": "user_absent", "user": "ana", "start": at("tue 00:00")},
        {"kind": "extend_hours", "who": "all", "minutes": 60},
        {"kind": "urgent", "appointment": {"id": "n", "duration_minutes": 30}},
    ]
    edits = EDIT_LIST.validate_python(document)
    assert [type(edit).__name__ for edit in edits] == ["UserAbsent", "ExtendHours", "Urgent"]
    assert EDIT_LIST.validate_json(EDIT_LIST.dump_json(edits)) == edits
    assert "n" in apply_edits(week(), edits).problem.appointments_by_id


def test_every_edit_is_in_the_union_and_explains_itself() -> None:
    kinds = {edit.model_fields["kind"].default for edit in EDITS}
    assert set(EDIT_LIST.json_schema()["items"]["discriminator"]["mapping"]) == kinds
    assert len({edit.option for edit in EDITS}) == len(EDITS)
    assert all(edit.does and edit.metavar for edit in EDITS)
