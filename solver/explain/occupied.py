"""What takes every subject in a solution, and where there is no room for more."""

from bisect import bisect_left
from collections.abc import Iterable
from functools import cache
from itertools import accumulate
from typing import NamedTuple

from solver.instance import NEVER, NOWHERE, Instance, Interval, Solution


class Stop(NamedTuple):
    """A placed task: sorted by when it begins to occupy, buffers included."""

    opens: int
    closes: int
    id: str
    task: int
    start: int
    end: int
    place: int
    pinned: bool


class Use(NamedTuple):
    """A stop and how many units it takes."""

    stop: Stop
    units: int


class Occupied:
    """Who and what a solution takes, looked up by subject.

    Parameters
    ----------
    instance, solution
        The lowered problem, and one entry per task.
    """

    def __init__(self, instance: Instance, solution: Solution) -> None:
        self.instance = instance
        self.solution = solution
        self._uses: dict[int, list[Use]] = {}
        general = instance.subject_count - 1
        for index, placement in enumerate(solution):
            if placement is None:
                continue
            task = instance.tasks[index]
            end = placement.start + task.duration
            opens, closes = placement.start - task.before, end + task.after
            stop = Stop(opens, closes, task.id, index, placement.start, end, task.location, task.pinned is not None)
            taken = [(subject, 1) for subject in (*dict.fromkeys(placement.users), placement.team, general)]
            for subject, units in (*taken, *zip(placement.resources, placement.units, strict=True)):
                if subject != NOWHERE:
                    self._uses.setdefault(subject, []).append(Use(stop, units))
        for uses in self._uses.values():
            uses.sort()
        self.stops = cache(self._stops)
        self.reach = cache(self._reach)
        self.full = cache(self._full)
        self.crowded = cache(self._crowded)
        self.counts = cache(self._counts)

    def uses(self, subject: int) -> list[Use]:
        """What takes a subject, in the order of time; of the organization everything placed."""
        return self._uses.get(subject, [])

    def meeting(self, subject: int, start: int, end: int) -> list[Use]:
        """What takes a subject at some time between two minutes, buffers included."""
        uses, reach = self.uses(subject), self.reach(subject)
        last = first = bisect_left(uses, end, key=_opens)
        while first and reach[first - 1] > start:
            first -= 1
        return [use for use in uses[first:last] if start < use.stop.closes]

    def _stops(self, subject: int) -> list[Stop]:
        return [use.stop for use in self.uses(subject)]

    def _reach(self, subject: int) -> list[int]:
        """Of everything that takes a subject up to each stop, the latest end."""
        return list(accumulate((use.stop.closes for use in self.uses(subject)), max))

    def _full(self, subject: int, units: int) -> list[Interval]:
        """When a subject has no room for some units more, buffers included."""
        busy = [(use.stop.opens, use.stop.closes, use.units) for use in self.uses(subject)]
        return _above(busy, self.instance.subject(subject).capacity - units)

    def _crowded(self, subject: int) -> list[Interval]:
        """When one service more would be too many at once, buffers left out."""
        most = self.instance.subject(subject).concurrency
        if most >= NEVER:
            return []
        return _above([(use.stop.start, use.stop.end, 1) for use in self.uses(subject)], most - 1)

    def _counts(self, subject: int) -> list[dict[int, int]]:
        """For every counter of a subject its value by period."""
        found = []
        for counter in self.instance.subject(subject).counters:
            table = self.instance.periods[counter.zone, counter.period]
            values: dict[int, int] = {}
            for stop in self.stops(subject) if counter.limit < NEVER else ():
                period = table.index_of(stop.start)
                more = stop.end - stop.start if counter.measure == "minutes" else 1
                values[period] = values.get(period, 0) + more
            found.append(values)
        return found


def _above(uses: Iterable[tuple[int, int, int]], most: int) -> list[Interval]:
    """Find when more than a number of units is in use."""
    if most < 0:
        return [(-NEVER, NEVER)]
    events = sorted(event for start, end, units in uses for event in ((start, units), (end, -units)))
    found: list[Interval] = []
    load = 0
    for minute, change in events:
        before, load = load, load + change
        if before <= most < load:
            if found and found[-1][1] == minute:
                minute = found.pop()[0]
            found.append((minute, minute))
        elif load <= most < before and found[-1][0] < minute:
            found[-1] = (found[-1][0], minute)
        elif load <= most < before:
            found.pop()
    return found


def _opens(use: Use) -> int:
    return use.stop.opens
