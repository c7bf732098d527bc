"""Fixed work as arrays: the tasks' times, who may serve which, and whom pinned tasks call in anyway."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solver.cpsat.fixed import Fixed
from solver.cpsat.starts import above, clear, edges, inside, window_starts
from solver.instance import NEVER, NOWHERE, Instance, Placement, Solution, Subject, Task
from solver.kernel.struct import Struct

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class Work(Struct):
    """Tasks and users as compiled functions read them.

    An *entry* is a pair of a task and a user who may serve it: those of task t are `first[t]` to `first[t + 1]`.
    `user_task` lists the tasks of each user by their ends; the first `user_free[i]` of them end before the i-th begins.
    """

    begin: Ints  # of tasks, buffers included
    end: Ints
    first: Ints
    user: Ints  # of entries
    user_first: Ints
    user_task: Ints
    user_free: Ints
    user_entry: Ints
    paid: Ints  # 1: a pinned task calls the user in


@dataclass(frozen=True, slots=True)
class Form:
    """Fixed work, and what its arrays stand for."""

    work: Work
    tasks: list[int]  # of the instance
    starts: list[int]
    pinned: Solution
    weight: int  # of a user
    cap: Floats  # of each task: what leaving it out costs, in users; infinite where it is mandatory
    most_served: int  # by one user

    @property
    def user_count(self) -> int:
        """Number of users."""
        return len(self.work.paid)

    def solution(self, served_by: Ints) -> Solution:
        """Write who serves what as a solution.

        Parameters
        ----------
        served_by
            One user per task of the form.

        Returns
        -------
        One placement or None per task of the instance.
        """
        solution = list(self.pinned)
        for task, start, user in zip(self.tasks, self.starts, served_by.tolist(), strict=True):
            solution[task] = Placement(start, users=(user,))
        return solution

    def served_by(self, solution: Solution) -> Ints:
        """Read who serves what out of a solution; NOWHERE is nobody."""
        users = [NOWHERE if (place := solution[task]) is None else place.users[0] for task in self.tasks]
        return np.array(users, np.int64)


def read_form(instance: Instance) -> Form | None:
    """Read an instance as fixed work, if that is all it is.

    Parameters
    ----------
    instance
        The problem.

    Returns
    -------
    None where the cost of serving everything that can be served is anything but a constant and a price per user,
    or where a rule limits more than who may serve a task and that nobody is in two places at once.
    """
    if not _counts_users_only(instance):
        return None
    standing = Fixed(instance, (), [task.pinned for task in instance.tasks])
    tasks: list[int] = []
    starts: list[int] = []
    for index, task in enumerate(instance.tasks):
        if task.pinned is not None:
            continue
        possible = standing.admits(standing.organization, task, window_starts(instance, task))
        if not _is_fixed(instance, task, possible):
            return None
        if len(possible):
            tasks.append(index)
            starts.append(int(possible[0]))
    pairs = _pairs(instance, standing, tasks, np.array(starts, np.int64))
    servable = np.unique(pairs[:, 0])
    if not len(servable):
        return None
    kept = [tasks[i] for i in servable.tolist()]
    pairs[:, 0] = np.searchsorted(servable, pairs[:, 0])
    at = np.array(starts, np.int64)[servable]
    begin = at - np.array([instance.tasks[i].before for i in kept], np.int64)
    end = at + np.array([instance.tasks[i].duration + instance.tasks[i].after for i in kept], np.int64)
    paid = np.array([int(user in standing.stays) for user in range(len(instance.users))], np.int64)
    work, most = _work(begin, end, pairs, paid)
    cap = [_loss(instance, instance.tasks[i], start) for i, start in zip(kept, at.tolist(), strict=True)]
    limits = np.array(cap) / instance.headcount_weight
    return Form(work, kept, at.tolist(), list(standing.placements), instance.headcount_weight, limits, most)


def _counts_users_only(instance: Instance) -> bool:
    """Whether neither a cost nor a limit beside the headcount depends on who serves what."""
    if not instance.headcount_weight or instance.waiting_weight or instance.max_waiting_weight:
        return False
    if instance.balance_weight and instance.balance_users:
        return False
    if instance.labor_weight and any(user.rate for user in instance.users):
        return False
    subjects: list[Subject] = [*instance.users, instance.organization]
    return not any(subject.counters or subject.breaks for subject in subjects) and (
        instance.organization.concurrency == NEVER and all(user.concurrency >= 1 for user in instance.users)
    )


def _is_fixed(instance: Instance, task: Task, starts: NDArray[np.int64]) -> bool:
    """Whether a task asks for one person at one time, and is worth a person of its own."""
    if len(starts) > 1 or len(task.positions) != 1 or task.teams or task.whole_team or task.demands:
        return False
    if task.links_in or task.links_out or any(outsiders.weight for outsiders in task.outsiders):
        return False
    if instance.travel_exists and task.location != NOWHERE:
        return False
    if instance.continuity_weight and task.client != NOWHERE:
        return False
    return not len(starts) or _loss(instance, task, int(starts[0])) >= instance.headcount_weight


def _loss(instance: Instance, task: Task, start: int) -> float:
    """What it costs at least to leave a task out, users apart."""
    if task.mandatory:
        return math.inf
    cost = task.start_cost(start)
    if task.has_due:
        cost += instance.max_late_weight * max(0, start + task.duration - task.due)
    return task.absent_cost - cost


def _pairs(instance: Instance, standing: Fixed, tasks: list[int], starts: Ints) -> NDArray[np.int64]:
    """Who may serve what: rows of task (number in the list) and user, sorted."""
    by_user: list[list[int]] = [[] for _ in instance.users]
    for number, index in enumerate(tasks):
        for user in instance.tasks[index].positions[0].users:
            by_user[user].append(number)
    about = [instance.tasks[index] for index in tasks]
    durations = np.array([task.duration for task in about], np.int64)
    before = np.array([task.before for task in about], np.int64)
    length = before + durations + np.array([task.after for task in about], np.int64)
    fresh = np.array([task.fresh for task in about], np.bool_)
    rows = []
    for user, numbers in enumerate(by_user):
        if not numbers:
            continue
        subject, some = instance.users[user], np.array(numbers, np.int64)
        keep = inside(starts[some], durations[some], edges(subject.open))
        keep &= clear(starts[some], before[some], length[some], edges(above(standing.occupied(user), 0)))
        keep &= ~fresh[some] | ((starts[some] >= subject.fresh_from) & (starts[some] <= subject.fresh_until))
        rows.append(np.stack((some[keep], np.full(int(keep.sum()), user, np.int64)), axis=1))
    pairs = np.concatenate(rows) if rows else np.empty((0, 2), np.int64)
    return pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]


def _work(begin: Ints, end: Ints, pairs: NDArray[np.int64], paid: Ints) -> tuple[Work, int]:
    """The arrays of a form, and the most tasks that one user could serve."""
    first = np.searchsorted(pairs[:, 0], np.arange(len(begin) + 1))
    order = np.lexsort((begin[pairs[:, 0]], end[pairs[:, 0]], pairs[:, 1]))
    user_first = np.searchsorted(pairs[order, 1], np.arange(len(paid) + 1))
    user_task = pairs[order, 0]
    free = np.empty(len(order), np.int64)
    most = 1
    for low, high in zip(user_first[:-1].tolist(), user_first[1:].tolist(), strict=True):
        ends = end[user_task[low:high]]
        free[low:high] = np.searchsorted(ends, begin[user_task[low:high]], side="right")
        served = [0]
        for number in free[low:high].tolist():
            served.append(max(served[-1], served[number] + 1))
        most = max(most, served[-1])
    work = Work(
        begin=begin,
        end=end,
        first=first,
        user=pairs[:, 1],
        user_first=user_first,
        user_task=user_task,
        user_free=free,
        user_entry=order,
        paid=paid,
    )
    return work, most
