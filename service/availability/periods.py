"""Writing when users and resources are away, and what resources tell of it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.errors import Fault
from models.events import AbsenceDeleted, AbsenceSaved
from models.fields import Flag, Instant
from models.records import Absence, Resource as ResourceRecord
from models.records.absences import AbsenceKind
from models.records.base import InvalidRecord, now
from models.records.fields import Label, Prose
from models.records.occupancy import SubjectKind, subject_key
from service import crud
from service.auditing import because
from service.availability.maintenance import note_maintenance
from service.bus import emit
from service.crud import Resource, Values
from service.locks import lock_subjects


class NewAvailability(BaseModel):
    """Whether a resource takes bookings: for good, or from one time to another."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "is_available": False,
                    "reason": "The lamp is broken",
                    "from": "2026-11-30T08:00:00Z",
                    "until": "2026-12-01T08:00:00Z",
                }
            ]
        },
    )

    is_available: Flag
    reason: Label = ""
    start: Annotated[Instant | None, Field(alias="from", description="By default now.")] = None
    end: Annotated[Instant | None, Field(alias="until", description="By default for good.")] = None


class NewMaintenance(BaseModel):
    """When a resource is maintained."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "start": "2026-11-30T08:00:00Z",
                    "end": "2026-11-30T10:00:00Z",
                    "maintenance_type": "inspection",
                    "notes": "Bring the log book.",
                }
            ]
        },
    )

    start: Instant
    end: Instant
    maintenance_type: Label = ""
    notes: Prose = ""


def create_absence(session: Session, resource: Resource[Absence], values: Values) -> Absence:
    """Enter an absence; maintenance may be the next of its resource."""
    absence = crud.create_plainly(session, resource, values)
    note_maintenance(session, absence.resource_id)
    return absence


def update_absence(session: Session, resource: Resource[Absence], absence: Absence, values: Values) -> None:
    """Change an absence."""
    before, start = absence.resource_id, absence.start
    crud.update_plainly(session, resource, absence, values)
    for key in {before, absence.resource_id}:
        note_maintenance(session, key, start)


def delete_absence(session: Session, resource: Resource[Absence], absence: Absence) -> None:
    """Take an absence back."""
    key, start = absence.resource_id, absence.start
    crud.delete_plainly(session, resource, absence)
    note_maintenance(session, key, start)


def set_availability(
    session: Session, resources: Resource[ResourceRecord], record: ResourceRecord, wish: NewAvailability
) -> None:
    """Let a resource take bookings, or none, for good or from one time to another.

    For good is the resource's own switch. From one time to another is an absence; when it is available again, absences
    of this kind are cut back, but no maintenance and no leave.

    Parameters
    ----------
    session
        Bound to a caller.
    resources
        As the API offers them.
    record
        Which, its subject locked.
    wish
        What is to be.

    Raises
    ------
    InvalidRecord
        If the end is not after the start, or a time in the future has no end.
    """
    if wish.reason:
        because(session, wish.reason)
    present = _minute(now())
    start = wish.start or present
    if wish.end is None:
        if start > present:
            raise InvalidRecord([Fault("until", "nothing", "the end of what begins later", "Add it.")])
        if wish.is_available:
            _cut(session, record.id, present, present + timedelta(minutes=1))
        crud.update_plainly(session, resources, record, {"is_available": wish.is_available})
        return
    if wish.end <= start:
        expected = f"a time after {start.isoformat()}"
        raise InvalidRecord([Fault("until", wish.end.isoformat(), expected, "Swap from and until.")])
    if wish.is_available:
        _cut(session, record.id, start, wish.end)
        return
    _add(session, resource_id=record.id, start=start, end=wish.end, reason=wish.reason)


def schedule_maintenance(session: Session, record: ResourceRecord, wish: NewMaintenance) -> Absence:
    """Enter maintenance of a resource, and note when the next one is.

    Parameters
    ----------
    session
        Bound to a caller.
    record
        Which, its subject locked.
    wish
        When and what.

    Returns
    -------
    The absence.
    """
    values = {"kind": AbsenceKind.MAINTENANCE, "reason": wish.maintenance_type, "notes": wish.notes}
    absence = _add(session, resource_id=record.id, start=wish.start, end=wish.end, **values)
    note_maintenance(session, record.id)
    return absence


def lock_resource(session: Session, key: int) -> None:
    """Have a resource to oneself until the transaction ends."""
    lock_subjects(session, [subject_key(SubjectKind.RESOURCE, key)])


def _add(session: Session, **values: Any) -> Absence:
    absence = Absence(organization_id=None, **values)
    session.add(absence)
    emit_saved(session, [absence])
    return absence


def _cut(session: Session, key: int, start: datetime, end: datetime) -> None:
    """Take a stretch out of what makes a resource unavailable."""
    statement = select(Absence).where(
        Absence.resource_id == key,
        Absence.kind == AbsenceKind.UNAVAILABLE,
        Absence.external_uid.is_(None),
        Absence.start < end,
        Absence.end > start,
    )
    for absence in session.scalars(statement.order_by(Absence.id)).all():
        rest = [(a, b) for a, b in ((absence.start, start), (end, absence.end)) if a < b]
        if not rest:
            session.delete(absence)
            session.flush()
            emit(session, AbsenceDeleted(absence.id))
            continue
        reason = absence.reason
        absence.start, absence.end = rest[0]
        emit_saved(session, [absence])
        for first, last in rest[1:]:
            _add(session, resource_id=key, start=first, end=last, reason=reason)


def emit_saved(session: Session, absences: Iterable[Absence]) -> None:
    """Write absences, and say so."""
    session.flush()
    for absence in absences:
        emit(session, AbsenceSaved(absence.id))


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)
