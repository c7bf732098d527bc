"""What is told to whom, by which way and in which words, and who wants to be told when."""

from sqlalchemy import ForeignKey, Index, inspect, text
from sqlalchemy.orm import Mapped, mapped_column

from models.channels import faults_in_channel
from models.enums import Audience, DeliveryMethod, NotificationStatus, NotificationType
from models.errors import Fault
from models.fields import Clock, Count, Flag
from models.notices import ABOUT_APPOINTMENTS, faults_in, variables_of
from models.records.base import Base, Entity, now
from models.records.fields import (
    Access,
    Address,
    Digest,
    Email,
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
    """A message about an appointment or a conflict, to users, or to the client at `client_address`.

    `due_at` is when it is tried next. `is_worded` says that a template has written it, so that it is written anew when
    the appointment has another version than `told_version`; `told_as` is what a client has to know, as a digest.
    """

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
    client_address: Mapped[Email | None] = field(access=Access.READ_ONLY)
    due_at: Mapped[Moment | None] = field(access=Access.READ_ONLY)
    is_worded: Mapped[Flag] = field(False, access=Access.HIDDEN)
    told_version: Mapped[Count | None] = field(access=Access.HIDDEN)
    told_as: Mapped[Digest | None] = field(access=Access.HIDDEN)

    recipient_links: Mapped[list[NotificationRecipient]] = links("NotificationRecipient.user_id")
    recipient_ids = linked("recipient_links", "user_id", lambda key: NotificationRecipient(user_id=key))

    @classmethod
    def constraints(cls) -> tuple[Index, ...]:
        """What is due is found without looking at what is over."""
        waits = text("status = 'pending'")
        return (Index("ix_schedule_notifications_due", "due_at", sqlite_where=waits, postgresql_where=waits),)

    def check(self) -> list[Fault]:
        """Let what waits be due when it is scheduled, or tried again; refuse what is for nobody from its beginning."""
        if self.status is not NotificationStatus.PENDING:
            self.due_at = None
        elif self.due_at is None:
            self.due_at = self.scheduled_at
        state = inspect(self)
        named = not state.has_identity or (
            "recipient_links" not in state.unloaded and bool(state.attrs.recipient_links.history.deleted)
        )
        if named and self.client_address is None and not self.recipient_ids:
            return [Fault("recipients", "[]", "the id of at least one user", "Name who is to be told.")]
        return []


class NotificationDelivery(Entity):
    """A notification on its way to one recipient, with a key that every attempt carries.

    While an attempt is under way it belongs to the job `claimed_by` until `claimed_until`.
    """

    __tablename__ = "notification_deliveries"
    FILTERS = ("notification_id", "user_id", "delivery_method", "status", "due_at", "sent_at", "read_at")
    SEARCHED = ("address", "error_message")
    UNIQUE = (("notification_id", "user_id"),)

    notification_id: Mapped[int] = reference("schedule_notifications", on_delete="CASCADE", access=Access.READ_ONLY)
    user_id: Mapped[int | None] = reference("users", on_delete="CASCADE", access=Access.READ_ONLY)
    delivery_method: Mapped[DeliveryMethod] = field(access=Access.READ_ONLY)
    address: Mapped[Address] = field("", access=Access.READ_ONLY)
    key: Mapped[Digest] = field(access=Access.READ_ONLY, unique=True)
    status: Mapped[NotificationStatus] = field(NotificationStatus.PENDING, access=Access.READ_ONLY)
    attempts: Mapped[Count] = field(0, access=Access.READ_ONLY)
    due_at: Mapped[Moment | None] = field(access=Access.READ_ONLY)
    sent_at: Mapped[Moment | None] = field(access=Access.READ_ONLY)
    read_at: Mapped[Moment | None] = field(access=Access.READ_ONLY)
    error_message: Mapped[Prose] = field("", access=Access.READ_ONLY)
    claimed_by: Mapped[Address | None] = field(access=Access.HIDDEN)
    claimed_until: Mapped[Moment | None] = field(access=Access.HIDDEN)


class NotificationTemplate(Entity):
    """How an organization words a type of notification, to its users or to clients."""

    __tablename__ = "notification_templates"
    FILTERS = ("notification_type", "audience")
    SEARCHED = ("subject", "message")
    UNIQUE = (("notification_type", "audience"),)

    notification_type: Mapped[NotificationType]
    audience: Mapped[Audience] = field(Audience.USERS)
    subject: Mapped[Name]
    message: Mapped[Prose]

    def check(self) -> list[Fault]:
        """Find variables that there are not."""
        kind, for_client = self.notification_type, self.audience is Audience.CLIENT
        if for_client and kind not in ABOUT_APPOINTMENTS:
            told = ", ".join(sorted(ABOUT_APPOINTMENTS))
            return [Fault("audience", '"client"', f'"users": clients are told of {told} alone', "Change it.")]
        known = variables_of(kind, for_client=for_client)
        return faults_in("subject", self.subject, known) + faults_in("message", self.message, known)


class QuietHours(Entity):
    """When a user wants to hear nothing, by the clock of the user; an end before the start is the next day's."""

    __tablename__ = "quiet_hours"
    FILTERS = ("user_id",)
    UNIQUE = (("user_id",),)

    user_id: Mapped[int] = reference("users", on_delete="CASCADE")
    start_time: Mapped[Clock]
    end_time: Mapped[Clock]


class NotificationChannel(Entity):
    """The way out for one delivery method: an Apprise URL, which holds credentials and is never shown."""

    __tablename__ = "notification_channels"
    FILTERS = ("delivery_method", "is_active")
    SEARCHED = ("name",)

    name: Mapped[Name]
    delivery_method: Mapped[DeliveryMethod]
    url: Mapped[Address] = field(type_=SealedText, access=Access.WRITE_ONLY)
    is_active: Mapped[Flag] = field(True)

    def check(self) -> list[Fault]:
        """Refuse what does not lead out by this method."""
        return faults_in_channel(self.delivery_method, self.url)


class NotificationPreference(Entity):
    """Whether a user wants to hear of something in some way."""

    __tablename__ = "notification_preferences"
    FILTERS = ("user_id", "notification_type", "delivery_method", "is_enabled")
    UNIQUE = (("user_id", "notification_type", "delivery_method"),)

    user_id: Mapped[int] = reference("users", on_delete="CASCADE")
    notification_type: Mapped[NotificationType]
    delivery_method: Mapped[DeliveryMethod]
    is_enabled: Mapped[Flag] = field(True)
