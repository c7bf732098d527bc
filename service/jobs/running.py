"""How a job is run: one durable workflow of one step, which is tried again, here or elsewhere.

Only workers import this: it loads DBOS.
"""

from datetime import datetime
from pkgutil import resolve_name
from typing import Any

import structlog
from dbos import DBOS
from sqlalchemy import select

from models.records import Organization
from service.jobs.job import Host, Interrupted, Job
from service.jobs.kinds import KINDS, REGULAR
from service.jobs.queue import WORKFLOW, enqueue

log = structlog.get_logger(__name__)

_host: list[Host] = []
_running: set[str] = set()


def serve_as(host: Host | None) -> None:
    """Say in which worker jobs of this process run; DBOS allows one."""
    _host[:] = [] if host is None else [host]


def busy() -> bool:
    """Tell whether a job runs in this process."""
    return bool(_running)


@DBOS.workflow(name=WORKFLOW)
def run_job(kind: str, organization: int | None, arguments: dict[str, Any]) -> None:
    """Run a job to its end."""
    known = KINDS[kind]
    DBOS.run_step(
        {
            "name": kind,
            "retries_allowed": known.attempts > 1,
            "max_attempts": known.attempts,
            "interval_seconds": known.wait_seconds,
            "backoff_rate": 2.0,
        },
        _attempt,
        Job(str(DBOS.workflow_id), kind, organization, arguments, _the_host()),
    )


def _attempt(job: Job) -> None:
    log.debug("job starts", job=job.id)
    _running.add(job.id)
    try:
        resolve_name(KINDS[job.kind].function)(job, **job.arguments)
    except Exception as error:
        log.warning("job failed", job=job.id, exc_info=error)
        raise
    finally:
        _running.discard(job.id)
    log.info("job done", job=job.id)


@DBOS.workflow(name="regular")
def run_regular(at: datetime | str, name: str) -> None:
    """Ask for the jobs that are due at a time: the same ones, however often it is run."""
    DBOS.run_step({"name": name}, ask, name, str(at))


def ask(name: str, at: str) -> None:
    """Ask for the jobs of a regular one; their keys are its name and the time.

    Parameters
    ----------
    name
        One of `REGULAR`.
    at
        When it was due.
    """
    regular = REGULAR.get(name)
    if regular is None:
        return  # of another release
    with _the_host().database.everywhere() as session:
        owners: list[int | None] = [None]
        if regular.each_organization:
            owners = list(session.scalars(select(Organization.id).order_by(Organization.id)))
        for owner in owners:
            enqueue(session, regular.kind, key=f"{name}:{at}", organization=owner)
        session.commit()


def _the_host() -> Host:
    if not _host:
        raise Interrupted
    return _host[0]
