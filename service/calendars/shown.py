"""Which appointments a calendar shows, and what it shows of them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from models.enums import AppointmentStatus
from models.lifecycle import BUSY
from models.records import Appointment, AppointmentResource, AppointmentUser, CalendarObject
from models.records.calendars import Details
from service.calendars.events import Facts
from service.calendars.terms import Terms
from service.calendars.writing import facts_of

VISIBLE = BUSY | {AppointmentStatus.COMPLETED}


@dataclass(frozen=True, slots=True)
class Entry:
    """An appointment, and what a calendar shows of it; None if it does not show it."""

    appointment: Appointment
    facts: Facts | None


def taken_by(kind: str, key: int) -> ColumnElement[bool]:
    """Say that an appointment takes a user, a team or a resource."""
    if kind == "user":
        return Appointment.id.in_(select(AppointmentUser.appointment_id).where(AppointmentUser.user_id == key))
    if kind == "team":
        return Appointment.assigned_team_id == key
    things = select(AppointmentResource.appointment_id).where(AppointmentResource.resource_id == key)
    return Appointment.id.in_(things)


def entries(session: Session, terms: Terms, keys: Collection[int]) -> dict[int, Entry]:
    """Read appointments, hidden ones included, as a calendar shows them now."""
    if not keys:
        return {}
    statement = select(Appointment, taken_by(terms.kind, terms.subject)).where(Appointment.id.in_(keys))
    rows = session.execute(statement, execution_options={"include_hidden": True})
    return {each.id: Entry(each, _facts(each, bool(taken), terms.configuration.details)) for each, taken in rows}


def behind(session: Session, terms: Terms, since: datetime, after: int, most: int) -> list[int]:
    """Find appointments that changed since they were last written into a calendar, or never were.

    Parameters
    ----------
    session
        Bound to the organization.
    terms
        Of the calendar.
    since
        What ended before is not written, unless it is there already.
    after, most
        Only ids above, and how many of them.

    Returns
    -------
    Their ids in order, of those that are under review none.
    """
    known = and_(CalendarObject.appointment_id == Appointment.id, CalendarObject.integration_id == terms.integration)
    new = (
        select(Appointment.id)
        .where(taken_by(terms.kind, terms.subject), Appointment.status.in_(VISIBLE), Appointment.id > after)
        .where(Appointment.end_datetime > since)
        .where(~select(CalendarObject.id).where(known).exists())
    )
    changed = (
        select(CalendarObject.appointment_id)
        .join(Appointment, Appointment.id == CalendarObject.appointment_id)
        .where(CalendarObject.integration_id == terms.integration, CalendarObject.outside.is_(None))
        .where(CalendarObject.appointment_id > after)
        .where(
            or_(
                CalendarObject.appointment_version.is_(None),
                CalendarObject.appointment_version != Appointment.version,
            )
        )
    )
    first = session.scalars(new.order_by(Appointment.id).limit(most))
    second = session.scalars(
        changed.order_by(CalendarObject.appointment_id).limit(most), execution_options={"include_hidden": True}
    )
    found = {key for key in (*first, *second) if key is not None}
    return sorted(found)[:most]


def _facts(appointment: Appointment, taken: bool, details: Details) -> Facts | None:
    if not taken or appointment.hidden_at is not None or appointment.status not in VISIBLE:
        return None
    return facts_of(appointment, details)
