from typing import Any

import pytest

from solver.rules.crew import match
from tests.factories import Json, appointment, current, position, problem, user
from tests.solver.plans import broken, excused, lowered, placed

USERS = [
    user("ana", "cook", certifications=["driver"]),
    user("bo", skills=[{"name": "cook", "level": 3}, "clean"]),
    user("cy"),
]


def kitchen(*crew: Json, **fields: Any) -> Json:
    return problem(users=USERS, appointments=[appointment("a", crew=list(crew), **fields)])


def test_appointment_without_crew_takes_nobody() -> None:
    assert broken("crew", kitchen(), placed("a", "mon 09:00")) == []
    assert broken("crew", kitchen(), placed("a", "mon 09:00", "ana", "bo")) == [(("a",), 2)]


@pytest.mark.parametrize(
    ("wanted", "who", "short"),
    [
        pytest.param(position("cook"), "ana", 0, id="skill"),
        pytest.param(position(skills=[{"name": "cook", "level": 3}]), "bo", 0, id="level"),
        pytest.param(position(skills=[{"name": "cook", "level": 2}]), "bo", 0, id="more than the level"),
        pytest.param(position(skills=[{"name": "cook", "level": 2}]), "ana", 1, id="less than the level"),
        pytest.param(position("cook"), "cy", 1, id="no skill"),
        pytest.param(position("cook", certifications=["driver"]), "ana", 0, id="certification"),
        pytest.param(position("cook", certifications=["driver"]), "bo", 1, id="no certification"),
        pytest.param(position(), "cy", 0, id="nothing asked"),
    ],
)
def test_position_is_filled_by_whom_it_fits(wanted: Json, who: str, short: int) -> None:
    expected = [(("a",), short)] if short else []
    assert broken("crew", kitchen(wanted), placed("a", "mon 09:00", who)) == expected


def test_positions_are_filled_in_whatever_order_the_users_are_named() -> None:
    # Only Bo cleans, so Ana must cook, although Bo is named first and cooks too.
    item = kitchen(position("cook"), position("clean"))
    assert broken("crew", item, placed("a", "mon 09:00", "bo", "ana")) == []
    assert broken("crew", item, placed("a", "mon 09:00", "ana", "bo")) == []


def test_nobody_fills_two_positions() -> None:
    assert broken("crew", kitchen(position("cook", count=2)), placed("a", "mon 09:00", "bo", "cy")) == [(("a",), 1)]


def test_too_many_or_too_few_are_off_by_the_difference() -> None:
    assert broken("crew", kitchen(position(count=2)), placed("a", "mon 09:00", "ana")) == [(("a",), 1)]
    assert broken("crew", kitchen(position()), placed("a", "mon 09:00", "ana", "bo", "cy")) == [(("a",), 2)]


def test_user_who_comes_twice_is_one_too_many() -> None:
    found = broken("crew", kitchen(position(count=2)), placed("a", "mon 09:00", "ana", "ana"))
    assert found == [(("a",), 1), (("a",), 1)]


def test_only_allowed_and_not_excluded_users_come() -> None:
    some = kitchen(position(), users={"allowed": ["ana", "bo"], "excluded": ["bo"]})
    assert broken("crew", some, placed("a", "mon 09:00", "ana")) == []
    assert broken("crew", some, placed("a", "mon 09:00", "bo")) == [(("a",), 1)]
    assert broken("crew", some, placed("a", "mon 09:00", "cy")) == [(("a",), 1)]
    nobody = kitchen(position(), users={"allowed": []})
    assert broken("crew", nobody, placed("a", "mon 09:00", "ana")) == [(("a",), 1)]


def test_crew_of_something_pinned_is_excused() -> None:
    item = kitchen(position("cook"), current=current("mon 09:00", "cy"), pinned=True)
    assert broken("crew", item, placed("a", "mon 09:00", "cy")) == []
    assert excused("crew", item, placed("a", "mon 09:00", "cy")) == [(("a",), 1)]


def test_task_has_one_position_per_head_and_equal_ones_are_one_object() -> None:
    item = problem(
        users=USERS,
        appointments=[
            appointment("a", crew=[position("cook", count=2), position(certifications=["driver"])]),
            appointment("b", crew=[position("cook")]),
            appointment("c", crew=[position()], users={"allowed": ["cy", "bo"], "excluded": ["bo"]}),
        ],
    )
    a, b, c = lowered(item).tasks
    assert [p.users for p in a.positions] == [(0, 1), (0, 1), (0,)]
    assert a.positions[0] is a.positions[1] is b.positions[0]
    assert [p.users for p in c.positions] == [(2,)]


def test_match_fills_as_many_places_as_possible() -> None:
    assert match([[1, 2], [1]], [1, 2]) == [2, 1]
    assert match([[1], [1]], [1, 2]) == [1, None]
    assert match([[1, 2], [2, 3], [1]], [3, 2, 1]) == [2, 3, 1]
    assert match([], [1]) == []


def test_match_leaves_everybody_where_they_fit() -> None:
    assert match([[1, 2, 3]] * 3, [3, 1, 2]) == [3, 1, 2]
    assert match([[1, 2], [1, 2, 3]], [2, 3]) == [2, 3]
