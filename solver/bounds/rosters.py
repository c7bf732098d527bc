"""Who may be given to tasks of one length, and the starts with each: runs of the grid in which nothing stands."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import NamedTuple

import numpy as np

from solver.bounds.frame import Frame
from solver.bounds.rows import Numbers, Rows
from solver.cpsat.fixed import Fixed
from solver.instance import Instance, Task


class Candidate(NamedTuple):
    """A subject, the units it would give, and its own price in units of cost."""

    subject: int
    units: int
    price: int


class Member(NamedTuple):
    """A candidate of a roster: its runs, its lines (-1: none), units, and price in fractions of cost."""

    subject: int
    run0: int
    run1: int
    occupied: int
    served: int
    units: int
    price: int


class Shape(NamedTuple):
    """What of a task decides about the starts with a subject."""

    before: int
    duration: int
    after: int
    fresh: bool
    extra: int | None  # the only start, where it lies beside the grid


class Rosters:
    """All lists of candidates, each stored once.

    Parameters
    ----------
    instance, fixed, frame, rows
        The problem, what is pinned, its instants, and what is scarce.
    scale
        Fractions of a unit of cost.

    Attributes
    ----------
    members, shapes
        Of every roster.
    runs
        First minute and number of starts of each run, and from where to where its charges are.
    charges
        Rows and amounts.
    """

    def __init__(self, instance: Instance, fixed: Fixed, frame: Frame, rows: Rows, scale: int) -> None:
        self.instance, self.fixed, self.frame, self.rows, self.scale = instance, fixed, frame, rows, scale
        self.members: list[list[Member]] = []
        self.shapes: list[Shape] = []
        self.runs: list[tuple[int, int, int, int]] = []
        self.charges: list[tuple[int, int]] = []
        self._grid = frame.starts(instance.start, instance.end)
        self._known: dict[Hashable, int] = {}
        self._masks: dict[tuple[int, int, Shape], tuple[int, int]] = {}
        self._kept: list[tuple[int, ...]] = []  # tuples that are known by their identity must not go away

    def of_users(self, task: Task, users: tuple[int, ...], extra: int | None) -> int:
        """The roster of users without own prices, many tasks of the same length share it."""
        shape = _shape(task, extra)
        quick = (id(users), shape)
        if quick not in self._known:
            self._kept.append(users)
            self._known[quick] = self.of(task, [Candidate(user, 1, 0) for user in users], extra)
        return self._known[quick]

    def of(self, task: Task, candidates: Sequence[Candidate], extra: int | None) -> int:
        """The roster of candidates for tasks like one.

        Parameters
        ----------
        task
            Its length, buffers and booking matter.
        candidates
            Those who cannot serve at any time are left out.
        extra
            The only start, where it lies beside the grid.

        Returns
        -------
        Number of the roster; a known one where nothing differs.
        """
        shape = _shape(task, extra)
        key = (tuple(candidates), shape)
        if key not in self._known:
            self._known[key] = len(self.members)
            self.shapes.append(shape)
            found = (self._member(task, candidate, shape) for candidate in candidates)
            self.members.append([member for member in found if member.run0 < member.run1])
        return self._known[key]

    def _member(self, task: Task, candidate: Candidate, shape: Shape) -> Member:
        subject = candidate.subject
        run0, run1 = self._mask(task, subject, candidate.units, shape)
        price = candidate.price * self.scale
        if subject < len(self.instance.users):
            # Rounded down: labour is charged in whole currency, and may be less.
            labor = self.instance.labor_weight * self.instance.users[subject].rate * task.duration
            price += labor * self.scale // self.instance.rate_unit
        return Member(
            subject, run0, run1, self.rows.occupied(subject), self.rows.served(subject), candidate.units, price
        )

    def _mask(self, task: Task, subject: int, units: int, shape: Shape) -> tuple[int, int]:
        """The runs of starts that a subject admits."""
        key = (subject, units, shape)
        if key not in self._masks:
            grid = self._grid if shape.extra is None else np.array([shape.extra], dtype=np.int64)
            # What the organization admits is cut off the starts of each task: it depends on whether somebody comes.
            starts = grid if subject == self.fixed.organization else self.fixed.admits(subject, task, grid, units)
            first = len(self.runs)
            for run in self._divide(starts, self.rows.cuts(subject)):
                charges = self.rows.counted(subject, int(run[0]), task.duration)
                self.runs.append((int(run[0]), len(run), len(self.charges), len(self.charges) + len(charges)))
                self.charges += charges
            self._masks[key] = first, len(self.runs)
        return self._masks[key]

    def _divide(self, starts: Numbers, cuts: Sequence[Numbers]) -> list[Numbers]:
        """Divide starts where they skip the grid, and where a day or week begins that is counted in."""
        if not len(starts):
            return []
        ends = np.diff(starts) != self.frame.step
        for edges in cuts:
            period = np.searchsorted(edges, starts, side="right")
            ends |= np.diff(period) != 0
        return np.split(starts, np.flatnonzero(ends) + 1)


def _shape(task: Task, extra: int | None) -> Shape:
    return Shape(task.before, task.duration, task.after, task.fresh, extra)
