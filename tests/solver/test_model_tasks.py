"""One task at a time: where it may start, whom and what it takes, and what it costs. Optima are derived by hand."""

import pytest

from tests.factories import Json, appointment, at, current, hours, position, problem, resource, rule, span, team, user
from tests.solver.modelled import Solved

CREW = [position()]


def test_start_on_the_grid_nearest_to_the_wish() -> None:
    # Steps of an hour: 10:00 is 25 minutes away, 11:00 is 35.
    item = appointment("a", preferred_start=at("mon 10:25"))
    solved = Solved(problem(appointments=[item], weights={"preferred_time": 2}))
    assert (solved.starts, solved.result.cost, solved.result.bound) == ({"a": "mon 10:00"}, 50, 50)


def test_start_off_the_grid_where_it_stands() -> None:
    item = appointment("a", current=current("mon 10:25"), preferred_start=at("mon 10:20"))
    solved = Solved(problem(appointments=[item], weights={"preferred_time": 1}))
    assert (solved.starts, solved.result.cost) == ({"a": "mon 10:25"}, 5)


def test_touching_windows_are_no_common_one() -> None:
    # 90 minutes fit into neither hour, though together they would hold them.
    item = appointment("a", 90, windows=[span("mon 09:00", "mon 10:00"), span("mon 10:00", "mon 11:00")])
    solved = Solved(problem(appointments=[item], weights={"unassigned": {"normal": 7}}))
    assert (solved.starts, solved.result.cost, solved.result.status) == ({}, 7, "optimal")


def test_left_out_where_placing_costs_more() -> None:
    # Only 09:00 is possible, two hours off: 120 > 100.
    item = appointment(
        "a", windows=[span("mon 09:00", "mon 10:00")], preferred_start=at("mon 11:00"), unassigned_weight=100
    )
    solved = Solved(problem(appointments=[item], weights={"preferred_time": 1}))
    assert (solved.starts, solved.result.cost) == ({}, 100)


def test_lateness_counts_from_the_end() -> None:
    # Free from 10:00 on; the end at 11:00 is 30 minutes late: 2 × 30, and once more 5 × 30 as the largest.
    people = [user("ana", unavailable=[span("mon 00:00", "mon 10:00")])]
    item = appointment("a", crew=CREW, due=at("mon 10:30"))
    solved = Solved(problem(users=people, appointments=[item], weights={"lateness": 2, "max_lateness": 5}))
    assert (solved.starts, solved.result.cost) == ({"a": "mon 10:00"}, 210)


def test_moving_is_weighed_against_the_wish() -> None:
    # Staying costs 60 minutes, moving 30.
    item = appointment("a", current=current("mon 09:00"), preferred_start=at("mon 10:00"))
    solved = Solved(problem(appointments=[item], weights={"moved": 30, "preferred_time": 1}))
    assert (solved.starts, solved.result.cost) == ({"a": "mon 10:00"}, 30)


def test_service_lies_within_the_hours_but_buffers_need_not() -> None:
    people = [user("ana", availability=hours("09:00", "10:00"))]
    item = appointment("a", crew=CREW, buffer_before_minutes=30, buffer_after_minutes=30)
    assert Solved(problem(users=people, appointments=[item])).starts == {"a": "mon 09:00"}


def test_user_is_at_one_place_at_a_time_with_buffers() -> None:
    # Hours 09:00 to 12:00 hold three services, but a buffer of 30 minutes costs one of them.
    people = [user("ana", availability=hours("09:00", "12:00"))]
    items = [appointment(name, crew=CREW, buffer_after_minutes=30) for name in "abc"]
    solved = Solved(problem(users=people, appointments=items, weights={"unassigned": {"normal": 10}}))
    assert (len(solved.starts), solved.result.cost) == (2, 10)


def test_positions_take_different_users_with_their_skills() -> None:
    # Only bo can drive, so ana must carry although bo could.
    people = [user("ana", "carry"), user("bo", "carry", "drive")]
    item = appointment("a", crew=[position("carry"), position("drive")])
    assert Solved(problem(users=people, appointments=[item])).takers == {"a": ("ana", "bo")}


