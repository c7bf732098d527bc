"""What stands while others move: the fixed placements, and what they leave to each free task."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from typing import NamedTuple

import numpy as np

from solver.cpsat.ledger import Account, Ledger, Stay as Stay
from solver.cpsat.starts import Edges, Load, Mask, Starts, clear, edges, inside
from solver.instance import NEVER, Counter, Instance, Interval, Placement, Solution, Subject, Task


class Scope(NamedTuple):
    """Whom free tasks may be given, and when they may start, as sorted spans; what they have now they may keep."""

    users: frozenset[int] | None = None
    spans: tuple[Interval, ...] = ()


EVERYWHERE = Scope()


def own_cost(task: Task, place: Placement | None) -> int:
    """What a task costs by itself, placed or absent."""
    if place is None:
        return task.absent_cost
    return task.start_cost(place.start) + sum(map(task.user_cost, place.users))


class Fixed:
    """The tasks outside a chosen set, and what they leave to it.

    Parameters
    ----------
    instance
        The problem.
    free
        Tasks that may be placed anew.
    solution
        Where the others stand; pinned ones stand where they are pinned whatever it says.

    Attributes
    ----------
    left
        Where free tasks stood before they were taken out; None if that is not known.
    """

    def __init__(self, instance: Instance, free: Iterable[int], solution: Solution) -> None:
        self.instance = instance
        self.free = frozenset(free)
        self.organization = instance.subject_count - 1
        self.placements: Solution = [
            None if index in self.free else solution[index] if task.pinned is None else task.pinned
            for index, task in enumerate(instance.tasks)
        ]
        self.left: dict[int, Placement] | None = None if self.free else {}
        self.scope = EVERYWHERE
        self._ledger = Ledger(instance, self.placements)
        self._open_edges: dict[int, Edges] = {}
        self._own_cost: int | None = None

    def without(self, free: Iterable[int], scope: Scope = EVERYWHERE) -> Fixed:
        """Take some tasks out, and keep what is known of all that they do not touch.

        Parameters
        ----------
        free
            Tasks that may be placed anew, none of them pinned; here nothing is free yet.
        scope
            Where they may go.

        Returns
        -------
        What the others leave.
        """
        freed = frozenset(free)
        places = list(self.placements)
        for index in freed:
            places[index] = None
        rest: Fixed = self.replaced(places, freed)
        rest.free, rest.scope = freed, scope
        rest.left = {index: place for index in freed if (place := self.placements[index]) is not None}
        absent = sum(self.instance.tasks[index].absent_cost for index in freed)
        rest._own_cost = rest.own_cost() - absent
        return rest

    def replaced(self, solution: Solution, changed: Iterable[int]) -> Fixed:
        """Let some tasks stand elsewhere, and keep what is known of all that they do not touch.

        Parameters
        ----------
        solution
            Where they stand then.
        changed
            Tasks that may have moved, none of them pinned; those that are free here stand fixed then.

        Returns
        -------
        The new state of affairs.
        """
        moved = [index for index in changed if index in self.free or solution[index] != self.placements[index]]
        before = {index: place for index in moved if (place := self.placements[index]) is not None}
        after = {index: place for index in moved if (place := solution[index]) is not None}
        new: Fixed = copy(self)
        new.placements = list(self.placements)
        for index in moved:
            new.placements[index] = solution[index]
        gone = sum(self._alone(index) for index in moved if index not in self.free)
        new._own_cost = self.own_cost() - gone + sum(map(new._alone, moved))
        new._ledger = self._ledger.replaced(before, after)
        new.free = self.free.difference(moved)
        if not new.free:
            new.left, new.scope = {}, EVERYWHERE
        return new

    @property
    def stays(self) -> dict[int, list[Stay]]:
        """What every user serves, sorted; users who serve nothing have no entry."""
        return self._ledger.stays

    def account(self, subject: int) -> Account:
        """What a subject is taken for."""
        return self._ledger.account(subject)

    def is_settled(self, user: int) -> bool:
        """Whether no free task is known to have left a user."""
        return self.left is not None and all(user not in place.users for place in self.left.values())

    def occupied(self, subject: int) -> list[Load]:
        """Units taken of a subject over time, buffers included."""
        return self._ledger.account(subject).profile(buffered=True)

    def served(self, subject: int) -> list[Load]:
        """Services of a subject over time, buffers left out."""
        return self._ledger.account(subject).profile(buffered=False)

    def counted(self, subject: int, counter: Counter) -> dict[int, int]:
        """What a counter of a subject stands at, by number of the day or week."""
        return self._ledger.account(subject).counted(counter, self.instance)

    def own_cost(self) -> int:
        """What tasks that are not free cost by themselves, placed or absent."""
        if self._own_cost is None:
            tasks = range(len(self.placements))
            self._own_cost = sum(self._alone(index) for index in tasks if index not in self.free)
        return self._own_cost

    def _alone(self, index: int) -> int:
        return own_cost(self.instance.tasks[index], self.placements[index])

    def admits(self, subject: int, task: Task, starts: Starts, units: int = 1) -> Starts:
        """Keep the starts at which a subject could take a task beside what stands.

        Parameters
        ----------
        subject
            Index of the subject.
        task, starts
            The task and its starts so far.
        units
            What it would take of the subject.

        Returns
        -------
        Those starts inside the open time, the fresh bounds, the free units, the concurrency and the limits.
        """
        about, account = self.instance.subject(subject), self._ledger.account(subject)
        if not len(starts):
            return starts
        masks: list[Mask] = []
        if subject != self.organization or not (task.positions or task.teams or task.whole_team):
            masks.append(inside(starts, task.duration, self._open(about)))
        if task.fresh and (starts[0] < about.fresh_from or starts[-1] > about.fresh_until):
            masks.append((starts >= about.fresh_from) & (starts <= about.fresh_until))
        if subject != self.organization:
            lead, length = task.before, task.before + task.duration + task.after
            masks.append(clear(starts, lead, length, account.crowded(about.capacity - units, buffered=True)))
        if about.concurrency != NEVER:
            crowded = account.crowded(about.concurrency - 1, buffered=False)
            masks.append(clear(starts, 0, task.duration, crowded))
        for counter in about.counters:
            if counter.limit != NEVER:
                masks += self._below_limit(subject, task, starts, counter)
        keep = masks.pop() if masks else np.True_
        for mask in masks:
            keep &= mask
        return starts if keep.all() else starts[keep]

    def may_serve(self, user: int, index: int) -> bool:
        """Whether a user is within the scope of a free task."""
        scope, left = self.scope.users, (self.left or {}).get(index)
        return scope is None or user in scope or (left is not None and user in left.users)

    def in_spans(self, index: int, starts: Starts) -> Starts:
        """Keep the starts within the scope of a free task."""
        if not self.scope.spans:
            return starts
        keep = inside(starts, 1, edges(self.scope.spans))
        if self.left is not None and index in self.left:
            keep |= starts == self.left[index].start
        return starts[keep]

    def _open(self, about: Subject) -> Edges:
        """The open time of a subject; subjects with the same calendar share one list."""
        key = id(about.open)
        if key not in self._open_edges:
            self._open_edges[key] = edges(about.open)
        return self._open_edges[key]

    def _below_limit(self, subject: int, task: Task, starts: Starts, counter: Counter) -> list[Mask]:
        """Mark the starts in days or weeks that have room for a task; nothing if all have."""
        amount = 1 if counter.measure == "count" else task.duration
        if amount > counter.limit:
            return [np.zeros(len(starts), dtype=np.bool_)]
        full = [period for period, sum_ in self.counted(subject, counter).items() if sum_ + amount > counter.limit]
        if not full:
            return []
        first_minutes = self.instance.periods[counter.zone, counter.period].starts
        room = np.ones(len(first_minutes), dtype=np.bool_)
        room[full] = False
        return [room[np.array(first_minutes).searchsorted(starts, side="right") - 1]]
