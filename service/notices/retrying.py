"""Sending at once: what waits, and what has failed."""

from sqlalchemy.orm import Session

from models.enums import NotificationStatus as Status
from models.records import ScheduleNotification
from models.records.base import now
from service.errors import Conflict
from service.notices.outbox import ask
from service.notices.preparing import counted, deliveries_of


def send_again(session: Session, notification: ScheduleNotification) -> None:
    """Let a notification leave now; who has got it already does not get it again, and quiet hours do not count.

    Parameters
    ----------
    session
        Bound to the organization.
    notification
        Locked; pending or failed.

    Raises
    ------
    Conflict
        If it was sent or cancelled.
    """
    if notification.status not in (Status.PENDING, Status.FAILED):
        raise Conflict(f"Notification {notification.id} is {notification.status} already. Make a new one.")
    present = now()
    for each in deliveries_of(session, notification):
        if each.status is Status.FAILED:
            each.status, each.attempts, each.claimed_by, each.claimed_until = Status.PENDING, 0, None, None
        if each.status is Status.PENDING:
            each.due_at = present
    notification.status, notification.due_at, notification.error_message = Status.PENDING, present, ""
    session.flush()
    if notification.delivery_details:
        notification.delivery_details = counted(session, notification)
        session.flush()
    ask(session, notification)
