"""Who is told of what happens to appointments and conflicts: rows that wait to be sent."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.util import identity_key

from models.enums import DeliveryMethod, ImpactLevel, NotificationStatus, NotificationType as Kind
from models.events import ConflictDetected, ConflictEscalated, Event
from models.lifecycle import BUSY
from models.records import (
    Appointment,
    NotificationChannel,
    NotificationPreference,
    Role,
    ScheduleConflict,
    ScheduleNotification,
    User,
)
from models.records.base import now
from models.zones import zone_of
from service.linking import load_links
from service.schemas import organization

LOUD = (ImpactLevel.HIGH, ImpactLevel.CRITICAL)
"""Conflicts that somebody is told of."""

_SPEAKER, _WAYS = "notifications_speaker", "notifications_ways"
_DECIDERS = (Role.OWNER, Role.PLANNER)
_HAPPENED = {
    Kind.APPOINTMENT_CREATED: "is new",
    Kind.APPOINTMENT_UPDATED: "has changed",
    Kind.APPOINTMENT_CANCELLED: "is cancelled",
    Kind.APPOINTMENT_REMINDER: "is coming",
}


def speak_for_series(session: Session, source: Appointment) -> None:
    """Let one occurrence speak for all that change with it: its crew is told once."""
    session.info[_SPEAKER] = (source.id, frozenset(source.assigned_user_ids))


def tell_of_new(session: Session, event: Event) -> None:
    """Tell the crew of a new appointment; of a series once, with its first."""
    appointment = appointment_of(session, event.id)
    if appointment is not None and appointment.parent_appointment_id is None and appointment.status in BUSY:
        _tell(session, Kind.APPOINTMENT_CREATED, appointment)


def tell_of_change(session: Session, event: Event) -> None:
    """Tell the crew that an appointment has changed; what waits to be told already is told as it is now."""
    appointment = appointment_of(session, event.id)
    if appointment is None or appointment.status not in BUSY:
        return
    waiting = select(ScheduleNotification).where(
        ScheduleNotification.related_appointment_id == appointment.id,
        ScheduleNotification.notification_type.in_((Kind.APPOINTMENT_CREATED, Kind.APPOINTMENT_UPDATED)),
        ScheduleNotification.status == NotificationStatus.PENDING,
    )
    rows = session.scalars(waiting.options(*load_links(ScheduleNotification))).all()
    subject, message = told_of(session, Kind.APPOINTMENT_UPDATED, appointment)
    told: set[int] = set()
    for row in rows:
        told.update(row.recipient_ids)
        row.message = message
    session.flush()
    later = [key for key in _crew(session, appointment) if key not in told]
    notify(session, Kind.APPOINTMENT_UPDATED, later, subject, message, appointment)


def tell_of_end(session: Session, event: Event) -> None:
    """Tell the crew that an appointment is cancelled or deleted, and nothing else of it any more."""
    appointment = appointment_of(session, event.id)
    if appointment is None:
        return
    waiting = select(ScheduleNotification).where(
        ScheduleNotification.related_appointment_id == appointment.id,
        ScheduleNotification.notification_type.in_((Kind.APPOINTMENT_CREATED, Kind.APPOINTMENT_UPDATED)),
        ScheduleNotification.status == NotificationStatus.PENDING,
    )
    for row in session.scalars(waiting):
        row.status = NotificationStatus.CANCELLED
    session.flush()
    _tell(session, Kind.APPOINTMENT_CANCELLED, appointment)


def tell_of_conflict(session: Session, event: ConflictDetected) -> None:
    """Tell those who are affected, and those who plan, of a conflict with a high impact."""
    statement = select(ScheduleConflict).where(ScheduleConflict.id == event.id)
    conflict = session.scalars(statement.options(*load_links(ScheduleConflict))).one_or_none()
    if conflict is None or conflict.impact_level not in LOUD:
        return
    keys = {*conflict.affected_user_ids, *deciders(session)}
    subject = f"Conflict: {conflict.conflict_type.replace('_', ' ')} ({conflict.impact_level})"
    message = conflict.conflict_description or "There is a conflict to resolve."
    notify(session, Kind.CONFLICT_DETECTED, keys, subject, message, conflict=conflict)


def tell_of_escalation(session: Session, event: ConflictEscalated) -> None:
    """Tell those who plan that a conflict was handed up to them, whatever its impact."""
    conflict = session.get(ScheduleConflict, event.id)
    if conflict is not None:
        subject = f"Escalated: {conflict.conflict_type.replace('_', ' ')} ({conflict.impact_level})"
        message = conflict.conflict_description or "There is a conflict to resolve."
        notify(session, Kind.CONFLICT_DETECTED, deciders(session), subject, message, conflict=conflict)


def deciders(session: Session) -> list[int]:
    """The ids of those who plan."""
    return list(session.scalars(select(User.id).where(User.role.in_(_DECIDERS), User.is_active)))


def appointment_of(session: Session, key: int) -> Appointment | None:
    """Give an appointment with its linking rows, a hidden one too; one that is loaded already costs nothing."""
    known = session.identity_map.get(identity_key(Appointment, key))
    if isinstance(known, Appointment) and not {"user_links", "resource_links"} & inspect(known).unloaded:
        return known
    statement = select(Appointment).where(Appointment.id == key).options(*load_links(Appointment))
    return session.scalars(statement, execution_options={"include_hidden": True}).one_or_none()


def told_of(session: Session, kind: Kind, appointment: Appointment) -> tuple[str, str]:
    """Write what is told of an appointment: a subject and a message, with the time on the organization's wall."""
    zone = zone_of(organization(session).timezone)
    start = appointment.start_datetime
    when = "without a time" if start is None else f"{start.astimezone(zone):%a %d %b %Y, %H:%M}"
    subject = f"{appointment.title} {_HAPPENED[kind]}"[:200]
    lines = [f"{appointment.title}: {when}"]
    lines += [f"Client: {appointment.client_name}"] if appointment.client_name else []
    lines += [f"Place: {appointment.location}"] if appointment.location else []
    return subject, "\n".join(lines)


