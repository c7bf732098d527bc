"""What people do with appointments, one function for each action."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from models.enums import AppointmentStatus as Status
from models.errors import HoldExpired, IllegalTransition
from models.lifecycle import ensure_transition, next_statuses
from models.records import Appointment
from models.records.base import now
from service.auditing import because
from service.booking.book import book, hold as hold_time
from service.booking.changing import Standing, change, settle
from service.booking.refusals import wished_override
from service.booking.wishes import Cancellation, Completion, Hold, Move
from service.crud import assign
from service.linking import ensure_known
from service.schemas import organization


def confirm(session: Session, appointment: Appointment) -> None:
    """Confirm what is booked; book what is requested and held.

    Raises
    ------
    HoldExpired
        If it was held, and is no longer.
    IllegalTransition
        If it is neither booked nor held.
    """
    if appointment.status is not Status.REQUESTED:
        _become(session, appointment, Status.CONFIRMED)
        return
    if appointment.held_until is None:
        raise IllegalTransition(appointment.status, Status.CONFIRMED, next_statuses(appointment.status))
    if appointment.held_until <= now():
        raise HoldExpired(f"The hold ended at {appointment.held_until:%Y-%m-%d %H:%M:%S} UTC. Hold a time again.")
    version = appointment.version
    appointment.status = Status.CONFIRMED
    book(session, appointment, override=wished_override(session))
    settle(session, appointment, Status.REQUESTED, version)


def cancel(session: Session, appointment: Appointment, wish: Cancellation) -> None:
    """Cancel an appointment."""
    if wish.reason:
        because(session, wish.reason)
    _become(session, appointment, Status.CANCELLED)


def reschedule(session: Session, appointment: Appointment, wish: Move) -> None:
    """Move what is booked.

    Raises
    ------
    IllegalTransition
        If it is not booked, or under way.
    """
    ensure_transition(appointment.status, Status.RESCHEDULED)
    if wish.reason:
        because(session, wish.reason)
    values = values_of(wish)
    ensure_known(session, Appointment, values)
    change(session, appointment, values, override=wished_override(session))


def values_of(wish: Move) -> dict[str, Any]:
    """What a move changes, by API name."""
    values = wish.model_dump(exclude_unset=True, exclude={"reason"})
    optional = ("end_datetime", "duration_minutes", "assigned_users", "required_resources")
    return {name: value for name, value in values.items() if value is not None or name not in optional}


def start(session: Session, appointment: Appointment) -> None:
    """Say that work has begun."""
    _become(session, appointment, Status.IN_PROGRESS)


def complete(session: Session, appointment: Appointment, wish: Completion) -> None:
    """Say that work is done, and how it went."""
    _become(session, appointment, Status.COMPLETED, wish.model_dump(exclude_none=True))


def miss(session: Session, appointment: Appointment) -> None:
    """Note that the client was not there."""
    _become(session, appointment, Status.NO_SHOW)


def unschedule(session: Session, appointment: Appointment) -> None:
    """Make a request of what was booked."""
    _become(session, appointment, Status.REQUESTED)


def hold(session: Session, appointment: Appointment, wish: Hold) -> None:
    """Keep a time for what is requested; an earlier hold of it ends.

    Raises
    ------
    IllegalTransition
        If it is not requested.
    """
    if appointment.status is not Status.REQUESTED:
        raise IllegalTransition(appointment.status, "held", next_statuses(appointment.status))
    given = {
        "start_datetime": wish.start,
        "assigned_team": wish.team,
        "assigned_users": wish.users,
        "required_resources": wish.resources,
    }
    values = {name: value for name, value in given.items() if value is not None}
    ensure_known(session, Appointment, values)
    length = wish.length or timedelta(minutes=organization(session).policies.hold_minutes)
    version, before = appointment.version, Standing.of(appointment)
    with session.no_autoflush:
        if wish.users is not None and frozenset(wish.users) != before.users:
            appointment.whole_team = False
        assign(appointment, values)
        hold_time(session, appointment, length)
    settle(session, appointment, appointment.status, version)


def _become(session: Session, appointment: Appointment, status: Status, values: dict[str, Any] | None = None) -> None:
    ensure_transition(appointment.status, status)
    change(session, appointment, {**(values or {}), "status": status}, override=wished_override(session))
