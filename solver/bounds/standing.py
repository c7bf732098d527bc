"""What pinned tasks cost whatever else is placed."""

from __future__ import annotations

from solver.cpsat.fixed import Fixed
from solver.cpsat.price import tasks_cost
from solver.instance import NEVER, Instance


def standing_cost(instance: Instance, fixed: Fixed) -> int:
    """Add up the terms to which every pinned task contributes for itself, or that nothing free can lower.

    Parameters
    ----------
    instance, fixed
        The problem and what is pinned.

    Returns
    -------
    Cost; travel, waiting, balance, continuity and labour are left out.
    """
    absent = sum(instance.tasks[index].absent_cost for index in fixed.free)
    cost = tasks_cost(instance, fixed.placements) - absent + instance.headcount_weight * len(fixed.stays)
    latest = 0
    for task, place in zip(instance.tasks, fixed.placements, strict=True):
        if place is not None and task.has_due:
            latest = max(latest, place.start + task.duration - task.due)
    cost += instance.max_late_weight * latest
    for index, subject in instance.subjects():
        for counter in subject.counters:
            if counter.weight and counter.threshold != NEVER:
                over = (max(0, amount - counter.threshold) for amount in fixed.counted(index, counter).values())
                cost += counter.weight * sum(over)
    return cost


def standing_labor(instance: Instance, fixed: Fixed, scale: int) -> int:
    """What labour costs beside the rates of free tasks: that of pinned ones, less what rounding may take off.

    Parameters
    ----------
    instance, fixed
        The problem and what is pinned.
    scale
        Fractions of a unit of cost.

    Returns
    -------
    Fractions of a unit of cost; it may be negative.
    """
    if not instance.labor_weight:
        return 0
    minutes = sum(
        instance.users[user].rate * instance.tasks[stay.task].duration
        for user, stays in fixed.stays.items()
        for stay in stays
    )
    # Half up: floor((2 L + U) / 2 U) is at least (2 L - U + 1) / 2 U.
    unit = instance.rate_unit
    return (2 * minutes - unit + 1) * instance.labor_weight * scale // (2 * unit)
