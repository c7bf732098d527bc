"""What has happened and is to be told: rows that are written with it, and jobs that send them afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.enums import IntegrationType, SyncFrequency
from models.events import Event
from models.records import ScheduleIntegration, WebhookDelivery
from service.jobs import enqueue
from service.webhooks.payloads import EVENTS, payload_of

DELIVER = "deliver"
_LISTENERS, _ORIGIN = "webhook_listeners", "webhook_origin"


@dataclass(frozen=True, slots=True)
class _Listener:
    """An integration that is told of events, and of which."""

    integration: int
    events: tuple[str, ...]
    at_once: bool


def comes_from(session: Session, integration: int) -> None:
    """Note that an integration has caused what a session writes: it is not told of that."""
    session.info[_ORIGIN] = integration


def post(session: Session, event: Event) -> None:
    """Let an event wait to be told to every integration that listens, and ask for the jobs that tell it at once."""
    name, record = EVENTS[type(event)]
    listening = [
        each
        for each in _listeners(session)
        if each.integration != session.info.get(_ORIGIN) and any(fnmatchcase(name, pattern) for pattern in each.events)
    ]
    payload = payload_of(session, event) if listening else None
    if payload is None:
        return
    subject = f"{record.__name__.removeprefix('Schedule').lower()}:{event.id}"
    rows = [
        WebhookDelivery(
            integration_id=each.integration,
            message=f"msg_{uuid4().hex}",
            event=name,
            subject=subject,
            payload=payload,
        )
        for each in listening
    ]
    session.add_all(rows)
    session.flush()
    for each, row in zip(listening, rows, strict=True):
        if each.at_once:
            ask_for_attempt(session, row)


def ask_for_attempt(session: Session, row: WebhookDelivery, after_seconds: float = 0.0) -> None:
    """Ask for the next attempt of a delivery; a job finds nothing to do if another has made that attempt."""
    enqueue(
        session,
        DELIVER,
        after_seconds=after_seconds,
        organization=row.organization_id,
        delivery=row.id,
        attempt=row.attempts,
        replay=row.replays,
    )


def _listeners(session: Session) -> Sequence[_Listener]:
    """Who is told of events, looked up once for all that a session writes."""
    known: Sequence[_Listener] | None = session.info.get(_LISTENERS)
    if known is None:
        statement = select(ScheduleIntegration).where(
            ScheduleIntegration.is_active,
            ScheduleIntegration.sync_enabled,
            ScheduleIntegration.integration_type != IntegrationType.CALENDAR,
        )
        known = session.info[_LISTENERS] = [
            _Listener(each.id, each.options.events, each.sync_frequency is SyncFrequency.REALTIME)
            for each in session.scalars(statement.order_by(ScheduleIntegration.id))
        ]
    return known
