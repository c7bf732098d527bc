"""Links, fixed and pinned neighbours, mandatory tasks, and how a search is bounded. Optima are derived by hand."""

import threading
import time

import pytest

from solver.instance import Placement, Solution
from solver.model import ModelStatus
from tests.factories import Json, appointment, at, current, hours, link, position, problem, resource, rule, span, user
from tests.solver.modelled import Solved
from tests.strategies import random_problem

CREW = [position()]


def test_link_orders_and_spaces_two_tasks() -> None:
    # a starts at 09:00 at the earliest; b at least 30 minutes after its end, on the grid at 11:00.
    items = [
        appointment("a", windows=[span("mon 09:00", "mon 13:00")]),
        appointment("b", preferred_start=at("mon 09:00"), after=[link("a", min_gap_minutes=30)]),
    ]
    solved = Solved(problem(appointments=items, weights={"preferred_time": 1}))
    assert (solved.starts, solved.result.cost) == ({"a": "mon 09:00", "b": "mon 11:00"}, 120)


def test_link_from_the_start_with_a_largest_gap() -> None:
    # b may start with a or an hour later; it is wished three hours later: two hours are missed, by either.
    items = [
        appointment("a", 120, preferred_start=at("mon 09:00")),
        appointment("b", preferred_start=at("mon 12:00"), after=[link("a", **{"from": "start"}, max_gap_minutes=60)]),
    ]
    assert Solved(problem(appointments=items, weights={"preferred_time": 1})).result.cost == 120


def test_linked_task_falls_with_the_one_before() -> None:
    items = [
        appointment("a", crew=[position("fly")], unassigned_weight=1),
        appointment("b", after=[link("a")], unassigned_weight=50),
    ]
    solved = Solved(problem(users=[user("ana")], appointments=items))
    assert (solved.starts, solved.result.cost) == ({}, 51)


@pytest.mark.parametrize(("rule_name", "cost"), [("different_users", 5), ("same_users", 0)])
def test_links_compare_crews(rule_name: str, cost: int) -> None:
    # Only ana is there on Monday: the same crew is easy, a different one impossible.
    items = [
        appointment("a", crew=CREW),
        appointment("b", crew=CREW, unassigned_weight=5, after=[link("a", **{rule_name: True})]),
    ]
    people = [user("ana"), user("bo", availability=hours("09:00", "10:00", "tue"))]
    assert Solved(problem(users=people, appointments=items)).result.cost == cost


def test_free_task_keeps_its_distance_from_a_pinned_one_after_it() -> None:
    items = [
        appointment("a", preferred_start=at("mon 11:00")),
        appointment("p", after=[link("a", max_gap_minutes=60)], pinned=True, current=current("mon 12:00")),
    ]
    solved = Solved(problem(appointments=items, weights={"preferred_time": 1}))
    assert solved.starts == {"a": "mon 11:00", "p": "mon 12:00"}
    items[0]["preferred_start"] = at("mon 12:00")
    assert Solved(problem(appointments=items, weights={"preferred_time": 1})).starts["a"] == "mon 11:00"


def test_pinned_task_stands_without_the_one_before() -> None:
    items = [
        appointment("a", windows=[span("mon 12:00", "mon 13:00")], unassigned_weight=4),
        appointment("p", after=[link("a")], pinned=True, current=current("mon 12:00")),
    ]
    solved = Solved(problem(appointments=items))
    assert (solved.starts, solved.result.cost, solved.report.valid) == ({"p": "mon 12:00"}, 4, True)


def test_pinned_tasks_may_conflict_and_are_joined_by_nothing() -> None:
    # Ana stands twice at 09:00 in a room for one; from 10:00 on both are free.
    stays = [
        appointment(
            n,
            crew=CREW,
            resources=[{"resource": "hall"}],
            pinned=True,
            current=current("mon 09:00", "ana", resources=[{"resource": "hall"}]),
        )
        for n in "pq"
    ]
    item = appointment("a", crew=CREW, resources=[{"resource": "hall"}], preferred_start=at("mon 09:00"))
    day = problem(
        users=[user("ana", availability=hours("09:00", "12:00"))],
        resources=[resource("hall")],
        appointments=[*stays, item],
        weights={"preferred_time": 1},
    )
    solved = Solved(day)
    assert (solved.starts["a"], solved.result.cost, solved.report.valid) == ("mon 10:00", 60, True)


def test_limit_passed_by_pinned_tasks_lets_nothing_more_in() -> None:
    stays = [appointment(name, pinned=True, current=current("mon 09:00")) for name in "pq"]
    limit = rule("capacity_limit", parameters={"max_per_day": 1})
    item = appointment("a", unassigned_weight=6)
    solved = Solved(problem(appointments=[*stays, item], rules=[limit]))
    assert (solved.result.cost, solved.result.status, solved.report.valid) == (6, "optimal", True)


def two_wishes() -> Json:
    """Ana's two appointments, both wished for 09:00."""
    items = [appointment(name, crew=CREW, preferred_start=at("mon 09:00")) for name in "ab"]
    return problem(users=[user("ana")], appointments=items, weights={"preferred_time": 1})


