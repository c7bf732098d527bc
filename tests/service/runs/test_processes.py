"""Runs from end to end, with processes of their own: a server that works, and workers that die."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic, sleep
from typing import Any

import httpx2
from sqlalchemy import select

from models.records import AuditEntry, Executor, Run, RunDraft
from service.callers import the_service
from service.database import Database
from service.keyring import Keyring
from tests.service.accounts import BASE, Account, Client, account
from tests.service.runs.running import HORIZON, asked, settings_for, violations_of
from tests.service.runs.weeks import OPEN, busy_week

SECONDS = 60.0


@contextmanager
def command(database: Database, *words: str) -> Iterator[subprocess.Popen[str]]:
    """A command of the service on the database of the test, quick to see that others died."""
    environment = {
        **os.environ,
        "TIDYPLAN_DATABASE_URL": database.url.render_as_string(hide_password=False),
        "TIDYPLAN_SECRET_KEY": "of no use to anybody",
        "TIDYPLAN_WORKER": "true",
        "TIDYPLAN_WORKER_DEAD_SECONDS": "2",
        "TIDYPLAN_JOBS_POLL_SECONDS": "0.1",
        "TIDYPLAN_CHECKPOINT_SECONDS": "0.5",
        "TIDYPLAN_WRITES_PER_MINUTE": "0",
    }
    process = subprocess.Popen([sys.executable, "-m", "service.cli", *words], env=environment, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@contextmanager
def serving(database: Database, who: Account) -> Iterator[httpx2.Client]:
    """A server that also works, and a client of the account."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    claims = {"sub": str(who.user), "org": str(who.organization), "use": "access"}
    token = Keyring(settings_for(database).keys).sign(claims, 600)
    with (
        command(database, "serve", "--port", str(port)),
        httpx2.Client(
            base_url=f"http://127.0.0.1:{port}{BASE}/", headers={"Authorization": f"Bearer {token}"}, timeout=30
        ) as client,
    ):
        limit = monotonic() + SECONDS
        while monotonic() < limit:
            try:
                client.get("/healthz")
                break
            except httpx2.TransportError:
                sleep(0.1)
        yield client


def made(client: httpx2.Client, path: str, body: Any, status: int = 201) -> Any:
    answer = client.post(path, json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


def ran(client: httpx2.Client, mode: str) -> Any:
    """Ask for a run, watch it to its end, and publish it."""
    run = made(client, "runs/", {"mode": mode, "horizon": HORIZON, "time_limit_seconds": 2.0}, 202)["id"]
    with client.stream("GET", f"runs/{run}/events/", timeout=SECONDS) as stream:
        names = [line for line in stream.iter_lines() if line.startswith("event:")]
    assert names[-1] == "event: done", client.get(f"runs/{run}/").text
    return client.get(f"runs/{run}/").json(), made(client, f"runs/{run}/publish/", {}, 200)


def test_week_is_planned_published_and_repaired_by_a_server(database: Database) -> None:
    who = account(database)
    with serving(database, who) as client:
        people = [
            made(client, "users/", {"name": f"Person {i}", "timezone": "UTC", "availability": OPEN})["id"]
            for i in range(3)
        ]
        for number in range(12):
            body = {
                "title": f"visit {number}",
                "status": "requested",
                "duration_minutes": 120,
                "requirements": {"crew": [{"count": 1}], "users": {"allowed": [str(key) for key in people]}},
            }
            made(client, "appointments/", body)
        run, report = ran(client, "fill")
        assert (run["counts"]["placed"], report["published"], report["refused"]) == (12, 12, 0)
        assert violations_of(database, who.organization) == []
        rows = client.get("appointments/").json()["results"]
        ill = rows[0]["assigned_users"][0]
        made(client, "absences/", {"user": ill, "kind": "sickness", **HORIZON})
        broken = {row["id"] for row in rows if row["assigned_users"] == [ill]}
        assert violations_of(database, who.organization) != []
        run, report = ran(client, "repair")
        assert {each["appointment"] for each in report["appointments"]} == broken
        assert (report["published"], report["refused"], run["counts"]["dropped"]) == (len(broken), 0, 0)
        assert violations_of(database, who.organization) == []
        after = client.get("appointments/").json()["results"]
        assert all(row["assigned_users"] != [ill] for row in after)


def row_of(database: Database, organization: int, run: int) -> Run:
    with database.session(the_service(organization), writes=False) as session:
        return session.get_one(Run, run)


def holder_of(database: Database, organization: int, run: int, but: str = "") -> tuple[str, int]:
    """Wait until a worker has a run and has kept a plan; gives its key and its process."""
    limit = monotonic() + SECONDS
    while monotonic() < limit:
        with database.session(the_service(organization), writes=False) as session:
            key, kept = session.execute(
                select(Run.executor, RunDraft.seconds).join(RunDraft, RunDraft.run_id == Run.id).where(Run.id == run)
            ).one()
            place = session.scalar(select(Executor.place).where(Executor.key == (key or "")))
        if key is not None and key != but and place is not None and kept > 0.0:
            return key, int(place.rpartition(" ")[2])
        sleep(0.05)
    raise AssertionError(f"nobody computes run {run}")


def test_run_of_a_worker_that_is_killed_is_resumed_and_ends_once(owner: Client, database: Database) -> None:
    busy_week(database, owner.organization)
    run = asked(owner, seconds=4.0)["id"]
    with command(database, "worker"), command(database, "worker"):
        first, process = holder_of(database, owner.organization, run)
        with database.session(the_service(owner.organization), writes=False) as session:
            searched = session.scalar(select(RunDraft.seconds).where(RunDraft.run_id == run))
        os.kill(process, signal.SIGKILL)
        limit = monotonic() + SECONDS
        while not (found := row_of(database, owner.organization, run)).is_over and monotonic() < limit:
            sleep(0.1)
    assert (found.state, found.epoch) == ("done", 2)
    assert found.executor != first
    assert searched is not None
    assert searched < found.progress.seconds < 8.0
    assert found.counts is not None
    assert found.counts.placed > 100
    with database.session(the_service(owner.organization), writes=False) as session:
        entries = session.scalars(
            select(AuditEntry.after).where(AuditEntry.record_type == "run").order_by(AuditEntry.id)
        ).all()
    assert [entry["state"] for entry in entries if entry and "state" in entry] == ["queued", "running", "done"]
    assert owner.post(f"runs/{run}/publish/").json()["refused"] == 0
    assert violations_of(database, owner.organization) == []
