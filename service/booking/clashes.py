"""What stands in the way of a booking among its locked subjects: overlaps, too few units, teams at their limit."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.enums import ConflictType, ImpactLevel, Priority
from models.plan import Violation
from models.records import Appointment, Occupancy
from models.records.base import now
from models.records.occupancy import SubjectKind
from service.booking.occupying import drop_expired
from service.booking.subjects import Take, moment_of
from service.locks import Locked
from solver.rules.breach import IMPACT, LONG_MINUTES, RANK, SHORT_MINUTES


class Booked(Protocol):
    """What is booked, as far as a breach tells of it."""

    @property
    def id(self) -> int:
        """Its id."""

    @property
    def priority(self) -> Priority:
        """How important it is."""


@dataclass(frozen=True, slots=True)
class Breach:
    """A hard rule that a booking would break.

    Parameters
    ----------
    violation
        What is broken, in the words of `check`.
    taken
        Whether others have already taken what it needs.
    final
        Whether nobody may override it: two bookings of one user or of a whole resource.
    """

    violation: Violation
    taken: bool = False
    final: bool = False


def clashes(session: Session, appointment: Appointment, takes: Sequence[Take], locked: Locked) -> list[Breach]:
    """Find what others have already taken of what an appointment takes; expired holds that are in the way go.

    Parameters
    ----------
    session
        Bound to a caller, with the subjects locked.
    appointment
        Flushed.
    takes, locked
        What it takes, and the rows of these subjects.

    Returns
    -------
    A breach for each subject that cannot be taken, and for each that takes no bookings at all.
    """
    return clashes_among(appointment, takes, locked, _others(session, appointment, takes))


def clashes_among(
    appointment: Booked, takes: Sequence[Take], locked: Locked, others: Mapping[int, Sequence[Any]]
) -> list[Breach]:
    """Find the same among what others are known to take.

    Parameters
    ----------
    appointment, takes, locked
        As for `clashes`.
    others
        What overlaps, by subject, each with `start_minute`, `end_minute`, `exclusive`, `units`, `appointment_id` and
        `priority`.

    Returns
    -------
    The breaches.
    """
    return [
        breach
        for take in takes
        for breach in (
            *_out_of_service(appointment, take, locked),
            *_CHECKS[take.kind](appointment, take, locked, others.get(take.subject, [])),
        )
    ]


def _others(session: Session, appointment: Appointment, takes: Sequence[Take]) -> dict[int, list[Any]]:
    if not takes:
        return {}
    first = takes[0]  # all of them last equally long
    rows = (
        select(
            Occupancy.id,
            Occupancy.subject,
            Occupancy.start_minute,
            Occupancy.end_minute,
            Occupancy.exclusive,
            Occupancy.units,
            Occupancy.appointment_id,
            Occupancy.expires_at,
            Appointment.priority,
        )
        .join(Appointment, Appointment.id == Occupancy.appointment_id)
        .where(
            Occupancy.subject.in_([take.subject for take in takes if take.kind is not SubjectKind.ORGANIZATION]),
            Occupancy.start_minute < first.end,
            Occupancy.end_minute > first.start,
            Occupancy.appointment_id != appointment.id,
        )
        .order_by(Occupancy.start_minute, Occupancy.appointment_id)
    )
    found: dict[int, list[Any]] = {}
    expired, present = [], now()
    for row in session.execute(rows):
        if row.expires_at is not None and row.expires_at <= present:
            expired.append(row.id)
        else:
            found.setdefault(row.subject, []).append(row)
    if expired:
        drop_expired(session, expired)
    return found


def _user(appointment: Booked, take: Take, locked: Locked, others: Sequence[Any]) -> Iterator[Breach]:
    for other in others:
        what = f"{_name(locked, take)} is booked for appointment {other.appointment_id} from {_from_to(other)}."
        found = _breach(appointment, take, [other], "overlap", ConflictType.DOUBLE_BOOKING, what)
        yield Breach(found, taken=True, final=True)


def _resource(appointment: Booked, take: Take, locked: Locked, others: Sequence[Any]) -> Iterator[Breach]:
    row = locked.rows.get((take.kind, take.id))
    capacity = row.capacity if row is not None else 1
    wholly = [other for other in others if other.exclusive]
    if take.exclusive or wholly:
        for other in others if take.exclusive else wholly:
            kind = (
                ConflictType.RESOURCE_CONFLICT if take.exclusive and other.exclusive else ConflictType.CAPACITY_EXCEEDED
            )
            what = f"{_name(locked, take)} is taken by appointment {other.appointment_id} from {_from_to(other)}."
            yield Breach(_breach(appointment, take, [other], "capacity", kind, what), taken=True, final=True)
        return
    wanted = take.units or 0
    most = _most(take, others)
    if most + wanted > capacity:
        what = f"{_name(locked, take)} has {capacity} units, {most} of them in use; {wanted} more do not fit."
        found = _breach(
            appointment, take, others, "capacity", ConflictType.CAPACITY_EXCEEDED, what, most + wanted - capacity
        )
        yield Breach(found, taken=True)


def _team(appointment: Booked, take: Take, locked: Locked, others: Sequence[Any]) -> Iterator[Breach]:
    row = locked.rows.get((take.kind, take.id))
    limit = row.max_concurrent if row is not None else 1
    most = _most(take, others)
    if most + 1 > limit:
        what = f"{_name(locked, take)} is at {most} appointments at that time, of at most {limit} at once."
        found = _breach(appointment, take, others, "team", ConflictType.TEAM_CONFLICT, what, most + 1 - limit)
        yield Breach(found, taken=True)


def _nothing(_appointment: Booked, _take: Take, _locked: Locked, _others: Sequence[Any]) -> Iterator[Breach]:
    yield from ()


_CHECKS = {
    SubjectKind.USER: _user,
    SubjectKind.TEAM: _team,
    SubjectKind.RESOURCE: _resource,
    SubjectKind.ORGANIZATION: _nothing,
}


def _out_of_service(appointment: Booked, take: Take, locked: Locked) -> Iterator[Breach]:
    row = locked.rows.get((take.kind, take.id))
    if row is None or take.kind is SubjectKind.ORGANIZATION:
        return
    if not row.is_active:
        what = f"{_name(locked, take)} is not active, and takes no bookings."
    elif not getattr(row, "is_available", True):
        what = f"{_name(locked, take)} is not available, and takes no bookings."
    else:
        return
    yield Breach(_breach(appointment, take, [], "availability", _KINDS[take.kind], what))


_KINDS = {
    SubjectKind.USER: ConflictType.TIME_CONFLICT,
    SubjectKind.TEAM: ConflictType.TEAM_CONFLICT,
    SubjectKind.RESOURCE: ConflictType.RESOURCE_CONFLICT,
}


def _most(take: Take, others: Sequence[Any]) -> int:
    """Find the most units that others use at once within a span."""
    changes = sorted(
        change
        for other in others
        for change in ((max(other.start_minute, take.start), other.units or 0), (other.end_minute, -(other.units or 0)))
    )
    used = most = 0
    for _, change in changes:
        used += change
        most = max(most, used)
    return most


def _breach(
    appointment: Booked,
    take: Take,
    others: Sequence[Any],
    rule: str,
    kind: ConflictType,
    message: str,
    amount: int | None = None,
) -> Violation:
    start = max(take.start, min((other.start_minute for other in others), default=take.start))
    end = min(take.end, max((other.end_minute for other in others), default=take.end))
    key = str(take.id)
    return Violation(
        rule=rule,
        conflict_type=kind,
        impact_level=_impact([appointment.priority, *(other.priority for other in others)], end - start),
        appointments=(*(str(other.appointment_id) for other in others), str(appointment.id)),
        users=(key,) if take.kind is SubjectKind.USER else (),
        teams=(key,) if take.kind is SubjectKind.TEAM else (),
        resources=(key,) if take.kind is SubjectKind.RESOURCE else (),
        start=moment_of(start),
        end=moment_of(end),
        amount=end - start if amount is None else amount,
        message=message,
    )


def _impact(priorities: Sequence[Priority], minutes: int) -> ImpactLevel:
    return IMPACT[max(priorities, key=RANK.index)][(minutes >= SHORT_MINUTES) + (minutes >= LONG_MINUTES)]


def _name(locked: Locked, take: Take) -> str:
    row = locked.rows.get((take.kind, take.id))
    return f"{take.kind.name.capitalize()} {take.id}" + (f" ({row.name})" if row is not None else "")


def _from_to(row: Any) -> str:
    start, end = moment_of(row.start_minute), moment_of(row.end_minute)
    return f"{start:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M} UTC"
