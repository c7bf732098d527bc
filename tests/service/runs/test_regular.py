from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any

from sqlalchemy import update

from models.records import Organization
from models.records.base import now
from service.database import Database
from service.jobs.job import Job
from service.runs.local import at_work
from service.runs.regular import ask, horizon_of
from tests.service.accounts import Client
from tests.service.runs.running import settings_for

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def policy(client: Client, database: Database, **values: Any) -> None:
    """Give an organization a policy that it has had for long."""
    answer = client.patch("organization/", {"policies": {"auto_schedule": values}})
    assert answer.status_code == 200, answer.text
    with database.everywhere() as session:
        session.execute(update(Organization).values(updated_at=LONG_AGO))
        session.commit()


def ask_now(database: Database) -> None:
    with at_work(database, settings_for(database), Event()) as host:
        ask(Job("ask", "ask-for-runs", None, {}, host))


def test_run_that_is_due_is_asked_for_once(owner: Client, database: Database) -> None:
    minute = (now() - timedelta(minutes=10)).astimezone(UTC)
    owner.patch("organization/", {"timezone": "UTC"})
    cron = f"{minute.minute} {minute.hour} * * *"
    policy(owner, database, cron=cron, mode="optimize", first_day=2, days=3, time_limit_seconds=9, publishes=True)
    ask_now(database)
    ask_now(database)
    (run,) = owner.get("runs/").json()["results"]
    assert (run["mode"], run["state"], run["publishes"], run["time_limit_seconds"]) == ("optimize", "queued", True, 9)
    assert datetime.fromisoformat(run["scheduled_for"]) == minute.replace(second=0, microsecond=0)
    start = datetime(minute.year, minute.month, minute.day, tzinfo=UTC) + timedelta(days=2)
    assert [datetime.fromisoformat(run["horizon"][end]) for end in ("start", "end")] == [
        start,
        start + timedelta(days=3),
    ]


def test_run_is_not_asked_for_before_and_long_after_it_is_due(owner: Client, database: Database) -> None:
    for away in (timedelta(minutes=-10), timedelta(hours=3)):
        minute = now() - away
        owner.patch("organization/", {"timezone": "UTC"})
        policy(owner, database, cron=f"{minute.minute} {minute.hour} * * *")
        ask_now(database)
    assert owner.get("runs/").json()["count"] == 0


def test_policy_with_a_bad_cron_is_refused(owner: Client) -> None:
    answer = owner.patch("organization/", {"policies": {"auto_schedule": {"cron": "every night"}}})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "policies.auto_schedule.cron"


def test_horizon_of_days_begins_at_local_midnight() -> None:
    made = horizon_of("Europe/Berlin", datetime(2026, 10, 24, 22, 30, tzinfo=UTC), 0, 1)
    assert made.start == datetime(2026, 10, 24, 22, 0, tzinfo=UTC)
    assert made.end == datetime(2026, 10, 25, 23, 0, tzinfo=UTC)
