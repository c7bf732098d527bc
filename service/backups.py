"""Backups: one file, made while the service serves, and proved by restoring it somewhere else."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

from sqlalchemy import URL, create_engine, func, inspect, select
from sqlalchemy.exc import DBAPIError

from models.errors import TidyplanError
from models.records import Base, NotificationChannel, ScheduleIntegration
from service import migrations
from service.database import Database

_SQLITE, _POSTGRESQL = b"SQLite format 3\0", b"PGDMP"


class BadBackup(TidyplanError):
    """A backup that cannot be made, or is not one that could be gone on with."""


def make(database: Database, output: Path) -> None:
    """Write the whole database into a file, as it is at one moment; others go on writing meanwhile.

    Parameters
    ----------
    database
        SQLite, or PostgreSQL with `pg_dump` in the path.
    output
        A file that is not there yet; it is there when all of it is.

    Raises
    ------
    BadBackup
        If it cannot be made.
    """
    if output.exists():
        raise BadBackup(f"{output} is there already. Choose another name.")
    part = output.with_name(f"{output.name}.part")
    part.unlink(missing_ok=True)
    try:
        if database.is_sqlite:
            with closing(sqlite3.connect(str(database.url.database))) as source, closing(sqlite3.connect(part)) as copy:
                source.backup(copy)
        else:
            _run("pg_dump", database.url, "--format=custom", "--no-owner", "--no-privileges", f"--file={part}")
        part.rename(output)
    except (OSError, sqlite3.Error) as error:
        raise BadBackup(f"{output} cannot be written: {error}.") from None
    finally:
        part.unlink(missing_ok=True)


def verify(backup: Path, database: Database) -> Mapping[str, int]:
    """Restore a backup into a scratch database, check that, and drop it.

    Parameters
    ----------
    backup
        As `make` wrote it.
    database
        Whose server has room for the scratch database; it is left alone.

    Returns
    -------
    How many rows each table has.

    Raises
    ------
    BadBackup
        With what is wrong.
    """
    try:
        with backup.open("rb") as file:
            head = file.read(len(_SQLITE))
    except OSError as error:
        raise BadBackup(f"{backup} cannot be read: {error.strerror}.") from None
    if head == _SQLITE:
        opened = _restored_sqlite(backup)
    elif head.startswith(_POSTGRESQL):
        opened = _restored_postgresql(backup, database)
    else:
        raise BadBackup(f"{backup} is no backup of this service.")
    try:
        with opened as scratch:
            return _checked(scratch)
    except (DBAPIError, LookupError) as error:
        raise BadBackup(f"{backup} does not hold: {getattr(error, 'orig', None) or error}") from None


@contextmanager
def _restored_sqlite(backup: Path) -> Iterator[Database]:
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "scratch.db"
        shutil.copyfile(backup, copy)
        scratch = Database(f"sqlite:///{copy}")
        try:
            with scratch.engine.connect() as connection:
                broken = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
                if broken != ["ok"]:
                    raise BadBackup(f"{backup} is damaged: {'; '.join(broken[:3])}.")
                if lost := connection.exec_driver_sql("PRAGMA foreign_key_check").all():
                    raise BadBackup(f"{backup} has {len(lost)} rows that refer to nothing, such as {tuple(lost[0])}.")
            yield scratch
        finally:
            scratch.close()


@contextmanager
def _restored_postgresql(backup: Path, database: Database) -> Iterator[Database]:
    if database.is_sqlite:
        raise BadBackup(f"{backup} is of PostgreSQL. Set TIDYPLAN_DATABASE_URL to a server that it can be tried on.")
    name = f"tidyplan_verify_{uuid4().hex[:12]}"
    server = create_engine(database.url, isolation_level="AUTOCOMMIT")
    url = database.url.set(database=name)
    scratch = Database(url.render_as_string(hide_password=False))
    try:
        with server.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
        _run("pg_restore", url, "--exit-on-error", "--no-owner", "--no-privileges", f"--dbname={name}", str(backup))
        yield scratch
    finally:
        scratch.close()
        with server.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name}")
        server.dispose()


def _checked(scratch: Database) -> dict[str, int]:
    """Bring a restored database up to date, count its rows, and read a secret of each kind."""
    if not inspect(scratch.engine).has_table("alembic_version"):
        raise BadBackup("It has no tables of this service.")
    migrations.upgrade(scratch.engine)
    counts = {}
    with scratch.everywhere(writes=False) as session:
        for table in Base.metadata.sorted_tables:
            counts[table.name] = session.connection().scalar(select(func.count()).select_from(table)) or 0
        session.scalars(select(ScheduleIntegration)).all()
        session.scalars(select(NotificationChannel)).all()
    if not counts["organizations"]:
        raise BadBackup("It has no organization in it.")
    return counts


def _run(program: str, url: URL, *arguments: str) -> None:
    """Run a program of PostgreSQL; its password is in the environment, where others do not see it."""
    said = url.translate_connect_args(username="user", database="dbname")
    host = url.query.get("host") or said.get("host")
    settings = {
        "PGHOST": host if isinstance(host, str) else None,
        "PGPORT": url.query.get("port") or said.get("port"),
        "PGUSER": said.get("user"),
        "PGPASSWORD": said.get("password"),
        "PGDATABASE": said.get("dbname"),
        "PGSSLMODE": url.query.get("sslmode"),
    }
    environment = os.environ | {name: str(value) for name, value in settings.items() if value is not None}
    try:
        done = subprocess.run([program, *arguments], env=environment, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise BadBackup(f"There is no {program} in the path. Install the programs of PostgreSQL.") from None
    if done.returncode:
        raise BadBackup(f"{program} failed: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else '?'}")
