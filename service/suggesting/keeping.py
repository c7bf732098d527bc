"""The indexes of a process: those of the organizations that were asked about last."""

import logging
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event, Lock, RLock, Thread
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from models.errors import InvalidDocument, TidyplanError
from models.records.base import now as present
from models.suggestion import SlotQuery, Suggestions
from service.callers import the_service
from service.database import Database
from service.snapshot import Booking, Snapshot
from service.snapshot.ids import APPOINTMENT, key_of
from service.snapshot.telling import Titled
from service.suggesting.asking import reach_of, read_for
from service.tenancy import caller_of

if TYPE_CHECKING:
    from service.suggesting.kept import Kept

ROLL = timedelta(hours=12)
"""So old an index gets a successor with a later horizon; it serves until its slack is used up."""
SLACK = 2 * ROLL
UNREAD_SECONDS = 3600.0
"""Who has followed nothing for so long reads everything: notes are not kept for ever."""
IDLE_SECONDS = 900.0
"""So long after the last question an index is kept up to date ahead of the next one."""
POLL_SECONDS = 1.0
_log = logging.getLogger(__name__)


class Found(NamedTuple):
    """Slots, what knows the titles of the appointments in their texts, and the organization's time zone."""

    suggestions: Suggestions
    titles: Titled
    timezone: str


@dataclass
class _Entry:
    """The index of an organization, if there is one, with who may use it and when it was used."""

    lock: RLock = field(default_factory=RLock)
    kept: "Kept | None" = None
    read: float = -UNREAD_SECONDS
    asked: float = 0.0


class Keeping:
    """Keeps indexes, and answers from them.

    Parameters
    ----------
    most
        Of how many organizations; 0: everything is read for each question.
    days
        How far ahead they reach.
    """

    def __init__(self, most: int, days: int) -> None:
        self._most, self._ahead = most, timedelta(days=days)
        self._entries: OrderedDict[int, _Entry] = OrderedDict()
        self._lock = Lock()

    def find(self, session: Session, booking: Booking, query: SlotQuery) -> Found | Snapshot:
        """Find slots for a booking, or read what is needed to find them.

        Parameters
        ----------
        session
            Of `Database.moment`.
        booking
            Stored or not; with its start, if it stands and may move from there.
        query
            How many slots, and when.

        Returns
        -------
        The slots as of the moment that the session sees, or later; or, where the index reaches not far enough, a
        snapshot for `found_alone`.
        """
        now = present()
        start, end = reach_of(query, now)
        if self._most and end <= now + self._ahead:
            entry = self._entry(caller_of(session).organization_id)
            entry.asked = monotonic()
            with entry.lock:
                kept = self._current(entry, session, now, end)
                if kept is not None and kept.knows(session, booking):
                    asked = query.model_copy(update={"from_": start, "until": end})
                    return Found(kept.suggest(booking, asked), kept, kept.timezone)
        return read_for(session, booking, query, now)

    def _entry(self, owner: int) -> _Entry:
        with self._lock:
            entry = self._entries.setdefault(owner, _Entry())
            self._entries.move_to_end(owner)
            while len(self._entries) > self._most:
                self._entries.popitem(last=False)
            return entry

    def _current(self, entry: _Entry, session: Session, now: datetime, end: datetime) -> "Kept | None":
        """Bring an index up to date, or make one; None where the plan does not fit together."""
        kept, entry.kept = entry.kept, None  # what is not brought to its end is forgotten
        try:
            lately = monotonic() - entry.read < UNREAD_SECONDS
            if kept is None or end > kept.end or not lately or not kept.follow(session, now):
                kept = self._made(session, now)
        except InvalidDocument as error:
            _log.warning("There is no index of organization %s: %s", caller_of(session).organization_id, error)
            return None
        entry.kept, entry.read = kept, monotonic()
        return kept

    def _made(self, session: Session, now: datetime) -> "Kept":
        from service.suggesting.kept import Kept  # the kernel takes its time to import

        start = now.replace(second=0, microsecond=0)
        return Kept(session, start, start + self._ahead + SLACK, now)

    # --- ahead of questions -----------------------------------------------------
    def catch_up(self, database: Database) -> None:
        """Bring all indexes that were used lately up to date, so that the next question need not wait for it."""
        with self._lock:
            used = [pair for pair in self._entries.items() if monotonic() - pair[1].asked < IDLE_SECONDS]
        for owner, entry in used:
            if entry.kept is None:
                continue  # nobody could make it, or somebody is about to
            caller = the_service(owner)
            with database.moment(caller) as session, entry.lock:
                kept = self._current(entry, session, now := present(), now)
            if kept is not None and now > kept.made + ROLL:
                with database.moment(caller) as session:
                    next_one = self._made(session, now)
                with entry.lock:
                    entry.kept = next_one


def found_alone(snapshot: Snapshot, booking: Booking, query: SlotQuery) -> Found:
    """Find slots by a snapshot for one question; this computes for a while, and needs no session.

    Parameters
    ----------
    snapshot
        Of `Keeping.find`.
    booking, query
        As they were asked for.

    Returns
    -------
    The slots.
    """
    from solver.suggest import SuggestIndex  # the kernel takes its time to import

    found = SuggestIndex(*snapshot).suggest(key_of(APPOINTMENT, booking.id), query)
    return Found(found, snapshot.problem, snapshot.problem.timezone)


@contextmanager
def following(keeping: Keeping, database: Database) -> Iterator[None]:
    """Keep indexes up to date in a thread of its own.

    Parameters
    ----------
    keeping, database
        The indexes, and what they follow.
    """
    over = Event()

    def follow() -> None:
        while not over.wait(POLL_SECONDS):
            try:
                keeping.catch_up(database)
            except (SQLAlchemyError, TidyplanError) as error:
                _log.warning("Indexes are not brought up to date: %s", error)

    thread = Thread(target=follow, name="indexes", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
