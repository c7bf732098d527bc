"""Lower bounds of the cost that hold at any size."""

from __future__ import annotations

from solver.instance import Instance, Task


def separate_bound(instance: Instance) -> int:
    """Add up the cheapest that every task could cost if it were alone in the world.

    Parameters
    ----------
    instance
        The lowered problem.

    Returns
    -------
    A cost that no plan is below: every term left out here is never negative.
    """
    return sum(_alone(instance, task) for task in instance.tasks)


def is_impossible(instance: Instance, task: Task) -> bool:
    """Tell whether a task has no candidate at all for its start or for something that it needs."""
    if task.pinned is not None:
        return False
    if task.whole_team and not task.teams:
        return True
    if not all(position.users for position in task.positions) or not all(demand.resources for demand in task.demands):
        return True
    return not any(_has_start(instance, task, low, high) for low, high in task.windows)


def _has_start(instance: Instance, task: Task, low: int, high: int) -> bool:
    first, last = max(low, task.earliest), high - task.duration
    on_grid = -(-first // instance.step) * instance.step <= last
    return on_grid or (task.extra_start is not None and first <= task.extra_start <= last)


def _alone(instance: Instance, task: Task) -> int:
    if task.pinned is not None:
        return task.start_cost(task.pinned.start) + sum(map(task.user_cost, task.pinned.users))
    if is_impossible(instance, task):
        return task.absent_cost
    start = min(_cheapest_start(task, max(low, task.earliest), high - task.duration) for low, high in task.windows)
    people = sum(_cheapest_user(task, position.users) for position in task.positions) if task.outsiders else 0
    return min(task.absent_cost, start + people)


def _cheapest_user(task: Task, users: tuple[int, ...]) -> int:
    """The least cost of one of some users: whoever is an insider nowhere costs the most."""
    insiders = frozenset[int]().union(*(outsiders.insiders for outsiders in task.outsiders)).intersection(users)
    return min(map(task.user_cost, insiders), default=sum(outsiders.weight for outsiders in task.outsiders))


def _cheapest_start(task: Task, first: int, last: int) -> int:
    """The least cost of a start between two minutes, on the grid or not, the price of moving left out."""
    if first > last:
        return task.absent_cost
    kinks = [first, last]
    if task.preferred_weight:
        kinks.append(task.preferred_start)
    if task.late_weight:
        kinks.append(task.due - task.duration)
    moved = task.moved_weight
    return min(task.start_cost(k) - (moved if k != task.current_start else 0) for k in kinks if first <= k <= last)
