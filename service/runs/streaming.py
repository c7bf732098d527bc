"""How far a run is, as server-sent events: from what is stored, so that any process can tell."""

import json
from collections.abc import AsyncIterator
from typing import Any

import anyio
from fastapi.concurrency import run_in_threadpool
from sqlalchemy import select

from models.records import Run
from models.records.runs import OVER
from service.callers import Caller
from service.database import Database

POLL_SECONDS = 0.5
SILENT_POLLS = 30
"""After so many looks without news a comment says that the line is alive."""


async def events_of(database: Database, caller: Caller, key: int) -> AsyncIterator[str]:
    """Tell of a run until it is over.

    Parameters
    ----------
    database
        Of the process.
    caller
        Who asks; the run is of the same organization.
    key
        The run's id.

    Yields
    ------
    Events named by the state of the run, with its progress, counts and error as data; the last one is `done`, `failed`
    or `cancelled`.
    """
    told, silent = "", 0
    while True:
        state, document = await run_in_threadpool(_standing, database, caller, key)
        text = json.dumps(document, separators=(",", ":"))
        if text != told:
            told, silent = text, 0
            yield f"event: {state}\ndata: {text}\n\n"
        elif (silent := silent + 1) >= SILENT_POLLS:
            silent = 0
            yield ": still here\n\n"
        if state is None or state in OVER:
            return
        await anyio.sleep(POLL_SECONDS)


def _standing(database: Database, caller: Caller, key: int) -> tuple[Any, dict[str, Any]]:
    columns = (Run.state, Run.progress, Run.counts, Run.error, Run.cancel_requested)
    with database.session(caller, writes=False) as session:
        row = session.execute(select(*columns).where(Run.id == key)).one_or_none()
    if row is None:
        return None, {"run": key}
    return row.state, {
        "run": key,
        "state": row.state,
        "cancel_requested": row.cancel_requested,
        "progress": row.progress.model_dump(mode="json"),
        "counts": None if row.counts is None else row.counts.model_dump(mode="json"),
        "error": row.error,
    }
