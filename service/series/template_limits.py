"""What a template says about bookings of appointments that refer to it: how many at once, and how far ahead."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from models.enums import AppointmentStatus as Status, ConflictType
from models.lifecycle import BUSY
from models.plan import Violation
from models.records import Appointment, ScheduleTemplate
from models.records.base import now
from service.booking.clashes import Breach
from solver.rules.breach import IMPACT


def template_breaches(session: Session, appointment: Appointment, stood: datetime | None) -> list[Breach]:
    """Find what a booking breaks of its template; the template is locked, so that bookings of it wait for each other.

    Parameters
    ----------
    session
        Bound to a caller.
    appointment
        Flushed, where it is to stand.
    stood
        Where it was booked before; None if it was not.

    Returns
    -------
    A breach of `capacity` if too many would be at once, one of `advance_booking` if it starts too soon or too late.
    """
    start, end = appointment.start_datetime, appointment.end_datetime
    if appointment.schedule_template_id is None or start is None or end is None:
        return []
    chosen = select(
        ScheduleTemplate.id,
        ScheduleTemplate.name,
        ScheduleTemplate.max_capacity,
        ScheduleTemplate.min_advance_booking_hours,
        ScheduleTemplate.max_advance_booking_days,
    ).where(ScheduleTemplate.id == appointment.schedule_template_id)
    template = session.execute(chosen.with_for_update(key_share=True)).one_or_none()
    if template is None:
        return []
    found: list[Breach] = []
    if stood != start:
        found += _advance(appointment, template, start)
    busy = or_(
        Appointment.status.in_(BUSY), and_(Appointment.status == Status.REQUESTED, Appointment.held_until > now())
    )
    others = session.execute(
        select(Appointment.id, Appointment.start_datetime, Appointment.end_datetime).where(
            Appointment.schedule_template_id == template.id,
            Appointment.id != appointment.id,
            Appointment.start_datetime < end,
            Appointment.end_datetime > start,
            busy,
        )
    ).all()
    most = most_at_once([(max(each.start_datetime, start), each.end_datetime) for each in others])
    if most + 1 > template.max_capacity:
        what = f'The template "{template.name}" allows {template.max_capacity} at once, and has {most} at that time.'
        keys = [each.id for each in others]
        over = most + 1 - template.max_capacity
        full = _violation(appointment, "capacity", ConflictType.CAPACITY_EXCEEDED, keys, what, over)
        found.append(Breach(full, taken=True))
    return found


def most_at_once(spans: list[tuple[datetime, datetime]]) -> int:
    """Find how many half-open spans there are at the busiest moment."""
    count = most = 0
    for _, change in sorted(change for start, end in spans for change in ((start, 1), (end, -1))):
        count += change
        most = max(most, count)
    return most


def _advance(appointment: Appointment, template: Any, start: datetime) -> list[Breach]:
    hours, days = template.min_advance_booking_hours, template.max_advance_booking_days
    name, ahead = template.name, start - now()
    if hours and ahead < timedelta(hours=hours):
        what = f'The template "{name}" is booked at least {hours} h ahead.'
        amount = -((ahead - timedelta(hours=hours)) // timedelta(minutes=1))
    elif days is not None and ahead > timedelta(days=days):
        what = f'The template "{name}" is booked at most {days} days ahead.'
        amount = (ahead - timedelta(days=days)) // timedelta(minutes=1)
    else:
        return []
    return [Breach(_violation(appointment, "advance_booking", ConflictType.TIME_CONFLICT, [], what, amount))]


def _violation(
    appointment: Appointment, rule: str, kind: ConflictType, others: list[int], message: str, amount: int
) -> Violation:
    return Violation(
        rule=rule,
        conflict_type=kind,
        impact_level=IMPACT[appointment.priority][0],
        appointments=tuple(str(key) for key in (*others, appointment.id)),
        start=appointment.start_datetime,
        end=appointment.end_datetime,
        amount=amount,
        message=message,
    )
