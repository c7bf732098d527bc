"""The rows that say who and what is taken: written, replaced and removed with the appointment."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import delete, insert, inspect, select
from sqlalchemy.orm import Session

from models.records import Appointment, Occupancy
from service.booking.subjects import Take


def subjects_taken(session: Session, appointment: Appointment) -> set[int]:
    """List the subjects that an appointment takes so far."""
    if inspect(appointment).identity is None:
        return set()
    rows = select(Occupancy.subject).where(Occupancy.appointment_id == appointment.id)
    return set(session.scalars(rows))


def drop_expired(session: Session, holds: Collection[int]) -> None:
    """Delete rows of locked subjects that were held, and are no longer."""
    session.execute(delete(Occupancy).where(Occupancy.id.in_(holds)), execution_options={"synchronize_session": False})


def add_rows(
    session: Session, appointment: Appointment, takes: Iterable[Take], expires_at: datetime | None = None
) -> None:
    """Let an appointment that takes nothing yet take these subjects.

    Parameters
    ----------
    session
        Bound to the organization of the appointment, which must be flushed.
    appointment
        Who takes.
    takes
        Under locks, checked.
    expires_at
        When a hold ends.
    """
    rows = [
        {
            "organization_id": appointment.organization_id,
            "appointment_id": appointment.id,
            "subject": take.subject,
            "start_minute": take.start,
            "end_minute": take.end,
            "exclusive": take.exclusive,
            "units": take.units,
            "expires_at": expires_at,
        }
        for take in takes
    ]
    if rows:
        session.execute(insert(Occupancy), rows)


def remove_rows(session: Session, appointment: Appointment) -> None:
    """Let an appointment take nothing any more."""
    session.execute(
        delete(Occupancy).where(Occupancy.appointment_id == appointment.id),
        execution_options={"synchronize_session": False},
    )
