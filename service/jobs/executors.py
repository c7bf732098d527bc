"""Which workers live: each raises its beat, and watches those of the others by its own clock."""

import os
import socket
from time import monotonic

from sqlalchemy import delete, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from models.records import Executor
from models.records.base import now
from service.database import Database


class Roll:
    """The roll of living workers, as one of them keeps it.

    Clocks are not compared: another is dead when its beat has not changed for long enough on the clock of who watches.

    Parameters
    ----------
    database
        Where the roll is.
    key
        Of this worker.
    dead_seconds
        After which standstill another one is given up.
    """

    def __init__(self, database: Database, key: str, dead_seconds: float) -> None:
        self.database, self.key, self.dead_seconds = database, key, dead_seconds
        self._seen: dict[str, tuple[int, float]] = {}

    def enter(self) -> None:
        """Write this worker down."""
        with self.database.everywhere() as session:
            session.add(Executor(key=self.key, place=f"{socket.gethostname()[:150]}, process {os.getpid()}"))
            session.commit()

    def leave(self) -> None:
        """Strike this worker out."""
        with self.database.everywhere() as session:
            session.execute(delete(Executor).where(Executor.key == self.key))
            session.commit()

    def beat(self) -> bool:
        """Say that this worker lives.

        Returns
        -------
        Whether it is still on the roll.
        """
        statement = update(Executor).where(Executor.key == self.key)
        with self.database.everywhere() as session:
            done = _count(session, statement.values(beat=Executor.beat + 1, seen_at=now()))
            session.commit()
        return done == 1

    def strike_dead(self) -> set[str]:
        """Strike out those who have not moved for too long.

        Returns
        -------
        Who is left.
        """
        with self.database.everywhere(writes=False) as session:
            beats = {row.key: row.beat for row in session.execute(select(Executor.key, Executor.beat))}
        moment = monotonic()
        known = self._seen
        self._seen = {
            key: known[key] if key in known and known[key][0] == beat else (beat, moment) for key, beat in beats.items()
        }
        dead = {
            key: beat
            for key, (beat, since) in self._seen.items()
            if key != self.key and moment - since >= self.dead_seconds
        }
        for key, beat in dead.items():
            with self.database.everywhere() as session:
                if _count(session, delete(Executor).where(Executor.key == key, Executor.beat == beat)):
                    del beats[key]
                session.commit()
        return set(beats)


def _count(session: Session, statement: object) -> int:
    result = session.execute(statement)  # type: ignore[call-overload]  # an update or a delete
    assert isinstance(result, CursorResult)
    return result.rowcount
