"""Webhooks that are long over."""

from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from models.enums import DeliveryStatus
from models.records import InboundMessage, WebhookDelivery
from models.records.base import now

KEPT_DELIVERED = timedelta(days=30)
KEPT_DEAD = timedelta(days=90)
KEPT_INBOUND = timedelta(days=7)
"""Far longer than a message may be old when it comes in: a second one with its id is known."""


def forget_webhooks(session: Session) -> None:
    """Delete what is over for long, and the ids of what came in long ago."""
    for status, kept in ((DeliveryStatus.DELIVERED, KEPT_DELIVERED), (DeliveryStatus.DEAD, KEPT_DEAD)):
        old = (WebhookDelivery.status == status, WebhookDelivery.updated_at < now() - kept)
        session.execute(delete(WebhookDelivery).where(*old))
    session.execute(delete(InboundMessage).where(InboundMessage.received_at < now() - KEPT_INBOUND))
