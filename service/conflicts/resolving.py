"""What people do with conflicts: resolve, hand up, ignore, and enter by hand what no rule finds."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from models.enums import ConflictStatus
from models.errors import Fault
from models.events import ConflictDetected, ConflictEscalated, ConflictResolved
from models.records import ScheduleConflict
from models.records.base import InvalidRecord, now
from models.records.stored import stored_fields
from service.bus import emit
from service.conflicts.mirror import recheck_appointments
from service.crud import Resource, create_plainly, update_plainly
from service.errors import Conflict
from service.output import in_utc
from service.tenancy import caller_of

BY_PEOPLE = frozenset({"status", "resolution_notes"})
"""What people may write about a conflict that was found; the rest mirrors the plan."""


def create(session: Session, resource: Resource[ScheduleConflict], values: Mapping[str, Any]) -> ScheduleConflict:
    """Enter a conflict by hand; it stays until somebody resolves it."""
    conflict = create_plainly(session, resource, {**values, "status": ConflictStatus.PENDING})
    wanted = values.get("status", ConflictStatus.PENDING)
    if wanted is not ConflictStatus.PENDING:
        become(session, conflict, wanted)
    return conflict


def update(
    session: Session, resource: Resource[ScheduleConflict], conflict: ScheduleConflict, values: Mapping[str, Any]
) -> None:
    """Change a conflict; its status as `resolve` and `escalate` do.

    Raises
    ------
    InvalidRecord
        If it was found, and would no longer say what is broken.
    Conflict
        If it would be resolved while its cause stands.
    """
    if conflict.identity is not None:
        _ensure_mirror(conflict, values)
    wanted = values.get("status", conflict.status)
    update_plainly(session, resource, conflict, {name: value for name, value in values.items() if name != "status"})
    if wanted is not conflict.status:
        become(session, conflict, wanted)


def become(session: Session, conflict: ScheduleConflict, status: ConflictStatus) -> None:
    """Give a conflict another status."""
    if status is ConflictStatus.RESOLVED:
        resolve(session, conflict)
    elif status is ConflictStatus.ESCALATED:
        escalate(session, conflict)
    else:
        opened = conflict.status is ConflictStatus.RESOLVED and status is ConflictStatus.PENDING
        _ensure_open(conflict, status, passing=opened and conflict.identity is None)
        conflict.status, conflict.resolved_at, conflict.resolved_by_id = status, None, None
        session.flush()
        if opened:
            emit(session, ConflictDetected(conflict.id))


def resolve(session: Session, conflict: ScheduleConflict, notes: str = "") -> None:
    """Close a conflict: one that was found only if its cause is gone.

    Parameters
    ----------
    session
        Bound to a caller.
    conflict
        Locked, with its linking rows.
    notes
        How it was resolved; added to what is noted.

    Raises
    ------
    Conflict
        If its cause stands.
    """
    if conflict.identity is not None and not _is_resolved(conflict):
        recheck_appointments(session, list(conflict.involved_appointment_ids))
        if not _is_resolved(conflict):
            advice = "Apply an option of suggest-resolutions/, change one of its appointments, or ignore it."
            raise Conflict(f"The cause still stands: {conflict.conflict_description} {advice}")
    was = _is_resolved(conflict)
    note(conflict, notes)
    conflict.status, conflict.resolved_by_id = ConflictStatus.RESOLVED, caller_of(session).user_id
    conflict.resolved_at = conflict.resolved_at or now()
    session.flush()
    if not was:
        emit(session, ConflictResolved(conflict.id))


def escalate(session: Session, conflict: ScheduleConflict, notes: str = "") -> None:
    """Hand a conflict up.

    Raises
    ------
    Conflict
        If it is resolved.
    """
    _ensure_open(conflict, ConflictStatus.ESCALATED)
    note(conflict, notes)
    was, conflict.status = conflict.status, ConflictStatus.ESCALATED
    session.flush()
    if was is not ConflictStatus.ESCALATED:
        emit(session, ConflictEscalated(conflict.id))


def note(conflict: ScheduleConflict, text: str) -> None:
    """Add a text to what is noted of a conflict."""
    if text:
        conflict.resolution_notes = "\n".join(each for each in (conflict.resolution_notes, text) if each)[-10_000:]


def _is_resolved(conflict: ScheduleConflict) -> bool:
    return conflict.status is ConflictStatus.RESOLVED


def _ensure_open(conflict: ScheduleConflict, status: ConflictStatus, *, passing: bool = False) -> None:
    if conflict.status is ConflictStatus.RESOLVED and not passing:
        raise Conflict(f"Conflict {conflict.id} is resolved, and cannot become {status}. It opens again by itself.")


def _ensure_mirror(conflict: ScheduleConflict, values: Mapping[str, Any]) -> None:
    fields = stored_fields(ScheduleConflict)
    changed = [
        name
        for name, value in values.items()
        if name not in BY_PEOPLE and not _same(getattr(conflict, fields[name].attribute), value)
    ]
    if changed:
        advice = "Change the plan, or leave it out."
        raise InvalidRecord(
            [Fault(name, "another value", "what the plan breaks: the conflict was found", advice) for name in changed]
        )


def _same(present: Any, value: Any) -> bool:
    return set(present) == set(value) if isinstance(value, list) else bool(present == in_utc(value))
