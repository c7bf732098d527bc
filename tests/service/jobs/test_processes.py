"""The commands that run jobs, as processes of their own."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import pytest
from sqlalchemy import select

from models.records import Executor, Organization
from service.database import Database
from service.jobs import enqueue
from service.jobs.kinds import KINDS
from service.jobs.queue import client
from tests.service.jobs.work import HERE, TEST_KINDS


@contextmanager
def command(
    database: Database, *words: str, program: tuple[str, ...] = ("-m", "service.cli")
) -> Iterator[subprocess.Popen[str]]:
    """A command of the service on the database of the test."""
    url = database.url.render_as_string(hide_password=False)
    environment = {
        **os.environ,
        "TIDYPLAN_DATABASE_URL": url,
        "TIDYPLAN_SECRET_KEY": "of no use",
        "TIDYPLAN_WORKER_DRAIN_SECONDS": "2",
    }
    process = subprocess.Popen([sys.executable, *program, *words], env=environment, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def ensure_done(database: Database, seconds: float = 30.0) -> None:
    """Ask for a job, and wait for its end."""
    with database.everywhere() as session:
        key = enqueue(session, "forget")
        session.commit()
    limit = monotonic() + seconds
    while monotonic() < limit:
        if any(each.status == "SUCCESS" for each in client(database.engine).list_workflows(workflow_ids=[key])):
            return
        sleep(0.1)
    raise AssertionError(f"{key} is not done")


def ensure_signed_off(database: Database) -> None:
    with database.everywhere(writes=False) as session:
        assert session.scalars(select(Executor.key)).all() == []


def test_worker_runs_jobs_until_it_is_told_to_end(database: Database) -> None:
    with command(database, "worker") as process:
        ensure_done(database)
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    ensure_signed_off(database)


def test_worker_ends_though_a_job_does_not(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KINDS, "slow", TEST_KINDS["slow"])
    code = f"import {HERE} as work; work.KINDS.update(work.TEST_KINDS); import service.cli; service.cli.main()"
    diary = tmp_path / "diary"
    with command(database, "worker", program=("-c", code)) as process:
        with database.everywhere() as session:
            session.add(Organization(name="A"))
            session.flush()
            key = enqueue(session, "slow", organization=1, diary=str(diary), text="job", seconds=60)
            session.commit()
        limit = monotonic() + 30
        while not diary.exists() and monotonic() < limit:
            sleep(0.1)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    ensure_signed_off(database)
    (left,) = client(database.engine).list_workflows(workflow_ids=[key])
    assert left.status == "PENDING"


def test_serve_runs_jobs_with_the_embedded_database_only(database: Database) -> None:
    with command(database, "serve", "--port", "0") as process:
        if database.is_sqlite:
            ensure_done(database)
        else:
            with pytest.raises(AssertionError, match="not done"):
                ensure_done(database, 8.0)
        process.send_signal(signal.SIGTERM)
        process.wait(20)
    ensure_signed_off(database)
