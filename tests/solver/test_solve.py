"""The front door: whatever the problem, a plan comes out that `check` agrees with."""

import threading
import time

import pytest
from hypothesis import given, settings

from models.enums import PlanStatus
from models.plan import Plan
from models.problem import Problem
from solver.check import check
from solver.solve import Options, Progress, solve
from tests.brute_force import TooManyPlansError, best_plan
from tests.factories import Json, appointment, at, hours, position, problem, span, user
from tests.strategies import problems, random_problem

QUICK = Options(time_limit_seconds=5.0, workers=2, max_iterations=300)


def sound(document: Json, options: Options = QUICK) -> Plan:
    """Solve, and demand that the plan says of itself what `check` says of it."""
    item = Problem.parse(document)
    plan = solve(item, options)
    report = check(item, plan)
    assert {violation.rule for violation in report.violations} <= {"mandatory"}
    assert plan.violations == (*report.violations, *report.excused)
    assert plan.cost == report.cost
    assert plan.terms == report.terms
    assert plan.bound is not None
    assert plan.bound <= report.cost
    assert {entry.appointment for entry in plan.unassigned if not entry.reasons} == set()
    assert (plan.status == PlanStatus.OPTIMAL) <= (plan.bound == plan.cost)
    return plan


def test_empty_problem_is_planned() -> None:
    plan = sound(problem())
    assert (plan.status, plan.cost, plan.bound, plan.gap) == (PlanStatus.OPTIMAL, 0, 0, 0.0)


def test_no_users_leaves_everything_out() -> None:
    plan = sound(problem(appointments=[appointment("a", crew=[{}])]))
    assert [entry.appointment for entry in plan.unassigned] == ["a"]
    assert plan.status == PlanStatus.OPTIMAL


def test_appointment_longer_than_every_window_is_left_out() -> None:
    long = appointment("a", 180, crew=[{}], windows=[span("mon 08:00", "mon 10:00"), span("mon 12:00", "mon 14:00")])
    plan = sound(problem(users=[user("u")], appointments=[long]))
    assert [reason.rule for entry in plan.unassigned for reason in entry.reasons] == ["window"]


def test_overnight_shift_is_used_across_midnight() -> None:
    late = appointment("a", 180, crew=[{}], windows=[span("mon 20:00", "tue 04:00")], preferred_start=at("mon 23:00"))
    night = user("u", availability=hours("22:00", "06:00", "mon"))
    parts = {"horizon": span("mon 00:00", "wed 00:00"), "weights": {"preferred_time": 1}}
    plan = sound(problem(users=[night], appointments=[late], **parts))
    assert [assignment.start.isoformat() for assignment in plan.assignments] == ["2026-11-23T23:00:00+00:00"]


@pytest.mark.parametrize(
    ("day", "hours_of_day"), [("2026-03-08", 23), ("2026-11-01", 25)], ids=["spring forward", "fall back"]
)
def test_day_of_a_clock_change_has_as_many_hours(day: str, hours_of_day: int) -> None:
    # one person, open all day, and appointments of an hour: as many fit as the day has hours
    document = problem(
        timezone="America/Los_Angeles",
        horizon={
            "start": f"{day}T00:00:00-0{8 if hours_of_day == 23 else 7}:00",
            "end": f"{day}T23:59:00-0{7 if hours_of_day == 23 else 8}:00",
        },
        users=[user("u", availability=hours("00:00", "00:00"))],
        appointments=[appointment(f"a{i}", crew=[{}]) for i in range(26)],
    )
    # the horizon ends a minute early, so the last hour of the day is not whole
    assert len(sound(document).assignments) == hours_of_day - 1


def test_mandatory_work_that_cannot_be_placed_is_infeasible() -> None:
    must = appointment("a", crew=[position("windows")], mandatory=True)
    plan = sound(problem(users=[user("u")], appointments=[must]))
    assert plan.status == PlanStatus.INFEASIBLE
    assert [violation.rule for violation in plan.violations] == ["mandatory"]


def test_mandatory_work_goes_before_anything_dear() -> None:
    slot: Json = {"crew": [{}], "windows": [span("mon 10:00", "mon 11:00")]}
    rivals = [
        appointment("dear", unassigned_weight=10**9, **slot),
        appointment("must", unassigned_weight=1, mandatory=True, **slot),
    ]
    plan = sound(problem(users=[user("u")], appointments=rivals))
    assert [assignment.appointment for assignment in plan.assignments] == ["must"]


@settings(max_examples=25, deadline=None)
@given(problems("small"))
def test_small_problems_are_planned_soundly(document: Json) -> None:
    sound(document)


@pytest.mark.parametrize("seed", range(12))
def test_tiny_problems_are_planned_as_well_as_brute_force_can(seed: int) -> None:
    document = random_problem(seed, "tiny")
    try:
        best = best_plan(Problem.parse(document), 3000)
    except TooManyPlansError:
        pytest.skip("not tiny enough")
    plan = sound(document)
    missing = sum(violation.rule == "mandatory" for violation in plan.violations)
    assert (missing, plan.cost) == (best.mandatory_out, best.cost)


@pytest.mark.parametrize("size", ["small", "medium"])
def test_same_seed_and_iterations_give_the_same_plan(size: str) -> None:
    document = random_problem(7, size)
    options = Options(time_limit_seconds=120.0, workers=2, seed=3, max_iterations=400)
    one, other = (solve(Problem.parse(document), options) for _ in range(2))
    assert one.assignments == other.assignments
    assert one.cost == other.cost


def test_progress_begins_with_a_feasible_plan_and_never_gets_worse() -> None:
    seen: list[Progress] = []
    document = random_problem(3, "medium")
    plan = solve(Problem.parse(document), Options(time_limit_seconds=2.0, workers=2), seen.append)
    costs = [progress.cost for progress in seen]
    assert None not in costs
    assert costs == sorted(costs, key=lambda cost: -(cost or 0))
    assert all(progress.total == len(document["appointments"]) for progress in seen)
    assert plan.cost is not None
    assert plan.cost <= (costs[0] or 0)


def test_stop_returns_the_best_plan_at_once() -> None:
    stop = threading.Event()
    document = random_problem(5, 60)
    began = time.monotonic()
    plan = solve(Problem.parse(document), Options(time_limit_seconds=60.0), lambda _: stop.set(), stop)
    assert time.monotonic() - began < 30.0
    assert check(Problem.parse(document), plan).cost == plan.cost


def test_gap_ends_the_run_early() -> None:
    began = time.monotonic()
    one = appointment("a", crew=[{}], preferred_start=at("mon 10:00"))
    plan = solve(
        Problem.parse(problem(users=[user("u")], appointments=[one])), Options(time_limit_seconds=60.0, gap=0.5)
    )
    assert plan.status == PlanStatus.OPTIMAL
    assert time.monotonic() - began < 30.0
