"""Asking for runs, and ending them early."""

from sqlalchemy.orm import Session

from models.enums import RunState
from models.errors import Fault
from models.events import RunEnded
from models.records import Appointment, Run, RunDraft, Team
from models.records.base import InvalidRecord, now
from service.bus import emit
from service.crud import Resource, Values, assign
from service.errors import Conflict
from service.jobs import enqueue
from service.linking import known_ids
from service.rights import ensure_may
from service.tenancy import caller_of

KIND = "run"
RESCUE_SECONDS = 900.0


def create(session: Session, _resource: Resource[Run], values: Values) -> Run:
    """Make a run and ask for its job, in the same transaction; one that publishes is for those who may."""
    if values["publishes"]:
        ensure_may(caller_of(session), "runs", "publish")
    return write(session, values)


def write(session: Session, values: Values, after_seconds: float = 0.0) -> Run:
    """Make a run and ask for its job.

    Parameters
    ----------
    session
        Bound to a caller.
    values
        By API name.
    after_seconds
        How long the job waits, where another process is to compute it; then a worker goes on if that one is gone.

    Returns
    -------
    The run, flushed.

    Raises
    ------
    InvalidRecord
        If its scope names what is not there.
    """
    run = Run()
    assign(run, values)
    _ensure_known(session, run)
    run.requested_by_id = caller_of(session).user_id
    session.add(run)
    session.flush()
    session.add(RunDraft(run_id=run.id))
    session.flush()
    enqueue(session, KIND, key=str(run.id), after_seconds=after_seconds, run=run.id)
    return run


def rescue_seconds(limit: float) -> float:
    """After how long a process that computes a run of this length is taken for gone."""
    return 2.0 * limit + RESCUE_SECONDS


def cancel(session: Session, run: Run) -> None:
    """Ask a run to end; one that has not begun ends at once, and one that was asked already stays so.

    Parameters
    ----------
    session
        Bound to a caller.
    run
        Locked.

    Raises
    ------
    Conflict
        If it is over and was not cancelled.
    """
    if run.state in (RunState.DONE, RunState.FAILED):
        raise Conflict(f"Run {run.id} is {run.state} already. Read its plan, or ask for another run.")
    run.cancel_requested = True
    if run.state is RunState.QUEUED:
        run.state, run.finished_at = RunState.CANCELLED, now()
        emit(session, RunEnded(run.id))
    session.flush()


def _ensure_known(session: Session, run: Run) -> None:
    faults = []
    for record, name, keys in (
        (Team, "teams", run.scope.teams),
        (Appointment, "appointment_ids", run.scope.appointment_ids),
    ):
        known = known_ids(session, record, keys)
        noun = record.__name__.lower()
        faults += [
            Fault(f"scope.{name}[{i}]", str(key), f"the id of a {noun} of this organization", "List them to find it.")
            for i, key in enumerate(keys)
            if key not in known
        ]
    if faults:
        raise InvalidRecord(faults)
