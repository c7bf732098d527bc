import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from inspect import signature
from pathlib import Path
from pkgutil import resolve_name
from threading import Event
from time import monotonic, sleep
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from models.records import Appointment, Executor, IdempotencyKey, Occupancy, Team
from models.records.base import now
from service.callers import the_service
from service.database import Database
from service.demo import demo_problem, seed
from service.jobs import enqueue, running, worker as worker_module
from service.jobs.job import Host
from service.jobs.kinds import KINDS, REGULAR, Regular
from service.jobs.queue import client, waiting
from service.jobs.worker import Worker
from service.settings import Settings
from tests.service.accounts import account
from tests.service.jobs.work import HERE, TEST_KINDS

DEAD_SECONDS = 2.0
Started = Callable[[], subprocess.Popen[str]]


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, kind in TEST_KINDS.items():
        monkeypatch.setitem(KINDS, name, kind)


@pytest.fixture
def start(database: Database) -> Iterator[Started]:
    """Starts workers, and ends those that are left."""
    workers: list[subprocess.Popen[str]] = []
    url = database.url.render_as_string(hide_password=False)

    def started() -> subprocess.Popen[str]:
        command = [sys.executable, "-m", HERE, url, str(DEAD_SECONDS)]
        workers.append(subprocess.Popen(command, env={**os.environ, "TIDYPLAN_SECRET_KEY": "x"}, text=True))
        return workers[-1]

    yield started
    for worker in workers:
        worker.kill()
        worker.wait()


@pytest.fixture
def idle(monkeypatch: pytest.MonkeyPatch) -> None:
    """No regular jobs for workers in this process."""
    monkeypatch.setattr(worker_module, "REGULAR", {})


@pytest.fixture
def organization(database: Database) -> int:
    return account(database).organization


@pytest.fixture
def diary(tmp_path: Path) -> Path:
    return tmp_path / "diary"


def ask(database: Database, organization: int, kind: str, count: int = 1, **arguments: Any) -> None:
    with database.session(the_service(organization)) as session:
        for _ in range(count):
            enqueue(session, kind, **arguments)
        session.commit()


def lines(diary: Path, count: int, seconds: float = 20.0) -> list[str]:
    """Wait for so many lines of the diary."""
    limit = monotonic() + seconds
    while monotonic() < limit:
        found = diary.read_text().splitlines() if diary.exists() else []
        if len(found) >= count:
            return found
        sleep(0.05)
    raise AssertionError(f"{diary.read_text() if diary.exists() else 'nothing'}: not {count} lines")


def wait_for_workers(database: Database, count: int) -> None:
    limit = monotonic() + 20
    while monotonic() < limit:
        with database.everywhere(writes=False) as session:
            if len(session.scalars(select(Executor.key)).all()) == count:
                return
        sleep(0.1)
    raise AssertionError(f"not {count} workers")


def test_job_is_there_when_its_transaction_commits_and_not_otherwise(
    database: Database, organization: int, diary: Path, idle: None
) -> None:
    with database.session(the_service(organization)) as session:
        session.add(Team(name="never"))
        enqueue(session, "note", diary=str(diary), text="rolled back")
        session.rollback()
    with database.session(the_service(organization)) as session:
        session.add(Team(name="there"))
        enqueue(session, "note", diary=str(diary), text="committed")
        session.commit()
    with worker_of(database):
        assert lines(diary, 1) == [f"committed {organization}"]
        sleep(0.5)
        assert lines(diary, 1) == [f"committed {organization}"]


def test_jobs_with_one_key_are_one_job(database: Database, organization: int, diary: Path, idle: None) -> None:
    ask(database, organization, "note", 3, key="a", diary=str(diary), text="one")
    ask(database, organization, "note", 1, key="a", diary=str(diary), text="two")
    ask(database, organization, "note", 1, key="b", diary=str(diary), text="three")
    with worker_of(database):
        assert sorted(lines(diary, 2)) == [f"one {organization}", f"three {organization}"]
        sleep(0.5)
        assert len(lines(diary, 2)) == 2


def test_job_waits_as_long_as_it_is_told(database: Database, organization: int, diary: Path, idle: None) -> None:
    ask(database, organization, "note", after_seconds=60, diary=str(diary), text="later")
    ask(database, organization, "note", after_seconds=0.1, diary=str(diary), text="soon")
    with worker_of(database):
        assert lines(diary, 1) == [f"soon {organization}"]


