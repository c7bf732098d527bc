"""What was offered is kept for a day, with what it was tried on: any process can apply it, or tell what has changed."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.records import Absence, OfferedWay
from models.records.base import now
from service.conflicts.ways.options import Way
from service.runs.reading import digest
from service.snapshot import Booking
from service.snapshot.reading import bookings_of

KEPT = timedelta(hours=24)


def read_as(session: Session, ways: Sequence[Way], besides: Iterable[int]) -> dict[str, dict[str, Any]]:
    """Sum up what some ways were tried on.

    Parameters
    ----------
    session
        Bound to the organization; the one in which they were tried.
    ways
        What is offered.
    besides
        Appointments that they are about, changed by them or not.

    Returns
    -------
    Under "appointments" how each stood, by id; under "absences" the version of each.
    """
    numbers = {change.appointment for way in ways for change in way.changes} | set(besides)
    absences = {each.absence for way in ways for each in way.absences}
    rows = select(Absence.id, Absence.version).where(Absence.id.in_(absences))
    return {
        "appointments": {str(each.id): standing_of(each) for each in bookings_of(session, numbers)},
        "absences": {str(key): version for key, version in session.execute(rows)} if absences else {},
    }


def standing_of(booking: Booking) -> dict[str, Any]:
    """Write how a booking stands, so that a difference can be told."""
    return {
        "digest": digest(booking),
        "status": booking.status.value,
        "start": None if booking.start is None else utc_text(booking.start),
        "minutes": booking.minutes,
        "team": booking.team,
        "users": sorted(booking.users),
        "resources": sorted(use.resource for use in booking.uses),
    }


def utc_text(moment: datetime) -> str:
    """Write an instant as the API does."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def keep(session: Session, subject: str, ways: Sequence[Way], read: Mapping[str, Any]) -> None:
    """Keep what is offered.

    Parameters
    ----------
    session
        Of the request.
    subject
        What the ways are out of.
    ways, read
        As `read_as` has them.
    """
    session.execute(delete(OfferedWay).where(OfferedWay.subject == subject, OfferedWay.offered_at < now() - KEPT))
    known = {row.option: row for row in session.scalars(select(OfferedWay).where(OfferedWay.subject == subject))}
    for way in ways:
        row = known.get(way.option) or OfferedWay(subject=subject, option=way.option)
        row.way, row.read_as, row.offered_at = way.model_dump(mode="json"), dict(read), now()
        try:
            with session.begin_nested():
                session.add(row)
        except IntegrityError:
            pass  # somebody else was offered the same at the same time


def kept(session: Session, subject: str, option: str) -> OfferedWay | None:
    """Find what was offered."""
    return session.scalars(
        select(OfferedWay).where(OfferedWay.subject == subject, OfferedWay.option == option)
    ).one_or_none()


def forget(session: Session, subject: str) -> None:
    """Forget the ways out of something: it is settled."""
    session.execute(delete(OfferedWay).where(OfferedWay.subject == subject))
