"""The job that re-checks what a change of much reaches."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.records import Appointment
from models.records.base import now
from service.conflicts.mirror import recheck_appointments
from service.conflicts.scope import BATCH, STEP, Scope, batches, differences, reached
from service.jobs.job import Job
from service.snapshot.bookings import DUSK
from service.snapshot.reading import STANDING
from service.snapshot.weeks import Span


def recheck(
    job: Job,
    *,
    users: Sequence[int] = (),
    teams: Sequence[int] = (),
    resources: Sequence[int] = (),
    everything: bool = False,
) -> None:
    """Let conflicts follow a change, in many short transactions.

    What differs is found without holding anybody up; only that is looked at again, and written.

    Parameters
    ----------
    job
        Of an organization.
    users, teams, resources, everything
        As `Scope` has them.
    """
    first = now()
    with job.reading() as session:
        ids = _under_way(session, first) if everything else reached(session, Scope(users, teams, resources))
    for batch in batches(ids):
        _recheck(job, batch)
    while everything and (start := _next_start(job, first)) is not None:
        first = start + STEP
        with job.reading() as session:
            differ = differences(session, Span(start, first))
        for place in range(0, len(differ), BATCH):
            _recheck(job, differ[place : place + BATCH])


def _recheck(job: Job, numbers: list[int]) -> None:
    job.check()
    with job.transaction() as session:
        recheck_appointments(session, numbers)


def _under_way(session: Session, present: datetime) -> list[tuple[int, datetime]]:
    rows = select(Appointment.id, Appointment.start_datetime).where(
        Appointment.status.in_(STANDING), Appointment.start_datetime < present, Appointment.end_datetime > present
    )
    ordered = rows.order_by(Appointment.start_datetime)
    return [(key, start) for key, start in session.execute(ordered) if start is not None]


def _next_start(job: Job, after: datetime) -> datetime | None:
    ahead = select(func.min(Appointment.start_datetime)).where(
        Appointment.status.in_(STANDING), Appointment.start_datetime >= after, Appointment.end_datetime < DUSK
    )
    with job.reading() as session:
        return session.scalar(ahead)
