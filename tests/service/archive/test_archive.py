"""Appointments into a file and back: nothing is lost, whatever happens in between, and figures stay."""

import gzip
import json
import os
import signal
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
from sqlalchemy import Table, select
from typer.testing import CliRunner

from models.records import Appointment, Base, Organization
from models.records.base import now
from service.archive import nightly
from service.archive.choosing import latest_day
from service.archive.families import family_of
from service.archive.files import ArchiveFile, BadArchive, batches
from service.archive.moving import Moved, count, move
from service.archive.nightly import head_of
from service.archive.restoring import Restored, restore
from service.callers import the_service
from service.cli import app as commands
from service.database import Database
from service.jobs.job import Job
from tests.service.accounts import Client
from tests.service.jobs.work import job_in

YEAR = now().year - 1
JUNE = datetime(YEAR, 6, 1, 16, tzinfo=UTC)
BEFORE = date(YEAR, 12, 1)
LEFT = {
    "organizations",
    "users",
    "audit_entries",
    "schedule_analytics",
    "idempotency_keys",
    "rate_limits",
    "plan_changes",
}
ONE_DATABASE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def past(client: Client, day: int, status: str | None = "complete", **more: Any) -> int:
    """An appointment of last June, over unless the status is None."""
    body = {"title": f"day {day}", "start_datetime": (JUNE + timedelta(days=day)).isoformat(), "duration_minutes": 60}
    key = int(client.made("appointments/", body | more)["id"])
    if status is not None:
        assert client.post(f"appointments/{key}/{status}/").status_code == 200
    return key


def organization(database: Database, client: Client) -> Organization:
    with database.everywhere(writes=False) as session:
        return session.get_one(Organization, client.organization)


def tables(database: Database) -> dict[str, list[Any]]:
    """All rows but those that an archiving is meant to leave or to write."""

    def ordered(table: Table) -> Any:
        return select(table).order_by(*table.primary_key.columns)

    with database.everywhere(writes=False) as session:
        found = {
            table.name: [tuple(row) for row in session.connection().execute(ordered(table))]
            for table in Base.metadata.sorted_tables
            if table.name not in LEFT
        }
    return {name: rows for name, rows in found.items() if rows}


def archived(database: Database, client: Client, path: Path, **more: Any) -> Moved:
    owner = organization(database, client)
    file = ArchiveFile(path, head_of(owner, BEFORE))
    try:
        return move(database, owner, BEFORE, file, **more)
    finally:
        file.close()


@pytest.fixture
def world(owner: Client) -> list[int]:
    """What goes: with people, a room, a conflict that is over, a notification, a link; one cancelled, one deleted."""
    room = owner.made("resources/", {"name": "Room", "resource_type": "room"})["id"]
    first = past(
        owner, 0, assigned_users=[owner.user], required_resources=[room], actual_cost="120.50", client_name="Jö"
    )
    second = past(owner, 1, "cancel", requirements={"after": [{"appointment": first}]})
    conflict = {"conflict_type": "time_conflict", "primary_appointment": first, "conflicting_appointment": second}
    made = owner.made("conflicts/", conflict | {"affected_users": [owner.user]})["id"]
    assert owner.post(f"conflicts/{made}/resolve/").status_code == 200
    notice = {"notification_type": "schedule_change", "recipients": [owner.user], "related_appointment": first}
    owner.made("notifications/", notice)
    gone = past(owner, 2, None)
    owner.delete(f"appointments/{gone}/")
    return [first, second, gone]


def test_what_is_archived_comes_back_as_it_was(
    owner: Client, database: Database, world: list[int], tmp_path: Path
) -> None:
    past(owner, 300, None)
    whole = tables(database)
    path = tmp_path / "june.jsonl.gz"
    moved = archived(database, owner, path, batch=2)
    assert moved.appointments == 3
    assert set(tables(database)) < set(whole)
    assert [each["title"] for each in owner.get("appointments/").json()["results"]] == ["day 300"]
    with gzip.open(path, "rt") as text:
        lines = [json.loads(line) for line in text]
    assert lines[0] == {
        "format": "tidyplan-archive",
        "version": 1,
        "organization": owner.organization,
        "before": str(BEFORE),
    }
    assert len(lines) == moved.rows + 1
    assert {each["row"]["client_name"] for each in lines[1:] if each["table"] == "appointments"} == {"Jö", ""}
    assert restore(database, path) == Restored(3, moved.rows, 0)
    assert tables(database) == whole
    assert restore(database, path) == Restored()
    log = owner.get(f"audit-log/?record_type=appointment&record={world[0]}&ordering=-id").json()["results"]
    assert [each["action"] for each in log[:2]] == ["unarchived", "archived"]


