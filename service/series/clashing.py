"""Conflicts of occurrences that could not be booked when their time came near."""

from typing import Any

from sqlalchemy.orm import Session

from models.enums import ConflictType, ImpactLevel
from models.errors import TidyplanError
from models.events import ConflictDetected
from models.records import Appointment, ScheduleConflict
from models.records.base import now
from service.bus import emit
from service.handlers.series import RULE


def store_clash(session: Session, occurrence: Appointment, error: TidyplanError, rule: str = RULE) -> ScheduleConflict:
    """Store why an occurrence, or what another system has sent, could not be booked.

    Parameters
    ----------
    session
        Bound to a caller.
    occurrence
        Flushed.
    error
        What kept it from being booked.
    rule
        The rule of the conflict: it is closed when the appointment is booked.

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
        conflict_description=f"This could not be booked at its time. {error}"[:10_000],
        conflict_datetime=occurrence.original_start or now(),
        rule=rule,
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
