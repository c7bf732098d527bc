"""Live holds: appointments that are only requested, but take somebody for a few minutes yet."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.enums import AppointmentStatus
from models.records import Appointment, Occupancy
from models.records.occupancy import SubjectKind, subject_of
from models.timegrid import instant, minute_of
from models.zones import zone_of
from service.snapshot.bookings import Booking, Seat, Use
from service.snapshot.reading import bookings_where
from service.snapshot.weeks import Span


def held_in(session: Session, span: Span, now: datetime, subjects: Iterable[int] | None = None) -> list[Booking]:
    """Read what is held in a stretch of time as if it were booked.

    Parameters
    ----------
    session
        Bound to an organization.
    span
        The stretch.
    now
        Holds that expire until then are over.
    subjects
        Numbers of subjects, as occupancy has them, of which one must be held; None is any.

    Returns
    -------
    Bookings with the start, team, users and resources of their holds.
    """
    statement = select(Occupancy).where(
        Occupancy.expires_at > now,
        Occupancy.start_minute < minute_of(span.end),
        Occupancy.end_minute > minute_of(span.start),
    )
    if subjects is not None:
        theirs = statement.where(Occupancy.subject.in_(sorted(subjects))).with_only_columns(Occupancy.appointment_id)
        statement = statement.where(Occupancy.appointment_id.in_(theirs))
    rows: dict[int, list[Occupancy]] = defaultdict(list)
    for row in session.scalars(statement.order_by(Occupancy.subject)):
        rows[row.appointment_id].append(row)
    if not rows:
        return []
    waiting = Appointment.status == AppointmentStatus.REQUESTED
    return [_held(booking, rows[booking.id]) for booking in bookings_where(session, Appointment.id.in_(rows), waiting)]


def _held(booking: Booking, rows: list[Occupancy]) -> Booking:
    before = booking.requirements.buffer_before_minutes if booking.requirements is not None else 0
    team: int | None = None
    seats: list[Seat] = []
    uses: list[Use] = []
    known = {seat.user: seat for seat in booking.seats}
    named = {use.resource: use for use in booking.uses}
    for row in rows:
        kind, key = subject_of(row.subject)
        if kind is SubjectKind.USER:
            seats.append(known.get(key, Seat(key)))
        elif kind is SubjectKind.TEAM:
            team = key
        elif kind is SubjectKind.RESOURCE:
            uses.append(named.get(key, Use(key, None, row.units)))
    start = instant(min(row.start_minute for row in rows) + before, zone_of("UTC"))
    return replace(booking, start=start, team=team, seats=tuple(seats), uses=tuple(uses))
