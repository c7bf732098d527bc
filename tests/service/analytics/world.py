"""Appointments and calendars for figures, written straight into the tables: what is counted need not be allowed."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from models.enums import AppointmentStatus as Status, Weekday
from models.people import Availability, WallSpan
from models.records import Appointment, AppointmentResource, AppointmentUser

WORKDAYS = tuple(Weekday)[:5]


def weekly(days: Iterable[Weekday], *spans: tuple[str, str]) -> Availability:
    """The same hours on some days."""
    hours = tuple(WallSpan.model_validate({"start": start, "end": end}) for start, end in spans)
    return dict.fromkeys(days, hours)


def put(
    session: Session,
    start: datetime,
    minutes: int,
    status: Status = Status.SCHEDULED,
    *,
    users: Iterable[int] = (),
    resources: Iterable[tuple[int, int | None]] = (),
    **more: Any,
) -> Appointment:
    """Store an appointment with its users, and its resources with the units in use."""
    made = Appointment(
        title="visit",
        start_datetime=start,
        end_datetime=start + timedelta(minutes=minutes),
        duration_minutes=minutes,
        status=status,
        **({"currency": "EUR"} | more),
    )
    made.user_links = [AppointmentUser(user_id=user, position=0) for user in users]
    made.resource_links = [AppointmentResource(resource_id=key, demand=0, units=units) for key, units in resources]
    session.add(made)
    session.flush()
    return made
