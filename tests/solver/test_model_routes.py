"""Travel, waiting and breaks of a user. Optima are derived by hand."""

from typing import Any

import pytest

from tests.factories import Json, appointment, at, current, hours, position, problem, rule, span, user
from tests.solver.modelled import Solved

CREW = [position()]
PLACES = [{"id": name, "latitude": 48.0, "longitude": 11.0} for name in "xyz"]


def visit(name: str, place: str | None, **fields: Any) -> Json:
    located: Json = {} if place is None else {"location": place}
    return appointment(name, crew=CREW, **located, **fields)


def day(items: list[Json], minutes: list[list[int]], **parts: Any) -> Json:
    """A day of ana from 09:00 to 13:00 with travel between x, y and z."""
    people = parts.pop("users", [user("ana", availability=hours("09:00", "13:00"))])
    travel = {"locations": ["x", "y", "z"], "minutes": minutes}
    return problem(users=people, appointments=items, locations=PLACES, travel=travel, **{"step_minutes": 15, **parts})


AFTERWARDS = span("mon 12:00", "mon 13:00")
ROUND = [[0, 10, 40], [40, 0, 10], [10, 40, 0]]


def test_shortest_way_in_an_asymmetric_matrix() -> None:
    # x→y→z and its rotations take 20 minutes, the other way round 80.
    items = [visit("a", "x"), visit("b", "z"), visit("c", "y")]
    solved = Solved(day(items, ROUND, weights={"travel": 3}))
    assert (solved.result.cost, solved.result.status) == (60, "optimal")


def test_depots_are_part_of_the_way() -> None:
    # From x to z and home to x: 40 + 10; the visit starts at 09:45 at the earliest, on the grid.
    people = [user("ana", availability=hours("09:00", "13:00"), start_location="x", end_location="x")]
    items = [visit("a", "z", preferred_start=at("mon 09:00"))]
    solved = Solved(day(items, ROUND, users=people, weights={"travel": 1, "preferred_time": 1}))
    assert (solved.starts, solved.result.cost) == ({"a": "mon 09:45"}, 95)


def test_home_is_reached_by_the_end_of_the_shift() -> None:
    # The service ends by 12:20 to be home, 40 minutes away, at 13:00: 11:15 is the last start.
    people = [user("ana", availability=hours("09:00", "13:00"), end_location="x")]
    items = [visit("a", "y", preferred_start=at("mon 13:00"))]
    solved = Solved(day(items, ROUND, users=people, weights={"preferred_time": 1}))
    assert solved.starts == {"a": "mon 11:15"}


def test_detour_makes_a_way_possible_that_is_too_long_directly() -> None:
    # x→z takes 90 minutes, by y only 10: without a visit at y, the two pinned hours leave no time for the direct way.
    minutes = [[0, 5, 90], [90, 0, 5], [90, 90, 0]]
    first = visit("a", "x", windows=[span("mon 09:00", "mon 10:00")])
    last = visit("c", "z", windows=[span("mon 11:00", "mon 12:00")])
    middle = appointment("b", 15, crew=CREW, location="y")
    weights = {"unassigned": {"normal": 100}}
    assert Solved(day([first, last], minutes, weights=weights)).result.cost == 100
    solved = Solved(day([first, middle, last], minutes, weights=weights))
    assert (solved.result.cost, len(solved.starts)) == (0, 3)


@pytest.mark.parametrize(("length", "cost"), [(15, 0), (30, 50)], ids=["room for the way", "no room for the way"])
def test_unlocated_work_on_the_way_takes_its_time_from_the_travel(length: int, cost: int) -> None:
    # An hour lies between the visits, 40 minutes of it are the way from x to z; the paperwork has to fit beside it.
    items = [
        visit("a", "x", windows=[span("mon 09:00", "mon 10:00")]),
        visit("c", "z", windows=[span("mon 11:00", "mon 12:00")]),
        appointment("b", length, crew=CREW, windows=[span("mon 10:00", "mon 11:00")], unassigned_weight=50),
    ]
    assert Solved(day(items, ROUND)).result.cost == cost


def test_travel_ends_with_the_shift() -> None:
    # Two shifts of one day each: no way between x today and z tomorrow is counted.
    items = [
        visit("a", "x", windows=[span("mon 12:00", "mon 13:00")]),
        visit("b", "z", windows=[span("tue 09:00", "tue 10:00")]),
    ]
    solved = Solved(day(items, ROUND, horizon=span("mon 00:00", "tue 24:00"), weights={"travel": 1}))
    assert (solved.result.cost, len(solved.starts)) == (0, 2)


def test_pinned_visits_without_time_to_travel_are_excused_and_priced() -> None:
    items = [
        visit("a", "x", pinned=True, current=current("mon 09:00", "ana")),
        visit("b", "z", pinned=True, current=current("mon 10:00", "ana")),
    ]
    solved = Solved(day(items, ROUND, weights={"travel": 1}))
    assert (solved.result.cost, solved.result.status, solved.report.valid) == (40, "optimal", True)


