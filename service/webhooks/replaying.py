"""Deliveries sent once more: one of them, or those of a time."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.enums import DeliveryStatus
from models.records import ScheduleIntegration, WebhookDelivery
from service.errors import Conflict
from service.webhooks.outbox import ask_for_attempt

MOST = 10_000


def replay(session: Session, row: WebhookDelivery) -> None:
    """Send a delivery once more, under the id it had: a receiver that has taken it will know it again.

    Parameters
    ----------
    session
        Bound to a caller.
    row
        Locked.

    Raises
    ------
    Conflict
        If it is on its way, or its integration is not in use.
    """
    _ensure_in_use(session.get_one(ScheduleIntegration, row.integration_id))
    if row.status is DeliveryStatus.PENDING:
        raise Conflict(f"Delivery {row.id} is on its way. Wait for its end.")
    _again(session, row)


def replay_many(
    session: Session,
    integration: ScheduleIntegration,
    since: datetime | None,
    until: datetime | None,
    statuses: Sequence[DeliveryStatus],
) -> int:
    """Send the deliveries of a time once more, oldest first.

    Parameters
    ----------
    session
        Bound to a caller.
    integration
        Whose.
    since, until
        When they were made, the second exclusive; None is no limit.
    statuses
        Of which status.

    Returns
    -------
    How many there are.

    Raises
    ------
    Conflict
        If there are too many at once, or the integration is not in use.
    """
    _ensure_in_use(integration)
    statement = select(WebhookDelivery).where(
        WebhookDelivery.integration_id == integration.id, WebhookDelivery.status.in_(statuses)
    )
    if since is not None:
        statement = statement.where(WebhookDelivery.created_at >= since)
    if until is not None:
        statement = statement.where(WebhookDelivery.created_at < until)
    rows = session.scalars(statement.order_by(WebhookDelivery.id).limit(MOST + 1).with_for_update()).all()
    if len(rows) > MOST:
        raise Conflict(f"There are more than {MOST} deliveries in that time. Ask for a shorter one.")
    for row in rows:
        _again(session, row)
    return len(rows)


def _again(session: Session, row: WebhookDelivery) -> None:
    row.status, row.attempts, row.replays = DeliveryStatus.PENDING, 0, row.replays + 1
    row.claimed_by = row.next_attempt_at = row.delivered_at = None
    session.flush()
    ask_for_attempt(session, row)


def _ensure_in_use(integration: ScheduleIntegration) -> None:
    if not (integration.is_active and integration.sync_enabled):
        raise Conflict(f"Integration {integration.id} is not in use. Set is_active and sync_enabled first.")
