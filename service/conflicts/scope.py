"""How far a change reaches, and the re-check of all that it reaches: at once where it is little, else as a job."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from models.records import Appointment, ScheduleConflict
from models.records.base import now
from models.records.conflicts import ConflictAppointment
from service.conflicts.mirror import OPEN, distinct, recheck_appointments, without_finished
from service.jobs import enqueue
from service.snapshot.ids import RESOURCE, TEAM, USER
from service.snapshot.judging import PLANNED, found
from service.snapshot.reading import STANDING, taking
from service.snapshot.telling import told
from service.snapshot.weeks import Span
from service.snapshot.whole import problem_of, unsettled

AT_ONCE = 200
"""How many appointments are re-checked in the transaction of a change; more are a job."""
BATCH = 50
STEP = timedelta(days=28)
_AT_A_TIME = 500
_END = datetime.max.replace(tzinfo=UTC) - timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Scope:
    """Whom and what a change reaches: whatever they take that is not over yet is looked at.

    Parameters
    ----------
    users, teams, resources
        Ids.
    everything
        Whether all of the organization is reached.
    """

    users: Sequence[int] = ()
    teams: Sequence[int] = ()
    resources: Sequence[int] = ()
    everything: bool = False


def recheck(session: Session, scope: Scope) -> None:
    """Let conflicts follow a change: at once where it reaches little, else in a job.

    Parameters
    ----------
    session
        Bound to the organization; the change is flushed.
    scope
        What it reaches.
    """
    ids = reached(session, scope, AT_ONCE + 1)
    if len(ids) > AT_ONCE:
        enqueue(session, "recheck", **{name: value for name, value in asdict(scope).items() if value})
        return
    for batch in batches(ids):
        recheck_appointments(session, batch)


def reached(session: Session, scope: Scope, most: int | None = None) -> list[tuple[int, datetime]]:
    """Find the appointments that a change reaches.

    Parameters
    ----------
    session
        Bound to the organization.
    scope
        What is reached.
    most
        How many to look for.

    Returns
    -------
    Ids and starts, by start.
    """
    statement = select(Appointment.id, Appointment.start_datetime).where(
        Appointment.status.in_(STANDING), Appointment.end_datetime > now()
    )
    if not scope.everything:
        span = Span(now(), _END)
        named = ((USER, scope.users), (TEAM, scope.teams), (RESOURCE, scope.resources))
        parts = [part for kind, keys in named if (part := taking(kind, keys, span)) is not None]
        if not parts:
            return []
        statement = statement.where(Appointment.id.in_(union(*parts)))
    statement = statement.order_by(Appointment.start_datetime, Appointment.id).limit(most)
    return [(key, start) for key, start in session.execute(statement) if start is not None]


def batches(ids: Sequence[tuple[int, datetime]]) -> Iterator[list[int]]:
    """Divide appointments, by start, into batches that are neither large nor long."""
    batch: list[int] = []
    began: datetime | None = None
    for key, start in ids:
        if batch and (len(batch) == BATCH or (began is not None and start - began > STEP)):
            yield batch
            batch = []
        if not batch:
            began = start
        batch.append(key)
    if batch:
        yield batch


def differences(session: Session, span: Span) -> list[int]:
    """Find where the stored conflicts of a stretch of time differ from the plan.

    Parameters
    ----------
    session
        Bound to the organization; nothing is written.
    span
        What starts in it is looked at.

    Returns
    -------
    Ids of an appointment for each conflict that is missing, changed or gone.
    """
    problem, plan = snapshot = problem_of(session, *span, free=unsettled)
    here = {each.appointment for each in plan.assignments if span.start <= each.start < span.end}
    violations = [each for each in found(snapshot, PLANNED) if not here.isdisjoint(each.appointments)]
    broken = {each.identity: each for each, _ in distinct(without_finished(session, violations), problem)}
    stored = _stored(session, span, broken)
    differ = {
        each.appointments[0]
        for identity, each in broken.items()
        if (row := stored.get(identity)) is None
        or row.status not in OPEN
        or row.conflict_description != told(each.violation, problem).message
    }
    gone = (row for identity, row in stored.items() if identity not in broken and row.status in OPEN)
    return sorted(differ.union(row.primary_appointment_id for row in gone))


def _stored(session: Session, span: Span, identities: Collection[str]) -> dict[str | None, ScheduleConflict]:
    """Read the open conflicts of what starts in a stretch of time, and the conflicts with some identities."""
    here = (
        select(ConflictAppointment.conflict_id)
        .join(Appointment, Appointment.id == ConflictAppointment.appointment_id)
        .where(Appointment.start_datetime >= span.start, Appointment.start_datetime < span.end)
    )
    open_here = select(ScheduleConflict).where(
        ScheduleConflict.identity.is_not(None), ScheduleConflict.status.in_(OPEN), ScheduleConflict.id.in_(here)
    )
    rows = {row.identity: row for row in session.scalars(open_here)}
    missing = sorted(set(identities).difference(row for row in rows if row is not None))
    for first in range(0, len(missing), _AT_A_TIME):
        some = ScheduleConflict.identity.in_(missing[first : first + _AT_A_TIME])
        rows |= {row.identity: row for row in session.scalars(select(ScheduleConflict).where(some))}
    return rows
