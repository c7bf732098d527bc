"""The job of a run: read, search, keep; and go on where another worker had to leave it."""

from collections.abc import Callable
from dataclasses import dataclass

import structlog
from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.enums import RunMode, RunState
from models.errors import TidyplanError
from models.events import RunEnded
from models.plan import Plan
from models.records import Run, RunDraft
from models.records.base import now
from service.bus import emit
from service.jobs.job import Interrupted, Job
from service.runs.engine import load_engine
from service.runs.keeping import keep, terms_of
from service.runs.publishing import publish
from service.runs.reading import Task, task_of
from service.runs.watching import Watch
from solver.progress import Options, Progress
from solver.repair import RepairOptions, repair
from solver.solve import solve

log = structlog.get_logger(__name__)

MOST_STARTS = 5
"""After so many starts that came to no end a run has failed."""
LEAST_SECONDS = 0.5
"""For a run that is taken over when its time is up."""
Tell = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Begun:
    """A start of a run."""

    run: Run
    epoch: int
    checkpoint: Plan | None
    seconds: float


def perform(job: Job, run: int, tell: Tell | None = None) -> None:
    """Compute a run to its end.

    Parameters
    ----------
    job
        Whose worker computes.
    run
        The id of the run.
    tell
        Also told about ten times a second how far it is.
    """
    begun = _begin(job, run)
    if begun is not None:
        try:
            _compute(job, begun, tell)
        except (TidyplanError, ValidationError) as error:
            _fail(job, begun, str(error))
            log.warning("run failed", run=run, error=str(error))
    _publish(job, run)


def _begin(job: Job, key: int) -> Begun | None:
    """Note that a run begins, here and now; None if there is nothing to do."""
    with job.transaction() as session:
        run = locked(session, key)
        if run is None or run.is_over:
            return None
        draft = session.execute(select(RunDraft.checkpoint, RunDraft.seconds).where(RunDraft.run_id == key)).one()
        if run.epoch >= MOST_STARTS:
            run.state, run.finished_at = RunState.FAILED, now()
            run.error = f"It was begun {run.epoch} times and came to no end. The logs of the workers say why."
            emit(session, RunEnded(key))
            return None
        if run.cancel_requested and draft.checkpoint is None:
            run.state, run.finished_at = RunState.CANCELLED, now()
            emit(session, RunEnded(key))
            return None
        run.epoch += 1
        run.state, run.executor, run.started_at = RunState.RUNNING, job.host.key, run.started_at or now()
        session.flush()
        checkpoint = None if draft.checkpoint is None else Plan.model_validate(draft.checkpoint)
        return Begun(run, run.epoch, checkpoint, draft.seconds)


def locked(session: Session, key: int) -> Run | None:
    """Load a run, and let nobody else change it meanwhile."""
    statement = select(Run).where(Run.id == key).with_for_update(key_share=True)
    return session.scalars(statement, execution_options={"populate_existing": True}).one_or_none()


def _compute(job: Job, begun: Begun, tell: Tell | None) -> None:
    run = begun.run
    load_engine()
    with Watch(job, run.id, begun.epoch, begun.seconds) as watch:

        def told(progress: Progress) -> None:
            watch.tell(progress)
            if tell is not None:
                tell(progress)

        moment = now()
        with job.reading() as session:
            task = task_of(session, run, moment)
        terms = terms_of(task)
        plan = _search(job, begun, task, watch, told)
        if watch.lost:
            raise Interrupted
        if job.stopping and watch.stop.is_set() and not watch.cancelled:
            watch.write_checkpoint(plan)
            job.check()
        with job.transaction() as session:
            stored = locked(session, run.id)
            if stored is None or stored.epoch != begun.epoch:
                raise Interrupted
            keep(session, stored, task, replace_seconds(plan, begun.seconds), terms)
            emit(session, RunEnded(stored.id))


def replace_seconds(plan: Plan, before: float) -> Plan:
    """Count the time that earlier starts have searched."""
    return plan.model_copy(update={"seconds": round(plan.seconds + before, 3)})


def _search(job: Job, begun: Begun, task: Task, watch: Watch, tell: Tell) -> Plan:
    left = max(LEAST_SECONDS, begun.run.time_limit_seconds - begun.seconds)
    if begun.run.mode is RunMode.REPAIR:
        tell(Progress(0.0, "repair", None, None, None, 0, len(task.problem.appointments), 0))
        options = RepairOptions(time_limit_seconds=left, fill=bool(task.waiting))
        return repair(task.problem, task.before, (), options, watch.stop).plan
    # A plan that is carried over is a start to go on from; what stands is one as well.
    start = begun.checkpoint or (task.before if task.movable else None)
    return solve(
        task.problem,
        Options(time_limit_seconds=left),
        tell,
        watch.stop,
        start,
        watch.keep,
        job.host.settings.checkpoint_seconds,
    )


def _fail(job: Job, begun: Begun, text: str) -> None:
    with job.transaction() as session:
        run = locked(session, begun.run.id)
        if run is not None and run.epoch == begun.epoch:
            run.state, run.finished_at, run.error = RunState.FAILED, now(), text[:10_000]
            emit(session, RunEnded(run.id))


def _publish(job: Job, key: int) -> None:
    """Publish what is to be published by itself, once."""
    with job.transaction() as session:
        run = locked(session, key)
        if run is not None and run.publishes and run.state is RunState.DONE and run.published_at is None:
            publish(session, run)
