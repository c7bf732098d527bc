"""What webhooks say: the name of an event, when it happened, and the record as it was then."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import events
from models.events import Event
from models.records import Appointment, Run, ScheduleConflict
from models.records.base import Entity, now
from service.linking import load_links
from service.output import in_utc
from service.schemas import schemas_of, shown

VERSION = 1
"""Of the form of payloads; a field that comes is no new version, a field that goes or changes is."""

EVENTS: Mapping[type[Event], tuple[str, type[Entity]]] = {
    events.AppointmentCreated: ("appointment.created", Appointment),
    events.AppointmentUpdated: ("appointment.updated", Appointment),
    events.AppointmentConfirmed: ("appointment.confirmed", Appointment),
    events.AppointmentCompleted: ("appointment.completed", Appointment),
    events.AppointmentCancelled: ("appointment.cancelled", Appointment),
    events.AppointmentDeleted: ("appointment.deleted", Appointment),
    events.ConflictDetected: ("conflict.detected", ScheduleConflict),
    events.ConflictResolved: ("conflict.resolved", ScheduleConflict),
    events.ConflictEscalated: ("conflict.escalated", ScheduleConflict),
    events.RunEnded: ("run.ended", Run),
    events.RunPublished: ("run.published", Run),
}
"""The name of each event that is told, and the record it is about."""


def payload_of(session: Session, event: Event) -> dict[str, Any] | None:
    """Write what is told of an event.

    Parameters
    ----------
    session
        Bound to the organization; what happened is flushed.
    event
        One of `EVENTS`.

    Returns
    -------
    The payload; None if the record is gone.
    """
    name, kind = EVENTS[type(event)]
    statement = select(kind).where(kind.id == event.id).options(*load_links(kind))
    record = session.scalars(statement, execution_options={"include_hidden": True}).one_or_none()
    if record is None:
        return None
    data = schemas_of(kind).read.model_validate(shown(session, record)).model_dump(mode="json", by_alias=True)
    return message_of(name, data)


def message_of(name: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Put the name of an event and what it is about into the form of every payload."""
    timestamp = in_utc(now()).isoformat(timespec="seconds").replace("+00:00", "Z")
    return {"type": name, "timestamp": timestamp, "version": VERSION, "data": dict(data)}
