"""One attempt to deliver a webhook: claimed, sent, noted; then the next attempt, or what waited behind it.

Deliveries about one subject go to an integration one after the other, in the order in which things happened.
"""

from datetime import timedelta
from email.utils import parsedate_to_datetime

import structlog
from sqlalchemy import select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from models.enums import DeliveryStatus, SyncStatus
from models.errors import TidyplanError
from models.records import ScheduleIntegration, WebhookDelivery
from models.records.base import now
from service.integrations.pauses import pause_seconds
from service.integrations.state import note, note_connected, note_failed
from service.jobs.job import Job
from service.outgoing.sending import Answer
from service.webhooks.outbox import ask_for_attempt
from service.webhooks.requests import excerpt, is_accepted, post

log = structlog.get_logger(__name__)

GONE = 410
"""By this a receiver says that it wants to hear nothing more."""


def deliver(job: Job, delivery: int, attempt: int, replay: int) -> None:
    """Make one attempt, unless another job has made it, or something older about the same subject is on its way.

    Parameters
    ----------
    job
        Of the organization.
    delivery
        The id of what is delivered.
    attempt, replay
        Which attempt: its `attempts` and `replays` before it.
    """
    found = _claim(job, delivery, attempt, replay)
    if found is None:
        return
    row, integration = found
    answer, error = None, ""
    try:
        answer = post(job.host.settings.guard, integration, row.message, row.payload)
        if not is_accepted(answer):
            error = f"{integration.provider_url} answers {answer.status}."
    except TidyplanError as refused:
        error = str(refused)
    with job.transaction() as session:
        _note(session, job, row.id, answer, error)


def _claim(job: Job, key: int, attempt: int, replay: int) -> tuple[WebhookDelivery, ScheduleIntegration] | None:
    """Take an attempt for this job; a job that is run again after its worker died has it already."""
    with job.transaction() as session:
        row = session.get(WebhookDelivery, key)
        integration = None if row is None else session.get(ScheduleIntegration, row.integration_id)
        if row is None or integration is None or not (integration.is_active and integration.sync_enabled):
            return None
        if _waits(session, row):
            return None
        mine = update(WebhookDelivery).where(
            WebhookDelivery.id == key,
            WebhookDelivery.status == DeliveryStatus.PENDING,
            WebhookDelivery.attempts == attempt,
            WebhookDelivery.replays == replay,
            WebhookDelivery.claimed_by.is_(None) | (WebhookDelivery.claimed_by == job.id),
        )
        mine = mine.values(claimed_by=job.id, version=WebhookDelivery.version + 1)
        claimed = session.execute(mine, execution_options={"synchronize_session": False})
        assert isinstance(claimed, CursorResult)
        return (row, integration) if claimed.rowcount else None


def _waits(session: Session, row: WebhookDelivery) -> bool:
    """Whether something older about the same subject has to go first; who ends that asks for this one.

    The older rows are locked: who is just ending one is waited for.
    """
    older = select(WebhookDelivery).where(
        WebhookDelivery.integration_id == row.integration_id,
        WebhookDelivery.subject == row.subject,
        WebhookDelivery.status == DeliveryStatus.PENDING,
        WebhookDelivery.id < row.id,
    )
    return session.scalars(older.limit(1).with_for_update()).first() is not None


def _note(session: Session, job: Job, key: int, answer: Answer | None, error: str) -> None:
    """Write what became of an attempt, and ask for what follows."""
    statement = select(WebhookDelivery).where(WebhookDelivery.id == key).with_for_update()
    row = session.scalars(statement, execution_options={"populate_existing": True}).one_or_none()
    if row is None or row.claimed_by != job.id:
        return
    integration = session.get_one(ScheduleIntegration, row.integration_id)
    row.attempts += 1
    row.claimed_by = row.next_attempt_at = None
    row.response_status = None if answer is None else answer.status
    row.response_excerpt = "" if answer is None else excerpt(answer)
    row.error_message = error
    if not error:
        row.status, row.delivered_at = DeliveryStatus.DELIVERED, now()
        note_connected(session, integration.id, exchanged=True)
    elif row.attempts > integration.max_retries or (answer is not None and answer.status == GONE):
        row.status = DeliveryStatus.DEAD
        note_failed(session, integration.id, error, min(row.attempts - 1, integration.max_retries))
        log.warning("webhook is dead", delivery=key, integration=integration.id, attempts=row.attempts, error=error)
        if answer is not None and answer.status == GONE:
            note(session, integration.id, is_active=False, sync_status=SyncStatus.DISCONNECTED)
    else:
        pause = pause_seconds(row.attempts, None if answer is None else _asked_seconds(answer))
        row.next_attempt_at = now() + timedelta(seconds=pause)
        note_failed(session, integration.id, error, row.attempts)
        session.flush()
        ask_for_attempt(session, row, pause)
        return
    session.flush()
    _go_on(session, row)


def _go_on(session: Session, row: WebhookDelivery) -> None:
    """Ask for what waited behind a delivery that is over."""
    behind = select(WebhookDelivery).where(
        WebhookDelivery.integration_id == row.integration_id,
        WebhookDelivery.subject == row.subject,
        WebhookDelivery.status == DeliveryStatus.PENDING,
    )
    following = session.scalars(behind.order_by(WebhookDelivery.id).limit(1)).first()
    if following is not None:
        ask_for_attempt(session, following)


def _asked_seconds(answer: Answer) -> float | None:
    """How long the other system asks to wait, in seconds or as a date."""
    text = answer.headers.get("Retry-After", "")
    if text.isdecimal():
        return float(text[:9])
    try:
        return (parsedate_to_datetime(text) - now()).total_seconds() if text else None
    except (ValueError, TypeError):  # neither, or a date without a zone
        return None
