"""Conflicts of occurrences that could not be booked when their time came near."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.enums import ConflictStatus, ConflictType, ImpactLevel
from models.errors import TidyplanError
from models.events import ConflictDetected, ConflictResolved
from models.lifecycle import BUSY, FINAL
from models.plan import Violation
from models.records import Appointment, ScheduleConflict
from models.records.base import now
from service.bus import emit
from service.linking import load_links

RULE = "recurrence"


def store_clash(session: Session, occurrence: Appointment, error: TidyplanError) -> ScheduleConflict:
    """Store why an occurrence has no time.

    Parameters
    ----------
    session
        Bound to a caller.
    occurrence
        A request, flushed.
    error
        What kept it from being booked.

    Returns
    -------
    The conflict, flushed.
    """
    violations: list[Violation] = list(getattr(error, "violations", ()))
    first = violations[0] if violations else None
    others = sorted({int(key) for each in violations for key in each.appointments} - {occurrence.id})
    conflict = ScheduleConflict(
        conflict_type=first.conflict_type if first else ConflictType.TIME_CONFLICT,
        impact_level=first.impact_level if first else ImpactLevel.MEDIUM,
        primary_appointment_id=occurrence.id,
        conflicting_appointment_id=others[0] if others else None,
        conflict_description=f"This occurrence of a series has no time: {error}"[:10_000],
        conflict_datetime=occurrence.original_start or now(),
        rule=RULE,
        subject=f"appointment:{occurrence.id}",
        involved_appointment_ids=[occurrence.id, *others],
        affected_user_ids=sorted({int(key) for each in violations for key in each.users}),
        affected_resource_ids=sorted({int(key) for each in violations for key in each.resources}),
    )
    session.add(conflict)
    session.flush()
    emit(session, ConflictDetected(conflict.id))
    return conflict


def close_clashes(session: Session, appointment: Appointment) -> None:
    """Resolve the conflicts of an occurrence that had no time, now that it has one or is over."""
    if appointment.hidden_at is None and appointment.status not in BUSY | FINAL:
        return
    statement = select(ScheduleConflict).where(
        ScheduleConflict.primary_appointment_id == appointment.id,
        ScheduleConflict.rule == RULE,
        ScheduleConflict.status != ConflictStatus.RESOLVED,
    )
    for conflict in session.scalars(statement.options(*load_links(ScheduleConflict))):
        conflict.status, conflict.resolved_at = ConflictStatus.RESOLVED, now()
        conflict.resolution_notes = f"The occurrence is {'gone' if appointment.hidden_at else appointment.status}."
        emit(session, ConflictResolved(conflict.id))
