"""Which starts every subject is closed at, and by what: rows of masks that tasks of the same shape share."""

from bisect import bisect_right
from typing import NamedTuple

import numpy as np

from models.intervals import union
from solver.explain.causes import (
    BOOKING,
    BURDEN,
    LIMIT,
    TAKEN_BY_KIND,
    TRAVEL,
    Burdens,
    Masks,
    bit_of,
    bits_of,
)
from solver.explain.occupied import Occupied
from solver.instance import NEVER, Closed, Instance, Interval, Task

MOST_BYTES = 100_000_000  # of rows that are kept


class Shape(NamedTuple):
    """What of a task decides when its subjects are closed to it; `located` counts only where people travel."""

    duration: int
    before: int
    after: int
    fresh: bool
    located: bool

    @classmethod
    def of(cls, instance: Instance, task: Task) -> "Shape":
        """The shape of a task."""
        located = instance.travel_exists and task.location >= 0
        return cls(task.duration, task.before, task.after, task.fresh, located)


class Span(NamedTuple):
    """Evenly spaced starts."""

    first: int
    step: int
    size: int

    @property
    def last(self) -> int:
        """The last start."""
        return self.first + (self.size - 1) * self.step


class Block(NamedTuple):
    """Masks and burdens of some candidates (rows) at some starts (columns), and the least sums by number of heads."""

    masks: Masks
    burdens: Burdens
    least: dict[int, Burdens]


