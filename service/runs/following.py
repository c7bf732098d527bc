"""What follows from a publication: at once where it is little, else in jobs, so that locks are not held meanwhile."""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from models.events import AppointmentUpdated, ConflictDetected, ConflictResolved, Event
from service.bus import emit
from service.conflicts import recheck_appointments
from service.jobs import enqueue
from service.jobs.job import Job
from service.snapshot.judging import note_clean

AT_ONCE = 40
"""How many events are told in the transaction that causes them; more are told by jobs, so many in each."""
EVENTS: Mapping[str, type[Event]] = {
    each.__name__: each for each in (AppointmentUpdated, ConflictDetected, ConflictResolved)
}


def follow(session: Session, event: type[Event], ids: Sequence[int]) -> None:
    """Say that something happened to some records.

    Parameters
    ----------
    session
        Bound to the organization; what happened is flushed.
    event
        What happened.
    ids
        To which records.
    """
    if len(ids) <= AT_ONCE:
        for key in ids:
            emit(session, event(key))
        return
    for first in range(0, len(ids), AT_ONCE):
        enqueue(session, "follow", event=event.__name__, ids=list(ids[first : first + AT_ONCE]))


def tell(job: Job, event: str, ids: Sequence[int]) -> None:
    """Say it later.

    Parameters
    ----------
    job
        Of the organization.
    event, ids
        As `follow` has them; the event by its name.
    """
    with job.transaction() as session:
        if EVENTS[event] is AppointmentUpdated:
            recheck_appointments(session, ids)
            note_clean(session, ids)
        for key in ids:
            emit(session, EVENTS[event](key))
