"""How hot a search begins and ends: by the step of time, by the price of detours, and by what greedy leaves out."""

from __future__ import annotations

from math import inf
from time import monotonic

import numpy as np

from solver.instance import Instance
from solver.kernel.anneal import anneal
from solver.kernel.arrays import MANDATORY_COST, TRAVELS, UNPLACED, Packed, State
from solver.kernel.best import best_of
from solver.kernel.scratch import RISES, scratch
from solver.nearest import circle, nearest

HOT, COLD = 20.0, 0.5  # temperatures, in the cost of one step of deviation
LEFT_OUT_HEAT = 0.5  # of the median price of what greedy leaves out: enough to trade one such task for another
SLOW_MOVES = 6000.0  # moves for each task that make such a hot start pay; with fewer it fades with their cube
HOT_RISE, COLD_RISE = 0.8, 0.015  # the same where people travel, in the rises of price that moves offer, …
USUAL_RISE = 0.5  # … of which this quantile counts
HOT_IDLE, COLD_IDLE = 60.0, 0.3  # where the longest waiting has a price, in its minutes
TRIED_MOVES = 20  # for each task, to see how prices rise; at most…
MOST_TRIED = 4000
TRIED_AT_ONCE = 25  # between looks at the clock
NOMINAL_PACE = 30_000.0  # moves a second, to say beforehand how many there will be


def temperature_unit(instance: Instance) -> float:
    """The cost of one step of deviation at the smallest price of time in the problem, at least 1."""
    prices = {task.preferred_weight for task in instance.tasks} | {task.late_weight for task in instance.tasks}
    prices |= {instance.travel_weight if instance.travel_exists else 0, instance.waiting_weight}
    prices.discard(0)
    return float(max(1, instance.step * min(prices, default=1)))


def temperatures(
    instance: Instance, packed: Packed, start: State, moves: float, seconds: float = inf
) -> tuple[float, float]:
    """Choose the temperatures to begin and to end with.

    An over-booked plan is decided by which tasks it leaves out. To trade them, the heat must match their price, if
    there will be moves enough to cool down from it. Where people travel, the heat is that of a usual detour.

    Parameters
    ----------
    instance, packed
        The problem in both forms.
    start
        The greedy plan.
    moves
        Moves that each chain will make, roughly.
    seconds
        At most, to find out how prices rise.

    Returns
    -------
    Two temperatures in units of cost.
    """
    unit = temperature_unit(instance)
    hot, cold = HOT * unit, COLD * unit
    if packed.weights[TRAVELS]:
        rise = _usual_rise(instance, packed, start, moves, seconds)
        hot, cold = max(hot, HOT_RISE * rise), max(cold, COLD_RISE * rise)
    hot = max(hot, HOT_IDLE * instance.max_waiting_weight)
    cold = max(cold, COLD_IDLE * instance.max_waiting_weight)
    left_out = (start.start == UNPLACED) & (packed.tasks["hopeless"] == 0) & (packed.tasks["mandatory"] == 0)
    prices = packed.tasks["absent_cost"][left_out]
    if len(prices) and not instance.max_waiting_weight:
        patience = min(1.0, moves / max(1, len(instance.tasks)) / SLOW_MOVES) ** 3
        hot = max(hot, LEFT_OUT_HEAT * float(np.median(prices)) * patience)
    return hot, cold


def _usual_rise(instance: Instance, packed: Packed, start: State, moves: float, seconds: float) -> float:
    """What moves cost that make a plan worse and leave nothing out, once greed has improved it."""
    until = monotonic() + seconds
    near, plan = nearest(packed, circle(0.0)), start.copy()
    work, best = scratch(packed, 0), best_of(packed, plan)
    left = min(TRIED_MOVES * len(instance.tasks), MOST_TRIED, int(moves / 20))
    while left > 0 and monotonic() < until:
        anneal(near, plan, work, best, min(left, TRIED_AT_ONCE), 1e-3, 1e-3)
        left -= TRIED_AT_ONCE
    seen = work.rises[: min(int(work.notes[RISES]), len(work.rises))]
    optional = packed.tasks["absent_cost"][packed.tasks["mandatory"] == 0]
    dear = 0.5 * float(np.median(optional)) if len(optional) else float(packed.weights[MANDATORY_COST])
    seen = seen[seen < dear]  # what leaves nothing out
    return float(np.quantile(seen, USUAL_RISE)) if len(seen) else 0.0
