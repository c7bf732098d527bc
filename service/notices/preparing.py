"""Before a notification leaves: is it still true, who gets it, and when."""

from collections import Counter

from pydantic import JsonValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.enums import Audience, DeliveryMethod, NotificationStatus as Status, NotificationType as Kind
from models.lifecycle import BUSY
from models.notices import ABOUT_APPOINTMENTS
from models.records import Appointment, NotificationDelivery, ScheduleNotification, User
from models.records.base import now
from service.keyring import random_token
from service.linking import load_links
from service.notices.quiet import heard_at
from service.notices.wording import LATER, facts_of, worded


def locked(session: Session, key: int) -> ScheduleNotification | None:
    """Load a notification and keep others from changing it until the commit; None if it is gone."""
    statement = select(ScheduleNotification).where(ScheduleNotification.id == key)
    statement = statement.with_for_update(of=ScheduleNotification, key_share=True)
    return session.scalars(
        statement.options(*load_links(ScheduleNotification)), execution_options={"populate_existing": True}
    ).one_or_none()


def appointment_of(session: Session, notification: ScheduleNotification) -> Appointment | None:
    """Load what a notification is about as it is now, hidden or not."""
    statement = select(Appointment).where(Appointment.id == notification.related_appointment_id)
    options = {"include_hidden": True, "populate_existing": True}
    return session.scalars(statement.options(*load_links(Appointment)), execution_options=options).one_or_none()


def prepare(session: Session, notification: ScheduleNotification) -> None:
    """Cancel a notification that is no longer true, or make its deliveries; what stays in the app is delivered by that.

    Parameters
    ----------
    session
        Bound to the organization.
    notification
        Pending, locked.
    """
    appointment = appointment_of(session, notification)
    why = _untrue(notification, appointment)
    if why:
        cancel(session, notification, why)
        return
    if appointment is not None:
        _say_anew(session, notification, appointment)
    deliveries = deliveries_of(session, notification)
    known = {each.user_id for each in deliveries}
    wanted = select(User).where(User.id.in_(notification.recipient_ids), User.is_active)
    people = session.scalars(wanted.order_by(User.id)).all()
    for user in people:
        if user.id not in known:
            due = now()
            if notification.delivery_method is not DeliveryMethod.IN_APP:
                due = heard_at(session, notification, user, due)
            session.add(_delivery(notification, user=user.id, due_at=due))
    if notification.client_address is not None and None not in known:
        session.add(_delivery(notification, address=notification.client_address, due_at=now()))
    stays = {user.id for user in people} | {None}
    for each in deliveries:
        if each.user_id not in stays and each.status is Status.PENDING:
            each.status = Status.CANCELLED
    session.flush()
    if notification.delivery_method is DeliveryMethod.IN_APP:
        for each in deliveries_of(session, notification):
            if each.status is Status.PENDING:
                each.status, each.sent_at, each.attempts = Status.SENT, now(), 1
        session.flush()


def cancel(session: Session, notification: ScheduleNotification, why: str) -> None:
    """Give a notification up, and what of it has not left."""
    for each in deliveries_of(session, notification):
        if each.status is Status.PENDING:
            each.status = Status.CANCELLED
    notification.status = Status.CANCELLED
    notification.delivery_details = counted(session, notification) | {"dropped": why}
    session.flush()


def deliveries_of(session: Session, notification: ScheduleNotification) -> list[NotificationDelivery]:
    """Load the deliveries of a notification as they are now."""
    statement = select(NotificationDelivery).where(NotificationDelivery.notification_id == notification.id)
    return list(
        session.scalars(statement.order_by(NotificationDelivery.id), execution_options={"populate_existing": True})
    )


def counted(session: Session, notification: ScheduleNotification) -> dict[str, JsonValue]:
    """Count the deliveries of a notification by status."""
    return {**Counter(each.status.value for each in deliveries_of(session, notification))}


def _untrue(notification: ScheduleNotification, appointment: Appointment | None) -> str:
    """Say why a notification of an appointment is no longer true; empty if it is, or is about something else."""
    kind = notification.notification_type
    if appointment is None or kind not in ABOUT_APPOINTMENTS or kind is Kind.APPOINTMENT_CANCELLED:
        return ""
    if appointment.hidden_at is not None or appointment.status not in BUSY:
        return f"The appointment is {'deleted' if appointment.hidden_at is not None else appointment.status}."
    if kind is not Kind.APPOINTMENT_REMINDER:
        return ""
    if notification.is_worded and notification.scheduled_at != appointment.reminder_datetime:
        return "The appointment has moved."
    start = appointment.start_datetime
    return "The appointment has begun." if start is not None and start <= now() else ""


def _say_anew(session: Session, notification: ScheduleNotification, appointment: Appointment) -> None:
    """Write a notification anew if its appointment has changed since."""
    if not notification.is_worded or notification.told_version == appointment.version:
        return
    for_client = notification.client_address is not None
    audience, more = (Audience.CLIENT, LATER) if for_client else (Audience.USERS, {})
    facts = facts_of(session, appointment) | more
    notification.subject, notification.message = worded(session, notification.notification_type, audience, facts)
    notification.told_version = appointment.version


def _delivery(notification: ScheduleNotification, *, user: int | None = None, **more: object) -> NotificationDelivery:
    return NotificationDelivery(
        notification_id=notification.id,
        user_id=user,
        delivery_method=notification.delivery_method,
        key=random_token(),
        **more,
    )
