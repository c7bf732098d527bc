"""Webhooks: what goes out to integrations, and what has come in from them."""

from sqlalchemy.orm import Mapped

from models.enums import DeliveryStatus
from models.fields import Count
from models.records.base import Entity, Owned, now
from models.records.fields import Access, Digest, JsonObject, Label, Moment, Prose, field, reference
from models.records.runs import DOCUMENT


class WebhookDelivery(Entity):
    """One event on its way to one integration.

    The payload says what was so when it happened. `attempts` counts since the last replay; `claimed_by` is the job that
    is at it.
    """

    __tablename__ = "webhook_deliveries"
    FILTERS = ("integration_id", "event", "subject", "status", "created_at")
    SEARCHED = ("event", "subject", "error_message")

    integration_id: Mapped[int] = reference("schedule_integrations", on_delete="CASCADE", access=Access.READ_ONLY)
    message: Mapped[Label] = field(access=Access.READ_ONLY)
    event: Mapped[Label] = field(access=Access.READ_ONLY)
    subject: Mapped[Label] = field(access=Access.READ_ONLY)
    payload: Mapped[JsonObject] = field(type_=DOCUMENT, access=Access.READ_ONLY)
    status: Mapped[DeliveryStatus] = field(DeliveryStatus.PENDING, access=Access.READ_ONLY)
    attempts: Mapped[Count] = field(0, access=Access.READ_ONLY)
    replays: Mapped[Count] = field(0, access=Access.READ_ONLY)
    next_attempt_at: Mapped[Moment | None] = field(access=Access.READ_ONLY)
    delivered_at: Mapped[Moment | None] = field(access=Access.READ_ONLY)
    response_status: Mapped[Count | None] = field(access=Access.READ_ONLY)
    response_excerpt: Mapped[Prose] = field("", access=Access.READ_ONLY)
    error_message: Mapped[Prose] = field("", access=Access.READ_ONLY)
    claimed_by: Mapped[Digest | None] = field(access=Access.HIDDEN)


class InboundMessage(Owned):
    """A message that an integration sent and that was accepted, with the answer it got."""

    __tablename__ = "inbound_messages"
    UNIQUE = (("integration_id", "message"),)

    integration_id: Mapped[int] = reference("schedule_integrations", on_delete="CASCADE", access=Access.READ_ONLY)
    message: Mapped[Digest] = field(access=Access.READ_ONLY)
    received_at: Mapped[Moment] = field(now, access=Access.READ_ONLY)
    answer: Mapped[JsonObject] = field(dict, type_=DOCUMENT, access=Access.READ_ONLY)
