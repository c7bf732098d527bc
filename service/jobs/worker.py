"""A worker: takes jobs, shows that it lives, and goes on with what dead ones left."""

from threading import Event, Thread
from uuid import uuid4

import structlog
from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer
from sqlalchemy.exc import SQLAlchemyError

from models.records.base import now
from service.database import Database
from service.jobs import running
from service.jobs.executors import Roll
from service.jobs.job import Host
from service.jobs.kinds import REGULAR
from service.jobs.queue import APPLICATION, HEAVY, LIGHT, VERSION, quiet
from service.settings import Settings

log = structlog.get_logger(__name__)

_BEATS = 5  # within the time after which a silent worker is given up
_JOIN_SECONDS = 60.0
_CONNECTIONS = 10  # of the queue itself; jobs have those of their database


class Worker:
    """Runs jobs from `start` to `stop`; one in a process.

    Parameters
    ----------
    database
        Migrated; its owner closes it.
    settings
        How many jobs at once, and how long a silent worker is waited for.
    """

    def __init__(self, database: Database, settings: Settings) -> None:
        self.database, self.settings = database, settings
        self._ending = Event()
        self._thread = Thread(target=self._live, name="worker", daemon=True)

    def start(self) -> None:
        """Begin to take jobs."""
        self._thread.start()

    def stop(self) -> None:
        """Take no more jobs, let those that run end or stop where they can, and leave the rest to others."""
        self._ending.set()
        self._thread.join(_JOIN_SECONDS)

    @property
    def is_alive(self) -> bool:
        """Whether it is at work."""
        return self._thread.is_alive()

    @property
    def is_busy(self) -> bool:
        """Whether a job still runs: after the end, one that others have gone on with."""
        return running.busy()

    def _live(self) -> None:
        """Work; and whenever others have taken this worker for dead, begin again under a new name."""
        while not self._ending.is_set():
            host = Host(self.database, self.settings, str(uuid4()), Event())
            roll = Roll(self.database, host.key, self.settings.worker_dead_seconds)
            try:
                roll.enter()
                self._launch(host)
                self._beat(roll)
            except Exception as error:  # the outermost loop: whatever it was, begin again
                log.error("worker fails, and begins again", worker=host.key, exc_info=error)
                self._ending.wait(roll.dead_seconds)
            finally:
                host.stopping.set()
                self._shut_down()
                self._leave(roll)

    def _launch(self, host: Host) -> None:
        quiet()
        config: DBOSConfig = {
            "name": APPLICATION,
            "system_database_url": self.database.url.render_as_string(hide_password=False),
            "application_version": VERSION,
            "executor_id": host.key,
            "serializer": DBOSPortableJSONSerializer(),
            "sys_db_pool_size": _CONNECTIONS,
            "log_level": "WARNING",
        }
        running.serve_as(host)
        DBOS(config=config)
        DBOS.launch()
        settings = self.settings
        for name, at_once, of_one in (
            (LIGHT, settings.jobs_at_once, settings.jobs_per_organization),
            (HEAVY, settings.runs_at_once, settings.runs_per_organization),
        ):
            DBOS.register_queue(
                name,
                worker_concurrency=at_once,
                partition_concurrency=of_one,
                polling_interval_sec=settings.jobs_poll_seconds,
                on_conflict="always_update",
            )
        _schedule()
        for name in REGULAR:
            # What was due while no worker ran is done now; once a day, however often one starts.
            running.ask(name, now().date().isoformat())
        log.info("worker started", worker=host.key)

    def _beat(self, roll: Roll) -> None:
        """Stay on the roll, and take over from the dead, until it ends or this worker was taken for dead."""
        while not self._ending.wait(roll.dead_seconds / _BEATS):
            try:
                if not roll.beat():
                    log.warning("worker was given up by another", worker=roll.key)
                    return
                self._take_over(roll)
            except SQLAlchemyError as error:
                log.warning("worker cannot show that it lives", worker=roll.key, error=str(error))

    def _take_over(self, roll: Roll) -> None:
        pending = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
        # The roll is read after them: who has begun a job by then stands on it.
        gone = {each.executor_id for each in pending if each.executor_id} - roll.strike_dead()
        if gone:
            log.warning("jobs of dead workers are taken over", workers=sorted(gone))
            # The only way that looks at the owner once more in the write itself: two may do this at once.
            DBOS._recover_pending_workflows(sorted(gone))  # noqa: SLF001

    def _shut_down(self) -> None:
        busy = running.busy()
        DBOS.destroy(workflow_completion_timeout_sec=self.settings.worker_drain_seconds if busy else 0)
        running.serve_as(None)

    def _leave(self, roll: Roll) -> None:
        try:
            roll.leave()
        except SQLAlchemyError as error:
            log.warning("worker cannot sign off; others will find out", worker=roll.key, error=str(error))
        log.info("worker ended", worker=roll.key)


def _schedule() -> None:
    """Keep the regular jobs that there are, and drop those of earlier releases."""
    for known in DBOS.list_schedules():
        if known["schedule_name"] not in REGULAR:
            DBOS.delete_schedule(known["schedule_name"])
    DBOS.apply_schedules(
        [
            {"schedule_name": name, "workflow_fn": running.run_regular, "schedule": each.cron, "context": name}
            for name, each in REGULAR.items()
        ]
    )