def test_outsiders_cost_where_somebody_is_preferred() -> None:
    people = [user("ana", availability=hours("09:00", "10:00")), user("bo")]
    items = [appointment(name, crew=CREW, users={"preferred": ["ana"]}) for name in "ab"]
    solved = Solved(problem(users=people, appointments=items, weights={"preferred_users": 60}))
    assert solved.result.cost == 60


def test_crew_comes_from_the_chosen_team() -> None:
    # Ana and bo are in no common team; cy cannot lift.
    people = [user("ana", "lift"), user("bo", "lift"), user("cy")]
    teams = [team("red", "ana", "cy"), team("blue", "bo", "cy")]
    item = appointment("a", crew=[position("lift"), position("lift")], team={"any_of": ["red", "blue"]})
    solved = Solved(problem(users=people, teams=teams, appointments=[item], weights={"unassigned": {"normal": 9}}))
    assert (solved.takers, solved.result.cost) == ({}, 9)


def test_whole_team_needs_every_member() -> None:
    people = [user("ana"), user("bo", availability=hours("13:00", "14:00"))]
    item = appointment("a", team={"any_of": ["red"]}, preferred_start=at("mon 09:00"))
    solved = Solved(
        problem(users=people, teams=[team("red", "ana", "bo")], appointments=[item], weights={"preferred_time": 1})
    )
    assert (solved.takers, solved.starts, solved.result.cost) == ({"a": ("red", "ana", "bo")}, {"a": "mon 13:00"}, 240)


@pytest.mark.parametrize(("at_once", "cost"), [(1, 60), (2, 0)], ids=["one at a time", "two at a time"])
def test_team_takes_as_many_at_once_as_it_may(at_once: int, cost: int) -> None:
    people = [user("ana"), user("bo")]
    teams = [team("red", "ana", "bo", max_concurrent=at_once)]
    items = [appointment(n, crew=CREW, team={"any_of": ["red"]}, preferred_start=at("mon 09:00")) for n in "ab"]
    solved = Solved(problem(users=people, teams=teams, appointments=items, weights={"preferred_time": 1}))
    assert solved.result.cost == cost


def test_units_of_a_resource_are_shared() -> None:
    # Two and one units fit into three at once; the third appointment, with two, waits an hour.
    rooms = [resource("hall", capacity=3)]
    items = [
        appointment(name, preferred_start=at("mon 09:00"), resources=[{"resource": "hall", "units": units}])
        for name, units in (("a", 2), ("b", 1), ("c", 2))
    ]
    solved = Solved(problem(resources=rooms, appointments=items, weights={"preferred_time": 1}))
    assert solved.result.cost == 60


def test_resource_fills_one_demand_only() -> None:
    item = appointment("a", resources=[{"resource_type": "room", "units": 1}] * 2)
    solved = Solved(
        problem(resources=[resource("hall", capacity=2)], appointments=[item], weights={"unassigned": {"normal": 3}})
    )
    assert (solved.takers, solved.result.cost) == ({}, 3)


def test_demands_take_the_resources_that_fit() -> None:
    rooms = [resource("hall", features=["sink"]), resource("cell")]
    item = appointment("a", resources=[{"resource_type": "room"}, {"resource_type": "room", "features": ["sink"]}])
    assert Solved(problem(resources=rooms, appointments=[item])).takers == {"a": ("cell", "hall")}


LIMITS = [
    ({"max_concurrent": 1}, 60),
    ({"max_per_day": 1}, 100),
    ({"max_per_week": 1}, 100),
    ({"max_minutes_per_day": 90}, 100),
    ({"max_minutes_per_week": 119}, 100),
    ({"max_minutes_per_week": 120, "max_per_day": 2}, 0),
]


