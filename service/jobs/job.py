"""What a job is given: its organization, sessions that are refused once somebody else took over, the wish to stop."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.records import Executor
from service.callers import the_service
from service.database import Database
from service.settings import Settings


class Interrupted(BaseException):
    """The job stops here, and another worker goes on with it.

    No `Exception`: nothing between the job and its worker may take it for a failure.
    """


@dataclass(frozen=True, slots=True)
class Host:
    """The worker that runs jobs.

    Parameters
    ----------
    database, settings
        Of the process.
    key
        The worker's row among the executors.
    stopping
        Set when it is to end.
    """

    database: Database
    settings: Settings
    key: str
    stopping: Event


@dataclass(frozen=True, slots=True)
class Job:
    """One job while it runs.

    Parameters
    ----------
    id
        The same at every attempt.
    kind
        One of `KINDS`.
    organization_id
        Whose it is; None for nobody's in particular.
    arguments
        As it was asked for.
    host
        The worker that runs it.
    """

    id: str
    kind: str
    organization_id: int | None
    arguments: Mapping[str, Any]
    host: Host

    @property
    def stopping(self) -> bool:
        """Whether the worker is to end: save what there is, and call `check`."""
        return self.host.stopping.is_set()

    def check(self) -> None:
        """Stop here if the worker is to end.

        Raises
        ------
        Interrupted
            If it is; the job is run again, by another worker.
        """
        if self.stopping:
            raise Interrupted

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Open a session of the organization, or of all of them, and commit it at the end.

        Yields
        ------
        The session.

        Raises
        ------
        Interrupted
            If the worker was given up meanwhile: nothing is written.
        """
        database = self.host.database
        owner = self.organization_id
        with database.everywhere() if owner is None else database.session(the_service(owner)) as session:
            yield session
            self._ensure_mine(session)
            session.commit()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a session that only reads.

        Yields
        ------
        The session.
        """
        database, owner = self.host.database, self.organization_id
        opened = database.everywhere(writes=False) if owner is None else None
        with opened or database.session(the_service(owner or 0), writes=False) as session:
            yield session

    def _ensure_mine(self, session: Session) -> None:
        """Hold the worker's row until the commit: who wants to take over waits for it."""
        mine = select(Executor.key).where(Executor.key == self.host.key)
        if session.scalar(mine.with_for_update(read=True, key_share=True)) is None:
            raise Interrupted
