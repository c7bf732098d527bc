"""How appointments are written: created, changed, moved through their life, hidden; every write ends here."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from models.enums import AppointmentStatus as Status
from models.errors import IllegalTransition, TidyplanError
from models.events import (
    AppointmentCancelled,
    AppointmentCompleted,
    AppointmentConfirmed,
    AppointmentCreated,
    AppointmentDeleted,
    AppointmentUpdated,
    Event,
)
from models.lifecycle import BUSY, FINAL, ensure_transition
from models.records import Appointment
from models.records.base import ensure_fit, now
from models.records.stored import stored_fields
from service.booking.book import book, free, rebook
from service.booking.refusals import Override, wished_override
from service.booking.subjects import ensure_in_reach
from service.bus import emit
from service.crud import Resource, Values, assign, inherit
from service.linking import ensure_known
from service.output import in_utc
from service.series.cancellation import charge

EVENTS: Mapping[Status, type[Event]] = {
    Status.CONFIRMED: AppointmentConfirmed,
    Status.CANCELLED: AppointmentCancelled,
    Status.COMPLETED: AppointmentCompleted,
}
"""The events of statuses that have one of their own; the others are updates."""

AFTERWARDS = frozenset(
    {
        "completion_notes",
        "completion_rating",
        "completion_feedback",
        "estimated_cost",
        "actual_cost",
        "currency",
        "is_billable",
    }
)
"""What may still be written about an appointment that is over."""


LOCKED = frozenset({"assigned_team", "assigned_users", "required_resources"})
"""What booking locks, and thereby knows to be there."""


class Frozen(IllegalTransition):
    """An appointment that is over, and may not be rewritten."""

    def __init__(self, status: Status, names: list[str]) -> None:
        may = ", ".join(sorted(AFTERWARDS))
        TidyplanError.__init__(
            self, f"An appointment that is {status} keeps its {', '.join(names)}. What may still change: {may}."
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an appointment stood before a change."""

    status: Status
    start: Any
    end: Any
    team: int | None
    users: frozenset[int]
    resources: frozenset[int]
    rest: tuple[Any, ...]

    @classmethod
    def of(cls, appointment: Appointment) -> "Standing":
        """Note where an appointment stands, with its linking rows loaded."""
        return cls(
            appointment.status,
            appointment.start_datetime,
            appointment.end_datetime,
            appointment.assigned_team_id,
            frozenset(appointment.assigned_user_ids),
            frozenset(appointment.required_resource_ids),
            (appointment.requirements, appointment.latitude, appointment.longitude, appointment.whole_team),
        )

    def placed_as(self, other: "Standing") -> bool:
        """Tell whether nothing but the status differs of what a booking depends on."""
        return replace(self, status=other.status) == other


def create(session: Session, _resource: Resource[Appointment], values: Values) -> Appointment:
    """Make an appointment and book it, if it is busy."""
    busy = values.get("status", Status.SCHEDULED) in BUSY
    unlocked = {name: value for name, value in values.items() if name not in LOCKED}
    ensure_known(session, Appointment, unlocked if busy else values)
    appointment = Appointment()
    assign(appointment, values)
    inherit(session, appointment, values)
    if busy:
        book(session, appointment, override=wished_override(session))
    else:
        ensure_fit(appointment)
        ensure_in_reach(appointment)
        session.add(appointment)
        session.flush()
    emit(session, AppointmentCreated(appointment.id))
    return appointment


def update(session: Session, _resource: Resource[Appointment], appointment: Appointment, values: Values) -> None:
    """Change an appointment as a body says."""
    ensure_known(session, Appointment, values)
    change(session, appointment, values, override=wished_override(session))


def remove(session: Session, _resource: Resource[Appointment], appointment: Appointment) -> None:
    """Hide an appointment as a request says."""
    hide(session, appointment)


def hide(session: Session, appointment: Appointment) -> None:
    """Hide an appointment and free its time."""
    appointment.hidden_at = now()
    free(session, appointment)
    emit(session, AppointmentDeleted(appointment.id))


def change(session: Session, appointment: Appointment, values: Values, *, override: Override | None = None) -> None:
    """Change an appointment, with all that follows: its status, what it takes, its event.

    A new start makes a booked one `rescheduled`, unless the values say what it becomes.

    Parameters
    ----------
    session
        Bound to a caller.
    appointment
        Locked, with its linking rows loaded.
    values
        What changes, by API name; a status that is the present one is no change.
    override
        The wish to store it although it breaks rules, if its caller may.

    Raises
    ------
    IllegalTransition
        If the status may not follow the present one, or the appointment is over and would be rewritten.
    SlotTaken, RuleViolated
        If it is busy then, and cannot be, or is cancelled too late.
    """
    before, version = Standing.of(appointment), appointment.version
    if before.status in FINAL:
        _ensure_unchanged(appointment, values)
    if "assigned_users" in values and frozenset(values["assigned_users"]) != before.users:
        appointment.whole_team = False
    with session.no_autoflush:
        assign(appointment, values)
        ensure_fit(appointment)
        ensure_in_reach(appointment)
        _follow(appointment, before)
    after = Standing.of(appointment)
    if after.status is Status.CANCELLED and before.status in BUSY:
        charge(session, appointment, overridden=override is not None)
    if after.status in BUSY:
        if before.status not in BUSY or not after.placed_as(before):
            stood = before.start if before.status in BUSY else None
            rebook(session, appointment, override=override, stood=stood)
    elif before.status in BUSY or (appointment.held_until is not None and after != before):
        free(session, appointment)
    settle(session, appointment, before.status, version)


def settle(session: Session, appointment: Appointment, was: Status, version: int) -> None:
    """Write what changed, and say so.

    Parameters
    ----------
    session, appointment
        What was changed.
    was, version
        The status and the version it had before.
    """
    session.flush()
    if appointment.version != version:
        changed = appointment.status is not was
        event = EVENTS.get(appointment.status, AppointmentUpdated) if changed else AppointmentUpdated
        emit(session, event(appointment.id))


def _follow(appointment: Appointment, before: Standing) -> None:
    """Let the status follow a move, and the time a status."""
    if before.status not in BUSY:
        return
    if appointment.status is Status.REQUESTED:
        take_time_away(appointment)
    elif appointment.status is before.status and appointment.start_datetime != before.start:
        ensure_transition(before.status, Status.RESCHEDULED)
        appointment.status = Status.RESCHEDULED


def take_time_away(appointment: Appointment) -> None:
    """Take the time from an appointment, and what booking gave it: what was asked for stays."""
    needs = appointment.requirements
    appointment.start_datetime = appointment.end_datetime = None
    if appointment.whole_team or (needs is not None and needs.crew):
        appointment.assign({"assigned_user_ids": []})
        appointment.whole_team = False
    if needs is not None and needs.team is not None:
        appointment.assigned_team_id = None
    kept = [link.resource_id for link in appointment.resource_links if link.demand is None]
    appointment.assign({"required_resource_ids": kept})


def _ensure_unchanged(appointment: Appointment, values: Values) -> None:
    fields = stored_fields(Appointment)
    changed = [
        name
        for name, value in values.items()
        if name not in AFTERWARDS | {"status"} and not _same(getattr(appointment, fields[name].attribute), value)
    ]
    if changed:
        raise Frozen(appointment.status, changed)


def _same(present: Any, value: Any) -> bool:
    if isinstance(value, list):
        return set(present) == set(value)
    return bool(present == in_utc(value))
