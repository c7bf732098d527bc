"""Whether an appointment keeps the hard rules where it stands, or is about to stand."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from models.enums import RuleType
from models.plan import Violation
from models.problem import Problem
from models.records import Appointment
from models.records.base import now as present
from service.snapshot.bookings import Booking, booking_of
from service.snapshot.ids import APPOINTMENT, key_of
from service.snapshot.neighbourhood import Judged, neighbourhood_of
from service.snapshot.telling import told
from service.snapshot.whole import Snapshot
from solver.reading import Reading
from solver.rules import RULES
from solver.rules.closing import rules_of

PLANNED = frozenset({"complete", "horizon", "mandatory", "pinned"})
"""What only a plan that somebody makes can break; a booking is judged where it is."""
UNMOVED = frozenset({"past", "step"})
"""What a booking that keeps its start cannot break."""


def violations_of(
    session: Session, appointment: Appointment | Booking, *, stood: datetime | None = None, now: datetime | None = None
) -> tuple[Violation, ...]:
    """Find the hard rules that a booking would break, within the transaction and under the locks that write it.

    The appointment is judged as it is at hand: set its times, team, users and resources first; whether that was
    flushed does not matter. Everything else stands as it is stored.

    Parameters
    ----------
    session
        Bound to the organization.
    appointment
        With a start; a record with its linking rows, or a `Booking` that need not be stored.
    stood
        Where it was booked before this change; None for a new booking, which rules on notice bind. A booking that
        keeps its start may stay off the grid and in the past.
    now
        By default the present.

    Returns
    -------
    Every violation in which it takes part, in the order of the rules, told in the words of the API: ids are plain
    numbers. None at the ends of time.
    """
    booking = booking_of(appointment) if isinstance(appointment, Appointment) else appointment
    if not booking.judgeable:
        return ()
    snapshot = neighbourhood_of(session, [booking], Judged(fresh=True, now=now or present()))
    passed = set(PLANNED)
    if stood is not None:
        passed.add("advance_booking")
        passed |= UNMOVED if stood == booking.start else set()
    broken = tuple(told(each, snapshot.problem) for each in breaking(snapshot, [booking], passed))
    if booking.id:
        (_clean(session).discard if broken else _clean(session).add)(booking.id)
    return broken


def known_clean(session: Session, numbers: Iterable[int]) -> bool:
    """Tell whether a session has just judged some bookings and found nothing; it is told once."""
    known = _clean(session)
    wanted = set(numbers)
    if not wanted <= known:
        return False
    known -= wanted
    return True


def note_clean(session: Session, numbers: Iterable[int]) -> None:
    """Note that some bookings were judged in this session, and nothing was found."""
    _clean(session).update(numbers)


def _clean(session: Session) -> set[int]:
    known: set[int] = session.info.setdefault("clean_bookings", set())
    return known


def present_violations(session: Session, bookings: Sequence[Booking]) -> tuple[Violation, ...]:
    """Find the hard rules that some bookings break where they stand, in whatever company.

    Parameters
    ----------
    session
        Bound to the organization.
    bookings
        As they are stored, each with a start.

    Returns
    -------
    Every violation in which one of them takes part, in the order of the rules, whether it is pinned or not; told as
    those of `violations_of`.
    """
    judged = [booking for booking in bookings if booking.judgeable]
    if not judged:
        return ()
    snapshot = neighbourhood_of(session, judged, Judged(fresh=False))
    return tuple(told(each, snapshot.problem) for each in breaking(snapshot, judged, PLANNED))


def found(snapshot: Snapshot, passed: Iterable[str] = ()) -> list[Violation]:
    """List what a plan breaks, pinned or not, but for some rules."""
    reading, left_out = Reading(*snapshot), frozenset(passed)
    return [violation for rule in RULES if rule.NAME not in left_out for violation in rule.violations(reading)]


def breaking(snapshot: Snapshot, bookings: Iterable[Booking], passed: Iterable[str] = ()) -> list[Violation]:
    """List the violations in which some bookings take part: the same as `involving` of `found`, but sooner.

    Parameters
    ----------
    snapshot
        In which the bookings stand.
    bookings
        Those judged.
    passed
        Rules that are left out.

    Returns
    -------
    Violations in the order of the rules.
    """
    judged = {key_of(APPOINTMENT, booking.id) for booking in bookings}
    reading, left_out = Reading(*snapshot), frozenset(passed)
    limits = rules_of(snapshot.problem, RuleType.CAPACITY_LIMIT)
    if not any(rule.is_global for rule in limits):
        # Who and what is taken by others is known by subject; what each of the others asks for is not judged.
        near = judged | _linked_with(snapshot.problem, judged)
        reading.placed = {key: placed for key, placed in reading.placed.items() if key in near}
    every = (violation for rule in RULES if rule.NAME not in left_out for violation in rule.violations(reading))
    return [violation for violation in every if not judged.isdisjoint(violation.appointments)]


def _linked_with(problem: Problem, judged: set[str]) -> set[str]:
    pairs = ((item.id, link.appointment) for item in problem.appointments for link in item.after)
    return {key for pair in pairs if not judged.isdisjoint(pair) for key in pair}


def involving(violations: Iterable[Violation], bookings: Iterable[Booking]) -> list[Violation]:
    """Keep the violations in which some bookings take part."""
    keys = {key_of(APPOINTMENT, booking.id) for booking in bookings}
    return [violation for violation in violations if not keys.isdisjoint(violation.appointments)]
