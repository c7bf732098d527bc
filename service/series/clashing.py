"""Conflicts of occurrences that could not be booked when their time came near."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.enums import ConflictStatus, ConflictType, ImpactLevel
from models.errors import TidyplanError
from models.events import ConflictDetected, ConflictResolved
from models.lifecycle import BUSY, FINAL
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
    violations: list[dict[str, Any]] = getattr(error, "members", {}).get("violations", [])

    def involved(name: str) -> list[int]:
        return sorted({key for each in violations for key in each[name]})

    first = violations[0] if violations else {}
    others = [key for key in involved("appointments") if key != occurrence.id]
    conflict = ScheduleConflict(
        conflict_type=ConflictType(first.get("conflict_type", ConflictType.TIME_CONFLICT)),
        impact_level=ImpactLevel(first.get("impact_level", ImpactLevel.MEDIUM)),
        primary_appointment_id=occurrence.id,
        conflicting_appointment_id=others[0] if others else None,
        conflict_description=f"This occurrence of a series has no time. {error}"[:10_000],
        conflict_datetime=occurrence.original_start or now(),
        rule=RULE,
        subject=f"appointment:{occurrence.id}",
        details={"violations": violations},
        involved_appointment_ids=[occurrence.id, *others],
        affected_user_ids=involved("users"),
        affected_resource_ids=involved("resources"),
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
