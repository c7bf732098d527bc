"""One occurrence of a series: made, booked, or, if it cannot be, left out or stored as a request."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from models.enums import AppointmentStatus as Status
from models.errors import RuleViolated, SlotTaken
from models.events import AppointmentCreated
from models.lifecycle import BUSY
from models.records import Appointment
from service.booking import Override, book
from service.bus import emit
from service.crud import assign
from service.series.clashing import store_clash
from service.series.loading import moment_of, original_minute
from service.series.pattern import Pattern
from service.series.shared import for_day, series_values
from service.series.suggesting import look_around
from service.series.wishes import OnConflict, Outcome, report

UNBOOKABLE = (SlotTaken, RuleViolated)


def make(
    session: Session,
    source: Appointment,
    pattern: Pattern,
    start: int,
    status: Status,
    *,
    on_conflict: OnConflict,
    override: Override | None = None,
    alternatives: bool = True,
) -> Appointment | None:
    """Make an occurrence where a series wants one and has none.

    Parameters
    ----------
    session
        Bound to a caller.
    source
        An occurrence of the series, from which all that they have in common is taken.
    pattern, start
        The series, and one of its starts in epoch minutes.
    status
        Of the new one.
    on_conflict
        What to do if it cannot be booked; with `fail` it is only reported.
    override
        The wish to book it although it breaks rules.
    alternatives
        Whether other times are looked for, for a request.

    Returns
    -------
    The occurrence; None if there is none.
    """
    moment = moment_of(start)
    try:
        with session.begin_nested():
            made = _new(source, pattern, start, status)
            store(session, made, override)
    except UNBOOKABLE as error:
        if on_conflict is not OnConflict.SUGGEST:
            report(session, moment, _without(on_conflict), None, error)
            return None
        if alternatives:
            look_around(session, error)
        requested = _new(source, pattern, start, Status.REQUESTED)
        requested.start_datetime = requested.end_datetime = None
        store(session, requested, None)
        store_clash(session, requested, error)
        report(session, moment, Outcome.REQUESTED, requested.id, error)
        return requested
    report(session, moment, Outcome.CREATED, made.id, None)
    return made


def store(session: Session, appointment: Appointment, override: Override | None) -> None:
    """Write a new appointment, booked if it is busy, and say so."""
    if appointment.status in BUSY:
        book(session, appointment, override=override)
    else:
        session.add(appointment)
        session.flush()
    emit(session, AppointmentCreated(appointment.id))


def attempt(session: Session, action: Callable[[], object]) -> SlotTaken | RuleViolated | None:
    """Do something that may not be bookable; if it is not, it is taken back.

    Returns
    -------
    What was in the way.
    """
    try:
        with session.begin_nested():
            action()
            session.flush()
    except UNBOOKABLE as error:
        return error
    return None


def _without(on_conflict: OnConflict) -> Outcome:
    return Outcome.SKIPPED if on_conflict is OnConflict.SKIP else Outcome.REFUSED


def _new(source: Appointment, pattern: Pattern, start: int, status: Status) -> Appointment:
    days = pattern.day_of(start) - pattern.day_of(original_minute(source))
    values: dict[str, Any] = dict(for_day(series_values(source), source, days, None, pattern.zone))
    if source.whole_team:
        values["assigned_users"] = []
    made = Appointment(
        status=status,
        is_recurring=True,
        parent_appointment_id=source.parent_appointment_id or source.id,
        original_start=moment_of(start),
    )
    assign(made, values | {"start_datetime": moment_of(start)})
    made.currency, made.estimates_cost = source.currency, source.estimates_cost
    made.reminder_datetime = _reminder(source, start)
    return made


def _reminder(source: Appointment, start: int) -> Any:
    """As long before the start as that of the source; None is the default."""
    if source.reminder_datetime is None or source.start_datetime is None:
        return None
    before: timedelta = source.start_datetime - source.reminder_datetime
    return moment_of(start) - before