def test_what_is_needed_stays(owner: Client, database: Database, tmp_path: Path) -> None:
    planned = past(owner, 0, None)
    late = past(owner, 250)
    clashing = past(owner, 1)
    owner.made("conflicts/", {"conflict_type": "time_conflict", "primary_appointment": clashing})
    followed = past(owner, 2)
    follower = past(owner, 200, None, requirements={"after": [{"appointment": followed}]})
    goes = past(owner, 3)
    assert count(database, organization(database, owner), BEFORE) == 1
    assert archived(database, owner, tmp_path / "a.gz").appointments == 1
    left = {each["id"] for each in owner.get("appointments/?page_size=200").json()["results"]}
    assert left == {planned, late, clashing, followed, follower}
    assert goes not in left


def test_series_goes_from_its_end(owner: Client, database: Database, tmp_path: Path) -> None:
    head = past(owner, 0, None)
    with database.everywhere() as session:
        session.get_one(Appointment, head).recurrence_start = JUNE
        session.commit()
    children = [past(owner, day) for day in (1, 2)]
    with database.everywhere() as session:
        for key in children:
            session.get_one(Appointment, key).parent_appointment_id = head
        session.commit()
    owner.post(f"appointments/{head}/complete/")
    whole = tables(database)["appointments"]
    path = tmp_path / "a.gz"
    assert archived(database, owner, path).appointments == 3
    assert restore(database, path).appointments == 3
    assert tables(database)["appointments"] == whole


def test_figures_are_kept(owner: Client, database: Database, tmp_path: Path) -> None:
    for day in (0, 1):
        past(owner, day, assigned_users=[owner.user], actual_cost="100.00")
    archived(database, owner, tmp_path / "a.gz")
    query = f"analytics/?period_type=monthly&period_start={JUNE.date().replace(day=1)}"
    (kept,) = owner.get(query).json()["results"]
    assert (kept["completed_appointments"], kept["total_revenue"]) == (2, "200.00")
    kinds = {each["period_type"] for each in owner.get("analytics/?page_size=200").json()["results"]}
    assert kinds == {"daily", "weekly", "monthly", "quarterly", "yearly"}
    assert owner.get("organization/").json()["archived_before"] == str(BEFORE)
    for first in (f"{YEAR}-06-01", f"{YEAR}-11-30"):
        answer = owner.post("analytics/generate/", {"period_type": "monthly", "period_start": first})
        assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    assert owner.post("analytics/generate/", {"period_type": "monthly", "period_start": str(BEFORE)}).status_code == 200


