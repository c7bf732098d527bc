"""Who sees only its own rows of some kinds of records."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from models.records import (
    Absence,
    ApiKey,
    Appointment,
    AppointmentUser,
    CalendarFeed,
    NotificationDelivery,
    NotificationPreference,
    QuietHours,
    Role,
    ScheduleNotification,
)
from models.records.base import Record
from models.records.notifications import NotificationRecipient
from service.callers import Caller
from service.errors import Forbidden
from service.tenancy import caller_of

R = TypeVar("R", bound=Record)
_MEMBER = frozenset({Role.MEMBER})
_ALL_BUT_OWNERS = frozenset(Role) - {Role.OWNER}


@dataclass(frozen=True, slots=True)
class Own:
    """Who sees only its own rows of a kind, and what makes them its own."""

    roles: frozenset[Role]
    condition: Callable[[int], ColumnElement[bool]]


OWN: Mapping[type[Record], Own] = {
    Appointment: Own(
        _MEMBER,
        lambda user: Appointment.id.in_(select(AppointmentUser.appointment_id).where(AppointmentUser.user_id == user)),
    ),
    Absence: Own(_MEMBER, lambda user: Absence.user_id == user),
    CalendarFeed: Own(_MEMBER, lambda user: CalendarFeed.user_id == user),
    ApiKey: Own(_ALL_BUT_OWNERS, lambda user: ApiKey.user_id == user),
    NotificationDelivery: Own(_MEMBER, lambda user: NotificationDelivery.user_id == user),
    NotificationPreference: Own(_MEMBER, lambda user: NotificationPreference.user_id == user),
    QuietHours: Own(_MEMBER, lambda user: QuietHours.user_id == user),
    ScheduleNotification: Own(
        _MEMBER,
        lambda user: ScheduleNotification.id.in_(
            select(NotificationRecipient.notification_id).where(NotificationRecipient.user_id == user)
        ),
    ),
}


def own_condition(caller: Caller, record: type[Record]) -> ColumnElement[bool] | None:
    """Say what a caller sees of a kind of record; None where it sees all."""
    own = OWN.get(record)
    if own is None or caller.user_id is None or caller.role not in own.roles:
        return None
    return own.condition(caller.user_id)


def limited_to_own(session: Session, statement: Select[Any], record: type[R]) -> Select[Any]:
    """Keep what the caller of a session may see of a kind of record.

    Parameters
    ----------
    session
        Bound to the caller.
    statement
        Selects records.
    record
        Their class.

    Returns
    -------
    The statement, with a condition if the caller sees only its own.
    """
    condition = own_condition(caller_of(session), record)
    return statement if condition is None else statement.where(condition)


def ensure_own(session: Session, record: Record) -> None:
    """Refuse a write of a row that its writer could not see.

    Parameters
    ----------
    session
        Bound to the caller.
    record
        As it was flushed.

    Raises
    ------
    Forbidden
        If it is somebody else's.
    """
    kind = type(record)
    condition = own_condition(caller_of(session), kind)
    if condition is not None and session.scalar(select(kind.id).where(kind.id == record.id, condition)) is None:
        raise Forbidden("You may only write what is your own. Name yourself as its user.")
