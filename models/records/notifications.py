"""What is told to whom, by which way, and who wants to be told."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.enums import DeliveryMethod, NotificationStatus, NotificationType
from models.fields import Flag
from models.records.base import Base, Entity, now
from models.records.fields import (
    Access,
    Address,
    JsonObject,
    Label,
    Moment,
    Name,
    Prose,
    field,
    linked,
    links,
    reference,
)
from models.records.sealed import SealedText


class NotificationRecipient(Base):
    """A user who gets a notification."""

    __tablename__ = "schedule_notification_recipients"

    notification_id: Mapped[int] = mapped_column(
        ForeignKey("schedule_notifications.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True)


class ScheduleNotification(Entity):
    """A message about an appointment or a conflict."""

    __tablename__ = "schedule_notifications"
    FILTERS = (
        "notification_type",
        "delivery_method",
        "status",
        "scheduled_at",
        "sent_at",
        "related_appointment_id",
        "related_conflict_id",
    )
    SEARCHED = ("subject", "message")

    notification_type: Mapped[NotificationType]
    delivery_method: Mapped[DeliveryMethod] = field(DeliveryMethod.IN_APP)
    subject: Mapped[Label] = field("")
    message: Mapped[Prose] = field("")
    related_appointment_id: Mapped[int | None] = reference("appointments", on_delete="CASCADE")
    related_conflict_id: Mapped[int | None] = reference("schedule_conflicts", on_delete="CASCADE")
    scheduled_at: Mapped[Moment] = field(now)
    sent_at: Mapped[Moment | None] = field(access=Access.READ_ONLY)
    status: Mapped[NotificationStatus] = field(NotificationStatus.PENDING, access=Access.READ_ONLY)
    delivery_details: Mapped[JsonObject] = field(dict, access=Access.READ_ONLY)
    error_message: Mapped[Prose] = field("", access=Access.READ_ONLY)

    recipient_links: Mapped[list[NotificationRecipient]] = links("NotificationRecipient.user_id")
    recipient_ids = linked("recipient_links", "user_id", lambda key: NotificationRecipient(user_id=key), least=1)


class NotificationChannel(Entity):
    """The way out for one delivery method: an Apprise URL, which holds credentials and is never shown."""

    __tablename__ = "notification_channels"
    FILTERS = ("delivery_method", "is_active")
    SEARCHED = ("name",)

    name: Mapped[Name]
    delivery_method: Mapped[DeliveryMethod]
    url: Mapped[Address] = field(type_=SealedText, access=Access.WRITE_ONLY)
    is_active: Mapped[Flag] = field(True)


class NotificationPreference(Entity):
    """Whether a user wants to hear of something in some way."""

    __tablename__ = "notification_preferences"
    FILTERS = ("user_id", "notification_type", "delivery_method", "is_enabled")
    UNIQUE = (("user_id", "notification_type", "delivery_method"),)

    user_id: Mapped[int] = reference("users", on_delete="CASCADE")
    notification_type: Mapped[NotificationType]
    delivery_method: Mapped[DeliveryMethod]
    is_enabled: Mapped[Flag] = field(True)
