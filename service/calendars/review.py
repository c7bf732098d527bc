"""What was changed outside about one of our appointments is a conflict that people decide.

While it is open neither side is written. It closes by itself when both say the same again; whoever resolves it lets
what stands here be written over what stands there; `take` changes the appointment to what stands there.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.enums import AppointmentStatus, ConflictStatus, ConflictType, ImpactLevel, Priority
from models.events import ConflictDetected, ConflictResolved
from models.records import AppointmentUser, CalendarObject, ScheduleConflict
from models.records.base import now
from service.bus import emit
from service.calendars.events import Facts
from service.calendars.shown import Entry
from service.calendars.terms import Terms
from service.errors import Conflict
from service.tenancy import caller_of

RULE = "outside_change"
"""The rule of a conflict that says that an appointment was changed in a calendar elsewhere."""

GONE: dict[str, Any] = {"gone": True}
_IMPACT = {
    Priority.LOW: ImpactLevel.LOW,
    Priority.NORMAL: ImpactLevel.MEDIUM,
    Priority.HIGH: ImpactLevel.HIGH,
    Priority.URGENT: ImpactLevel.HIGH,
}


def stored(facts: Facts | None) -> dict[str, Any]:
    """Write facts as they are kept; None is what is gone."""
    return dict(GONE) if facts is None else facts.stored()


def settle(session: Session, terms: Terms, row: CalendarObject, entry: Entry, outside: Facts | None) -> None:
    """Compare what stands outside with what both sides agreed on, and with what stands here.

    Parameters
    ----------
    session
        Bound to the organization.
    terms
        Of the calendar.
    row
        The file; it keeps the outcome, and is deleted if both sides have nothing.
    entry
        The appointment.
    outside
        What was read; None if it is gone.
    """
    there = stored(outside)
    if row.sent is not None:
        if row.sent == there:
            row.base = there
        row.sent, row.appointment_version = None, None
    if there in (row.base, stored(entry.facts)) or (outside is None and row.base is None):
        row.base = there
        _agree(session, row)
        if outside is None and entry.facts is None:
            session.delete(row)
    elif row.outside != there:
        row.outside = there
        _raise(session, terms, row, entry, outside)


def decide(session: Session, terms: Terms, row: CalendarObject, entry: Entry) -> None:
    """Look whether what was under review is settled: both sides say the same, or somebody has resolved the conflict."""
    assert row.outside is not None
    conflict = session.get(ScheduleConflict, row.conflict_id) if row.conflict_id is not None else None
    if row.outside == stored(entry.facts):
        row.base = row.outside
        _agree(session, row)
    elif conflict is None:
        _raise(session, terms, row, entry, Facts.read(row.outside))
    elif conflict.status is ConflictStatus.RESOLVED:
        row.base, row.outside, row.conflict_id, row.appointment_version = row.outside, None, None, None


def take(session: Session, conflict: ScheduleConflict) -> None:
    """Change the appointment of a conflict to what stands in the calendar, and close the conflict.

    Parameters
    ----------
    session
        Bound to a caller.
    conflict
        With the rule `RULE`, locked.

    Raises
    ------
    Conflict
        If there is nothing to follow, or nothing that an appointment can be.
    SlotTaken, RuleViolated, IllegalTransition
        If the appointment cannot be so.
    """
    from service.api.appointments import APPOINTMENTS  # the API imports what synchronizes
    from service.booking import change
    from service.crud import find

    if conflict.rule != RULE or conflict.status is ConflictStatus.RESOLVED:
        told = "resolved" if conflict.rule == RULE else f"about {conflict.rule or 'what somebody entered'}"
        raise Conflict(f"Conflict {conflict.id} is {told}: there is no calendar to follow.")
    details: dict[str, Any] = dict(conflict.details)
    outside, here = Facts.read(details.get("outside")), Facts.read(details.get("here"))
    if outside is not None and (outside.odd or here is None):
        why = outside.odd or "It is no more here."
        raise Conflict(f"The appointment cannot follow the calendar. {why} Resolve the conflict to keep what is here.")
    appointment = find(session, APPOINTMENTS, conflict.primary_appointment_id, lock=True)
    values: dict[str, Any] = {"status": AppointmentStatus.CANCELLED}
    if outside is not None and here is not None:
        values = {"start_datetime": outside.start, "end_datetime": outside.end}
        shown = [name for name in ("title", "location", "description") if getattr(here, name)]
        names = [name for name in shown if getattr(here, name) == getattr(appointment, name).strip()]
        values |= {name: getattr(outside, name) for name in names if getattr(outside, name) != getattr(here, name)}
    change(session, appointment, values)
    conflict.resolved_by_id = caller_of(session).user_id
    _close(session, conflict, "The appointment follows the calendar.")


def _agree(session: Session, row: CalendarObject) -> None:
    row.outside = None
    conflict = session.get(ScheduleConflict, row.conflict_id) if row.conflict_id is not None else None
    row.conflict_id = None
    if conflict is not None and conflict.status is not ConflictStatus.RESOLVED:
        _close(session, conflict, "Both calendars say the same again.")


def _close(session: Session, conflict: ScheduleConflict, why: str) -> None:
    conflict.status, conflict.resolved_at = ConflictStatus.RESOLVED, now()
    lines = [conflict.resolution_notes] if conflict.resolution_notes else []
    conflict.resolution_notes = "\n".join([*lines, why])[-10_000:]
    emit(session, ConflictResolved(conflict.id))


def _raise(session: Session, terms: Terms, row: CalendarObject, entry: Entry, outside: Facts | None) -> None:
    """Store the conflict, or say in the one that is there what stands outside now."""
    appointment = entry.appointment
    conflict = session.get(ScheduleConflict, row.conflict_id) if row.conflict_id is not None else None
    users = select(AppointmentUser.user_id).where(AppointmentUser.appointment_id == appointment.id)
    values: dict[str, Any] = {
        "status": ConflictStatus.PENDING,
        "conflict_description": _told(terms, entry, outside)[:10_000],
        "conflict_datetime": appointment.start_datetime or now(),
        "impact_level": _IMPACT[appointment.priority],
        "details": {
            "integration": terms.integration,
            "outside": stored(outside),
            "here": stored(entry.facts),
        },
    }
    if conflict is None:
        conflict = ScheduleConflict(
            conflict_type=ConflictType.TIME_CONFLICT,
            primary_appointment_id=appointment.id,
            rule=RULE,
            subject=f"integration:{terms.integration}",
            involved_appointment_ids=[appointment.id],
            affected_user_ids=sorted(session.scalars(users)),
            **values,
        )
        session.add(conflict)
    else:
        conflict.assign({**values, "resolved_at": None, "resolved_by_id": None})
    session.flush()
    row.conflict_id = conflict.id
    emit(session, ConflictDetected(conflict.id))


def _told(terms: Terms, entry: Entry, outside: Facts | None) -> str:
    """Say what differs, and what can be done."""
    here, title = entry.facts, entry.appointment.title
    where = f'the calendar "{terms.name}"'
    if outside is None:
        return f'"{title}" was deleted in {where}. Cancel it here to agree, or resolve this to write it there again.'
    if here is None:
        return f'"{title}" was changed in {where}, and is no more here. Resolve this to delete it there.'
    differs = outside.odd or "; ".join(_differences(terms, here, outside)) + "."
    return (
        f'"{title}" was changed in {where}: {differs} Change it here to agree, or resolve this to write there what'
        " stands here."
    )


def _differences(terms: Terms, here: Facts, outside: Facts) -> Iterator[str]:
    if (here.start, here.end) != (outside.start, outside.end):
        yield f"{_when(terms, outside)} instead of {_when(terms, here)}"
    for name in ("title", "location", "description"):
        ours, theirs = getattr(here, name), getattr(outside, name)
        if ours != theirs:
            yield f'{name} "{theirs[:100]}" instead of "{ours[:100]}"'


def _when(terms: Terms, facts: Facts) -> str:
    start, end = facts.start.astimezone(terms.zone), facts.end.astimezone(terms.zone)
    return f"{start:%a %d %b %Y, %H:%M} to {end:%H:%M}"
