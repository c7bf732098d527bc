"""Stored conflicts follow the plan: what is broken is there, what is mended closes by itself, what returns reopens."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, selectinload

from models.enums import AppointmentStatus, ConflictStatus
from models.events import ConflictDetected, ConflictResolved, Event
from models.plan import Violation
from models.problem import Problem
from models.records import Appointment, ScheduleConflict
from models.records.base import now
from models.records.conflicts import ConflictAppointment
from service.conflicts.identity import Found, identified
from service.snapshot.bookings import Booking
from service.snapshot.ids import numbers_of
from service.snapshot.judging import PLANNED, breaking, known_clean
from service.snapshot.neighbourhood import Judged, neighbourhood_of
from service.snapshot.reading import STANDING, bookings_where
from service.snapshot.telling import document_of, told
from solver.rules import capacity_limit

OPEN = (ConflictStatus.PENDING, ConflictStatus.ESCALATED, ConflictStatus.IGNORED)
AT_BOOKING = ("advance_booking", "past", "step")
"""Rules that bind a booking when it is made, and say nothing of it later."""
LEFT_OUT = "unassigned"
"""The rule of conflicts that say that a run found no place."""
SHARED = frozenset({"overlap", "capacity", "team"})
MOST_INVOLVED = 200
"""How many appointments of one conflict are stored beside it."""
FEW = 3
_AT_A_TIME = 500


def recheck_appointments(session: Session, numbers: Collection[int]) -> None:
    """Let the conflicts of some appointments follow the plan.

    Parameters
    ----------
    session
        Bound to the organization; everything else that matters is written.
    numbers
        Ids of appointments, gone ones included.
    """
    if not numbers:
        return
    rows = _open_rows(session, numbers)
    if not rows and known_clean(session, numbers):
        return
    judged = set(numbers).union(*(_company(row) for row in rows))
    bookings = bookings_where(session, Appointment.id.in_(sorted(judged)), Appointment.status.in_(STANDING))
    mirror(session, judged, broken_by(session, bookings))


def broken_by(session: Session, bookings: Sequence[Booking]) -> list[tuple[Found, Problem]]:
    """Find what some bookings break where they stand, each once."""
    bookings = [booking for booking in bookings if booking.judgeable]
    if not bookings:
        return []
    snapshot = neighbourhood_of(session, bookings, Judged(fresh=False))
    violations = breaking(snapshot, bookings, PLANNED)
    return distinct(without_finished(session, violations), snapshot.problem)


def without_finished(session: Session, violations: Sequence[Violation]) -> list[Violation]:
    """Leave out clashes over the same time with what is over: it takes nobody any more, as booking sees it."""
    ids = sorted({key for each in violations if _is_shared(each) for key in numbers_of(each.appointments)})
    over = set[int]()
    for first in range(0, len(ids), _AT_A_TIME):
        some = Appointment.id.in_(ids[first : first + _AT_A_TIME]), Appointment.status == AppointmentStatus.COMPLETED
        over.update(session.scalars(select(Appointment.id).where(*some)))
    return [each for each in violations if not _is_shared(each) or len(set(numbers_of(each.appointments)) - over) > 1]


def _is_shared(violation: Violation) -> bool:
    return violation.rule in SHARED and len(violation.appointments) > 1


def distinct(violations: Iterable[Violation], problem: Problem) -> list[tuple[Found, Problem]]:
    """Identify violations, and keep the first of each identity."""
    known: dict[str, tuple[Found, Problem]] = {}
    for violation in violations:
        each = identified(violation, problem)
        known.setdefault(each.identity, (each, problem))
    return list(known.values())


def mirror(session: Session, judged: Collection[int], broken: Sequence[tuple[Found, Problem]]) -> None:
    """Make the stored conflicts of some appointments those that were found.

    Parameters
    ----------
    session
        Bound to the organization.
    judged
        Ids of the appointments: every violation in which one of them takes part was found.
    broken
        What was found, each identity once.
    """
    here = {each.identity: (each, problem) for each, problem in broken}
    rows = {row.identity or "": row for row in _rows(session, judged, here)}
    for identity, (each, problem) in here.items():
        row = rows.get(identity)
        if row is None:
            _detect(session, each, problem)
        else:
            _refresh(session, row, each, problem)
    for identity, row in rows.items():
        if identity not in here and row.status in OPEN and not _still_stands(session, row):
            close(session, row, "The cause is gone.")


def close(session: Session, row: ScheduleConflict, why: str) -> None:
    """Resolve a conflict by itself, with a note."""
    row.status, row.resolved_at, row.resolved_by_id = ConflictStatus.RESOLVED, now(), None
    _note(row, why)
    _say(session, ConflictResolved(row.id))


def note_broken(session: Session, violations: Iterable[Violation]) -> None:
    """Store what a booking breaks knowingly, of rules that bind it only when it is made.

    Parameters
    ----------
    session
        Bound to the organization; the appointment is flushed.
    violations
        As `violations_of` tells them; all others are found by themselves.
    """
    for violation in violations:
        if violation.rule in AT_BOOKING and violation.appointments:
            number = int(violation.appointments[0])
            identity = f"{violation.rule} {number}"
            row = session.scalars(_with_links().where(ScheduleConflict.identity == identity)).one_or_none()
            if row is None:
                row = ScheduleConflict(identity=identity, rule=violation.rule, subject="")
                session.add(row)
            row.status, row.resolved_at = ConflictStatus.PENDING, None
            _describe(row, violation)
            _say(session, ConflictDetected(row.id))


def _detect(session: Session, each: Found, problem: Problem) -> None:
    """Store a new conflict, unless somebody else has stored it meanwhile."""
    row = ScheduleConflict(identity=each.identity, rule=each.violation.rule, subject=each.subject)
    _describe(row, told(each.violation, problem), each.period)
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        present = session.scalars(_with_links().where(ScheduleConflict.identity == each.identity)).one_or_none()
        if present is None:
            raise
        _refresh(session, present, each, problem)
        return
    _say(session, ConflictDetected(row.id))


def _refresh(session: Session, row: ScheduleConflict, each: Found, problem: Problem) -> None:
    """Let a known conflict say what is broken now; it opens again if it was closed, or ignored for other company."""
    others = set(row.involved_appointment_ids) != set(each.appointments[:MOST_INVOLVED])
    _describe(row, told(each.violation, problem), each.period)
    if row.status is ConflictStatus.RESOLVED or (row.status is ConflictStatus.IGNORED and others):
        was = row.status
        row.status, row.resolved_at, row.resolved_by_id = ConflictStatus.PENDING, None, None
        _note(row, "The cause has returned." if was is ConflictStatus.RESOLVED else "Other appointments take part now.")
        _say(session, ConflictDetected(row.id))


def _describe(row: ScheduleConflict, violation: Violation, period: str = "") -> None:
    """Write what a violation says into a conflict, where it differs."""
    numbers = [int(key) for key in violation.appointments]
    values: dict[str, Any] = {
        "conflict_type": violation.conflict_type,
        "primary_appointment_id": numbers[0],
        "conflicting_appointment_id": numbers[1] if len(numbers) > 1 else None,
        "conflict_description": violation.message[:10_000],
        "impact_level": violation.impact_level,
        "details": {"violation": document_of(violation), "period": period},
        "involved_appointment_ids": numbers[:MOST_INVOLVED],
        "affected_user_ids": [int(key) for key in violation.users],
        "affected_resource_ids": [int(key) for key in violation.resources],
    }
    if violation.start is not None:
        values["conflict_datetime"] = violation.start
    row.assign({name: value for name, value in values.items() if getattr(row, name) != value})


def _still_stands(session: Session, row: ScheduleConflict) -> bool:
    """Tell whether what was broken at booking has not been moved since, and what has no place still has none."""
    if row.rule not in (*AT_BOOKING, LEFT_OUT):
        return False
    appointment = session.get(Appointment, row.primary_appointment_id)
    if appointment is None or appointment.hidden_at is not None:
        return False
    if row.rule == LEFT_OUT:
        return appointment.status is AppointmentStatus.REQUESTED
    if appointment.status not in STANDING:
        return False
    return appointment.start_datetime == row.conflict_datetime


def _note(row: ScheduleConflict, text: str) -> None:
    lines = [row.resolution_notes] if row.resolution_notes else []
    row.resolution_notes = "\n".join([*lines, f"{now():%Y-%m-%d %H:%M} UTC: {text}"])[-10_000:]


def _company(row: ScheduleConflict) -> list[int]:
    """List the appointments by which one sees whether a conflict still stands: of a limit, any few will do."""
    return row.involved_appointment_ids[: FEW if row.details.get("period") else None]


def _open_rows(session: Session, numbers: Collection[int]) -> list[ScheduleConflict]:
    """Read the open conflicts of some appointments; all could be part of what the whole organization exceeds."""
    linked = select(ConflictAppointment.conflict_id).where(ConflictAppointment.appointment_id.in_(sorted(numbers)))
    everybody = and_(ScheduleConflict.rule == capacity_limit.NAME, ScheduleConflict.subject == "")
    statement = _with_links().where(
        or_(ScheduleConflict.id.in_(linked), everybody),
        ScheduleConflict.identity.is_not(None),
        ScheduleConflict.status.in_(OPEN),
    )
    return list(session.scalars(statement))


def _rows(session: Session, numbers: Collection[int], identities: Collection[str]) -> list[ScheduleConflict]:
    """Read, and lock, the open conflicts of some appointments and those with some identities."""
    linked = select(ConflictAppointment.conflict_id).where(ConflictAppointment.appointment_id.in_(sorted(numbers)))
    open_here = ScheduleConflict.id.in_(linked) & ScheduleConflict.status.in_(OPEN)
    statement = _with_links().where(
        ScheduleConflict.identity.is_not(None), or_(open_here, ScheduleConflict.identity.in_(sorted(identities)))
    )
    statement = statement.order_by(ScheduleConflict.id).with_for_update(of=ScheduleConflict)
    return list(session.scalars(statement, execution_options={"populate_existing": True}))


def _with_links() -> Any:
    links = (ScheduleConflict.user_links, ScheduleConflict.resource_links, ScheduleConflict.appointment_links)
    return select(ScheduleConflict).options(*(selectinload(each) for each in links))


def _say(session: Session, event: Event) -> None:
    from service.bus import emit  # the bus imports all handlers, and those this

    emit(session, event)
