"""What goes on beside a search: its progress and checkpoints are written, and whoever wants it to end is heard."""

from threading import Event, Thread
from time import monotonic
from types import TracebackType
from typing import Any

import structlog
from sqlalchemy import select, update
from sqlalchemy.exc import SQLAlchemyError

from models.plan import Plan
from models.records import Run, RunDraft
from models.records.runs import RunProgress
from service.jobs.job import Interrupted, Job
from solver.progress import Progress

log = structlog.get_logger(__name__)

POLL_SECONDS = 0.2
PROGRESS_SECONDS = 1.0


class Watch:
    """Watches over one search, in a thread of its own.

    Parameters
    ----------
    job
        The job that searches.
    run, epoch
        Its run, and which start of it this is: who finds a later one writes nothing more.
    before_seconds
        How long the run had searched before this start.

    Attributes
    ----------
    stop
        Set when the search is to end.
    cancelled, lost
        Whether somebody cancelled the run, or another worker has it now.
    """

    def __init__(self, job: Job, run: int, epoch: int, before_seconds: float) -> None:
        self.job, self.run, self.epoch, self.before_seconds = job, run, epoch, before_seconds
        self.stop = Event()
        self.cancelled = self.lost = False
        self._over = Event()
        self._progress: RunProgress | None = None
        self._plan: Plan | None = None
        self._told_at = 0.0
        self._thread = Thread(target=self._live, name="watch", daemon=True)

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def tell(self, progress: Progress) -> None:
        """Note how far the search is."""
        self._progress = RunProgress(
            seconds=round(progress.seconds + self.before_seconds, 3),
            method=progress.phase,
            cost=progress.cost,
            bound=progress.bound,
            gap=progress.gap,
            assigned=progress.assigned,
            total=progress.total,
        )

    def keep(self, plan: Plan) -> None:
        """Note the best plan so far, from which another worker could go on."""
        self._plan = plan

    def write_checkpoint(self, plan: Plan) -> None:
        """Write the best plan so far, and how long the run has searched.

        Raises
        ------
        Interrupted
            If somebody else has the run by now.
        """
        self._write(
            RunDraft,
            RunDraft.run_id == self.run,
            {"checkpoint": plan.model_dump(mode="json"), "seconds": plan.seconds + self.before_seconds},
        )

    def _live(self) -> None:
        while not self._over.wait(POLL_SECONDS):
            if self.job.stopping:
                self.stop.set()
            try:
                self._listen()
                self._speak()
            except Interrupted:
                self.lost = True
                self.stop.set()
            except SQLAlchemyError as error:
                log.warning("run cannot be watched", run=self.run, error=str(error))

    def _listen(self) -> None:
        with self.job.reading() as session:
            row = session.execute(select(Run.epoch, Run.cancel_requested).where(Run.id == self.run)).one_or_none()
        if row is None or row.epoch != self.epoch:
            raise Interrupted
        if row.cancel_requested:
            self.cancelled = True
            self.stop.set()

    def _speak(self) -> None:
        plan, self._plan = self._plan, None
        if plan is not None:
            self.write_checkpoint(plan)
        if self._progress is not None and monotonic() - self._told_at >= PROGRESS_SECONDS:
            progress, self._progress, self._told_at = self._progress, None, monotonic()
            self._write(Run, Run.id == self.run, {"progress": progress})

    def _write(self, table: Any, where: Any, values: dict[str, Any]) -> None:
        """Write beside the records: this is no change that anybody made, and no version of anything."""
        with self.job.transaction() as session:
            mine = select(Run.epoch).where(Run.id == self.run).with_for_update(key_share=True)
            if session.scalar(mine) != self.epoch:
                raise Interrupted
            session.execute(update(table).where(where).values(**values).execution_options(synchronize_session=False))
