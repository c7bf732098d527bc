"""What the search does most, compiled, on one core."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.micro.loops import look_for_places, put_back
from benchmarks.micro.planned import SEED, Bench, Planned
from benchmarks.pairs import remove_and_insert
from solver.construct import greedy
from solver.heat import HOT, temperature_unit
from solver.kernel.anneal import anneal
from solver.kernel.arrays import UNPLACED
from solver.kernel.best import best_of
from solver.kernel.plan import cost_of
from solver.kernel.scratch import scratch

ROUNDS = 30
MOVES = 1000


def test_greedy(benchmark: Bench, case: Planned) -> None:
    """Place all tasks, the dear ones first."""
    benchmark(greedy, case.instance, case.packed, SEED)


def test_best_place_of_all_that_is_left_out(benchmark: Bench, case: Planned) -> None:
    """Look for places in a full plan."""
    left = np.flatnonzero((case.start.start == UNPLACED) & (case.packed.tasks["hopeless"] == 0))
    state, space = case.copy(), scratch(case.packed, SEED)
    look_for_places(case.packed, state, space, left)  # compiled, or read from the cache
    assert benchmark(look_for_places, case.packed, state, space, left) <= len(left)


def test_displace_and_place_every_task_where_it_was(benchmark: Bench, case: Planned) -> None:
    """Take each task of a plan out and put it back without a search."""
    tasks = np.flatnonzero(case.start.start != UNPLACED)
    state, cost = case.copy(), cost_of(case.packed, case.start)
    put_back(case.packed, state, tasks)
    assert benchmark(put_back, case.packed, state, tasks) == len(tasks)
    assert cost_of(case.packed, state) == cost


def test_displace_and_best_place_every_task_once(benchmark: Bench, case: Planned) -> None:
    """Take each task of a plan out and put it back at its cheapest place."""
    tasks = np.flatnonzero(case.start.start != UNPLACED)
    space = scratch(case.packed, SEED)

    def fresh() -> tuple[tuple[Any, ...], dict[str, Any]]:
        return (case.packed, case.copy(), space, tasks), {}

    remove_and_insert(*fresh()[0])
    assert benchmark.pedantic(remove_and_insert, setup=fresh, rounds=ROUNDS) == len(tasks)


def test_anneal_a_thousand_moves(benchmark: Bench, case: Planned) -> None:
    """Make hot moves from the greedy plan."""
    heat = HOT * temperature_unit(case.instance)

    def fresh() -> tuple[tuple[Any, ...], dict[str, Any]]:
        state = case.copy()
        return (case.packed, state, scratch(case.packed, SEED), best_of(case.packed, state), MOVES, heat, heat), {}

    anneal(*fresh()[0])
    benchmark.pedantic(anneal, setup=fresh, rounds=ROUNDS)


def test_cost_of_a_plan(benchmark: Bench, case: Planned) -> None:
    """Add up the cost of a plan from its totals."""
    assert benchmark(cost_of, case.packed, case.start) > 0
