"""Slots for a request or an appointment, beside what stands."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from models.enums import AppointmentStatus as Status
from models.errors import Fault, NotFound
from models.records.base import InvalidRecord, now as present
from models.suggestion import SlotQuery, Suggestions
from service.errors import Conflict
from service.snapshot import Booking, Snapshot, problem_of
from service.snapshot.bookings import DUSK
from service.snapshot.ids import APPOINTMENT, key_of
from service.snapshot.reading import bookings_of
from service.snapshot.surroundings import surroundings_of

MOVABLE = frozenset({Status.SCHEDULED, Status.RESCHEDULED})
"""What may make way: booked, but not confirmed; nothing pinned does."""
OVER = frozenset({Status.IN_PROGRESS, Status.COMPLETED, Status.CANCELLED, Status.NO_SHOW})
USUAL, FARTHEST = timedelta(days=7), timedelta(days=92)


def sought(session: Session, key: int) -> Booking:
    """Read a stored appointment for which slots are sought.

    Raises
    ------
    NotFound
        If there is none.
    Conflict
        If it is under way, over or pinned.
    """
    found = bookings_of(session, [key])
    if not found:
        raise NotFound("appointment", key)
    booking = found[0]
    if booking.status in OVER:
        raise Conflict(f"Appointment {key} is {booking.status}: it has no other time. Ask for another one.")
    if booking.pinned:
        raise Conflict(f"Appointment {key} is pinned: it stays where it is. Unpin it first.")
    begun = booking.start is not None and booking.start < present()
    return replace(booking, start=None) if begun or booking.status is Status.REQUESTED else booking


def reach_of(query: SlotQuery) -> tuple[datetime, datetime]:
    """Find the horizon in which slots are sought: from now, for a week, unless the query says otherwise.

    Raises
    ------
    InvalidRecord
        If it is too long or too far away.
    """
    first = present().replace(second=0, microsecond=0)
    start = max(first, query.from_ or first)
    end = query.until or start + USUAL
    if not start < end <= min(start + FARTHEST, DUSK):
        expected = f"a time in the {FARTHEST.days} days after {start.isoformat()}"
        raise InvalidRecord([Fault("until", end.isoformat(), expected, "Ask for a part of it.")])
    return start, end


def read_for(session: Session, booking: Booking, query: SlotQuery) -> Snapshot:
    """Read what decides about slots for a booking.

    Parameters
    ----------
    session
        Bound to the organization; it only reads.
    booking
        With its start, if it stands and may move from there.
    query
        How far to look; with moves, everything that stands has to be known.

    Returns
    -------
    A problem with the booking, and where the others stand.
    """
    start, end = reach_of(query)
    if not query.with_moves:
        return surroundings_of(session, booking, start, end, present())

    def free(other: Booking) -> bool:
        return other.status in MOVABLE and not other.pinned

    return problem_of(session, start, end, free=free, sought=booking, now=present())


def slots_for(snapshot: Snapshot, booking: Booking, query: SlotQuery) -> Suggestions:
    """Find slots; this computes for a while, and needs no session.

    Parameters
    ----------
    snapshot
        Of `read_for`.
    booking, query
        As they were read for.

    Returns
    -------
    The slots, the cheapest first, with the ids of the snapshot.
    """
    from solver.suggest import SuggestIndex  # the kernel takes its time to import

    return SuggestIndex(*snapshot).suggest(key_of(APPOINTMENT, booking.id), query)
