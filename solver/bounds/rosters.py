"""Who may be given to tasks of one length, and the starts with each: runs of the grid in which nothing stands."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from solver.bounds.frame import Frame
from solver.bounds.rows import Numbers, Rows
from solver.cpsat.fixed import Fixed
from solver.instance import Demand, Instance, Task

MEMBER = ("subject", "run0", "run1", "occupied", "served", "units", "price")
"""What is known of a member: its runs, its lines (-1: none), units, and price in fractions of cost."""


class Candidates(NamedTuple):
    """Subjects, the units that each would give, and the price of each in units of cost."""

    subjects: Numbers
    units: Numbers
    prices: Numbers


class Shape(NamedTuple):
    """What of a task decides about the starts with a subject."""

    before: int
    duration: int
    after: int
    fresh: bool
    extra: int | None  # the only start, where it lies beside the grid


class _Runs(NamedTuple):
    """From where to where the runs of each subject are, for one shape and number of units; -1: not asked yet."""

    first: Numbers
    end: Numbers


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
    members
        Of every roster, a row for each candidate with any runs: the columns of `MEMBER`.
    shapes
        Of every roster.
    runs
        First minute and number of starts of each run, and from where to where its charges are.
    charges
        Rows and amounts.
    """

    def __init__(self, instance: Instance, fixed: Fixed, frame: Frame, rows: Rows, scale: int) -> None:
        self.instance, self.fixed, self.frame, self.rows, self.scale = instance, fixed, frame, rows, scale
        self.members: list[Numbers] = []
        self.shapes: list[Shape] = []
        self.runs: list[tuple[int, int, int, int]] = []
        self.charges: list[tuple[int, int]] = []
        self._grid = frame.starts(instance.start, instance.end)
        self._known: dict[Hashable, int] = {}
        self._runs_of: dict[tuple[Shape, int], _Runs] = {}
        self._lines: dict[int, tuple[int, int]] = {}
        self._kept: list[object] = []  # what is known by its identity must not go away
        rates = np.zeros(instance.subject_count, np.int64)
        rates[: len(instance.users)] = [user.rate for user in instance.users]
        self._rates = rates * instance.labor_weight

    def of_users(self, task: Task, users: tuple[int, ...], extra: int | None) -> int:
        """The roster of users without own prices, many tasks of the same length share it."""
        return self._quick(task, users, extra, lambda: plain(users))

    def of_demand(self, task: Task, demand: Demand, extra: int | None) -> int:
        """The roster of what fits a demand, many tasks of the same length share it."""
        return self._quick(task, demand, extra, lambda: plain(demand.resources, demand.units))

    def _quick(self, task: Task, asked: object, extra: int | None, offered: Callable[[], Candidates]) -> int:
        quick = (id(asked), _shape(task, extra))
        if quick not in self._known:
            self._kept.append(asked)
            self._known[quick] = self.of(task, offered(), extra)
        return self._known[quick]

    def of(self, task: Task, candidates: Candidates, extra: int | None) -> int:
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
        key = (*(column.tobytes() for column in candidates), shape)
        if key not in self._known:
            self._known[key] = len(self.members)
            self.shapes.append(shape)
            self.members.append(self._members(task, candidates, shape))
        return self._known[key]

    def _members(self, task: Task, candidates: Candidates, shape: Shape) -> Numbers:
        subjects, units, prices = candidates
        run0, run1 = np.empty_like(subjects), np.empty_like(subjects)
        for amount in np.unique(units).tolist():
            chosen = units == amount
            runs = self._runs(task, subjects[chosen], amount, shape)
            run0[chosen], run1[chosen] = runs.first[subjects[chosen]], runs.end[subjects[chosen]]
        able = run0 < run1
        lines = [self._line(subject) for subject in subjects[able].tolist()]
        # Rounded down: labour is charged in whole currency, and may be less.
        labor = self._rates[subjects] * task.duration * self.scale // self.instance.rate_unit
        columns = (subjects, run0, run1, units, prices * self.scale + labor)
        found = np.zeros((len(lines), len(MEMBER)), np.int64)
        for name, column in zip(("subject", "run0", "run1", "units", "price"), columns, strict=True):
            found[:, MEMBER.index(name)] = column[able]
        if lines:
            found[:, [MEMBER.index("occupied"), MEMBER.index("served")]] = lines
        return found

    def _line(self, subject: int) -> tuple[int, int]:
        """The lines of a subject: of its capacity, and of its services at once; -1 for none."""
        if subject not in self._lines:
            self._lines[subject] = self.rows.occupied(subject), self.rows.served(subject)
        return self._lines[subject]

    def _runs(self, task: Task, subjects: Numbers, units: int, shape: Shape) -> _Runs:
        """The runs of starts that subjects admit."""
        key = (shape, units)
        if key not in self._runs_of:
            count = self.instance.subject_count
            self._runs_of[key] = _Runs(np.full(count, -1), np.full(count, -1))
        runs = self._runs_of[key]
        for subject in subjects[runs.first[subjects] < 0].tolist():
            if runs.first[subject] < 0:
                runs.first[subject] = len(self.runs)
                self._add_runs(task, subject, units, shape)
                runs.end[subject] = len(self.runs)
        return runs

    def _add_runs(self, task: Task, subject: int, units: int, shape: Shape) -> None:
        grid = self._grid if shape.extra is None else np.array([shape.extra], dtype=np.int64)
        # What the organization admits is cut off the starts of each task: it depends on whether somebody comes.
        starts = grid if subject == self.fixed.organization else self.fixed.admits(subject, task, grid, units)
        for minute, count in self._divide(starts, self.rows.cuts(subject)):
            charges = self.rows.counted(subject, minute, task.duration)
            self.runs.append((minute, count, len(self.charges), len(self.charges) + len(charges)))
            self.charges += charges

    def _divide(self, starts: Numbers, cuts: Sequence[Numbers]) -> Iterator[tuple[int, int]]:
        """Divide starts where they skip the grid, and where a day or week begins that is counted in."""
        if not len(starts):
            return
        ends = starts[1:] - starts[:-1] != self.frame.step
        for edges in cuts:
            period = edges.searchsorted(starts, side="right")
            ends |= period[1:] != period[:-1]
        marks = [0, *(np.flatnonzero(ends) + 1).tolist(), len(starts)]
        for first, end in pairwise(marks):
            yield int(starts[first]), end - first


def plain(subjects: Sequence[int], units: Sequence[int] | None = None) -> Candidates:
    """Make candidates without own prices.

    Parameters
    ----------
    subjects
        Their indices.
    units
        What each would give; one, if left out.

    Returns
    -------
    The candidates in columns.
    """
    count = len(subjects)
    given = np.ones(count, np.int64) if units is None else np.array(units, np.int64)
    return Candidates(np.array(subjects, np.int64), given, np.zeros(count, np.int64))


def _shape(task: Task, extra: int | None) -> Shape:
    return Shape(task.before, task.duration, task.after, task.fresh, extra)
