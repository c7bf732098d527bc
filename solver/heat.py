"""How hot a search begins and ends: by the step of time, and by the price of what greedy leaves out."""

from __future__ import annotations

import numpy as np

from solver.instance import Instance
from solver.kernel.arrays import UNPLACED, Packed, State

HOT, COLD = 20.0, 0.5  # temperatures, in the cost of one step of deviation
LEFT_OUT_HEAT = 0.5  # of the median price of what greedy leaves out: enough to trade one such task for another
SLOW_MOVES = 6000.0  # moves for each task that make such a hot start pay; with fewer it fades with their cube
NOMINAL_PACE = 30_000.0  # moves a second, to say beforehand how many there will be


def temperature_unit(instance: Instance) -> float:
    """The cost of one step of deviation at the smallest price of time in the problem, at least 1."""
    prices = {task.preferred_weight for task in instance.tasks} | {task.late_weight for task in instance.tasks}
    prices |= {instance.travel_weight if instance.travel_exists else 0, instance.waiting_weight}
    prices.discard(0)
    return float(max(1, instance.step * min(prices, default=1)))


def hottest(instance: Instance, packed: Packed, start: State, moves: float) -> float:
    """Choose the temperature to begin with.

    An over-booked plan is decided by which tasks it leaves out. To trade them, the heat must match their price, if
    there will be moves enough to cool down from it.

    Parameters
    ----------
    instance, packed
        The problem in both forms.
    start
        The greedy plan.
    moves
        Moves that each chain will make, roughly.

    Returns
    -------
    A temperature in units of cost.
    """
    plain = HOT * temperature_unit(instance)
    left_out = (start.start == UNPLACED) & (packed.tasks["hopeless"] == 0) & (packed.tasks["mandatory"] == 0)
    prices = packed.tasks["absent_cost"][left_out]
    if not len(prices):
        return plain
    patience = min(1.0, moves / max(1, len(instance.tasks)) / SLOW_MOVES) ** 3
    return max(plain, LEFT_OUT_HEAT * float(np.median(prices)) * patience)
