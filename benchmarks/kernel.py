"""Speed of the search kernel on one core, in process time: what a shared machine takes away is not counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from statistics import median
from time import process_time

import numpy as np

from benchmarks.benchmark import Row, Wishes
from benchmarks.generate import core
from benchmarks.pairs import remove_and_insert
from models.problem import Problem
from service.cli.files import read_problem
from solver.construct import greedy
from solver.heat import COLD, HOT, temperature_unit
from solver.instance import Instance
from solver.kernel.anneal import anneal
from solver.kernel.arrays import UNPLACED, Packed, State
from solver.kernel.best import best_of
from solver.kernel.pack import pack
from solver.kernel.plan import copy_plan, empty_state
from solver.kernel.scratch import scratch
from solver.lower import lower

SIZES = (200, 1000, 4000)
SEED = 1
SECONDS = 5.0  # of one annealing; shorter ones spend more of their time on a poor plan, where moves are dearer
OTHER_SHARE = 0.2  # of an annealing's time, for each of the other two figures
PAIRS_AT_ONCE = 500
CHUNK_SECONDS = 0.03  # between looks at the clock, as in a search


def run(wishes: Wishes) -> Iterator[Row]:
    """Measure on the given files, or on core problems of three sizes.

    Parameters
    ----------
    wishes
        Files and seconds of one annealing.

    Yields
    ------
    A row per problem: medians of the repeats.
    """
    seconds = wishes.seconds or SECONDS
    if wishes.problems:
        for path in wishes.problems:
            problem = read_problem(path)
            yield measure(problem.name or path.name, problem, seconds, wishes.repeats)
    else:
        for size in SIZES:
            document = core(size, SEED)
            yield measure(document["name"], Problem.parse(document), seconds, wishes.repeats)


def measure(name: str, problem: Problem, seconds: float, repeats: int) -> Row:
    """Measure the kernel on one problem.

    Parameters
    ----------
    name
        What the row is called.
    problem
        What the kernel works on.
    seconds
        Of one annealing, process time.
    repeats
        How often each figure is measured.

    Returns
    -------
    Rates per second, rounded, and the cost before and after the annealing of the median speed.
    """
    instance = lower(problem)
    packed = pack(instance)
    start = greedy(instance, packed, SEED)
    before = int(best_of(packed, start).cost[0])
    anneals = sorted(_anneal(instance, packed, start, seconds, SEED + repeat) for repeat in range(repeats))
    moves, after = anneals[repeats // 2]
    short = OTHER_SHARE * seconds
    return {
        "problem": name,
        "moves/s": round(moves),
        "placements/s": round(median(_placements(instance, packed, short) for _ in range(repeats))),
        "pairs/s": round(median(_pairs(instance, packed, start, short, SEED + n) for n in range(repeats))),
        "seconds": seconds,
        "greedy cost": before,
        "annealed cost": after,
    }


def _anneal(instance: Instance, packed: Packed, start: State, seconds: float, seed: int) -> tuple[float, int]:
    """Anneal a copy of a plan from hot to cold as a search thread does; returns moves per second and the best cost."""
    state, space = _copy(instance, packed, start), scratch(packed, seed)
    best = best_of(packed, state)
    unit = temperature_unit(instance)
    anneal(packed, state, space, best, 1, unit * HOT, unit * HOT)  # compiled, or read from the cache
    count, moves, began = 20, 0, process_time()
    while (used := process_time() - began) < seconds:
        heat = unit * HOT * (COLD / HOT) ** (used / seconds)
        anneal(packed, state, space, best, count, heat, heat)
        moves += count
        count = max(20, round(moves / (process_time() - began) * min(CHUNK_SECONDS, seconds / 10)))
    return moves / used, int(best.cost[0])


def _placements(instance: Instance, packed: Packed, seconds: float) -> float:
    """Make greedy plans, the empty state included, for some seconds; returns placed tasks per second."""

    def place() -> int:
        return int(np.count_nonzero(greedy(instance, packed, SEED).start != UNPLACED))

    return _rate(place, seconds)


def _pairs(instance: Instance, packed: Packed, start: State, seconds: float, seed: int) -> float:
    """Take tasks out of a greedy plan and put them back for some seconds; returns pairs per second."""
    state, space = _copy(instance, packed, start), scratch(packed, seed)
    rows = packed.tasks
    # Tasks of a link come and go together, which a single removal does not respect.
    alone = (rows["link_in0"] == rows["link_in1"]) & (rows["link_out0"] == rows["link_out1"])
    tasks = np.flatnonzero(alone & (rows["pinned"] == 0) & (state.start != UNPLACED))
    if not len(tasks):
        return 0.0
    random = np.random.default_rng(seed)

    def work() -> int:
        return int(remove_and_insert(packed, state, space, random.choice(tasks, PAIRS_AT_ONCE)))

    work()
    return _rate(work, seconds)


def _rate(work: Callable[[], int], seconds: float) -> float:
    """Repeat some work until the process time is used; returns what it counts per second."""
    done, began = 0, process_time()
    while True:
        done += work()
        used = process_time() - began
        if used >= seconds and used > 0.0:
            return done / used


def _copy(instance: Instance, packed: Packed, plan: State) -> State:
    state = empty_state(instance, packed)
    copy_plan(plan, state)
    return state
