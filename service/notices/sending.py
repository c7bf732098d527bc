"""The job that sends a notification: one recipient after the other, each attempt recorded before the next one.

An attempt is claimed in one transaction, made outside of any, and recorded in another. Whoever dies between the last
two leaves a claim: the same job, run again elsewhere, goes on with it at once and with the same key; another job waits.
"""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.enums import Audience, DeliveryMethod, NotificationStatus as Status, NotificationType as Kind
from models.records import (
    Appointment,
    NotificationChannel,
    NotificationDelivery,
    ScheduleNotification,
    User,
)
from models.records.base import now
from service.jobs import enqueue
from service.jobs.job import Job
from service.keyring import Keyring
from service.notices.channels import Errand, Outcome, carry_out
from service.notices.invitation import invitation_to
from service.notices.links import Purpose, link
from service.notices.outbox import JOB, key_of
from service.notices.preparing import appointment_of, counted, deliveries_of, locked, prepare
from service.notices.wording import LATER, facts_of, worded
from service.schemas import organization
from service.settings import Settings

_CLAIM = timedelta(minutes=10)
_LONGEST_WAIT = timedelta(hours=6)


def send(job: Job, notification: int) -> None:
    """Send a notification to all who have not got it, as far as that is due; it may be run again from its start."""
    errand: Errand | None = None
    outcome = Outcome()
    while True:
        job.check()
        with job.transaction() as session:
            row = locked(session, notification)
            if errand is not None:
                _record(session, job, errand, outcome)
            if row is None or row.status is not Status.PENDING or (row.due_at is not None and row.due_at > now()):
                return
            if errand is None:
                prepare(session, row)
            errand = _claim(session, job, row)
            if errand is None:
                conclude(session, row)
                return
        outcome = carry_out(errand, job.host.settings.guard)


def conclude(session: Session, notification: ScheduleNotification) -> None:
    """Say how far a notification has come; if some of it is to be tried later, ask for that.

    Parameters
    ----------
    session
        Bound to the organization.
    notification
        Locked; nothing of it is due, or under way here.
    """
    if notification.status is not Status.PENDING:
        return
    deliveries = deliveries_of(session, notification)
    waiting = [each for each in deliveries if each.status is Status.PENDING]
    notification.delivery_details = counted(session, notification)
    notification.error_message = next((each.error_message for each in deliveries if each.error_message), "")
    if any(each.status is Status.SENT for each in deliveries):
        notification.sent_at = max(each.sent_at for each in deliveries if each.sent_at is not None)
        _note_reminder(session, notification)
    if waiting:
        due = min(max(each.due_at or now(), each.claimed_until or now()) for each in waiting)
        notification.due_at = due
        session.flush()
        wait = (due - now()).total_seconds()
        enqueue(session, JOB, key=key_of(notification.id, due), after_seconds=wait, notification=notification.id)
        return
    found = {each.status for each in deliveries}
    notification.status = next((each for each in (Status.FAILED, Status.SENT) if each in found), Status.CANCELLED)
    if not deliveries:
        notification.delivery_details = {"dropped": "There is nobody left to tell."}
    session.flush()


def _claim(session: Session, job: Job, notification: ScheduleNotification) -> Errand | None:
    """Take the next delivery that is due; None if there is none."""
    if notification.status is not Status.PENDING:
        return None
    moment = now()
    most = job.host.settings.delivery_attempts
    for each in deliveries_of(session, notification):
        if each.status is not Status.PENDING or (each.due_at is not None and each.due_at > moment):
            continue
        claimed = each.claimed_until is not None and each.claimed_until > moment
        if claimed and each.claimed_by != job.id:
            continue
        if each.claimed_by is not None and each.attempts >= most:
            each.status, each.error_message = Status.FAILED, f"{each.attempts} attempts were begun and never ended."
            continue
        each.attempts += 1
        each.claimed_by, each.claimed_until = job.id, moment + _CLAIM
        errand = _errand(session, notification, each, job.host.settings)
        each.address = errand.recipient
        session.flush()
        return errand
    session.flush()
    return None


def _errand(
    session: Session, notification: ScheduleNotification, delivery: NotificationDelivery, settings: Settings
) -> Errand:
    method = notification.delivery_method
    channel = (
        select(NotificationChannel)
        .where(NotificationChannel.delivery_method == method, NotificationChannel.is_active)
        .order_by(NotificationChannel.id)
    )
    found = session.scalars(channel.limit(1)).one_or_none()
    url = None if found is None else found.url
    plain = (delivery.id, delivery.key, method, url)
    if delivery.user_id is not None:
        user = session.get_one(User, delivery.user_id)
        addresses = {DeliveryMethod.EMAIL: user.email or "", DeliveryMethod.SMS: user.phone}
        return Errand(*plain, addresses.get(method, str(user.id)), notification.subject, notification.message)
    subject, message = notification.subject, notification.message
    appointment = appointment_of(session, notification)
    invitation = None
    if appointment is not None and notification.is_worded:
        kind = notification.notification_type
        facts = facts_of(session, appointment) | links_of(appointment, settings)
        subject, message = worded(session, kind, Audience.CLIENT, facts)
        plainly = worded(session, kind, Audience.USERS, facts | LATER).message
        invitation = invitation_to(appointment, kind, plainly, organization(session).name)
    return Errand(*plain, delivery.address, subject, message, invitation)


def links_of(appointment: Appointment, settings: Settings) -> dict[str, str]:
    """Make the links of the client of an appointment, by variable."""
    keyring = Keyring(settings.keys)
    return {
        f"{purpose}_link": link(keyring, settings.address, appointment, purpose)
        for purpose in (Purpose.CONFIRM, Purpose.RESCHEDULE, Purpose.CANCEL)
    }


def _record(session: Session, job: Job, errand: Errand, outcome: Outcome) -> None:
    """Say how an attempt went, unless somebody else has taken it over."""
    delivery = session.get(NotificationDelivery, errand.delivery, populate_existing=True)
    if delivery is None or delivery.claimed_by != job.id or delivery.status is Status.SENT:
        return
    delivery.claimed_by = delivery.claimed_until = None
    delivery.error_message = outcome.fault
    if not outcome.fault:
        delivery.status, delivery.sent_at, delivery.due_at = Status.SENT, now(), None
    elif delivery.status is not Status.PENDING:
        pass
    elif outcome.is_final or delivery.attempts >= job.host.settings.delivery_attempts:
        delivery.status, delivery.due_at = Status.FAILED, None
    else:
        delivery.due_at = next_attempt(delivery.attempts, job.host.settings)
    session.flush()


def next_attempt(attempts: int, settings: Settings) -> datetime:
    """When something is tried again that has failed so often."""
    wait = timedelta(seconds=settings.delivery_retry_seconds * 4 ** (attempts - 1))
    return now() + min(wait, _LONGEST_WAIT)


def _note_reminder(session: Session, notification: ScheduleNotification) -> None:
    """Say that an appointment was reminded of: a fact beside it, which makes nobody's copy of it stale."""
    if notification.notification_type is Kind.APPOINTMENT_REMINDER and notification.is_worded:
        reminded = Appointment.reminder_datetime == notification.scheduled_at
        statement = update(Appointment).where(Appointment.id == notification.related_appointment_id, reminded)
        session.execute(
            statement.values(reminder_sent=True, updated_at=Appointment.updated_at),
            execution_options={"synchronize_session": False},
        )
