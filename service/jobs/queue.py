"""Asking for a job, in the transaction that causes it: both are committed, or neither."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from service.jobs.kinds import KINDS
from service.tenancy import organization_of

if TYPE_CHECKING:
    from dbos import DBOSClient, EnqueueOptions

    from service.database import Database

APPLICATION = "tidyplan"
VERSION = "1"
"""That of all jobs: a new release goes on with what an old one left."""

WORKFLOW = "job"
LIGHT, HEAVY = "light", "heavy"


def enqueue(
    session: Session,
    kind: str,
    /,
    *,
    key: str | None = None,
    after_seconds: float = 0.0,
    organization: int | None = None,
    **arguments: Any,
) -> str:
    """Ask for a job; it is there when the session commits, and not before.

    Parameters
    ----------
    session
        A writing session. A bound one asks for its organization.
    kind
        One of `KINDS`.
    key
        What tells the job from others of its kind: a second one with the same key is the first, while that is kept.
    after_seconds
        How long it waits at least.
    organization
        For whom a session that sees all organizations asks; None for no particular one.
    arguments
        For the function, as JSON has them.

    Returns
    -------
    The id of the job.

    Raises
    ------
    LookupError
        If there is no such kind.
    """
    known = KINDS.get(kind)
    if known is None:
        raise LookupError(f"There is no job {kind}. Add it to service.jobs.kinds.KINDS.")
    bound = organization_of(session)
    owner = organization if bound is None else bound
    options: EnqueueOptions = {
        "workflow_name": WORKFLOW,
        "queue_name": HEAVY if known.heavy else LIGHT,
        "workflow_id": f"{kind}:{owner or 0}:{key or uuid4().hex}",
        "app_version": VERSION,
        "queue_partition_key": str(owner or 0),
    }
    if after_seconds > 0:
        options["delay_seconds"] = after_seconds
    connection = session.connection()
    queue = client(connection.engine)
    queue.enqueue_in_transaction(connection, options, kind, owner, arguments)
    return options["workflow_id"]


@lru_cache(maxsize=2)
def client(engine: Engine) -> DBOSClient:
    """Make the writer of jobs for an engine, once; it is imported only where there are jobs."""
    from dbos import DBOSClient, DBOSPortableJSONSerializer

    return DBOSClient(
        system_database_engine=engine,
        application_name=APPLICATION,
        serializer=DBOSPortableJSONSerializer(),
        lazy=True,
    )


def waiting(database: Database) -> dict[tuple[str, str], int]:
    """Count the jobs that are not over.

    Parameters
    ----------
    database
        With the tables of the queue.

    Returns
    -------
    By queue, "light" or "heavy", and state: "enqueued", "delayed" or "pending", which is running.
    """
    schema = "" if database.is_sqlite else "dbos."
    statement = text(
        f"SELECT queue_name, status, count(*) FROM {schema}workflow_status"
        " WHERE status IN ('ENQUEUED', 'DELAYED', 'PENDING') AND name = :name GROUP BY queue_name, status"
    )
    with database.engine.connect().execution_options(reads_only=True) as connection:
        rows = connection.execute(statement, {"name": WORKFLOW}).all()
    return {(queue, status.lower()): count for queue, status, count in rows}


def make_tables(database: Database) -> None:
    """Make or upgrade the tables of the queue, in the same database; several processes may ask at once."""
    from dbos import DBOS

    quiet()
    DBOS.migrate(database.url.render_as_string(hide_password=False))


def quiet() -> None:
    """Let the queue say only what is wrong."""
    import logging

    logging.getLogger("dbos").setLevel(logging.WARNING)