def test_nothing_joins_a_pinned_pair_if_that_spoils_its_way() -> None:
    # 45 minutes lie between the pinned visits, 40 of them are the way: 15 minutes of paperwork do not fit between.
    items = [
        visit("a", "x", pinned=True, current=current("mon 09:00", "ana")),
        visit("b", "z", pinned=True, current=current("mon 10:45", "ana")),
        appointment("c", 15, crew=CREW, windows=[span("mon 10:00", "mon 10:45")], unassigned_weight=9),
    ]
    assert Solved(day(items, ROUND)).result.cost == 9


def test_waiting_is_idle_time_without_travel() -> None:
    # Between 10:00 at x and 11:00 at z lie 60 minutes, 40 of them travel: 20 of waiting, once summed, once the largest.
    items = [
        visit("a", "x", windows=[span("mon 09:00", "mon 10:00")]),
        visit("b", "z", windows=[span("mon 11:00", "mon 12:00")]),
    ]
    assert Solved(day(items, ROUND, weights={"waiting": 2, "max_waiting": 3})).result.cost == 100


def test_waiting_is_avoided_by_moving_together() -> None:
    # Apart as wished, 120 minutes idle cost 240; moved together the wish is missed by 120 in all.
    items = [
        visit("a", None, preferred_start=at("mon 09:00")),
        visit("b", None, preferred_start=at("mon 12:00")),
    ]
    solved = Solved(day(items, ROUND, weights={"waiting": 2, "preferred_time": 1}))
    assert solved.result.cost == 120


def lunch(minutes: int = 30) -> Json:
    return rule("break_time", start_time="11:00", end_time="12:00", parameters={"duration_minutes": minutes})


def test_flexible_break_leaves_a_gap_in_its_span() -> None:
    # Wished at 10:45 it would leave 15 minutes before 12:00; nearest are 10:30 (gap from 11:30) and 11:30.
    items = [visit("a", None, preferred_start=at("mon 10:45"))]
    solved = Solved(day(items, ROUND, rules=[lunch()], weights={"preferred_time": 1}))
    assert (solved.starts, solved.result.cost) == ({"a": "mon 10:30"}, 15)


def test_flexible_break_is_no_matter_outside_its_span() -> None:
    items = [
        visit("a", None, windows=[span("mon 10:00", "mon 11:00")]),
        visit("b", None, windows=[span("mon 12:00", "mon 13:00")]),
    ]
    assert len(Solved(day(items, ROUND, rules=[lunch(60)])).starts) == 2


def test_flexible_break_and_travel_share_no_minute() -> None:
    # 11:15 to 12:00 lie between; half an hour of break and 10 minutes from x to y fit, 40 minutes from x to z do not.
    def cost(place: str) -> int | None:
        items = [
            visit("a", "x", windows=[span("mon 10:15", "mon 11:15")]),
            visit("b", place, windows=[span("mon 12:00", "mon 13:00")], unassigned_weight=8),
        ]
        return Solved(day(items, ROUND, rules=[lunch()])).result.cost

    assert (cost("y"), cost("z")) == (0, 8)


def test_pinned_work_that_leaves_no_break_is_excused_but_joined_by_nothing() -> None:
    items = [
        visit("p", None, pinned=True, current=current("mon 10:45", "ana")),
        appointment("a", 15, crew=CREW, windows=[span("mon 11:45", "mon 12:15")], preferred_start=at("mon 11:45")),
    ]
    solved = Solved(day(items, ROUND, rules=[lunch()], weights={"preferred_time": 1}))
    assert (solved.starts["a"], solved.result.cost, solved.report.valid) == ("mon 12:00", 15, True)


def test_way_from_before_the_shift_shortens_a_break() -> None:
    # From x at 08:30 to z it takes 40 minutes, of which 30 fit before the span. A start at 09:15 leaves 5 of its 15
    # minutes, one at 09:30 leaves 20.
    pause = rule("break_time", start_time="09:00", end_time="10:00", parameters={"duration_minutes": 15})
    items = [
        visit("p", "x", pinned=True, current=current("mon 07:30", "ana")),
        visit("a", "z", preferred_start=at("mon 09:15")),
    ]
    solved = Solved(day(items, ROUND, rules=[pause], weights={"preferred_time": 1}))
    assert (solved.starts["a"], solved.result.cost) == ("mon 09:30", 15)


def test_break_beside_overlapping_pinned_visits_counts_from_the_one_that_ends_last() -> None:
    # The visit at x ends at 11:15 and outlasts the one at y. From x to z it takes 40 minutes, from y 10: the break and
    # the way need 70 minutes, until 12:25, where 40 would do from y.
    items = [
        visit("p", "x", pinned=True, current=current("mon 10:15", "ana")),
        appointment("q", 15, crew=CREW, location="y", pinned=True, current=current("mon 10:30", "ana")),
        appointment("a", 30, crew=CREW, location="z", preferred_start=at("mon 12:00"), windows=[AFTERWARDS]),
    ]
    solved = Solved(day(items, ROUND, rules=[lunch()], weights={"preferred_time": 1}))
    assert (solved.starts["a"], solved.result.cost, solved.report.valid) == ("mon 12:30", 30, True)
