"""What waits to be told to an integration, sent now."""

from datetime import timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from models.enums import DeliveryStatus
from models.records import ScheduleIntegration, WebhookDelivery
from models.records.base import now
from service.webhooks.outbox import ask_for_attempt

PATIENCE = timedelta(seconds=1)
AT_ONCE = 1000


def flush(job: Any, integration: ScheduleIntegration) -> None:
    """Ask for an attempt of the oldest delivery of each subject that is not to be retried later.

    Deliveries note by themselves how the connection is, and ask for what waits behind them.
    """
    older = aliased(WebhookDelivery)
    pending = WebhookDelivery.status == DeliveryStatus.PENDING
    behind = (
        select(older.id)
        .where(
            older.integration_id == WebhookDelivery.integration_id,
            older.subject == WebhookDelivery.subject,
            older.status == DeliveryStatus.PENDING,
            older.id < WebhookDelivery.id,
        )
        .exists()
    )
    due = or_(WebhookDelivery.next_attempt_at.is_(None), WebhookDelivery.next_attempt_at < now() - PATIENCE)
    statement = select(WebhookDelivery).where(
        WebhookDelivery.integration_id == integration.id, pending, WebhookDelivery.claimed_by.is_(None), due, ~behind
    )
    statement = statement.order_by(WebhookDelivery.id).limit(AT_ONCE)
    last = 0
    while True:
        with job.transaction() as session:
            rows = session.scalars(statement.where(WebhookDelivery.id > last)).all()
            for row in rows:
                ask_for_attempt(session, row)
        if len(rows) < AT_ONCE:
            return
        last = rows[-1].id
