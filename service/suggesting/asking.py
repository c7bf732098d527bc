"""What is asked for, and the answer by what is read for one question alone."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from models.enums import AppointmentStatus as Status
from models.errors import Fault, NotFound
from models.records.base import InvalidRecord, now as present
from models.suggestion import SlotQuery
from service.errors import Conflict
from service.snapshot import Booking, Snapshot, problem_of
from service.snapshot.bookings import DUSK
from service.snapshot.reading import bookings_of
from service.snapshot.surroundings import surroundings_of

MOVABLE = frozenset({Status.SCHEDULED, Status.RESCHEDULED})
"""What may make way: booked, but not confirmed; nothing pinned does."""
OVER = frozenset({Status.IN_PROGRESS, Status.COMPLETED, Status.CANCELLED, Status.NO_SHOW})
USUAL, FARTHEST = timedelta(days=7), timedelta(days=92)


def movable(booking: Booking) -> bool:
    """Say whether a booking may make way for another."""
    return booking.status in MOVABLE and not booking.pinned


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


def reach_of(query: SlotQuery, now: datetime) -> tuple[datetime, datetime]:
    """Find the horizon in which slots are sought: from now, for a week, unless the query says otherwise.

    Raises
    ------
    InvalidRecord
        If it is too long or too far away.
    """
    first = now.replace(second=0, microsecond=0)
    start = max(first, query.from_ or first)
    end = query.until or start + USUAL
    if not start < end <= min(start + FARTHEST, DUSK):
        expected = f"a time in the {FARTHEST.days} days after {start.isoformat()}"
        raise InvalidRecord([Fault("until", end.isoformat(), expected, "Ask for a part of it.")])
    return start, end


def read_for(session: Session, booking: Booking, query: SlotQuery, now: datetime) -> Snapshot:
    """Read what decides about slots for a booking.

    Parameters
    ----------
    session
        Bound to the organization; it only reads.
    booking
        With its start, if it stands and may move from there.
    query
        How far to look; with moves, everything that stands has to be known.
    now
        Before which nothing starts.

    Returns
    -------
    A problem with the booking, and where the others stand.
    """
    start, end = reach_of(query, now)
    if not query.with_moves:
        return surroundings_of(session, booking, start, end, now)
    return problem_of(session, start, end, free=movable, sought=booking, now=now)