def test_failed_job_is_tried_again(database: Database, organization: int, diary: Path, idle: None) -> None:
    ask(database, organization, "shaky", diary=str(diary))
    with worker_of(database):
        assert lines(diary, 3) == ["try"] * 3
        sleep(0.5)
        assert lines(diary, 3) == ["try"] * 3


def test_job_of_a_killed_worker_is_done_once_by_another(
    database: Database, organization: int, diary: Path, start: Started
) -> None:
    ask(database, organization, "slow", diary=str(diary), text="job", seconds=1.5)
    first = start()
    (begins,) = lines(diary, 1)
    first.send_signal(signal.SIGKILL)
    killed = monotonic()
    start()
    found = lines(diary, 2)
    assert monotonic() - killed < 15
    assert found[1].startswith("job begins")
    assert found[1] != begins
    found = lines(diary, 3)
    assert found[2] == found[1].replace("begins", "ends")
    sleep(DEAD_SECONDS + 1)
    assert len(lines(diary, 3)) == 3


def test_jobs_of_a_killed_worker_go_to_one_that_runs_already(
    database: Database, organization: int, diary: Path, start: Started
) -> None:
    first = start()
    ask(database, organization, "slow", 2, diary=str(diary), text="job", seconds=1.0)
    lines(diary, 2)
    start()
    sleep(1.0)
    ask(database, organization, "slow", 2, diary=str(diary), text="job", seconds=1.0)
    first.send_signal(signal.SIGKILL)
    limit = monotonic() + 20
    while sum(" ends " in line for line in lines(diary, 2)) < 4:
        assert monotonic() < limit
        sleep(0.1)
    sleep(DEAD_SECONDS)
    assert sum(" ends " in line for line in lines(diary, 2)) == 4


def test_two_workers_never_run_one_job_twice(
    database: Database, organization: int, diary: Path, start: Started
) -> None:
    start()
    start()
    wait_for_workers(database, 2)
    others = [account(database).organization for _ in range(2)]
    for number in range(40):  # together the three may have more jobs at once than one worker runs
        ask(database, [organization, *others][number % 3], "shared", diary=str(diary), text=f"{number}")
    found = lines(diary, 80, 60)
    sleep(DEAD_SECONDS)
    assert len(lines(diary, 80)) == 80
    begun = [line.split()[0] for line in found if "begins" in line]
    assert sorted(begun, key=int) == [str(number) for number in range(40)]
    assert len({line.split()[2] for line in found}) == 2


def test_organization_has_so_many_jobs_at_once_and_others_are_not_held_up(
    database: Database, organization: int, diary: Path, start: Started
) -> None:
    other = account(database).organization
    ask(database, organization, "long", 3, diary=str(diary), text="mine", seconds=0.6)
    ask(database, other, "long", 1, diary=str(diary), text="other", seconds=0.6)
    start()
    start()
    found = lines(diary, 8)
    running = most = 0
    for line in found:
        if line.startswith("mine"):
            running += 1 if "begins" in line else -1
            most = max(most, running)
    assert most == 1
    assert any(line.startswith("other") for line in found[:4])


def test_worker_that_ends_leaves_its_job_to_the_next_at_once(
    database: Database, organization: int, diary: Path, start: Started
) -> None:
    ask(database, organization, "patient", diary=str(diary))
    first = start()
    lines(diary, 1)
    first.send_signal(signal.SIGTERM)
    assert first.wait(15) == 0
    with database.everywhere(writes=False) as session:
        assert session.scalars(select(Executor.key)).all() == []
    start()
    found = lines(diary, 2)
    assert found[0] != found[1]


def test_worker_that_was_taken_for_dead_writes_nothing_more(
    database: Database, organization: int, diary: Path, start: Started
) -> None:
    ask(database, organization, "stuck", diary=str(diary), seconds=1.0)
    first = start()
    (begins,) = lines(diary, 1)
    first.send_signal(signal.SIGSTOP)
    start()
    found = lines(diary, 3)
    first.send_signal(signal.SIGCONT)
    sleep(2.5)
    found = lines(diary, 3)
    assert found[0] == begins
    assert [line.split()[0] for line in found] == ["begins", "begins", "wrote"]
    assert found[2].split()[1] == found[1].split()[1] != begins.split()[1]
    with database.everywhere(writes=False) as session:
        living = set(session.scalars(select(Executor.key)))
    assert len(living) == 2
    assert begins.split()[1] not in living


def test_jobs_that_wait_are_counted(database: Database, organization: int, diary: Path) -> None:
    assert waiting(database) == {}
    ask(database, organization, "note", 3, diary=str(diary), text="")
    ask(database, organization, "note", after_seconds=60, diary=str(diary), text="")
    ask(database, organization, "long", diary=str(diary), text="", seconds=0)
    assert waiting(database) == {("light", "enqueued"): 3, ("light", "delayed"): 1, ("heavy", "enqueued"): 1}


