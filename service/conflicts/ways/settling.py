"""Conflicts and requests settled by a way: what is offered for each, and what follows once it is applied."""

from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from models.enums import AppointmentStatus as Status, ConflictStatus
from models.errors import NotFound
from models.records import AuditEntry, ScheduleConflict
from service.conflicts import recheck_appointments, resolving
from service.conflicts.ways import keeping
from service.conflicts.ways.applying import apply, offered
from service.conflicts.ways.clashing import ways_out
from service.conflicts.ways.options import Way, WayKind
from service.conflicts.ways.placing import ways_onto_the_plan
from service.errors import Conflict
from service.snapshot import Booking
from service.snapshot.reading import bookings_of
from service.tenancy import caller_of

MOST = 6


class Offered(NamedTuple):
    """Ways, and what they were tried on."""

    ways: list[Way]
    read: dict[str, dict[str, Any]]


def subject_of(conflict: ScheduleConflict) -> str:
    """Name what ways are out of."""
    return f"conflict {conflict.id}"


def subject_of_request(key: int) -> str:
    """Name what ways give a place to."""
    return f"appointment {key}"


def ways_of(session: Session, conflict: ScheduleConflict, *, most: int = MOST) -> Offered:
    """Find ways out of a conflict: places for what has none, or others for what clashes.

    Parameters
    ----------
    session
        Bound to a caller; it only reads.
    conflict
        With its linking rows.
    most
        How many at most.

    Returns
    -------
    The best first; none of what is resolved.
    """
    if conflict.status is ConflictStatus.RESOLVED:
        return Offered([], {"appointments": {}, "absences": {}})
    waiting = _waiting(session, conflict.primary_appointment_id)
    if waiting is not None:
        ways = ways_onto_the_plan(session, waiting, subject_of(conflict), most=most)
    else:
        ways = ways_out(session, conflict, most=most)
    about = [conflict.primary_appointment_id, conflict.conflicting_appointment_id]
    return Offered(ways, keeping.read_as(session, ways, [key for key in about if key is not None]))


def ways_for(session: Session, key: int, *, most: int = MOST) -> Offered:
    """Find places for a request.

    Raises
    ------
    NotFound
        If there is no such appointment.
    Conflict
        If it is no request.
    """
    booking = _request(session, key)
    ways = ways_onto_the_plan(session, booking, subject_of_request(key), most=most)
    return Offered(ways, keeping.read_as(session, ways, [key]))


def settle(session: Session, conflict: ScheduleConflict, option: str, notes: str = "") -> Way:
    """Apply a way out of a conflict, and close it.

    Parameters
    ----------
    session
        Bound to a caller; nothing is locked yet.
    conflict
        With its linking rows.
    option, notes
        The way, and what else is to be noted.

    Returns
    -------
    What was applied.

    Raises
    ------
    Conflict
        If it is resolved already, there is no such way, it has become outdated, or its cause stands in spite of it.
    """
    subject = subject_of(conflict)
    if conflict.status is ConflictStatus.RESOLVED:
        raise Conflict(f"Conflict {conflict.id} is resolved already. There is nothing left to apply.")
    way, read = offered(session, subject, option)
    apply(session, subject, way, read)
    close(session, conflict, way, notes)
    keeping.forget(session, subject)
    return way


def close(session: Session, conflict: ScheduleConflict, way: Way, notes: str = "") -> None:
    """Close a conflict whose way out was applied."""
    told = "\n".join(text for text in (way.summary, notes) if text)
    session.refresh(conflict)
    if way.kind is WayKind.ACCEPT:
        _note_override(session, conflict, told)
        resolving.become(session, conflict, ConflictStatus.IGNORED)
        resolving.note(conflict, told)
        session.flush()
        return
    if conflict.identity is not None and conflict.status is not ConflictStatus.RESOLVED:
        recheck_appointments(session, list(conflict.involved_appointment_ids))
        session.refresh(conflict)
    resolving.resolve(session, conflict, told)


def settle_request(session: Session, key: int, option: str) -> Way:
    """Give a request the place that a way has found for it.

    Raises
    ------
    Conflict
        As for `settle`.
    """
    _request(session, key)
    subject = subject_of_request(key)
    way, read = offered(session, subject, option)
    apply(session, subject, way, read)
    keeping.forget(session, subject)
    return way


def _waiting(session: Session, key: int) -> Booking | None:
    """Read an appointment if it has no place."""
    found = [each for each in bookings_of(session, [key]) if each.status is Status.REQUESTED and each.start is None]
    return found[0] if found else None


def _request(session: Session, key: int) -> Booking:
    found = bookings_of(session, [key])
    if not found:
        raise NotFound("appointment", key)
    if found[0].status is not Status.REQUESTED or found[0].start is not None:
        raise Conflict(f"Appointment {key} is {found[0].status}: only a request without a time is looked after here.")
    return found[0]


def _note_override(session: Session, conflict: ScheduleConflict, reason: str) -> None:
    caller = caller_of(session)
    session.add(
        AuditEntry(
            actor=caller.user_id,
            actor_name=caller.name,
            action="overridden",
            record_type="conflict",
            record=conflict.id,
            after={"violations": [conflict.details.get("violation")]},
            reason=reason,
            request_id=caller.request_id,
        )
    )
