"""What stands while others move: the fixed placements, and what they take of every subject."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from solver.cpsat.starts import Edges, Load, Mask, Starts, above, clear, edges, inside, profile
from solver.instance import NEVER, Counter, Instance, Placement, Solution, Subject, Task


class Stay(NamedTuple):
    """A fixed task at a user: when the user is occupied, sorted as the user lives through them."""

    begin: int
    end: int
    id: str
    task: int
    start: int


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
    """

    def __init__(self, instance: Instance, free: Sequence[int], solution: Solution) -> None:
        self.instance = instance
        self.free = frozenset(free)
        self.organization = instance.subject_count - 1
        self.placements: Solution = [
            None if index in self.free else solution[index] if task.pinned is None else task.pinned
            for index, task in enumerate(instance.tasks)
        ]
        self.stays: dict[int, list[Stay]] = {}
        self._occupied: dict[int, list[Load]] = {}
        self._served: dict[int, list[Load]] = {}
        for index, (task, place) in enumerate(zip(instance.tasks, self.placements, strict=True)):
            if place is not None:
                self._take(index, task, place)
        for stays in self.stays.values():
            stays.sort()
        self._occupied_profile: dict[int, list[Load]] = {}
        self._served_profile: dict[int, list[Load]] = {}
        self._open_edges: dict[int, Edges] = {}
        self._crowds: dict[tuple[int, int, bool], Edges] = {}
        self._counts: dict[tuple[int, Counter], dict[int, int]] = {}

    def _take(self, index: int, task: Task, place: Placement) -> None:
        begin, end = place.start - task.before, place.start + task.duration + task.after
        served = (place.start, place.start + task.duration, 1)
        for user in place.users:
            self.stays.setdefault(user, []).append(Stay(begin, end, task.id, index, place.start))
        takes = [(user, 1) for user in place.users] + list(zip(place.resources, place.units, strict=True))
        if place.team >= 0:
            takes.append((place.team, 1))
        for subject, units in takes:
            self._occupied.setdefault(subject, []).append((begin, end, units))
        for subject in {self.organization, *(subject for subject, _ in takes)}:
            self._served.setdefault(subject, []).append(served)

    def occupied(self, subject: int) -> list[Load]:
        """Units taken of a subject over time, buffers included."""
        if subject not in self._occupied_profile:
            self._occupied_profile[subject] = profile(self._occupied.get(subject, ()))
        return self._occupied_profile[subject]

    def served(self, subject: int) -> list[Load]:
        """Services of a subject over time, buffers left out."""
        if subject not in self._served_profile:
            self._served_profile[subject] = profile(self._served.get(subject, ()))
        return self._served_profile[subject]

    def counted(self, subject: int, counter: Counter) -> dict[int, int]:
        """What a counter of a subject stands at, by number of the day or week."""
        key = (subject, counter)
        if key not in self._counts:
            table = self.instance.periods[counter.zone, counter.period]
            sums: dict[int, int] = {}
            for start, end, _ in self._served.get(subject, ()):
                period = table.index_of(start)
                sums[period] = sums.get(period, 0) + (1 if counter.measure == "count" else end - start)
            self._counts[key] = sums
        return self._counts[key]

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
        about = self.instance.subject(subject)
        keep: Mask = np.ones(len(starts), dtype=np.bool_)
        if subject != self.organization or not (task.positions or task.teams or task.whole_team):
            keep &= inside(starts, task.duration, self._open(about))
        if task.fresh:
            keep &= (starts >= about.fresh_from) & (starts <= about.fresh_until)
        if subject != self.organization:
            lead, length = task.before, task.before + task.duration + task.after
            keep &= clear(starts, lead, length, self._crowded(subject, about.capacity - units, buffered=True))
        if about.concurrency != NEVER:
            crowded = self._crowded(subject, about.concurrency - 1, buffered=False)
            keep &= clear(starts, 0, task.duration, crowded)
        for counter in about.counters:
            if counter.limit != NEVER:
                keep &= self._below_limit(subject, task, starts, counter)
        return starts[keep]

    def _open(self, about: Subject) -> Edges:
        """The open time of a subject; subjects with the same calendar share one list."""
        key = id(about.open)
        if key not in self._open_edges:
            self._open_edges[key] = edges(about.open)
        return self._open_edges[key]

    def _crowded(self, subject: int, room: int, *, buffered: bool) -> Edges:
        """Where no more fits; everywhere if nothing would fit into an empty subject."""
        key = (subject, room, buffered)
        if key not in self._crowds:
            stretches = self.occupied(subject) if buffered else self.served(subject)
            self._crowds[key] = edges(above(stretches, room) if room >= 0 else [(-NEVER, NEVER)])
        return self._crowds[key]

    def _below_limit(self, subject: int, task: Task, starts: Starts, counter: Counter) -> Mask:
        amount = 1 if counter.measure == "count" else task.duration
        if amount > counter.limit:
            return np.zeros(len(starts), dtype=np.bool_)
        full = [period for period, sum_ in self.counted(subject, counter).items() if sum_ + amount > counter.limit]
        if not full:
            return np.ones(len(starts), dtype=np.bool_)
        table = self.instance.periods[counter.zone, counter.period]
        return ~np.isin(np.searchsorted(np.array(table.starts), starts, side="right") - 1, full)
