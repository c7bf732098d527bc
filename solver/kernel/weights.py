"""Prices and switches of the whole problem."""

from __future__ import annotations

from math import gcd

import numpy as np

from solver.instance import NOWHERE, Instance
from solver.kernel import arrays as a


def packed_weights(instance: Instance) -> a.Ints:
    """The numbers that belong to no task and no subject, see `arrays`."""
    times = [instance.step]
    before = after = 0
    for task in instance.tasks:
        times += [task.duration, task.before, task.after]
        before, after = max(before, task.before), max(after, task.after)
        if task.extra_start is not None:
            times.append(task.extra_start)
        if task.pinned is not None:
            times.append(task.pinned.start)
    tick = gcd(*times)
    pile_start = -(-before // tick) * -tick
    length = -(-(instance.end + after - pile_start) // tick) + 1
    located = {task.location for task in instance.tasks} - {NOWHERE}
    travels = instance.travel_exists and bool(located)
    idles = bool(instance.waiting_weight or instance.max_waiting_weight)
    lonely = any(task.location == NOWHERE for task in instance.tasks)
    values = np.zeros(a.WEIGHTS, np.int64)
    values[a.W_TRAVEL], values[a.W_WAITING], values[a.W_MAX_WAITING] = (
        instance.travel_weight,
        instance.waiting_weight,
        instance.max_waiting_weight,
    )
    values[a.W_MAX_LATE], values[a.W_BALANCE] = instance.max_late_weight, instance.balance_weight
    values[a.W_CONTINUITY], values[a.W_HEADCOUNT] = instance.continuity_weight, instance.headcount_weight
    values[a.W_LABOR], values[a.RATE_UNIT], values[a.STEP], values[a.TICK] = (
        instance.labor_weight,
        instance.rate_unit,
        instance.step,
        tick,
    )
    values[a.PILE_START], values[a.PILE_LENGTH] = pile_start, length
    values[a.TRAVELS], values[a.IDLES] = travels, idles
    personal = (
        instance.headcount_weight,
        instance.labor_weight,
        instance.balance_weight,
        instance.continuity_weight,
    )
    values[a.PAD] = -(-before // instance.step // 64) * 64
    values[a.ALIGNED] = tick == instance.step and not travels and not idles
    values[a.PERSONAL] = any(personal) or any(task.outsiders for task in instance.tasks)
    values[a.CHECK_REMOVAL] = travels and (lonely or not instance.triangular)
    values[a.MANDATORY_COST] = _mandatory_cost(instance)
    values[a.USER_COUNT], values[a.ORGANIZATION] = len(instance.users), instance.subject_count - 1
    return values


def _mandatory_cost(instance: Instance) -> int:
    """A price above all else that still lets the prices of all mandatory tasks add up."""
    mandatory = sum(task.mandatory for task in instance.tasks)
    wanted = (1 << 40) + sum(task.absent_cost for task in instance.tasks)
    return min(wanted, (1 << 59) // (mandatory + 1))