def standing(start: int) -> Solution:
    return [Placement(start, users=(0,)), None]


def test_fixed_task_stays_and_counts() -> None:
    solved = Solved(two_wishes(), free=["b"], fixed=standing(8 * 60))
    assert (solved.starts, solved.result.cost) == ({"a": "mon 08:00", "b": "mon 09:00"}, 60)
    assert (solved.result.status, solved.result.bound) == (ModelStatus.OPTIMAL, 60)


def test_free_task_that_a_fixed_one_follows_must_be_placed() -> None:
    items = [
        appointment(
            "a", unassigned_weight=0, preferred_start=at("mon 12:00"), windows=[span("mon 08:00", "mon 09:00")]
        ),
        appointment("b", after=[link("a")]),
    ]
    day = problem(appointments=items, weights={"preferred_time": 1})
    solved = Solved(day, free=["a"], fixed=[None, Placement(9 * 60)])
    assert (solved.starts, solved.result.cost) == ({"a": "mon 08:00", "b": "mon 09:00"}, 240)
    impossible = Solved(day, free=["a"], fixed=[None, Placement(8 * 60)])
    assert impossible.result.status == ModelStatus.INFEASIBLE


@pytest.mark.parametrize(("cutoff", "status"), [(60, ModelStatus.INFEASIBLE), (61, ModelStatus.OPTIMAL)])
def test_cutoff_asks_for_something_cheaper(cutoff: int, status: ModelStatus) -> None:
    assert Solved(two_wishes(), cutoff=cutoff).result.status == status


def mandatory_pair() -> Json:
    """Room for one hour only, two mandatory appointments, of which the dearer is to stay."""
    items = [
        appointment("a", crew=CREW, mandatory=True, unassigned_weight=10),
        appointment("b", crew=CREW, mandatory=True, unassigned_weight=30),
    ]
    return problem(users=[user("ana", availability=hours("09:00", "10:00"))], appointments=items)


def test_mandatory_task_goes_before_any_cost() -> None:
    items = [
        appointment("a", crew=CREW, mandatory=True, unassigned_weight=0),
        appointment("b", crew=CREW, unassigned_weight=10**9),
    ]
    day = problem(users=[user("ana", availability=hours("09:00", "10:00"))], appointments=items)
    solved = Solved(day)
    assert (solved.starts, solved.result.cost) == ({"a": "mon 09:00"}, 10**9)
    assert (solved.result.mandatory_out, solved.result.status) == (0, ModelStatus.OPTIMAL)


def test_proof_that_not_all_mandatory_tasks_fit() -> None:
    result = Solved(mandatory_pair()).result
    assert (result.mandatory_out, result.mandatory_proved, result.cost, result.bound) == (1, True, 10, 10)


def test_cutoff_counts_mandatory_tasks_first() -> None:
    assert Solved(mandatory_pair(), cutoff=10**6).result.status == ModelStatus.INFEASIBLE
    assert Solved(mandatory_pair(), cutoff=0, cutoff_mandatory=2).result.cost == 10
    assert Solved(mandatory_pair(), cutoff=10, cutoff_mandatory=1).result.status == ModelStatus.INFEASIBLE


def test_hint_does_not_change_the_optimum() -> None:
    assert Solved(two_wishes(), hint=[Placement(600, users=(0,)), Placement(900, users=(0,))]).result.cost == 60


def test_solutions_are_told_as_they_are_found() -> None:
    told: list[int] = []
    solved = Solved(two_wishes(), on_solution=lambda solution, cost: told.append(cost))
    assert told[-1] == solved.result.cost == 60
    assert told == sorted(told, reverse=True)


def test_stop_set_before_the_start_ends_at_once() -> None:
    stop = threading.Event()
    stop.set()
    assert Solved(two_wishes(), stop=stop).result.status == ModelStatus.UNKNOWN


def test_no_appointments_cost_nothing() -> None:
    result = Solved(problem()).result
    assert (result.status, result.cost, result.bound, result.solution) == (ModelStatus.OPTIMAL, 0, 0, [])


def test_stop_ends_a_running_search() -> None:
    document = random_problem(1, "medium", ("locations", "waiting", "flexible_break"))
    stop = threading.Event()
    threading.Timer(0.5, stop.set).start()
    began = time.monotonic()
    Solved(document, stop=stop, seconds=120)
    assert time.monotonic() - began < 60


def test_weights_too_large_for_both_goals_prove_nothing() -> None:
    # A mandatory task left out would have to weigh more than 350 days × 10^12, which no longer fits.
    items = [appointment(name, mandatory=True, preferred_start="2026-11-23T00:00:00Z", crew=CREW) for name in "ab"]
    year = {"start": "2026-11-23T00:00:00Z", "end": "2027-12-01T00:00:00Z"}
    day = problem(users=[user("ana")], horizon=year, appointments=items, weights={"preferred_time": 10**12})
    result = Solved(day).result
    assert (result.cost, result.exact, result.bound, result.status) == (60 * 10**12, False, None, ModelStatus.FEASIBLE)
