"""The database: SQLite in WAL mode or PostgreSQL, and sessions on it."""

import sqlite3
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.orm import Session, sessionmaker

from models.records.follows import write_follows
from service.auditing import forget_made, log_changes, log_made
from service.callers import Caller
from service.changes import note_changes, note_statement, write_changes
from service.tenancy import BoundSession, bind, bind_everywhere, stamp, stay_inside
from service.turns import Turns

POOL = 40
"""As many connections as there are threads that answer requests."""

_TURN = "turn"

event.listen(BoundSession, "do_orm_execute", stay_inside)
event.listen(BoundSession, "before_flush", stamp)
event.listen(BoundSession, "after_flush", log_changes)
event.listen(BoundSession, "before_commit", log_made)
event.listen(BoundSession, "after_rollback", forget_made)
event.listen(BoundSession, "after_flush", write_follows)
event.listen(BoundSession, "after_flush", note_changes)
event.listen(BoundSession, "do_orm_execute", note_statement)
event.listen(BoundSession, "before_commit", write_changes)


class Database:
    """An engine and the sessions on it.

    Parameters
    ----------
    url
        `sqlite:///file.db` or `postgresql+psycopg://user@host/name`.
    busy_seconds
        How long a write waits for another one on SQLite.
    echo
        Whether statements are logged.
    """

    def __init__(self, url: str, *, busy_seconds: float = 30.0, echo: bool = False) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        options: dict[str, Any] = {"pool_size": POOL, "max_overflow": 0, "echo": echo}
        if self.is_sqlite:
            options["connect_args"] = {"timeout": busy_seconds}
        else:
            options["pool_pre_ping"] = True
        self.engine: Engine = create_engine(self.url, **options)
        if self.is_sqlite:
            event.listen(self.engine, "connect", _prepare_sqlite)
            turns = Turns()
            event.listen(self.engine, "begin", lambda connection: _begin_sqlite(connection, turns, busy_seconds))
            event.listen(self.engine, "checkin", lambda _connection, record: _end_sqlite(record.info, turns))
        self._writing = sessionmaker(self.engine, class_=BoundSession, expire_on_commit=False)
        reading = self.engine.execution_options(reads_only=True)
        self._reading = sessionmaker(reading, class_=BoundSession, expire_on_commit=False)
        # A transaction of SQLite that reads sees one moment anyway.
        seeing = reading if self.is_sqlite else reading.execution_options(isolation_level="REPEATABLE READ")
        self._seeing = sessionmaker(seeing, class_=BoundSession, expire_on_commit=False)

    def session(self, caller: Caller | None = None, *, writes: bool = True) -> Session:
        """Open a session; who opens it commits it, once, and closes it.

        Parameters
        ----------
        caller
            In whose name; without one it is bound to no organization yet, and answers nothing before it is.
        writes
            Whether it may write: on SQLite it then takes the write lock with its first statement.

        Returns
        -------
        The session.
        """
        session = self._writing() if writes else self._reading()
        if caller is not None:
            bind(session, caller)
        return session

    def moment(self, caller: Caller) -> Session:
        """Open a session that only reads, and sees the database as it is at its first statement.

        Parameters
        ----------
        caller
            In whose name.

        Returns
        -------
        The session.
        """
        session = self._seeing()
        bind(session, caller)
        return session

    def everywhere(self, *, writes: bool = True) -> Session:
        """Open a session that sees all organizations.

        Parameters
        ----------
        writes
            As for `session`.

        Returns
        -------
        The session.
        """
        session = self.session(writes=writes)
        bind_everywhere(session)
        return session

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # transactions begin below, not when the driver thinks fit
    for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")
    connection.create_function("lower", 1, _lower, deterministic=True)


def _lower(text: str | float | None) -> str | float | None:
    """Fold all letters, not only those of ASCII."""
    return text.lower() if isinstance(text, str) else text


def _begin_sqlite(connection: Connection, turns: Turns, busy_seconds: float) -> None:
    if connection.get_execution_options().get("reads_only", False):
        connection.exec_driver_sql("BEGIN")
        return
    if _TURN not in connection.info and turns.take(busy_seconds):
        connection.info[_TURN] = True
    connection.exec_driver_sql("BEGIN IMMEDIATE")  # other processes know nothing of turns


def _end_sqlite(info: dict[Any, Any], turns: Turns) -> None:
    if info.pop(_TURN, False):
        turns.give()
