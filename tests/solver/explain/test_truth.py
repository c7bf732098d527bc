"""Explanations against every place: the kind, the causes, what would give way, and every remedy, made anew."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from benchmarks.explain_places import FOLLOWS, plan_of
from benchmarks.explain_problems import overbooked
from benchmarks.explain_truth import faults_of
from models.explanation import Kind
from models.plan import Plan
from models.problem import Problem
from solver.check import check
from solver.explain import explain_unassigned
from solver.instance import Instance, Solution
from solver.kernel.anneal import construct
from solver.kernel.pack import pack
from solver.kernel.plan import empty_state, read_placements
from solver.kernel.scratch import scratch
from solver.lower import lower
from solver.solve import Options, solve
from tests.strategies import random_problem

MOST_PLACES = 250
DRAWS = {
    "anything": ((), range(60)),
    "travel": (("locations", "depots", "pinned", "current"), range(18)),
    "breaks": (("flexible_break", "locations", "pinned", "current"), range(18)),
    "links": (("links", "teams"), range(18)),
    "limits": (("teams", "resources", "capacity_limit", "weekly_hours"), range(18)),
    "booking": (("now", "advance_booking", "windows", "zones"), range(18)),
}


def crowded(problem: Problem, instance: Instance, seed: int) -> Solution:
    """A plan that places appointments in any order, wherever they fit, and breaks nothing."""
    packed = pack(instance)
    state = empty_state(instance, packed)
    order = np.random.default_rng(seed).permutation(len(instance.tasks)).astype(np.int32)
    construct(packed, state, scratch(packed, seed), order)
    solution = read_placements(packed, state)
    while wrong := [
        v for v in check(problem, plan_of(problem, instance, solution)).violations if v.rule not in FOLLOWS
    ]:
        for index in {instance.task_index[key] for violation in wrong for key in violation.appointments}:
            solution[index] = instance.tasks[index].pinned
    return solution


def judged(problem: Problem, plan: Plan, seen: Counter[str]) -> list[str]:
    """What is wrong with the explanations of all that a plan leaves out; counts what there was."""
    wrong: list[str] = []
    for explanation in explain_unassigned(problem, plan):
        found = faults_of(problem, plan, explanation, MOST_PLACES)
        if found is None:
            continue
        seen.update({"appointments", explanation.kind}, **{cause.rule: 1 for cause in explanation.causes})
        seen.update(f"{remedy.kind} helps" for remedy in explanation.remedies)
        wrong += [f"{problem.name}: {fault}" for fault in found]
    return wrong


@pytest.mark.parametrize("draw", list(DRAWS))
def test_explanations_of_random_problems_are_true(draw: str) -> None:
    features, seeds = DRAWS[draw]
    wrong: list[str] = []
    seen: Counter[str] = Counter()
    for seed in seeds:
        problem = Problem.parse(random_problem(seed, "tiny", features))
        instance = lower(problem)
        plan = plan_of(problem, instance, crowded(problem, instance, seed))
        wrong += judged(problem, plan, seen)
    assert wrong == []
    assert seen["appointments"] > len(seeds) / 2
    assert seen[Kind.TRADE_OFF] > 0
    assert seen[Kind.IMPOSSIBLE] > 0
    assert len(seen) > 10


def test_explanations_of_overbooked_problems_are_true() -> None:
    seen: Counter[str] = Counter()
    wrong: list[str] = []
    for seed in range(25):
        problem = Problem.parse(overbooked(seed))
        plan = solve(problem, Options(workers=1, seed=seed, max_iterations=100))
        wrong += judged(problem, plan, seen)
    assert wrong == []
    assert seen["appointments"] > 50
    assert all(seen[kind] for kind in Kind)
    assert all(seen[f"{kind} helps"] for kind in ("window", "shift", "skill", "overtime", "leave", "rule", "resource"))
