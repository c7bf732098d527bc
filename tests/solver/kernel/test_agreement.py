"""The kernel beside `check`: after any moves nothing is broken, and its running cost is the plan's cost."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from tests.factories import Json
from tests.solver.kernel.kernels import Kernel
from tests.strategies import random_problem

SEEDS = st.integers(0, 10**6)


def agree(kernel: Kernel) -> None:
    """Demand that `check` finds nothing broken and the same cost."""
    report = kernel.report(kernel.solution)
    assert [v for v in report.violations if v.rule != "mandatory"] == []
    assert kernel.cost == report.cost


@settings(max_examples=150, deadline=None)
@given(SEEDS, st.sampled_from(["tiny", "small"]))
def test_every_stage_agrees_with_check(seed: int, size: str) -> None:
    kernel = Kernel(random_problem(seed, size), seed)
    agree(kernel)
    kernel.construct()
    agree(kernel)
    kernel.anneal(300)
    agree(kernel)
    assert kernel.cost == kernel.recounted()


@settings(max_examples=15, deadline=None)
@given(SEEDS)
def test_medium_plans_agree_with_check(seed: int) -> None:
    kernel = Kernel(random_problem(seed, "medium"), seed)
    kernel.construct()
    kernel.anneal(1000)
    agree(kernel)


@settings(max_examples=40, deadline=None)
@given(SEEDS)
def test_best_plan_is_valid_and_no_dearer_than_the_last(seed: int) -> None:
    kernel = Kernel(random_problem(seed, "small"), seed)
    kernel.construct()
    kernel.anneal(300, hot=5000.0, cold=2000.0)
    best = kernel.report(kernel.best_solution)
    assert [v for v in best.violations if v.rule != "mandatory"] == []
    now = kernel.report(kernel.solution)
    assert (len(best.violations), best.cost) <= (len(now.violations), now.cost)


@settings(max_examples=40, deadline=None)
@given(SEEDS)
def test_rejected_moves_leave_no_trace(seed: int) -> None:
    kernel = Kernel(random_problem(seed, "small"), seed)
    kernel.construct()
    kernel.anneal(200)
    for _ in range(30):
        before, cost = kernel.solution, kernel.cost
        if kernel.anneal(1, hot=1e-9, cold=1e-9) == 0:
            assert kernel.solution == before
            assert kernel.cost == cost == kernel.recounted()


@pytest.mark.parametrize("block", range(10))
def test_plans_satisfy_an_independent_check(independent: Callable[[Json, Json], Any], block: int) -> None:
    for seed in range(40 * block, 40 * block + 40):
        raw = random_problem(seed, "medium" if seed % 10 == 0 else "small")
        kernel = Kernel(raw, seed)
        kernel.construct()
        kernel.anneal(200)
        judge = independent(raw, kernel.problem_plan())
        cost = sum(judge.run().values())
        pinned = {key for key, entry in judge.app.items() if entry.get("pinned")}
        bad = [entry for entry in judge.bad if entry[0] != "mandatory" and not (entry[1] and set(entry[1]) <= pinned)]
        assert bad == [], seed
        assert cost == kernel.cost, seed
