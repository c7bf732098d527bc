"""What follows for the conflicts of occurrences that had no time."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.enums import ConflictStatus
from models.events import Event
from models.lifecycle import BUSY, FINAL
from models.records import Appointment, ScheduleConflict
from models.records.base import now

RULE = "recurrence"
"""The rule of a conflict that says that an occurrence of a series has no time."""

INBOUND = "inbound"
"""The rule of a conflict that says that what another system has sent could not be booked."""


def close_conflicts_of_occurrence(session: Session, event: Event) -> None:
    """Resolve what an occurrence that could not be booked was in conflict with, now that it is booked, over or gone."""
    appointment = session.get(Appointment, event.id, execution_options={"include_hidden": True})
    if appointment is None or (appointment.original_start is None and appointment.external_id is None):
        return
    if appointment.hidden_at is None and appointment.status not in BUSY | FINAL:
        return
    statement = select(ScheduleConflict).where(
        ScheduleConflict.primary_appointment_id == appointment.id,
        ScheduleConflict.rule.in_((RULE, INBOUND)),
        ScheduleConflict.status != ConflictStatus.RESOLVED,
    )
    for conflict in session.scalars(statement):
        conflict.status, conflict.resolved_at = ConflictStatus.RESOLVED, now()
        conflict.resolution_notes = f"It is {'gone' if appointment.hidden_at else appointment.status}."
    session.flush()