def test_failure_after_the_file_is_written_loses_and_doubles_nothing(
    owner: Client, database: Database, world: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, path = tables(database), tmp_path / "a.gz"

    def fails(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("service.archive.moving._delete", fails)
        with pytest.raises(KeyboardInterrupt):
            archived(database, owner, path)
    assert tables(database) == whole
    assert owner.patch(f"appointments/{world[0]}/", {"completion_notes": "later"}).status_code == 200
    whole = tables(database)
    with path.open("ab") as file:
        file.write(gzip.compress(b'{"table": "appoint')[:-9])  # and the next one was cut off
    assert archived(database, owner, path).appointments == 3
    assert restore(database, path).appointments == 3
    assert tables(database) == whole


@ONE_DATABASE
def test_file_is_gone_on_with_only_by_the_same_archive_and_by_one_at_a_time(
    owner: Client, database: Database, world: list[int], tmp_path: Path
) -> None:
    path = tmp_path / "a.gz"
    file = ArchiveFile(path, {"before": "x"})
    with pytest.raises(BadArchive, match="being written"):
        ArchiveFile(path, {"before": "x"})
    file.close()
    with pytest.raises(BadArchive, match="another archive"):
        ArchiveFile(path, {"before": "y"})
    for content in (b"nothing", gzip.compress(b'{"format": "other"}\n')):
        path.write_bytes(content)
        with pytest.raises(BadArchive):
            list(batches(path))
        with pytest.raises(BadArchive):
            ArchiveFile(path, {})
        assert path.read_bytes() == content


@ONE_DATABASE
def test_what_figures_depend_on_cannot_be_archived(owner: Client, database: Database, tmp_path: Path) -> None:
    latest = latest_day(organization(database, owner))
    assert latest <= date(now().year, 1, 1)
    owner_record = organization(database, owner)
    file = ArchiveFile(tmp_path / "a.gz", {})
    with pytest.raises(BadArchive, match="figures of later years"):
        move(database, owner_record, latest + timedelta(days=1), file)
    file.close()


def test_rows_that_refer_to_what_is_gone_are_left_out(
    owner: Client, database: Database, world: list[int], tmp_path: Path
) -> None:
    path = tmp_path / "a.gz"
    moved = archived(database, owner, path)
    room = owner.get("resources/").json()["results"][0]["id"]
    assert owner.delete(f"resources/{room}/").status_code == 204
    assert restore(database, path) == Restored(3, moved.rows - 1, 1)
    assert owner.get(f"appointments/{world[0]}/").json()["required_resources"] == []


@ONE_DATABASE
def test_nightly_job_does_what_the_organization_wants(
    owner: Client, database: Database, world: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = job_in(database, owner.organization)
    folder = tmp_path / "archives"
    settings = job.host.settings.model_copy(update={"archive_folder": folder})
    host = type(job.host)(database, settings, job.host.key, job.host.stopping)
    job = Job(job.id, job.kind, job.organization_id, {}, host)
    nightly.archive(job)
    assert not folder.exists()
    owner.patch("organization/", {"retention": {"appointments_days": 1, "notifications_days": 1}})
    nightly.archive(job)
    (file,) = folder.iterdir()
    assert owner.get("appointments/").json()["count"] == 0
    assert owner.get("notifications/?related_appointment=1").json()["count"] == 0
    assert restore(database, file).appointments == 3


@ONE_DATABASE
def test_family_has_every_table_that_a_deletion_would_reach(
    owner: Client, database: Database, world: list[int]
) -> None:
    with database.everywhere(writes=False) as session:
        found = family_of(session, world)
    assert set(found) >= {
        "appointments",
        "appointment_users",
        "appointment_resources",
        "appointment_follows",
        "schedule_conflicts",
        "schedule_conflict_users",
        "schedule_notifications",
        "schedule_notification_recipients",
    }


def many(database: Database, client: Client, number: int) -> None:
    with database.session(the_service(client.organization)) as session:
        session.add_all(
            Appointment(
                title=f"{i}",
                start_datetime=JUNE,
                end_datetime=JUNE + timedelta(hours=1),
                duration_minutes=60,
                status="completed",
            )
            for i in range(number)
        )
        session.commit()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_killed_in_the_middle_nothing_is_lost(owner: Client, database: Database, tmp_path: Path) -> None:
    many(database, owner, 120)
    whole, path = tables(database), tmp_path / "a.jsonl.gz"
    url = database.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "service.cli", "archive", "--before", str(BEFORE), "--batch", "1", "-o", str(path)]
    settings = {**os.environ, "TIDYPLAN_DATABASE_URL": url, "TIDYPLAN_SECRET_KEY": "x"}
    working = subprocess.Popen(command, env=settings, stdout=subprocess.DEVNULL)
    limit = monotonic() + 120
    while not (path.exists() and path.stat().st_size > 5000):
        assert monotonic() < limit
        assert working.poll() is None
        sleep(0.01)
    working.send_signal(signal.SIGKILL)
    working.wait()
    left = {row[0] for row in tables(database).get("appointments", [])}
    written = {line["row"]["id"] for lines in batches(path) for line in lines if line["table"] == "appointments"}
    assert left | written == set(range(1, 121))
    assert len(left & written) <= 1
    assert left
    assert written
    done = CliRunner().invoke(commands, ["archive", "--before", str(BEFORE), "-o", str(path)], env=settings)
    assert done.exit_code == 0, done.output
    assert "appointments" not in tables(database)
    back = CliRunner().invoke(commands, ["archive", "--restore", str(path)], env=settings)
    assert back.exit_code == 0, back.output
    assert tables(database) == whole


@ONE_DATABASE
def test_command_says_what_would_go_and_what_is_wrong(
    owner: Client, database: Database, world: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIDYPLAN_DATABASE_URL", database.url.render_as_string(hide_password=False))
    monkeypatch.setenv("TIDYPLAN_SECRET_KEY", "of no use to anybody")
    run = CliRunner().invoke
    told = run(commands, ["archive", "--before", str(BEFORE), "--dry-run"])
    assert (told.exit_code, told.stdout) == (0, "Bay Cleaning: 3 appointments would go.\n")
    assert run(commands, ["archive", "--before", "2199-01-01"]).exit_code == 1
    assert run(commands, ["archive", "--before", str(BEFORE), "--organization", "99"]).exit_code == 2
    assert run(commands, ["archive"]).exit_code == 2
    assert run(commands, ["archive", "--restore", str(tmp_path / "absent")]).exit_code == 1
    assert count(database, organization(database, owner), BEFORE) == 3
