from typing import Any

import pytest

from solver.instance import NEVER
from tests.factories import Json, appointment, current, link, position, problem, user
from tests.solver.plans import broken, excused, lowered, placed


def pair(**wish: Any) -> Json:
    two: Json = {"crew": [position(count=2)]}
    return problem(
        users=[user(key) for key in ("ana", "bo", "cy", "di")],
        appointments=[appointment("a", **two), appointment("b", after=[link("a", **wish)], **two)],
    )


FIRST = placed("a", "mon 09:00", "ana", "bo")


@pytest.mark.parametrize(
    ("start", "off"),
    [
        pytest.param("mon 10:30", 0, id="least gap"),
        pytest.param("mon 10:29", 1, id="too near"),
        pytest.param("mon 11:00", 0, id="largest gap"),
        pytest.param("mon 11:05", 5, id="too far"),
        pytest.param("mon 08:00", 150, id="before"),
    ],
)
def test_gap_from_the_end_lies_between_least_and_most(start: str, off: int) -> None:
    item = pair(min_gap_minutes=30, max_gap_minutes=60)
    found = broken("links", item, FIRST, placed("b", start, "ana", "bo"))
    assert [amount for _, amount in found] == ([off] if off else [])


def test_gap_from_the_start_counts_from_there() -> None:
    item = pair(max_gap_minutes=0, **{"from": "start"})
    assert broken("links", item, FIRST, placed("b", "mon 09:00", "cy", "di")) == []
    assert broken("links", item, FIRST, placed("b", "mon 09:10", "cy", "di")) == [(("a", "b"), 10)]


def test_negative_gap_lets_it_start_before() -> None:
    assert broken("links", pair(min_gap_minutes=-90), FIRST, placed("b", "mon 08:30", "cy", "di")) == []
    assert broken("links", pair(min_gap_minutes=-90), FIRST, placed("b", "mon 08:29", "cy", "di")) == [(("b", "a"), 1)]


def test_what_it_follows_is_placed_too() -> None:
    assert broken("links", pair(), placed("b", "mon 12:00", "ana", "bo")) == [(("b",), 1)]
    assert broken("links", pair(), FIRST) == []


def test_different_users_share_nobody() -> None:
    item = pair(different_users=True)
    assert broken("links", item, FIRST, placed("b", "mon 12:00", "cy", "di")) == []
    assert broken("links", item, FIRST, placed("b", "mon 12:00", "bo", "cy")) == [(("a", "b"), 1)]


def test_same_users_are_equal_crews() -> None:
    item = pair(same_users=True)
    assert broken("links", item, FIRST, placed("b", "mon 12:00", "bo", "ana")) == []
    # Ana is missing and Cy is new.
    assert broken("links", item, FIRST, placed("b", "mon 12:00", "bo", "cy")) == [(("a", "b"), 2)]


def test_pinned_follower_of_something_left_out_is_excused() -> None:
    item = pair(min_gap_minutes=60)
    item["appointments"][1] |= {"current": current("mon 10:00", "ana", "bo"), "pinned": True}
    stays = placed("b", "mon 10:00", "ana", "bo")
    assert broken("links", item, stays) == []
    assert excused("links", item, stays) == [(("b",), 1)]
    assert broken("links", item, FIRST, stays) == [(("a", "b"), 60)]


def test_link_is_one_object_for_both_tasks() -> None:
    a, b = lowered(pair(min_gap_minutes=5, max_gap_minutes=9, same_users=True)).tasks
    (link_out,) = a.links_out
    assert b.links_in == [link_out]
    assert b.links_in[0] is link_out
    assert link_out == (0, 1, False, 5, 9, False, True)
    assert a.links_in == b.links_out == []


def test_link_without_largest_gap_never_ends() -> None:
    _, b = lowered(pair(different_users=True, **{"from": "start"})).tasks
    assert b.links_in[0] == (0, 1, True, 0, NEVER, True, False)
