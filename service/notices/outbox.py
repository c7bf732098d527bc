"""The outbox: rows that wait to be sent, and the jobs that send them, written in the transaction that causes them."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from models.enums import Audience, DeliveryMethod, NotificationStatus, NotificationType as Kind
from models.records import Appointment, ScheduleConflict, ScheduleNotification
from models.records.base import now
from service.jobs import enqueue
from service.notices.ways import ways_of, ways_out
from service.notices.wording import LATER, Words, facts_of, told_as, worded
from service.schemas import organization

JOB = "notify"


def notify(
    session: Session,
    kind: Kind,
    users: Collection[int],
    words: Words,
    appointment: Appointment | None = None,
    *,
    conflict: ScheduleConflict | None = None,
    at: datetime | None = None,
    known: Collection[tuple[DeliveryMethod, int]] = (),
) -> None:
    """Let notifications wait to be sent, one for each way that some of the users want to be told by.

    Parameters
    ----------
    session
        Bound to the organization.
    kind
        What is told.
    users
        Who is told; nobody is told nothing.
    words
        Subject and message.
    appointment, conflict
        What it is about.
    at
        When; None for now.
    known
        Who is told already, and by which way.
    """
    for method, wanted in ways_of(session, kind, users).items():
        keys = [key for key in wanted if (method, key) not in known]
        if not keys:
            continue
        add(
            session,
            ScheduleNotification(
                notification_type=kind,
                delivery_method=method,
                subject=words.subject,
                message=words.message,
                scheduled_at=at or now(),
                related_appointment_id=None if appointment is None else appointment.id,
                related_conflict_id=None if conflict is None else conflict.id,
                is_worded=appointment is not None,
                told_version=None if appointment is None else appointment.version,
                recipient_ids=keys,
            ),
        )


def notify_client(session: Session, kind: Kind, appointment: Appointment, at: datetime | None = None) -> None:
    """Let a mail to the client of an appointment wait, if there is an address and a way out, and clients are told.

    Parameters
    ----------
    session
        Bound to the organization.
    kind
        What is told.
    appointment
        With its linking rows loaded.
    at
        When; None for now.
    """
    if not tells_client(session, appointment):
        return
    words = worded(session, kind, Audience.CLIENT, facts_of(session, appointment) | LATER)
    add(
        session,
        ScheduleNotification(
            notification_type=kind,
            delivery_method=DeliveryMethod.EMAIL,
            subject=words.subject,
            message=words.message,
            scheduled_at=at or now(),
            related_appointment_id=appointment.id,
            client_address=appointment.client_email,
            is_worded=True,
            told_version=appointment.version,
            told_as=told_as(appointment),
            recipient_ids=[],
        ),
    )


def tells_client(session: Session, appointment: Appointment) -> bool:
    """Whether the client of an appointment can be told by mail, and is."""
    return (
        bool(appointment.client_email)
        and organization(session).policies.tells_clients
        and DeliveryMethod.EMAIL in ways_out(session)
    )


def add(session: Session, notification: ScheduleNotification) -> None:
    """Add a row, and ask for its job if it is due."""
    session.add(notification)
    session.flush()
    ask(session, notification)


def ask(session: Session, notification: ScheduleNotification) -> None:
    """Ask for the job that sends a notification, if that is due now; what is due later is found by the clock.

    However often it is asked for, what is due at one moment is one job.
    """
    due = notification.due_at
    if notification.status is NotificationStatus.PENDING and due is not None and due <= now():
        enqueue(session, JOB, key=key_of(notification.id, due), notification=notification.id)


def key_of(notification: int, due: datetime) -> str:
    """What tells the job of a notification that is due at a moment from all others."""
    return f"{notification}:{int(due.timestamp() * 1_000_000)}"
