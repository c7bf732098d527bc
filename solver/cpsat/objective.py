"""The cost of a plan as a linear expression: what tasks cost by themselves, and what is shared among them."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from ortools.sat.python import cp_model

from solver.cpsat.build import Build, Literal, TaskVariables
from solver.instance import NOWHERE


def add_costs(build: Build) -> None:
    """Price everything but travel, waiting and overtime, which are priced where they are modelled.

    Parameters
    ----------
    build
        The model with the variables of its tasks.
    """
    build.constant += build.fixed.own_cost()
    for task in build.tasks.values():
        build.constant += task.task.absent_cost
        if build.timed is None:
            build.pay(-task.task.absent_cost, task.present)
        _add_start_cost(build, task)
        for user, literal in task.users.items():
            build.pay(task.task.user_cost(user), literal)
    _add_max_lateness(build)
    _add_headcount(build)
    _add_labor(build)
    _add_balance(build)
    _add_continuity(build)


def _add_start_cost(build: Build, task: TaskVariables) -> None:
    """Price the start; an absent task rests at its cheapest start, whose cost is charged only if it is present."""
    about, starts = task.task, task.starts
    early = about.preferred_start - starts
    late = starts + (about.duration - about.due)
    moved = starts != about.current_start
    costs = (
        about.preferred_weight * np.abs(early) + about.late_weight * np.maximum(late, 0) + about.moved_weight * moved
    )
    if build.timed is not None:
        for literal, cost in zip(build.timed.starts[task.index].values(), costs.tolist(), strict=True):
            build.pay(cost - about.absent_cost, literal)
        return
    cheapest = int(costs.min())
    build.pay(cheapest, task.present)
    if cheapest == int(costs.max()):
        return
    build.constant -= cheapest
    if about.preferred_weight:
        _pay_positive(build, about.preferred_weight, task, -1, about.preferred_start, early)
        _pay_positive(build, about.preferred_weight, task, 1, -about.preferred_start, -early)
    if about.late_weight:
        _pay_positive(build, about.late_weight, task, 1, about.duration - about.due, late)
    if about.moved_weight and not moved.all():
        elsewhere = build.new_bool()
        build.keep_within(task, starts[~moved], ~elsewhere)
        build.pay(about.moved_weight, elsewhere)
    elif about.moved_weight:
        build.constant += about.moved_weight


def _pay_positive(
    build: Build,
    weight: int,
    task: TaskVariables,
    sign: int,
    shift: int,
    values: np.ndarray[tuple[int], np.dtype[np.int64]],
) -> None:
    """Pay for sign × start + shift where it is positive; `values` are all its values."""
    low, high = int(values.min()), int(values.max())
    if high <= 0:
        return
    if low >= 0:
        build.constant += weight * (sign * task.slots.offset + shift)
        build.pay(weight * sign * task.slots.unit, task.slots.variable)
        return
    amount = build.new_int(0, high)
    build.model.add(amount >= sign * task.slots.minute + shift)
    build.pay(weight, amount)


def _add_max_lateness(build: Build) -> None:
    if not build.instance.max_late_weight:
        return
    top = 0
    for about, place in zip(build.instance.tasks, build.fixed.placements, strict=True):
        if place is not None and about.has_due:
            top = max(top, place.start + about.duration - about.due)
    dated = [task for task in build.tasks.values() if task.task.has_due]
    late = {task.index: int(task.starts[-1]) + task.task.duration - task.task.due for task in dated}
    longest = build.new_int(top, max([top, *late.values()]))
    for task in dated:
        if late[task.index] <= top:
            continue
        if build.timed is not None:
            parts = build.timed.starts[task.index]
            minutes = [max(0, start + task.task.duration - task.task.due) for start in parts]
            build.model.add(longest >= cp_model.LinearExpr.weighted_sum(list(parts.values()), minutes))
        else:
            end = task.slots.minute + task.task.duration
            build.model.add(longest >= end - task.task.due).only_enforce_if(task.present)
    build.pay(build.instance.max_late_weight, longest)


def _busy_users(build: Build) -> dict[int, list[tuple[TaskVariables, Literal]]]:
    """Free tasks that each user may serve."""
    busy: dict[int, list[tuple[TaskVariables, Literal]]] = {}
    for task in build.tasks.values():
        for user, literal in task.users.items():
            busy.setdefault(user, []).append((task, literal))
    return busy


def _any(build: Build, literals: Iterable[Literal]) -> Literal:
    """A literal that is true if any of several is; it may be true without, at a cost."""
    literals = list(literals)
    if len(literals) == 1:
        return literals[0]
    either = build.new_bool()
    for literal in literals:
        build.model.add_implication(literal, either)
    return either


def _add_headcount(build: Build) -> None:
    weight = build.instance.headcount_weight
    if not weight:
        return
    build.constant += weight * len(build.fixed.stays)
    for user, tasks in _busy_users(build).items():
        if user not in build.fixed.stays:
            build.pay(weight, _any(build, (literal for _, literal in tasks)))


def _loads(build: Build, users: Iterable[int]) -> dict[int, tuple[int, list[tuple[int, Literal]]]]:
    """Minutes that stand, and minutes that may come, by user."""
    busy, tasks = _busy_users(build), build.instance.tasks
    loads = {}
    for user in users:
        standing = sum(tasks[stay.task].duration for stay in build.fixed.stays.get(user, ()))
        loads[user] = standing, [(task.task.duration, literal) for task, literal in busy.get(user, ())]
    return loads


def _add_labor(build: Build) -> None:
    """Round the sum of minutes × rate half up; the smallest integer that is not below half a unit less."""
    instance, unit = build.instance, build.instance.rate_unit
    if not instance.labor_weight:
        return
    standing = 0
    literals: list[Literal] = []
    amounts: list[int] = []
    for user, (minutes, more) in _loads(build, range(len(instance.users))).items():
        rate = instance.users[user].rate
        standing += rate * minutes
        literals += [literal for _, literal in more if rate]
        amounts += [rate * extra for extra, _ in more if rate]
    low, high = (2 * standing + unit) // (2 * unit), (2 * (standing + sum(amounts)) + unit) // (2 * unit)
    total = build.new_int(low, high)
    if literals:
        labor = cp_model.LinearExpr.weighted_sum(literals, [2 * amount for amount in amounts])
        build.model.add(2 * unit * total >= labor + (2 * standing - unit + 1))
    build.pay(instance.labor_weight, total)


def _add_balance(build: Build) -> None:
    if not build.instance.balance_weight or not build.instance.balance_users:
        return
    loads = _loads(build, build.instance.balance_users)
    highest = max(standing + sum(minutes for minutes, _ in more) for standing, more in loads.values())
    lowest = min(standing for standing, _ in loads.values())
    most, least = build.new_int(lowest, highest), build.new_int(0, highest)
    for standing, more in loads.values():
        load = cp_model.LinearExpr.weighted_sum([x for _, x in more], [minutes for minutes, _ in more]) + standing
        build.model.add(most >= load)
        build.model.add(least <= load)
    build.pay(build.instance.balance_weight, most)
    build.pay(-build.instance.balance_weight, least)


def _add_continuity(build: Build) -> None:
    """For each client, price the different users, less the largest crew, which one placed task witnesses."""
    weight = build.instance.continuity_weight
    if not weight:
        return
    faces: dict[int, set[int]] = {}
    largest: dict[int, int] = {}
    for about, place in zip(build.instance.tasks, build.fixed.placements, strict=True):
        if place is not None and about.client != NOWHERE:
            faces.setdefault(about.client, set()).update(place.users)
            largest[about.client] = max(largest.get(about.client, 0), len(place.users))
    build.constant += weight * sum(len(users) - largest[client] for client, users in faces.items())
    visits: dict[int, list[TaskVariables]] = {}
    for task in build.tasks.values():
        if task.task.client != NOWHERE:
            visits.setdefault(task.task.client, []).append(task)
    for client, tasks in visits.items():
        for user in sorted({user for task in tasks for user in task.users} - faces.get(client, set())):
            build.pay(weight, _any(build, (task.users[user] for task in tasks if user in task.users)))
        witnesses = [pair for task in tasks for pair in _crew_sizes(build, task)]
        larger = [
            (size - largest.get(client, 0), literal) for size, literal in witnesses if size > largest.get(client, 0)
        ]
        chosen = [build.new_bool() for _ in larger]
        for witness, (gain, literal) in zip(chosen, larger, strict=True):
            build.model.add_implication(witness, literal)
            build.pay(-weight * gain, witness)
        if len(chosen) > 1:
            build.model.add_at_most_one(chosen)


def _crew_sizes(build: Build, task: TaskVariables) -> list[tuple[int, Literal]]:
    if not task.task.whole_team:
        return [(len(task.task.positions), task.present)]
    return [(len(build.instance.subject(team).members), literal) for team, literal in task.teams.items()]
