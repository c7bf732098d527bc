"""The nearest times at which a booking that was refused would be possible, with the same people and things."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from heapq import merge
from itertools import islice
from typing import Any

from sqlalchemy.orm import Session

from models.intervals import Interval, intersect, subtract
from models.records.base import now
from models.timegrid import DAY_MINUTES, day_start, local_date, minute_of
from service.booking.rules import UNASKED
from service.booking.subjects import LAST_MINUTE, moment_of
from service.snapshot import Booking, Judged, Snapshot, neighbourhood_of
from service.snapshot.ids import APPOINTMENT, key_of
from service.snapshot.judging import PLANNED, UNMOVED, breaking
from solver.placed import Placed
from solver.reading import Reading

COUNT = 3
APART = 30
"""Minutes between the times that are offered: a few minutes more or less are no other choice."""
TRIES = 40
"""How many times before and after the wanted one are judged by all rules; others are passed over at once."""
CHUNK = 12
"""So many times are passed over together where the farthest of them breaks something."""
DAYS = 7
_TWIN = -1

Slot = dict[str, Any]


def nearest_slots(session: Session, booking: Booking, *, stood: datetime | None = None) -> list[Slot]:
    """Find the nearest times at which a booking breaks nothing.

    Parameters
    ----------
    session
        Bound to the organization; it only reads, and what is found may be gone a moment later.
    booking
        With the start that was refused.
    stood
        Where it was booked before; None if it was not.

    Returns
    -------
    At most three, half an hour apart, the nearest first, from a week before to a week after and never in the past:
    `start`, `end`, `team`, `users` and `resources`.
    """
    assert booking.start is not None
    wanted, first = minute_of(booking.start), minute_of(now()) + 1
    low = max(first, wanted - DAYS * DAY_MINUTES)
    high = low + 2 * DAYS * DAY_MINUTES
    if high + 2 * booking.minutes + 60 * DAY_MINUTES > LAST_MINUTE:
        return []
    at_low, twin = replace(booking, start=moment_of(low)), replace(booking, id=_TWIN, start=moment_of(high))
    snapshot = neighbourhood_of(session, [at_low, twin], Judged(fresh=True, now=now()))
    snapshot = _without_twin(snapshot)
    passed = PLANNED | UNASKED | ({"advance_booking"} if stood is not None else frozenset())

    def breaks(start: int) -> bool:
        kept = UNMOVED if stood == moment_of(start) else frozenset[str]()
        return _broken(snapshot, at_low, start, passed | kept)

    def away(start: int) -> tuple[int, int]:
        return abs(start - wanted), start

    starts = sorted(_free_starts(snapshot, at_low, (low, high)), key=away)
    sides = ([start for start in starts if start < wanted], [start for start in starts if start >= wanted])
    possible = merge(*(_kept(side, breaks) for side in sides), key=away)
    return [_slot(booking, start) for start in islice(_apart(possible), COUNT)]


def _apart(starts: Iterable[int]) -> Iterator[int]:
    chosen: list[int] = []
    for start in starts:
        if all(abs(start - other) >= APART for other in chosen):
            chosen.append(start)
            yield start


def _kept(starts: Sequence[int], breaks: Callable[[int], bool]) -> Iterator[int]:
    """Go through the starts that break nothing; where many do, only those near one that does not are looked at."""
    judged: dict[int, bool] = {}

    def broken(start: int) -> bool:
        if start not in judged:
            judged[start] = len(judged) >= TRIES or breaks(start)
        return judged[start]

    for first in range(0, len(starts), CHUNK):
        chunk = starts[first : first + CHUNK]
        if not first or not broken(chunk[-1]):
            yield from (start for start in chunk if not broken(start))


def _without_twin(snapshot: Snapshot) -> Snapshot:
    """Take out what was only there so that the weeks around it were read."""
    key = key_of(APPOINTMENT, _TWIN)
    standing = tuple(each for each in snapshot.plan.assignments if each.appointment != key)
    return snapshot._replace(plan=snapshot.plan.model_copy(update={"assignments": standing}))


def _free_starts(snapshot: Snapshot, booking: Booking, reach: Interval) -> Iterator[int]:
    """Go through the starts of the grid at which everybody is there and free."""
    reading, key = Reading(*snapshot), key_of(APPOINTMENT, booking.id)
    own = reading.placed[key]
    low, high = reach
    length = own.end - own.start
    spans: list[Interval] = [(low, high + length)]
    if own.appointment.windows:
        spans = intersect(
            spans, sorted((minute_of(each.start), minute_of(each.end)) for each in own.appointment.windows)
        )
    for kind, subject, stops in reading.subjects():
        if own in stops:
            spans = intersect(spans, reading.calendars.available(kind, subject))
    starts = [(start, end - length + 1) for start, end in spans if end - start >= length]
    before, after = own.start - own.busy_start, own.busy_end - own.start
    taken = sorted((start - after + 1, end + before) for start, end in _taken(reading, own))
    zone = reading.problem.zone
    base = day_start(local_date(reading.horizon[0], zone), zone)
    step = reading.problem.step_minutes
    for begin, end in subtract(starts, _merged(taken)):
        yield from range(base + -(-(begin - base) // step) * step, end, step)


def _taken(reading: Reading, own: Placed) -> Iterator[Interval]:
    """List when something that is needed has no room left."""
    for user in own.users:
        yield from _full([(*_busy(stop), 1) for stop in reading.by_user[user] if stop is not own], 0)
    if own.team is not None:
        stops = [(*_busy(stop), 1) for stop in reading.by_team[own.team] if stop is not own]
        yield from _full(stops, reading.teams[own.team].max_concurrent - 1)
    for mine in own.resources:
        capacity = reading.resources[mine.resource].capacity
        uses = [
            (*_busy(stop), capacity if taken.units is None else taken.units)
            for stop, taken in reading.by_resource[mine.resource]
            if stop is not own
        ]
        yield from _full(uses, capacity - (capacity if mine.units is None else mine.units))


def _busy(stop: Placed) -> Interval:
    return stop.busy_start, stop.busy_end


def _full(uses: Iterable[tuple[int, int, int]], room: int) -> Iterator[Interval]:
    """Sweep over uses; gives the stretches in which more is used than there is room beside."""
    changes = sorted(change for start, end, units in uses for change in ((start, units), (end, -units)))
    used, since = 0, 0
    for minute, change in changes:
        if used > room and minute > since:
            yield since, minute
        used += change
        since = minute


def _merged(spans: Sequence[Interval]) -> list[Interval]:
    merged: list[Interval] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def _broken(snapshot: Snapshot, booking: Booking, start: int, passed: frozenset[str]) -> bool:
    """Judge the booking at another start by all rules."""
    key, moved = key_of(APPOINTMENT, booking.id), replace(booking, start=moment_of(start))
    standing = tuple(
        each.model_copy(update={"start": moved.start, "end": moved.end}) if each.appointment == key else each
        for each in snapshot.plan.assignments
    )
    there = snapshot._replace(plan=snapshot.plan.model_copy(update={"assignments": standing}))
    return bool(breaking(there, [moved], passed))


def _slot(booking: Booking, start: int) -> Slot:
    def shown(minute: int) -> str:
        return moment_of(minute).isoformat().replace("+00:00", "Z")

    return {
        "start": shown(start),
        "end": shown(start + booking.minutes),
        "team": booking.team,
        "users": sorted(booking.users),
        "resources": sorted(use.resource for use in booking.uses),
    }
