"""One at a time: who synchronizes a calendar holds a lease on it, and writes nothing once another has taken over."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from time import monotonic
from uuid import uuid4

from sqlalchemy import Select, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.errors import TidyplanError
from models.records import CalendarState
from models.records.base import now
from service.jobs.job import Job

LENGTH = timedelta(seconds=180)
_RENEWED_AFTER = 45.0


class Lost(TidyplanError):
    """Somebody else synchronizes the calendar now."""


class Lease:
    """The right to synchronize one calendar.

    Parameters
    ----------
    job
        Who asks for it.
    integration
        Whose calendar.
    """

    def __init__(self, job: Job, integration: int) -> None:
        self.job, self.integration = job, integration
        self._key, self._renewed = uuid4().hex, 0.0

    def take(self) -> bool:
        """Take it; False while somebody else has it."""
        try:
            with self.job.transaction() as session:
                state = session.scalars(self._state().with_for_update()).one_or_none()
                if state is None:
                    state = CalendarState(integration_id=self.integration, organization_id=None)
                    session.add(state)
                if state.leased_until is not None and state.leased_until > now():
                    return False
                state.lease, state.leased_until = self._key, now() + LENGTH
        except IntegrityError:
            return False  # somebody else has made the row in this very moment
        self._renewed = monotonic()
        return True

    def give(self) -> None:
        """Give it back."""
        with self.job.transaction() as session:
            mine = update(CalendarState).where(
                CalendarState.integration_id == self.integration, CalendarState.lease == self._key
            )
            session.execute(mine.values(lease=None, leased_until=None))

    def keep(self) -> None:
        """Renew it, if that is due; to be asked before every request that may take its time."""
        self.job.check()
        if monotonic() - self._renewed > _RENEWED_AFTER:
            with self.transaction():
                pass

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Open a session that writes, and renew the lease with it.

        Yields
        ------
        The session; it is committed at the end.

        Raises
        ------
        Lost
            If somebody else has the lease; nothing is written.
        """
        with self.job.transaction() as session:
            mine = update(CalendarState).where(
                CalendarState.integration_id == self.integration, CalendarState.lease == self._key
            )
            done = session.execute(mine.values(leased_until=now() + LENGTH))
            assert isinstance(done, CursorResult)
            if done.rowcount != 1:
                raise Lost(f"The calendar of integration {self.integration} is synchronized by another worker now.")
            yield session
        self._renewed = monotonic()

    def state(self, session: Session) -> CalendarState:
        """Read how far the calendar was read."""
        return session.scalars(self._state()).one()

    def _state(self) -> Select[CalendarState]:
        return select(CalendarState).where(CalendarState.integration_id == self.integration)
