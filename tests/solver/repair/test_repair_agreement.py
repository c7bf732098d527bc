"""Repairs of generated problems after generated events: what every one keeps, and the best of all where it is tiny."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, assume, given, settings, strategies as st

from models.edits import Edit
from models.edits.absences import UserAbsent
from models.errors import InvalidDocument
from models.plan import Plan
from models.problem import Problem
from solver.check import Report, check
from solver.repair import Repair, RepairOptions, repair
from solver.repair.situation import assess
from tests.brute_force import TooManyPlansError, best_plan
from tests.random_draw import FEATURES
from tests.solver.repair.random_events import random_events, random_plan
from tests.strategies import random_problem

SEEDS = st.integers(0, 2**32 - 1)
FEW = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
Rank = Callable[[Plan, Report], tuple[int, ...]]


class Case(NamedTuple):
    """A plan that something happens to, and its repair."""

    problem: Problem
    plan: Plan
    events: list[Edit]
    repair: Repair


def case(seed: int, size: str, features: tuple[str, ...] = (), **options: Any) -> Case | None:
    """Draw a problem, a plan of it and events, and repair the plan; None where the events contradict the problem."""
    draw = Random(seed)
    problem = Problem.parse(random_problem(seed, size, features))
    plan = random_plan(problem, draw)
    events = random_events(problem, plan, draw)
    if not events:
        return None
    try:
        wishes = replace(RepairOptions(time_limit_seconds=5.0, workers=1, seed=seed), **options)
        made = repair(problem, plan, events, wishes)
    except InvalidDocument:
        return None
    return Case(problem, plan, events, made)


def stood(made: Repair) -> set[str]:
    """What stood somewhere and may move."""
    return {item.id for item in made.problem.appointments if item.current and not made.problem.is_pinned(item)}


def rank_of(about: Case, among: set[str] | None = None) -> Rank:
    """What makes a repair good, plainly: the weight of what has no place, then how many change, then the cost."""
    changed = about.repair.problem
    new = changed.appointments_by_id.keys() - about.problem.appointments_by_id.keys()
    wanted = stood(about.repair) | new | {item.id for item in changed.appointments if item.mandatory}

    def rank(plan: Plan, report: Report) -> tuple[int, ...]:
        places = {assignment.appointment: assignment for assignment in plan.assignments}
        out = sum(changed.unassigned_weight(item) for item in changed.appointments if item.id in wanted - places.keys())
        changes = 0
        for key in stood(about.repair) if among is None else among:
            current, now = changed.appointments_by_id[key].current, places.get(key)
            assert current is not None
            changes += (
                now is None
                or (current.start, current.team, set(current.users))
                != (
                    now.start,
                    now.team,
                    set(now.users),
                )
                or {use.resource for use in current.resources} != {take.resource for take in now.resources}
            )
        return out, changes, report.cost

    return rank


@pytest.mark.parametrize("feature", sorted(FEATURES))
def test_repair_breaks_nothing_whatever_the_problem_has(feature: str) -> None:
    about = next(found for seed in range(20) if (found := case(seed, "small", (feature,))) is not None)
    report = check(about.repair.problem, about.repair.plan)
    assert [one.message for one in report.violations if one.rule != "mandatory"] == []


@FEW
@given(SEEDS)
def test_repair_breaks_nothing_and_tells_every_change(seed: int) -> None:
    about = case(seed, "small")
    assume(about is not None)
    assert about is not None
    made = about.repair
    report = check(made.problem, made.plan)
    assert [one.message for one in report.violations if one.rule != "mandatory"] == []
    assert made.plan.cost == report.cost
    counted = sum(change.counts for change in made.changes)
    assert counted == rank_of(about)(made.plan, report)[1] >= made.least_changes
    told = {change.appointment for change in made.changes}
    before = {one.appointment: one for one in about.plan.assignments if one.appointment not in told}
    after = {one.appointment: one for one in made.plan.assignments if one.appointment not in told}
    assert before == after


@FEW
@given(SEEDS)
def test_event_that_affects_nothing_changes_nothing(seed: int) -> None:
    draw = Random(seed)
    problem = Problem.parse(random_problem(seed, "small"))
    plan = random_plan(problem, draw)
    assume(not any(one.rule == "mandatory" for one in check(problem, plan).violations))
    idle = [user.id for user in problem.users if all(user.id not in one.users for one in plan.assignments)]
    events = [UserAbsent(user=user, start=problem.horizon.start, end=problem.horizon.end) for user in idle]
    made = repair(problem, plan, events, RepairOptions(workers=1))
    assert made.plan.assignments == plan.assignments
    assert (made.changes, made.affected, made.proved) == ((), 0, True)


def best_of_all(about: Case, rank: Rank) -> tuple[int, ...]:
    """What the best repair of a tiny case ranks at, by trying all: what had no place stays without one."""
    made = about.repair.problem
    new = made.appointments_by_id.keys() - about.problem.appointments_by_id.keys()
    wanted = stood(about.repair) | new | {item.id for item in made.appointments if item.mandatory}
    idle = {item.id: None for item in made.appointments if item.id not in wanted and not made.is_pinned(item)}
    try:
        best = best_plan(made, 4000, idle, rank)
    except TooManyPlansError:
        assume(False)
        raise
    return (best.mandatory_out, *rank(best.plan, check(made, best.plan)))


def ranked(about: Case, rank: Rank) -> tuple[int, ...]:
    """What the repair ranks at."""
    report = check(about.repair.problem, about.repair.plan)
    missing = sum(one.rule == "mandatory" for one in report.violations)
    return (missing, *rank(about.repair.plan, report))


@FEW
@given(SEEDS)
def test_repair_of_a_tiny_plan_is_the_best_of_all(seed: int) -> None:
    about = case(seed, "tiny")
    assume(about is not None)
    assert about is not None
    rank = rank_of(about)
    assert ranked(about, rank) == best_of_all(about, rank)
    assert about.repair.proved


@FEW
@given(SEEDS, st.sampled_from([0, 1, 40, 500]))
def test_repair_at_a_price_of_changes_is_the_best_of_all(seed: int, price: int) -> None:
    about = case(seed, "tiny", change_cost=price)
    assume(about is not None)
    assert about is not None
    counted = rank_of(about)

    def rank(plan: Plan, report: Report) -> tuple[int, ...]:
        return (report.cost + price * counted(plan, report)[1],)

    assert ranked(about, rank) == best_of_all(about, rank)


@FEW
@given(SEEDS, st.integers(0, 1))
def test_repair_with_few_changes_is_the_best_of_these(seed: int, most: int) -> None:
    about = case(seed, "tiny", most_changes=most)
    assume(about is not None)
    assert about is not None
    made = about.repair
    situation = assess(made.problem, about.plan, about.problem.appointments_by_id)
    affected = {situation.instance.tasks[index].id for index in situation.affected}
    counted, others = rank_of(about), rank_of(about, stood(made) - affected)

    def rank(plan: Plan, report: Report) -> tuple[int, ...]:
        return (int(others(plan, report)[1] > most), *counted(plan, report))

    best = best_of_all(about, rank)
    assert ranked(about, rank) == best
    assert best[1] == 0
