"""A run in this very process, without a queue: for the command line."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from uuid import uuid4

from service.database import Database
from service.jobs.executors import Roll
from service.jobs.job import Host, Job
from service.runs.asking import KIND
from service.runs.work import Tell, perform
from service.settings import Settings

_BEATS = 5


@contextmanager
def at_work(database: Database, settings: Settings, stopping: Event | None = None) -> Iterator[Host]:
    """Stand on the roll of workers for a while, so that nobody takes this process for dead.

    Parameters
    ----------
    database, settings
        Of the process.
    stopping
        Set when it is to end, and others are to go on.

    Yields
    ------
    What a job needs to know of its worker.
    """
    host = Host(database, settings, str(uuid4()), stopping or Event())
    roll, over = Roll(database, host.key, settings.worker_dead_seconds), Event()

    def beat() -> None:
        while not over.wait(settings.worker_dead_seconds / _BEATS):
            roll.beat()

    roll.enter()
    beating = Thread(target=beat, name="beat", daemon=True)
    beating.start()
    try:
        yield host
    finally:
        over.set()
        beating.join()
        roll.leave()


def perform_here(host: Host, organization: int, run: int, tell: Tell | None = None) -> None:
    """Compute a run that nobody else was asked to compute.

    Parameters
    ----------
    host
        Of `at_work`.
    organization, run
        Their ids.
    tell
        Told how far it is.
    """
    perform(Job(f"{KIND}:{organization}:here:{run}", KIND, organization, {"run": run}, host), run, tell)
