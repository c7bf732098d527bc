"""What is scarce: capacity of every subject at every instant, amounts per day and week, and links; each a priced row.

Rows of capacity come in lines, one row for each instant. A row says that what tasks take is at most its limit; a price
of zero or more per unit, charged to the tasks and granted for the limit, can only lower the least cost.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.bounds.frame import Frame
from solver.cpsat.fixed import Fixed
from solver.cpsat.starts import Load
from solver.instance import NEVER, Counter, Instance

Numbers = NDArray[np.int64]


class _Meter(NamedTuple):
    """A hard limit of a counter, or with a weight a threshold beyond which every unit costs it."""

    counter: Counter
    ceiling: int
    weight: int | None


class Rows:
    """The rows of a problem, made when first asked for.

    Parameters
    ----------
    instance, fixed
        The problem and what is pinned.
    frame
        Its instants.

    Attributes
    ----------
    lines
        Limits at every instant, for each line.
    line_owner
        The subject of each line.
    limits, owners, tops, floors, scales
        Of each other row: limit, subject, largest and least price in units of cost (None: as large as useful), and
        the amount of a typical task.
    """

    def __init__(self, instance: Instance, fixed: Fixed, frame: Frame) -> None:
        self.instance, self.fixed, self.frame = instance, fixed, frame
        self.lines: list[Numbers] = []
        self.line_owner: list[int] = []
        self.limits: list[int] = []
        self.owners: list[int] = []
        self.tops: list[int | None] = []
        self.floors: list[int] = []
        self.scales: list[int] = []
        self._occupied: dict[int, int] = {}
        self._served: dict[int, int] = {}
        self._counted: dict[tuple[int, int, int], int] = {}
        self._meters: dict[int, list[_Meter]] = {}
        self._edges: dict[tuple[str, str], Numbers] = {}

    def occupied(self, subject: int) -> int:
        """The line of a subject's capacity, buffers included; -1 for the organization, which has none."""
        if subject == self.fixed.organization:
            return -1
        if subject not in self._occupied:
            capacity = self.instance.subject(subject).capacity
            self._occupied[subject] = self._add_line(subject, capacity, self.fixed.occupied(subject))
        return self._occupied[subject]

    def served(self, subject: int) -> int:
        """The line of a subject's services at once, buffers left out; -1 where they are not limited."""
        about = self.instance.subject(subject)
        if about.concurrency == NEVER or about.kind == "user":
            return -1
        if subject not in self._served:
            self._served[subject] = self._add_line(subject, about.concurrency, self.fixed.served(subject))
        return self._served[subject]

    def counted(self, subject: int, minute: int, duration: int) -> list[tuple[int, int]]:
        """Rows of the days and weeks that a start counts in, with the amounts."""
        charges = []
        for number, meter in enumerate(self._meters_of(subject)):
            period = int(self._starts(meter.counter).searchsorted(minute, side="right")) - 1
            amount = 1 if meter.counter.measure == "count" else duration
            charges.append((self._row(subject, number, period, amount), amount))
        return charges

    def cuts(self, subject: int) -> list[Numbers]:
        """First minutes of all periods that a subject's counters count in."""
        return [self._starts(meter.counter) for meter in self._meters_of(subject)]

    def add_link(self) -> int:
        """Make a row of a link: the task after it is placed only if the one before it is."""
        return self._add_row(self.fixed.organization + 1, 0, None, 0, 1)

    def _add_line(self, owner: int, capacity: int, standing: Sequence[Load]) -> int:
        limit = np.full(self.frame.instants, capacity, dtype=np.int64)
        for start, end, load in standing:
            low, high = max(0, self.frame.number(start)), max(0, self.frame.number(end))
            limit[low:high] = max(0, capacity - load)
        self.lines.append(limit)
        self.line_owner.append(owner)
        return len(self.lines) - 1

    def _meters_of(self, subject: int) -> list[_Meter]:
        """The limits that bind and the thresholds that cost."""
        if subject not in self._meters:
            counters = self.instance.subject(subject).counters
            meters = [_Meter(counter, counter.limit, None) for counter in counters if counter.limit != NEVER]
            priced = (counter for counter in counters if counter.threshold != NEVER and counter.weight)
            meters += [_Meter(counter, counter.threshold, counter.weight) for counter in priced]
            self._meters[subject] = meters
        return self._meters[subject]

    def _starts(self, counter: Counter) -> Numbers:
        key = (counter.zone, counter.period)
        if key not in self._edges:
            self._edges[key] = np.array(self.instance.periods[key].starts, dtype=np.int64)
        return self._edges[key]

    def _row(self, subject: int, number: int, period: int, amount: int) -> int:
        key = (subject, number, period)
        if key not in self._counted:
            counter, ceiling, weight = self._meters_of(subject)[number]
            room = ceiling - self.fixed.counted(subject, counter).get(period, 0)
            floor = 0 if weight is None or room >= 0 else weight
            self._counted[key] = self._add_row(subject, max(0, room), weight, floor, amount)
        return self._counted[key]

    def _add_row(self, owner: int, limit: int, top: int | None, floor: int, scale: int) -> int:
        self.limits.append(limit)
        self.owners.append(owner)
        self.tops.append(top)
        self.floors.append(floor)
        self.scales.append(scale)
        return len(self.limits) - 1
