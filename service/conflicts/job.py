"""The job that re-checks what a change of much reaches."""

from collections.abc import Sequence

from sqlalchemy import func, select

from models.records import Appointment
from models.records.base import now
from service.conflicts.mirror import recheck_appointments
from service.conflicts.scope import BATCH, STEP, Scope, batches, differences, reached
from service.jobs.job import Job
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
    if not everything:
        with job.reading() as session:
            ids = reached(session, Scope(users, teams, resources))
        for batch in batches(ids):
            _recheck(job, batch)
        return
    first, last = _reach(job)
    while first < last:
        span = Span(first, min(first + STEP, last))
        with job.reading() as session:
            differ = differences(session, span)
        for start in range(0, len(differ), BATCH):
            _recheck(job, differ[start : start + BATCH])
        first = span.end


def _recheck(job: Job, numbers: list[int]) -> None:
    job.check()
    with job.transaction() as session:
        recheck_appointments(session, numbers)


def _reach(job: Job) -> Span:
    """Find from when to when there is something that is not over."""
    present = now()
    standing = select(func.min(Appointment.start_datetime), func.max(Appointment.end_datetime)).where(
        Appointment.status.in_(STANDING), Appointment.end_datetime > present
    )
    with job.reading() as session:
        first, last = session.execute(standing).one()
    return Span(first or present, last or present)
