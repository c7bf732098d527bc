"""The history of the database's tables, and how to walk it."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

_LOCK = 7_409_312_206_015


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the tables up to a revision; several processes may ask at once.

    Parameters
    ----------
    engine
        Of the database.
    revision
        Its id, or "head" for the newest.
    """
    _walk(engine, revision, up=True)


def downgrade(engine: Engine, revision: str) -> None:
    """Take the tables back to a revision.

    Parameters
    ----------
    engine
        Of the database.
    revision
        Its id, "-1" for one step, or "base" for an empty database.
    """
    _walk(engine, revision, up=False)


def is_current(engine: Engine) -> bool:
    """Tell whether the tables are those of the newest revision."""
    with engine.connect() as connection:
        present = MigrationContext.configure(connection).get_current_heads()
    return set(present) == set(ScriptDirectory.from_config(_config()).get_heads())


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    return config


def _walk(engine: Engine, revision: str, *, up: bool) -> None:
    with engine.connect() as connection:
        _foreign_keys(connection, on=False)
        try:
            with connection.begin():
                if connection.dialect.name == "postgresql":
                    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
                (command.upgrade if up else command.downgrade)(_config(connection), revision)
        finally:
            _foreign_keys(connection, on=True)


def _foreign_keys(connection: Connection, *, on: bool) -> None:
    """Switch foreign keys of SQLite, outside of any transaction: a table that is altered there is made anew."""
    if connection.dialect.name == "sqlite":
        driver = connection.connection.dbapi_connection
        assert driver is not None
        driver.cursor().execute(f"PRAGMA foreign_keys = {'ON' if on else 'OFF'}")