def notify(
    session: Session,
    kind: Kind,
    users: Collection[int],
    subject: str,
    message: str,
    appointment: Appointment | None = None,
    *,
    conflict: ScheduleConflict | None = None,
    at: datetime | None = None,
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
    subject, message
        In words.
    appointment, conflict
        What it is about.
    at
        When; None for now.
    """
    for method, keys in _ways(session, kind, users).items():
        row = ScheduleNotification(
            notification_type=kind,
            delivery_method=method,
            subject=subject,
            message=message,
            scheduled_at=at or now(),
            related_appointment_id=None if appointment is None else appointment.id,
            related_conflict_id=None if conflict is None else conflict.id,
            recipient_ids=keys,
        )
        session.add(row)
    session.flush()


def _tell(session: Session, kind: Kind, appointment: Appointment) -> None:
    notify(session, kind, _crew(session, appointment), *told_of(session, kind, appointment), appointment)


def _crew(session: Session, appointment: Appointment) -> list[int]:
    """Who is to be told, without those who are told of another occurrence."""
    speaker, told = session.info.get(_SPEAKER, (appointment.id, frozenset()))
    return [key for key in appointment.assigned_user_ids if speaker == appointment.id or key not in told]


def _ways(session: Session, kind: Kind, users: Collection[int]) -> dict[DeliveryMethod, list[int]]:
    """Find who is told by which way: in the application, and by mail if there is a way out, unless they want it not.

    Other ways are taken only for those who want them.
    """
    if not users:
        return {}
    people = session.execute(
        select(User.id, User.email, User.phone).where(User.id.in_(users), User.is_active).order_by(User.id)
    ).all()
    wishes = session.execute(
        select(
            NotificationPreference.user_id, NotificationPreference.delivery_method, NotificationPreference.is_enabled
        ).where(NotificationPreference.user_id.in_(users), NotificationPreference.notification_type == kind)
    )
    wanted: dict[tuple[int, DeliveryMethod], bool] = {(each[0], each[1]): each[2] for each in wishes}
    ways = _ways_out(session)
    found: dict[DeliveryMethod, list[int]] = {}
    for method in DeliveryMethod:
        if method in ways:
            keys = [each.id for each in people if wanted.get((each.id, method), _by_default(method, each))]
            if keys:
                found[method] = keys
    return found


def _ways_out(session: Session) -> frozenset[DeliveryMethod]:
    """The ways there are, looked up once for all that a session tells."""
    known = session.info.get(_WAYS)
    if not isinstance(known, frozenset):
        channels = session.scalars(select(NotificationChannel.delivery_method).where(NotificationChannel.is_active))
        known = session.info[_WAYS] = frozenset({DeliveryMethod.IN_APP, *channels})
    return known


def _by_default(method: DeliveryMethod, person: Any) -> bool:
    return method is DeliveryMethod.IN_APP or (method is DeliveryMethod.EMAIL and person.email is not None)
