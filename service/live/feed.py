"""Changes as they are committed, by any process: read from the audit log, and handed to who listens here."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import NamedTuple

from fastapi.concurrency import run_in_threadpool
from sqlalchemy import select

from models.records import AuditEntry
from models.records.base import now
from service.database import Database

POLL_SECONDS = 1.0
LATE = timedelta(seconds=60)
"""Entries are numbered when they are written and seen when they are committed: so much later at most."""

MOST = 1000
"""How many changes are read at once, and how many a listener may lie behind."""


class Change(NamedTuple):
    """One change of one record.

    Parameters
    ----------
    id
        Of the entry in the audit log.
    organization
        Whose record it is.
    kind, record
        What the audit log calls its type, such as "appointment", and its id.
    action
        "created", "updated", "deleted" or another action of the audit log.
    actor
        Who did it.
    """

    id: int
    organization: int
    kind: str
    record: int
    action: str
    actor: int | None


class Feed:
    """Hands out changes; it reads only while somebody listens.

    Parameters
    ----------
    database_of
        Gives the database to read.
    """

    def __init__(self, database_of: Callable[[], Database]) -> None:
        self._database_of = database_of
        self._listeners: set[asyncio.Queue[Change]] = set()
        self._seen: OrderedDict[int, None] = OrderedDict()
        self._reader: asyncio.Task[None] | None = None
        self._alone = asyncio.Event()
        self.closed = False

    def close(self) -> None:
        """Let all who listen come to an end; from any thread."""
        self.closed = True

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[asyncio.Queue[Change]]:
        """Listen; what is committed from now on arrives in the queue."""
        queue: asyncio.Queue[Change] = asyncio.Queue(MOST)
        self._listeners.add(queue)
        if self._reader is None or self._reader.done() or self._alone.is_set():
            self._alone = asyncio.Event()
            self._reader = asyncio.get_running_loop().create_task(self._read(self._alone))
        try:
            yield queue
        finally:
            self._listeners.discard(queue)
            if not self._listeners and not self._alone.is_set():
                self._alone.set()
                await self._reader

    async def since(self, last: int, organization: int) -> list[Change]:
        """List the changes of an organization after one that is known."""
        return await run_in_threadpool(self._changes, AuditEntry.id > last, AuditEntry.organization_id == organization)

    async def _read(self, alone: asyncio.Event) -> None:
        for change in await run_in_threadpool(self._recent):
            self._seen[change.id] = None
        while not self.closed:
            with suppress(TimeoutError):
                await asyncio.wait_for(alone.wait(), POLL_SECONDS)
                return
            for change in await run_in_threadpool(self._recent):
                if change.id not in self._seen:
                    self._seen[change.id] = None
                    self._hand_out(change)
            while len(self._seen) > 2 * MOST:
                self._seen.popitem(last=False)

    def _hand_out(self, change: Change) -> None:
        for queue in self._listeners:
            if queue.full():
                queue.get_nowait()  # who reads too slowly loses the oldest
            queue.put_nowait(change)

    def _recent(self) -> list[Change]:
        return self._changes(AuditEntry.at >= now() - LATE)

    def _changes(self, *conditions: object) -> list[Change]:
        statement = (
            select(
                AuditEntry.id,
                AuditEntry.organization_id,
                AuditEntry.record_type,
                AuditEntry.record,
                AuditEntry.action,
                AuditEntry.actor,
            )
            .where(*conditions)  # type: ignore[arg-type]  # conditions of columns
            .order_by(AuditEntry.id.desc())
            .limit(MOST)
        )
        with self._database_of().everywhere(writes=False) as session:
            return [Change(*row) for row in reversed(session.execute(statement).all())]