@pytest.mark.parametrize(("limits", "cost"), LIMITS, ids=[" ".join(limits) for limits, _ in LIMITS])
@pytest.mark.parametrize("kind", ["global", "team", "resource"])
def test_limits_bind_whatever_they_name(kind: str, limits: Json, cost: int) -> None:
    # Two appointments that wish for the same hour; a second one at once costs 60 minutes, left out 100.
    names: Json = {"team": {"applies_to_teams": ["red"]}, "resource": {"applies_to_resources": ["hall"]}}.get(kind, {})
    items = [
        appointment(
            name,
            crew=CREW,
            preferred_start=at("mon 09:00"),
            unassigned_weight=100,
            team={"any_of": ["red"]},
            resources=[{"resource": "hall", "units": 1}],
        )
        for name in "ab"
    ]
    solved = Solved(
        problem(
            users=[user("ana"), user("bo")],
            teams=[team("red", "ana", "bo", max_concurrent=2)],
            resources=[resource("hall", capacity=2)],
            appointments=items,
            rules=[rule("capacity_limit", parameters=limits, **names)],
            weights={"preferred_time": 1},
        )
    )
    assert solved.result.cost == cost


def test_limit_of_a_user_counts_days_in_the_zone_of_the_user() -> None:
    # 23:00 and 00:00 UTC are one day in New York, so the second appointment is left out.
    items = [
        appointment("a", crew=CREW, windows=[span("mon 23:00", "mon 24:00")]),
        appointment("b", crew=CREW, windows=[span("tue 00:00", "tue 01:00")]),
    ]
    day = problem(
        users=[user("ana", timezone="America/New_York")],
        horizon=span("mon 00:00", "tue 24:00"),
        appointments=items,
        rules=[rule("capacity_limit", parameters={"max_per_day": 1}, applies_to_users=["ana"])],
        weights={"unassigned": {"normal": 5}},
    )
    assert Solved(day).result.cost == 5


def test_overtime_is_paid_up_to_its_limit() -> None:
    # Three hours of work, one in the contract, one of overtime at 2 a minute; the third is left out.
    people = [user("ana", max_hours_per_week=1, overtime_hours_per_week=1)]
    items = [appointment(name, crew=CREW, unassigned_weight=500) for name in "abc"]
    solved = Solved(problem(users=people, appointments=items, weights={"overtime": 2}))
    assert solved.result.cost == 120 + 500


def test_advance_booking_spares_what_is_booked() -> None:
    items = [
        appointment("new", preferred_start=at("mon 09:00")),
        appointment("old", preferred_start=at("mon 09:00"), current=current("mon 09:00")),
    ]
    day = problem(
        now=at("mon 08:00"),
        appointments=items,
        rules=[rule("advance_booking", parameters={"min_hours": 3})],
        weights={"preferred_time": 1},
    )
    solved = Solved(day)
    assert (solved.starts, solved.result.cost) == ({"new": "mon 11:00", "old": "mon 09:00"}, 120)


def test_headcount_balance_and_labour_are_weighed() -> None:
    # Both tasks with ana: 1 head, balance 120, labour 2 × 10.25 = 20.5, rounded to 21.
    # One each: 2 heads, balance 0, labour 10.25 + 30 = 40.25, rounded to 40.
    people = [user("ana", hourly_cost=10.25), user("bo", hourly_cost=30)]
    items = [appointment(name, crew=CREW) for name in "ab"]

    def cost(**weights: int) -> int | None:
        return Solved(problem(users=people, appointments=items, weights=weights)).result.cost

    assert cost(labor_cost=3) == 63
    assert cost(headcount=50, labor_cost=1) == 71
    assert cost(workload_balance=1, labor_cost=1) == 40


def test_continuity_counts_faces_beyond_the_largest_crew() -> None:
    # Both at nine: the crew of two and another one are three faces, one beyond the largest crew.
    people = [user("ana"), user("bo"), user("cy")]
    items = [
        appointment("a", crew=[position(count=2)], client="c", windows=[span("mon 09:00", "mon 10:00")]),
        appointment("b", crew=CREW, client="c", windows=[span("mon 09:00", "mon 10:00")]),
    ]
    assert Solved(problem(users=people, appointments=items, weights={"continuity": 7})).result.cost == 7
    items[1]["windows"] = [span("mon 10:00", "mon 11:00")]
    assert Solved(problem(users=people, appointments=items, weights={"continuity": 7})).result.cost == 0