def test_every_regular_job_runs_when_a_worker_starts_and_once_a_day(database: Database) -> None:
    assert seed(database, demo_problem()) is not None
    for _ in range(2):
        with worker_of(database):
            wait_for_job(database, f"forget:0:forget-hourly:{now().date()}")
            limit = monotonic() + 60
            while waiting(database) and monotonic() < limit:
                sleep(0.1)
    found = client(database.engine).list_workflows(name="job")
    done = {each.workflow_id: each.status for each in found if each.workflow_id.endswith(f":{now().date()}")}
    assert done == {
        f"{each.kind}:{int(each.each_organization)}:{name}:{now().date()}": "SUCCESS" for name, each in REGULAR.items()
    }


def test_schedule_of_an_earlier_release_goes(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    names = set(REGULAR)
    with monkeypatch.context() as patched:
        patched.setitem(REGULAR, "bygone", Regular("forget", "0 0 1 1 *", each_organization=False))
        with worker_of(database):
            wait_for_job(database, f"forget:0:bygone:{now().date()}")
    assert {each["schedule_name"] for each in client(database.engine).list_schedules()} == {*names, "bygone"}
    with worker_of(database):
        wait_for_job(database, f"forget:0:forget-hourly:{now().date()}")
    assert {each["schedule_name"] for each in client(database.engine).list_schedules()} == names


def test_every_kind_names_a_function_that_takes_a_job() -> None:
    for name, kind in KINDS.items():
        function = resolve_name(kind.function)
        assert next(iter(signature(function).parameters)) == "job", name
    assert {regular.kind for regular in REGULAR.values()} <= set(KINDS)


def test_unknown_kind_is_refused(database: Database, organization: int) -> None:
    with pytest.raises(LookupError, match="no job nothing"):
        ask(database, organization, "nothing")


def test_what_is_old_is_forgotten(database: Database, organization: int) -> None:
    old, recent = now() - timedelta(days=2), now() - timedelta(hours=1)
    with database.session(the_service(organization)) as session:
        appointment = Appointment(title="a", status="requested", duration_minutes=5)
        session.add(appointment)
        session.flush()
        for expires in (old, now() + timedelta(hours=1), None):
            session.add(
                Occupancy(
                    appointment_id=appointment.id,
                    subject=4,
                    start_minute=0,
                    end_minute=5,
                    exclusive=False,
                    expires_at=expires,
                )
            )
        for created in (old, recent):
            session.add(IdempotencyKey(caller="c", path="p", key=f"{created}", body_digest="d", created_at=created))
        session.commit()
    with worker_of(database) as worker:
        with database.everywhere() as session:
            enqueue(session, "forget", key="now")
            session.commit()
        wait_for_job(database, "forget:0:now")
        assert worker.is_alive
    with database.session(the_service(organization), writes=False) as session:
        assert len(session.scalars(select(Occupancy)).all()) == 2
        assert session.scalars(select(IdempotencyKey.created_at)).all() == [recent]


def test_regular_job_is_asked_for_once_by_all_workers(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    organizations = {account(database).organization for _ in range(2)}
    monkeypatch.setattr(running, "REGULAR", {"each": Regular("note", "* * * * *")})
    monkeypatch.setattr(running, "_host", [Host(database, Settings(secret_key=SecretStr("x")), "key", Event())])
    for _ in range(2):
        running.ask("each", "2026-11-23T03:00:00+00:00")
    found = client(database.engine).list_workflows(name="job")
    assert {each.queue_partition_key for each in found} == {str(key) for key in organizations}
    assert len(found) == 2


def test_service_and_commands_start_without_loading_the_queue() -> None:
    code = "import sys, service.app, service.cli, service.jobs; sys.exit('dbos' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@contextmanager
def worker_of(database: Database) -> Iterator[Worker]:
    """A worker in this process."""
    worker = Worker(database, Settings(secret_key=SecretStr("x"), jobs_poll_seconds=0.1))
    worker.start()
    try:
        yield worker
    finally:
        worker.stop()


def wait_for_job(database: Database, key: str) -> None:
    limit = monotonic() + 20
    while monotonic() < limit:
        if any(each.status == "SUCCESS" for each in client(database.engine).list_workflows(workflow_ids=[key])):
            return
        sleep(0.1)
    raise AssertionError(f"{key} is not done")
