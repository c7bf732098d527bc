"""Who is told of what happens to appointments and conflicts: rows that wait to be sent."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, inspect, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.util import identity_key

from models.enums import Audience, DeliveryMethod, ImpactLevel, NotificationStatus, NotificationType as Kind
from models.events import ConflictDetected, ConflictEscalated, Event, NotificationCreated
from models.lifecycle import BUSY
from models.records import (
    Appointment,
    NotificationDelivery,
    Role,
    ScheduleConflict,
    ScheduleNotification,
    User,
)
from service.linking import load_links
from service.notices.outbox import ask, notify, notify_client, tells_client
from service.notices.wording import LATER, Words, facts_of, told_as, worded

LOUD = (ImpactLevel.HIGH, ImpactLevel.CRITICAL)
"""Conflicts that somebody is told of."""

_SPEAKER = "notifications_speaker"
_DECIDERS = (Role.OWNER, Role.PLANNER)
_NEWS = (Kind.APPOINTMENT_CREATED, Kind.APPOINTMENT_UPDATED)


def send_what_is_made(session: Session, event: NotificationCreated) -> None:
    """Ask for the job of a notification that somebody has written or changed."""
    ask(session, session.get_one(ScheduleNotification, event.id))


def speak_for_series(session: Session, source: Appointment) -> None:
    """Let one occurrence speak for all that change with it: its crew and its client are told once."""
    session.info[_SPEAKER] = (source.id, frozenset(source.assigned_user_ids))


def tell_of_new(session: Session, event: Event) -> None:
    """Tell crew and client of a new appointment; of a series once, with its first."""
    appointment = appointment_of(session, event.id)
    if appointment is not None and appointment.parent_appointment_id is None and appointment.status in BUSY:
        _tell_crew(session, Kind.APPOINTMENT_CREATED, appointment)
        notify_client(session, Kind.APPOINTMENT_CREATED, appointment)


def tell_of_change(session: Session, event: Event) -> None:
    """Tell that an appointment has changed; what waits to be told already is told as it is now."""
    appointment = appointment_of(session, event.id)
    if appointment is None or appointment.status not in BUSY:
        return
    told: set[tuple[DeliveryMethod, int]] = set()
    client_is_told = False
    for row in _untold(session, appointment):
        for_client = row.client_address is not None
        audience, more = (Audience.CLIENT, LATER) if for_client else (Audience.USERS, {})
        row.message = worded(session, row.notification_type, audience, facts_of(session, appointment) | more).message
        row.told_version = appointment.version
        if for_client:
            client_is_told = True
            row.told_as, row.client_address = told_as(appointment), appointment.client_email or row.client_address
        told.update((row.delivery_method, key) for key in row.recipient_ids)
    session.flush()
    _tell_crew(session, Kind.APPOINTMENT_UPDATED, appointment, told)
    if not client_is_told and _speaks(session, appointment) and tells_client(session, appointment):
        _tell_client_of_change(session, appointment)


def tell_of_end(session: Session, event: Event) -> None:
    """Tell that an appointment is cancelled or deleted, and nothing else of it any more."""
    appointment = appointment_of(session, event.id)
    if appointment is None:
        return
    for row in _untold(session, appointment):
        row.status = NotificationStatus.CANCELLED
    session.flush()
    _tell_crew(session, Kind.APPOINTMENT_CANCELLED, appointment)
    known = appointment.parent_appointment_id is not None or _told_to_client(session, appointment) is not None
    if known and _speaks(session, appointment):
        notify_client(session, Kind.APPOINTMENT_CANCELLED, appointment)


def tell_of_conflict(session: Session, event: ConflictDetected) -> None:
    """Tell those who are affected, and those who plan, of a conflict with a high impact."""
    statement = select(ScheduleConflict).where(ScheduleConflict.id == event.id)
    conflict = session.scalars(statement.options(*load_links(ScheduleConflict))).one_or_none()
    if conflict is None or conflict.impact_level not in LOUD:
        return
    facts = {
        "conflict": conflict.conflict_type.replace("_", " "),
        "impact": conflict.impact_level.value,
        "description": conflict.conflict_description or "There is a conflict to resolve.",
    }
    words = worded(session, Kind.CONFLICT_DETECTED, Audience.USERS, facts)
    keys = {*conflict.affected_user_ids, *deciders(session)}
    notify(session, Kind.CONFLICT_DETECTED, keys, words, conflict=conflict)


def tell_of_escalation(session: Session, event: ConflictEscalated) -> None:
    """Tell those who plan that a conflict was handed up to them, whatever its impact."""
    conflict = session.get(ScheduleConflict, event.id)
    if conflict is not None:
        subject = f"Escalated: {conflict.conflict_type.replace('_', ' ')} ({conflict.impact_level})"
        message = conflict.conflict_description or "There is a conflict to resolve."
        notify(session, Kind.CONFLICT_DETECTED, deciders(session), Words(subject[:200], message), conflict=conflict)


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


def told_of(session: Session, kind: Kind, appointment: Appointment) -> Words:
    """Write what a crew is told of an appointment."""
    return worded(session, kind, Audience.USERS, facts_of(session, appointment))


def waiting(session: Session, appointment: Appointment, *kinds: Kind) -> Sequence[ScheduleNotification]:
    """Load what waits to be told of an appointment and has not begun to leave; it cannot begin before the commit."""
    statement = select(ScheduleNotification).where(
        _about(appointment, *kinds), ScheduleNotification.status == NotificationStatus.PENDING
    )
    statement = statement.with_for_update(of=ScheduleNotification, key_share=True).options(
        *load_links(ScheduleNotification)
    )
    found = session.scalars(statement, execution_options={"populate_existing": True}).all()
    if not found:
        return found
    # Asked after the rows are locked: whoever sends one locks it before it begins.
    begun = set(
        session.scalars(
            select(NotificationDelivery.notification_id).where(
                NotificationDelivery.notification_id.in_([row.id for row in found]), NotificationDelivery.attempts > 0
            )
        )
    )
    return [row for row in found if row.id not in begun]


def _untold(session: Session, appointment: Appointment) -> Sequence[ScheduleNotification]:
    return waiting(session, appointment, *_NEWS)


def _about(appointment: Appointment, *kinds: Kind) -> ColumnElement[bool]:
    about = ScheduleNotification.related_appointment_id == appointment.id
    return about & ScheduleNotification.notification_type.in_(kinds)


def _tell_crew(
    session: Session, kind: Kind, appointment: Appointment, known: Collection[tuple[DeliveryMethod, int]] = ()
) -> None:
    if crew := _crew(session, appointment):
        notify(session, kind, crew, told_of(session, kind, appointment), appointment, known=known)


def _tell_client_of_change(session: Session, appointment: Appointment) -> None:
    """Tell the client if time, place or title differ from what the client knows."""
    known = _told_to_client(session, appointment)
    if known is not None:
        if known != told_as(appointment):
            notify_client(session, Kind.APPOINTMENT_UPDATED, appointment)
    elif appointment.parent_appointment_id is None:
        notify_client(session, Kind.APPOINTMENT_CREATED, appointment)
    elif appointment.series_values or appointment.start_datetime != appointment.original_start:
        notify_client(session, Kind.APPOINTMENT_UPDATED, appointment)


def _told_to_client(session: Session, appointment: Appointment) -> str | None:
    """What the client of an appointment was told last, as a digest."""
    statement = select(ScheduleNotification.told_as).where(
        _about(appointment, *_NEWS),
        ScheduleNotification.client_address.is_not(None),
        ScheduleNotification.status != NotificationStatus.CANCELLED,
    )
    return session.scalar(statement.order_by(ScheduleNotification.id.desc()).limit(1))


def _crew(session: Session, appointment: Appointment) -> list[int]:
    """Who is to be told, without those who are told of another occurrence."""
    speaker, told = session.info.get(_SPEAKER, (appointment.id, frozenset()))
    return [key for key in appointment.assigned_user_ids if speaker == appointment.id or key not in told]


def _speaks(session: Session, appointment: Appointment) -> bool:
    """Whether an appointment is told of itself, and not by another of its series."""
    speaker: int = session.info.get(_SPEAKER, (appointment.id, frozenset()))[0]
    return speaker == appointment.id
