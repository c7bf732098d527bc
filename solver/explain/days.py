"""A user's day with one task more: whether the ways still fit between its stops, and the flexible breaks."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from solver.explain.occupied import Occupied, Stop
from solver.instance import NEVER, NOWHERE, Break, Instance, Interval, Task


class Way(NamedTuple):
    """A journey for which there is too little time; None is where the shift starts or ends."""

    origin: Stop | None
    destination: Stop | None
    minutes: int
    free: int


class Days:
    """The days of all users under one solution.

    Parameters
    ----------
    instance, occupied
        The lowered problem, and what takes its users.
    """

    def __init__(self, instance: Instance, occupied: Occupied) -> None:
        self.instance = instance
        self.occupied = occupied
        self._routes = cache(self._route)
        self._last_ends = cache(self._reach)

    def stop(self, task: Task, start: int) -> Stop:
        """The task as a stop at a start."""
        end = start + task.duration
        return Stop(start - task.before, end + task.after, task.id, -1, start, end, task.location, False)

    def lost_way(self, user: int, task: Task, start: int, *, stretched: bool = True, apart: bool = False) -> Way | None:
        """Find a journey for which a user would have too little time.

        Parameters
        ----------
        user
            Index of the user.
        task, start
            What is added to the user's day, and when.
        stretched
            Whether a shift is seen as long enough for what lies outside every shift: whoever worked longer would have
            to get there, too.
        apart
            Whether what overlaps the task is passed over, as if it were not there.

        Returns
        -------
        The first such way, None where there is none or only between pinned tasks.
        """
        if not self.instance.travel_exists:
            return None
        shifts = self.instance.users[user].shifts
        number = bisect_right(shifts, (start, NEVER)) - 1
        mine = self.stop(task, start)
        if number < 0 or start >= shifts[number][1]:
            return self._beyond(user, mine) if stretched and shifts and mine.place >= 0 else None
        route = self._routes(user, number)
        route = _apart(route, mine) if apart else route
        at = bisect_left(route, mine)
        before = next((i for i in range(at - 1, -1, -1) if route[i].place >= 0), None)
        after = next((i for i in range(at, len(route)) if route[i].place >= 0), None)
        if mine.place < 0:
            return None if before is None or after is None else self._eaten(route, before, after, mine)
        return self._into(user, shifts[number], route, before, at, mine) or self._out(
            user, shifts[number], route, at, after, mine
        )

    def reach(self, user: int, task: Task, start: int) -> tuple[Interval, Interval] | None:
        """Find how long a user would have to be at work for a task, ways from and to depots included.

        Parameters
        ----------
        user, task, start
            As in `lost_way`.

        Returns
        -------
        The shift that is nearest, and from when to when it would have to be; None for a user without shifts.
        """
        known, mine = self.instance.users[user], self.stop(task, start)
        if not known.shifts:
            return None
        number = min(range(len(known.shifts)), key=lambda n: _distance(known.shifts[n], mine))
        low, high = mine.start, mine.end
        if self.instance.travel_exists and mine.place >= 0:
            route = [stop for stop in _apart(self._routes(user, number), mine) if stop.place >= 0]
            if known.start_location >= 0 and not any(stop < mine for stop in route):
                low = min(low, mine.opens - int(self.instance.travel[known.start_location, mine.place]))
            if known.end_location >= 0 and not any(stop > mine for stop in route):
                high = max(high, mine.closes + int(self.instance.travel[mine.place, known.end_location]))
        return known.shifts[number], (low, high)

    def _beyond(self, user: int, mine: Stop) -> Way | None:
        """Find a lost way between what lies outside every shift and its neighbours in the shift that is nearest."""
        shifts = self.instance.users[user].shifts
        number = min(range(len(shifts)), key=lambda n: _distance(shifts[n], mine))
        route = [stop for stop in _apart(self._routes(user, number), mine) if stop.place >= 0 and not stop.pinned]
        at = bisect_left(route, mine)
        known, shift = self.instance.users[user], self._without_the_other(user, mine)
        lost: list[Way | None] = []
        if at:
            origin = route[at - 1]
            lost.append(self._short(origin, mine, origin.place, mine.place, mine.opens - origin.closes))
        elif shift is not None:
            lost.append(self._short(None, mine, known.start_location, mine.place, mine.opens - shift[0]))
        if at < len(route):
            target = route[at]
            lost.append(self._short(mine, target, mine.place, target.place, target.opens - mine.closes))
        elif shift is not None:
            lost.append(self._short(mine, None, mine.place, known.end_location, shift[1] - mine.closes))
        return next((way for way in lost if way is not None), None)

    def _without_the_other(self, user: int, mine: Stop) -> Interval | None:
        """The hours that would be the shift, where only one of own availability and working hours closes a stop."""
        calendars, key, origin = self.instance.calendars, self.instance.users[user].id, self.instance.origin
        own, working = calendars.own("user", key), calendars.working("user", key)
        if own is None or working is None:
            return None
        spans = ((start - origin, end - origin) for start, end in (*own, *working))
        return next((span for span in spans if span[0] <= mine.start and mine.end <= span[1]), None)

    def _route(self, user: int, number: int) -> list[Stop]:
        first, last = self.instance.users[user].shifts[number]
        return [stop for stop in self.occupied.stops(user) if first <= stop.start < last]

    def _into(
        self, user: int, shift: Interval, route: Sequence[Stop], before: int | None, at: int, mine: Stop
    ) -> Way | None:
        if before is not None:
            origin = route[before]
            free = mine.opens - origin.closes - _taken(route[before + 1 : at], origin.closes, mine.opens)
            return self._short(origin, mine, origin.place, mine.place, free)
        return self._short(None, mine, self.instance.users[user].start_location, mine.place, mine.opens - shift[0])

    def _out(
        self, user: int, shift: Interval, route: Sequence[Stop], at: int, after: int | None, mine: Stop
    ) -> Way | None:
        if after is not None:
            target = route[after]
            free = target.opens - mine.closes - _taken(route[at:after], mine.closes, target.opens)
            return self._short(mine, target, mine.place, target.place, free)
        return self._short(mine, None, mine.place, self.instance.users[user].end_location, shift[1] - mine.closes)

    def _eaten(self, route: Sequence[Stop], before: int, after: int, mine: Stop) -> Way | None:
        """Whether a task without a place eats the time for the way around it; what pinned tasks lack is theirs."""
        origin, target = route[before], route[after]
        if mine.opens < origin.closes or target.opens < mine.closes:
            return None
        between = [
            stop for stop in route[before + 1 : after] if origin.closes <= stop.opens and stop.closes <= target.opens
        ]
        own = mine.closes - mine.opens
        free = target.opens - origin.closes - own - sum(stop.closes - stop.opens for stop in between)
        way = self._short(origin, target, origin.place, target.place, free)
        if way is not None and origin.pinned and target.pinned:
            eaten = own + sum(stop.closes - stop.opens for stop in between if not stop.pinned)
            return way if free + eaten >= way.minutes else None
        return way

    def _short(self, origin: Stop | None, target: Stop | None, start: int, end: int, free: int) -> Way | None:
        if start == NOWHERE or end == NOWHERE:
            return None
        minutes = int(self.instance.travel[start, end])
        return Way(origin, target, minutes, free) if free < minutes else None

    def lost_break(self, user: int, task: Task, start: int) -> Break | None:
        """Find a flexible break for which a user would have no room.

        Parameters
        ----------
        user, task, start
            As in `lost_way`.

        Returns
        -------
        The first such break, None where there is none or only because of pinned tasks.
        """
        breaks = self.instance.users[user].breaks
        if not breaks:
            return None
        mine = self.stop(task, start)
        stops = self.occupied.stops(user)
        at = bisect_left(stops, mine)
        low = stops[at - 1].opens if at else -NEVER
        following = bisect_left(stops, mine.closes, key=_opens)
        high = stops[following].opens if following < len(stops) else NEVER
        for span in breaks:
            if span.start < high and low < span.end and self._lost(user, span, mine):
                return span
        return None

    def _reach(self, user: int) -> list[Stop]:
        """Of each stop and those before it the one that ends last."""
        found: list[Stop] = []
        for stop in self.occupied.stops(user):
            found.append(found[-1] if found and found[-1].closes >= stop.closes else stop)
        return found

    def _lost(self, user: int, span: Break, mine: Stop) -> bool:
        stops, reach = self.occupied.stops(user), self._last_ends(user)
        first = bisect_left(stops, span.end, key=_opens)
        last = first + 1  # the first stop after the span bounds the last gap
        while first and reach[first - 1].closes > span.start:
            first -= 1
        near = [reach[first - 1]] if first else []
        near = [*near, *stops[first:last]]
        day = sorted([*near, mine])
        inside = [stop for stop in day if stop.opens < span.end and span.start < stop.closes]
        if not inside or self._longest(day, span) >= span.minutes:
            return False
        if any(not stop.pinned for stop in inside):
            return True
        pinned = self._longest([stop for stop in stops if stop.pinned], span)
        return pinned >= span.minutes

    def _longest(self, day: Sequence[Stop], span: Break) -> int:
        """The longest idle gap in a span, less the travel between its neighbours that does not fit outside."""
        best = 0
        before: Stop | None = None
        for after in (*day, None):
            low = span.start if before is None else max(span.start, before.closes)
            high = span.end if after is None else min(span.end, after.opens)
            gap = high - low
            if gap > 0 and before is not None and after is not None and min(before.place, after.place) >= 0:
                beyond = after.opens - before.closes - gap
                gap -= max(0, int(self.instance.travel[before.place, after.place]) - beyond)
            best = max(best, gap)
            if after is not None and (before is None or after.closes > before.closes):
                before = after
        return best


def _distance(shift: Interval, mine: Stop) -> int:
    """How far a stop lies from a shift, below 0 where it lies in it."""
    return max(shift[0] - mine.start, mine.end - shift[1])


def _apart(route: Sequence[Stop], mine: Stop) -> list[Stop]:
    """The stops that do not overlap another one."""
    return [stop for stop in route if stop.closes <= mine.opens or mine.closes <= stop.opens]


def _taken(stops: Sequence[Stop], low: int, high: int) -> int:
    """Minutes of stops that lie between two others."""
    return sum(stop.closes - stop.opens for stop in stops if low <= stop.opens and stop.closes <= high)


def _opens(stop: Stop) -> int:
    return stop.opens
