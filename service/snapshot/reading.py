"""Appointments read in bulk: plain columns, three queries however many there are."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, literal_column, or_, select
from sqlalchemy.orm import Session

from models.enums import AppointmentStatus
from models.lifecycle import BUSY
from models.records import Appointment, AppointmentResource, AppointmentUser
from models.records.appointments import LONG_MINUTES
from models.records.base import now as present
from models.records.follows import AppointmentLink
from service.snapshot.bookings import Booking, Seat, Use, in_order, uses_in_order
from service.snapshot.ids import TEAM, USER
from service.snapshot.weeks import Span

STANDING = tuple(sorted(BUSY | {AppointmentStatus.COMPLETED}))
_FEW = 500
_COLUMNS = (
    Appointment.id,
    Appointment.title,
    Appointment.client_email,
    Appointment.client_name,
    Appointment.start_datetime,
    Appointment.end_datetime,
    Appointment.duration_minutes,
    Appointment.status,
    Appointment.priority,
    Appointment.assigned_team_id,
    Appointment.requirements,
    Appointment.pinned,
    Appointment.latitude,
    Appointment.longitude,
)


def standing(now: datetime | None = None) -> ColumnElement[bool]:
    """Say what stands: booked, under way or done, or held by now, by default the present."""
    held = and_(Appointment.status == AppointmentStatus.REQUESTED, Appointment.held_until > (now or present()))
    return or_(Appointment.status.in_(STANDING), held)


def standing_in(span: Span, now: datetime | None = None) -> ColumnElement[bool]:
    """Say what stands in a stretch of time and not wholly outside of it."""
    return and_(standing(now), lying_in(span))


def lying_in(span: Span) -> ColumnElement[bool]:
    """Say what is not wholly outside of a stretch of time, whatever its status.

    Long ones are found by an index of their own, so that short ones are found by their start.
    """
    lately = Appointment.start_datetime >= span.start - timedelta(minutes=LONG_MINUTES)
    long = Appointment.duration_minutes > literal_column(str(LONG_MINUTES))
    return and_(
        or_(
            and_(Appointment.start_datetime < span.end, lately),
            and_(long, Appointment.start_datetime < span.end),
        ),
        Appointment.end_datetime > span.start,
    )


def taking(kind: str, keys: Iterable[int], span: Span, now: datetime | None = None) -> Select[int] | None:
    """Select the ids of what stands in a stretch of time with one of some subjects.

    Parameters
    ----------
    kind
        One of the letters of `ids`: users, teams or resources.
    keys
        Their numbers.
    span, now
        As for `standing_in`.

    Returns
    -------
    A statement that begins at the subjects; None without any.
    """
    if not (wanted := sorted(keys)):
        return None
    if kind == TEAM:
        return select(Appointment.id).where(Appointment.assigned_team_id.in_(wanted), standing_in(span, now))
    if kind == USER:
        statement = select(AppointmentUser.appointment_id).where(AppointmentUser.user_id.in_(wanted))
        statement = statement.join(Appointment, Appointment.id == AppointmentUser.appointment_id)
    else:
        statement = select(AppointmentResource.appointment_id).where(AppointmentResource.resource_id.in_(wanted))
        statement = statement.join(Appointment, Appointment.id == AppointmentResource.appointment_id)
    return statement.where(standing_in(span, now))


def bookings_where(session: Session, *conditions: ColumnElement[bool]) -> list[Booking]:
    """Read the appointments that meet some conditions.

    Parameters
    ----------
    session
        Bound to an organization.
    conditions
        On appointments.

    Returns
    -------
    Bookings by id; what has neither a duration nor a time is passed over.
    """
    rows = session.execute(select(*_COLUMNS).where(*conditions).order_by(Appointment.id)).all()
    if not rows:
        return []
    chosen: Sequence[ColumnElement[bool]] = conditions
    if len(rows) <= _FEW:
        chosen = [Appointment.id.in_([row.id for row in rows])]
    seats: dict[int, list[Seat]] = defaultdict(list)
    who = select(AppointmentUser.appointment_id, AppointmentUser.user_id, AppointmentUser.position)
    for key, user, position in session.execute(_linked(who, AppointmentUser.appointment_id, chosen)):
        seats[key].append(Seat(user, position))
    uses: dict[int, list[Use]] = defaultdict(list)
    link = AppointmentResource
    what = select(link.appointment_id, link.resource_id, link.demand, link.units)
    for key, resource, demand, units in session.execute(_linked(what, link.appointment_id, chosen)):
        uses[key].append(Use(resource, demand, units))
    return [
        Booking(
            id=row.id,
            title=row.title,
            client=row.client_email or row.client_name or None,
            start=row.start_datetime,
            minutes=row.duration_minutes,
            status=row.status,
            priority=row.priority,
            team=row.assigned_team_id,
            requirements=row.requirements,
            pinned=row.pinned,
            latitude=row.latitude,
            longitude=row.longitude,
            seats=in_order(seats[row.id]) if row.id in seats else (),
            uses=uses_in_order(uses[row.id]) if row.id in uses else (),
        )
        for row in rows
        if row.duration_minutes is not None
    ]


def bookings_of(session: Session, numbers: Collection[int], now: datetime | None = None) -> list[Booking]:
    """Read some appointments; one that does not stand has no start.

    Parameters
    ----------
    session
        Bound to an organization.
    numbers
        Ids of appointments; hidden ones are passed over.
    now
        As for `standing`.

    Returns
    -------
    Bookings by id.
    """
    if not numbers:
        return []
    chosen = Appointment.id.in_(sorted(numbers))
    stands = set(session.scalars(select(Appointment.id).where(chosen, standing(now))))
    return [each if each.id in stands else replace(each, start=None) for each in bookings_where(session, chosen)]


def linked_with(session: Session, numbers: Sequence[int]) -> set[int]:
    """Find what some appointments follow, and what follows them.

    Parameters
    ----------
    session
        Bound to an organization.
    numbers
        Ids of appointments.

    Returns
    -------
    Ids of others, hidden and cancelled ones included.
    """
    link = AppointmentLink
    rows = session.execute(
        select(link.appointment_id, link.follows_id).where(
            or_(link.appointment_id.in_(numbers), link.follows_id.in_(numbers))
        )
    )
    return {key for row in rows for key in row}.difference(numbers)


def linked_where(session: Session, *conditions: ColumnElement[bool]) -> set[int]:
    """Find what the appointments that meet some conditions follow, and what follows them: the same for many."""
    link, found = AppointmentLink, set[int]()
    for near, far in ((link.appointment_id, link.follows_id), (link.follows_id, link.appointment_id)):
        found.update(session.scalars(_linked(select(far), near, conditions)))
    return found


def _linked(statement: Any, key: Any, conditions: Sequence[ColumnElement[bool]]) -> Any:
    return statement.join(Appointment, Appointment.id == key).where(*conditions)
