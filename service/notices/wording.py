"""What is said: the words of the organization or our own, filled with what they are about."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.enums import Audience, NotificationType as Kind
from models.notices import LINKS, filled
from models.records import Appointment, NotificationTemplate, User
from models.zones import zone_of
from service.notices.texts import TEXTS
from service.schemas import organization

_TEMPLATES = "notifications_templates"
LATER = dict.fromkeys(LINKS, "(a link for the client alone)")
"""Stands for links where a message is stored: whoever has one can act as the client."""


class Words(NamedTuple):
    """A subject, which is one line, and a message."""

    subject: str
    message: str


def worded(session: Session, kind: Kind, audience: Audience, values: Mapping[str, str]) -> Words:
    """Fill the words for a type of notification.

    Parameters
    ----------
    session
        Bound to the organization.
    kind, audience
        What is told, and to whom.
    values
        Of the variables; that of the organization follows.

    Returns
    -------
    Subject and message.
    """
    own = session.info.get(_TEMPLATES)
    if own is None:
        rows = session.scalars(select(NotificationTemplate))
        own = session.info[_TEMPLATES] = {
            (row.notification_type, row.audience): (row.subject, row.message) for row in rows
        }
    subject, message = own.get((kind, audience), TEXTS[kind, audience])
    known = {**values, "organization": organization(session).name}
    return Words(" ".join(filled(subject, known).split())[:200], filled(message, known)[:10_000])


def forget_templates(session: Session) -> None:
    """Read the words of the organization again when they are needed next: they have changed."""
    session.info.pop(_TEMPLATES, None)


def facts_of(session: Session, appointment: Appointment) -> dict[str, str]:
    """Say what there is to say of an appointment, with its times on the organization's wall.

    Parameters
    ----------
    session
        Bound to the organization.
    appointment
        With its linking rows loaded.

    Returns
    -------
    The values of the variables of `models.notices`, links left out.
    """
    zone = organization(session).timezone
    names = select(User.name).where(User.id.in_(appointment.assigned_user_ids)).order_by(User.id)
    minutes = appointment.duration_minutes
    facts = {
        "title": appointment.title,
        "timezone": zone,
        "duration_minutes": "" if minutes is None else str(minutes),
        "client": appointment.client_name,
        "place": appointment.location,
        "meeting_url": appointment.meeting_url if appointment.is_virtual else "",
        "crew": ", ".join(session.scalars(names)) if appointment.assigned_user_ids else "",
        "when": "–",
    }
    start, end = appointment.start_datetime, appointment.end_datetime
    if start is not None and end is not None:
        facts |= {"when": wall(start, zone), "date": wall(start, zone)[:10], "time": wall(start, zone)[-5:]}
        facts |= {"end_time": wall(end, zone)[-5:]}
    return facts


def wall(moment: datetime, zone: str) -> str:
    """Write an instant as a clock shows it, the same in every language: 2026-11-30, 09:00."""
    return f"{moment.astimezone(zone_of(zone)):%Y-%m-%d, %H:%M}"


def told_as(appointment: Appointment) -> str:
    """Digest what a client has to know of an appointment: two that are equal need not be told twice."""
    times = [each.isoformat() if each else "" for each in (appointment.start_datetime, appointment.end_datetime)]
    meeting = appointment.meeting_url if appointment.is_virtual else ""
    known = "\n".join([*times, appointment.title, appointment.location, meeting])
    return sha256(known.encode()).hexdigest()
