"""How appointments are written over HTTP: alone, or as occurrences of a series."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.enums import AppointmentStatus as Status
from models.errors import Fault
from models.lifecycle import ensure_transition
from models.records import Appointment, ScheduleTemplate
from models.records.base import InvalidRecord
from service.auditing import because
from service.booking import changing
from service.crud import Resource
from service.series.ending import cancel_many, remove_many
from service.series.loading import is_in_series, load_series
from service.series.materializing import begin, ensure_rule
from service.series.scopes import change_many
from service.series.shared import SHARED, Values, note_series, series_value
from service.series.wishes import Scope, wished_on_conflict, wished_scope

_TIMES = frozenset({"start_datetime", "end_datetime", "duration_minutes"})


def create(session: Session, resource: Resource[Appointment], values: Values) -> Appointment:
    """Make an appointment, and with a rule the series that it begins."""
    rule = values.get("recurrence_rule")
    values = _priced(session, _flagged(values, rule is not None))
    if rule is not None:
        ensure_rule(rule, values.get("start_datetime") or values.get("end_datetime"))
    appointment = changing.create(session, resource, values)
    if rule is not None:
        begin(session, appointment, wished_on_conflict(session))
    return appointment


def update(session: Session, resource: Resource[Appointment], appointment: Appointment, values: Values) -> None:
    """Change an appointment, and those of its series that the request means."""
    rule = values.get("recurrence_rule")
    if not is_in_series(appointment):
        values = _flagged(values, rule is not None) if {"recurrence_rule", "is_recurring"} & values.keys() else values
        if rule is not None:
            ensure_rule(rule, values.get("start_datetime", appointment.start_datetime))
        changing.update(session, resource, appointment, values)
        if rule is not None:
            begin(session, appointment, wished_on_conflict(session))
        return
    scope = _scope(session, appointment, values)
    if scope is not Scope.THIS:
        change_many(session, appointment, values, scope, wished_on_conflict(session))
        return
    own = {name: value for name, value in values.items() if name not in ("recurrence_rule", "is_recurring")}
    change_one(session, appointment, own, lambda: changing.update(session, resource, appointment, own))


def change_one(session: Session, appointment: Appointment, values: Values, write: Callable[[], None]) -> None:
    """Change one occurrence, and keep in mind what its series says."""
    if not is_in_series(appointment):
        write()
        return
    names = {name for name in values if name in SHARED} | ({"duration_minutes"} if _TIMES & values.keys() else set())
    said = {name: series_value(appointment, name) for name in names}
    write()
    note_series(appointment, said)
    session.flush()


def remove(session: Session, resource: Resource[Appointment], appointment: Appointment) -> None:
    """Delete an appointment, and those of its series that the request means."""
    if is_in_series(appointment):
        remove_many(session, appointment, wished_scope(session) or Scope.THIS)
    else:
        changing.remove(session, resource, appointment)


def reschedule(
    session: Session,
    appointment: Appointment,
    values: dict[str, Any],
    reason: str,
    move: Callable[[Appointment], None],
) -> None:
    """Move an appointment, and those of its series that the request means."""
    scope = wished_scope(session) or Scope.THIS
    if is_in_series(appointment) and scope is not Scope.THIS:
        ensure_transition(appointment.status, Status.RESCHEDULED)
        if reason:
            because(session, reason)
        change_many(session, appointment, values, scope, wished_on_conflict(session))
    else:
        change_one(session, appointment, values, lambda: move(appointment))


def cancel(session: Session, appointment: Appointment, cancel_it: Callable[[Appointment], None]) -> None:
    """Cancel an appointment, and those of its series that the request means."""
    scope = wished_scope(session) or Scope.THIS
    if is_in_series(appointment) and scope is not Scope.THIS:
        cancel_many(session, appointment, scope, cancel_it)
    else:
        cancel_it(appointment)


def _priced(session: Session, values: Values) -> Values:
    """Let the currency be that of the template, if there is one and the values name none."""
    key = values.get("schedule_template")
    if key is None or values.get("currency") is not None:
        return values
    currency = session.scalar(select(ScheduleTemplate.currency).where(ScheduleTemplate.id == key))
    return values if currency is None else {**values, "currency": currency}


def _flagged(values: Values, recurs: bool) -> Values:
    if values.get("is_recurring") and not recurs:
        fault = Fault("recurrence_rule", "null", "how it recurs", "Add it, or leave is_recurring at false.")
        raise InvalidRecord([fault])
    return {**values, "is_recurring": recurs}


def _scope(session: Session, appointment: Appointment, values: Values) -> Scope:
    """Which occurrences a change means: a rule is never that of one alone."""
    wished = wished_scope(session)
    head = load_series(session, appointment).head
    is_head = head is appointment
    named = "recurrence_rule" in values and (is_head or values["recurrence_rule"] is not None)
    new_rule = named and values["recurrence_rule"] != head.recurrence_rule
    ends = is_head and values.get("is_recurring") is False
    if wished is Scope.THIS and (new_rule or ends):
        expected = "a scope of this_and_following or all with another rule"
        raise InvalidRecord([Fault("scope", "this", expected, "A rule belongs to the whole series.")])
    return wished or (Scope.ALL if new_rule or ends else Scope.THIS)
