"""What a user is told in the application, and what of it was read."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from models.enums import DeliveryMethod, NotificationStatus
from models.errors import NotFound
from models.records import NotificationDelivery, ScheduleNotification
from models.records.base import now
from service.tenancy import caller_of


def mine(session: Session) -> ColumnElement[bool]:
    """Select the deliveries in the application to whoever asks; nobody has some of the service itself."""
    return (
        (NotificationDelivery.user_id == caller_of(session).user_id)
        & (NotificationDelivery.delivery_method == DeliveryMethod.IN_APP)
        & (NotificationDelivery.status == NotificationStatus.SENT)
    )


def in_inbox(session: Session, *, unread: bool | None) -> ColumnElement[bool]:
    """Select the notifications that whoever asks has got in the application; only those (un)read, if that is said."""
    found = select(NotificationDelivery.notification_id).where(mine(session))
    if unread is not None:
        found = found.where(NotificationDelivery.read_at.is_(None) == unread)
    return ScheduleNotification.id.in_(found)


def read_at(session: Session, notifications: Sequence[ScheduleNotification]) -> dict[int, object]:
    """Tell when whoever asks has read some notifications; what is missing was not read."""
    statement = select(NotificationDelivery.notification_id, NotificationDelivery.read_at)
    rows = session.execute(
        statement.where(mine(session), NotificationDelivery.notification_id.in_([each.id for each in notifications]))
    )
    return {row[0]: row[1] for row in rows}


def mark_read(session: Session, notification: int | None) -> int:
    """Note that whoever asks has read a notification, or all of them.

    Returns
    -------
    How many were not read before.

    Raises
    ------
    NotFound
        If there is no such notification in the inbox.
    """
    statement = select(NotificationDelivery).where(mine(session))
    if notification is not None:
        statement = statement.where(NotificationDelivery.notification_id == notification)
        if session.scalar(statement.with_only_columns(NotificationDelivery.id)) is None:
            raise NotFound("notification in your inbox", notification)
    unread = session.scalars(statement.where(NotificationDelivery.read_at.is_(None))).all()
    for each in unread:
        each.read_at = now()
    session.flush()
    return len(unread)