class Rows:
    """Masks of causes by subject, shape and span; travel and flexible breaks are in them only as far as they are plain.

    Parameters
    ----------
    instance, occupied
        The lowered problem, and what takes its subjects.
    """

    def __init__(self, instance: Instance, occupied: Occupied) -> None:
        self.instance = instance
        self.occupied = occupied
        self._closed: dict[int, list[tuple[int, list[Interval]]]] = {}
        self._shared: dict[tuple[Closed, ...], list[tuple[int, list[Interval]]]] = {}
        self._rows: dict[tuple[int, int, Shape, Span], Masks] = {}
        self._blocks: dict[tuple[tuple[int, ...], tuple[int, ...] | None, Shape, Span], Block] = {}
        self._bytes = 0

    def row(self, subject: int, units: int, shape: Shape, span: Span) -> Masks:
        """Find what closes a subject to some units more at every start.

        Parameters
        ----------
        subject, units
            Index of the subject and what is asked of it; 1 of people and teams.
        shape, span
            Of the task, and the starts.

        Returns
        -------
        One mask per start: exact but for flexible breaks and for journeys through gaps.
        """
        key = (subject, units, shape, span)
        row = self._rows.get(key)
        if row is None:
            row = self._row(*key)
            self._make_room(2 * span.size + 200)
            self._rows[key] = row
        return row

    def spared(self, subject: int) -> int:
        """The bits that do not count for a subject: here none, every cause does."""
        return 0

    def block(self, subjects: tuple[int, ...], units: tuple[int, ...] | None, shape: Shape, span: Span) -> Block:
        """Stack the rows of several candidates.

        Parameters
        ----------
        subjects, units
            Indices, at least one, and for each the units asked of it; None is 1 of each.
        shape, span
            Of the task, and the starts.

        Returns
        -------
        Arrays that are shared: treat them as read-only.
        """
        key = (subjects, units, shape, span)
        block = self._blocks.get(key)
        if block is None:
            asked = units or (1,) * len(subjects)
            masks = np.stack([self.row(s, n, shape, span) for s, n in zip(subjects, asked, strict=True)])
            block = Block(masks, BURDEN[masks], {})
            self._make_room(6 * masks.size + 200)
            self._blocks[key] = block
        return block

    def least(
        self, subjects: tuple[int, ...], units: tuple[int, ...] | None, heads: int, shape: Shape, span: Span
    ) -> Burdens:
        """Bound the burden of a number of different candidates at every start from below."""
        block = self.block(subjects, units, shape, span)
        if heads not in block.least:
            if heads == 1:
                block.least[1] = block.burdens.min(axis=0)
            else:
                block.least[heads] = np.partition(block.burdens, heads - 1, axis=0)[:heads].sum(axis=0, dtype=np.int32)
        return block.least[heads]

    def _make_room(self, more: int) -> None:
        """Forget everything where there is too much of it."""
        self._bytes += more
        if self._bytes > MOST_BYTES:
            self._rows.clear()
            self._blocks.clear()
            self._bytes = more

    def _row(self, subject: int, units: int, shape: Shape, span: Span) -> Masks:
        who = self.instance.subject(subject)
        row = np.zeros(span.size, np.uint16)
        tail = shape.duration + shape.after
        for bit, closed in self._closures(subject):
            _shut(row, span, closed, 0, shape.duration, bit)
        if who.kind in TAKEN_BY_KIND:
            _shut(row, span, self.occupied.full(subject, units), shape.before, tail, TAKEN_BY_KIND[who.kind])
        _shut(row, span, self.occupied.crowded(subject), 0, shape.duration, LIMIT)
        self._count_up(row, subject, shape, span)
        if shape.fresh:
            _mark(row, span, -NEVER, who.fresh_from - 1, BOOKING)
            _mark(row, span, who.fresh_until + 1, NEVER, BOOKING)
        if shape.located and who.kind == "user":
            self._bar_ways(row, subject, shape, span)
        return row

    def _closures(self, subject: int) -> list[tuple[int, list[Interval]]]:
        """What closes a subject by its calendar: sorted disjoint intervals for every bit."""
        if subject not in self._closed:
            entries = tuple(self.instance.subject(subject).closed)
            if entries not in self._shared:
                by_bit: dict[int, list[Interval]] = {}
                for entry in entries:
                    by_bit.setdefault(bit_of(entry), []).append((entry.start, entry.end))
                self._shared[entries] = [(bit, union(spans)) for bit, spans in by_bit.items()]
            self._closed[subject] = self._shared[entries]
        return self._closed[subject]

    def _count_up(self, row: Masks, subject: int, shape: Shape, span: Span) -> None:
        """Mark the days and weeks in which a counter has no room for the task."""
        counters = self.instance.subject(subject).counters
        for counter, values in zip(counters, self.occupied.counts(subject), strict=True):
            if counter.limit >= NEVER:
                continue
            more = shape.duration if counter.measure == "minutes" else 1
            table = self.instance.periods[counter.zone, counter.period]
            for period in range(table.index_of(span.first), table.index_of(span.last) + 1):
                if values.get(period, 0) + more > counter.limit:
                    _mark(row, span, table.starts[period], table.starts[period + 1] - 1, bits_of(counter.rule))

    def _bar_ways(self, row: Masks, user: int, shape: Shape, span: Span) -> None:
        """Mark the starts at which a journey is lost for certain: during something located in the same shift."""
        tail = shape.duration + shape.after
        shifts = self.instance.subject(user).shifts
        for stop in self.occupied.stops(user):
            far = stop.closes <= span.first - shape.before or span.last + tail <= stop.opens
            if far or stop.place < 0 or stop.pinned:
                continue
            place = bisect_right(shifts, (stop.start, NEVER)) - 1
            if place >= 0 and stop.start < shifts[place][1]:
                low = max(shifts[place][0], stop.opens - tail + 1)
                _mark(row, span, low, min(shifts[place][1], stop.closes + shape.before) - 1, TRAVEL)


def _shut(row: Masks, span: Span, closed: list[Interval], before: int, tail: int, bit: int) -> None:
    """Mark the starts s for which [s − before, s + tail) meets one of some sorted disjoint intervals."""
    index = bisect_right(closed, span.first - before, key=_end)
    last = span.last + tail
    while index < len(closed) and closed[index][0] < last:
        _mark(row, span, closed[index][0] - tail + 1, closed[index][1] + before - 1, bit)
        index += 1


def _mark(row: Masks, span: Span, low: int, high: int, bit: int) -> None:
    """Mark the starts between two minutes, both included."""
    first = max(0, -((span.first - low) // span.step))
    last = min(span.size - 1, (high - span.first) // span.step)
    if first <= last:
        row[first : last + 1] |= bit


def _end(interval: Interval) -> int:
    return interval[1]
