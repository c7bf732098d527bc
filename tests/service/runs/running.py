"""Runs for tests: asked for over HTTP, computed in this process, and what there is to plan."""

from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import SecretStr

from service.callers import the_service
from service.database import Database
from service.runs.local import at_work, perform_here
from service.settings import Settings
from service.snapshot import problem_of
from solver.check import check
from tests.service.accounts import Client, Json

MONDAY = datetime(2027, 3, 1, tzinfo=UTC)
HORIZON = {"start": "2027-03-01T00:00:00Z", "end": "2027-03-06T00:00:00Z"}


def settings_for(database: Database, **more: Any) -> Settings:
    url = database.url.render_as_string(hide_password=False)
    return Settings(database_url=url, secret_key=SecretStr("of no use to anybody"), **more)


def asked(client: Client, mode: str = "fill", seconds: float = 2.0, **more: Any) -> Json:
    """Ask for a run."""
    answer = client.post("runs/", {"mode": mode, "horizon": HORIZON, "time_limit_seconds": seconds} | more)
    assert answer.status_code == 202, answer.text
    return dict(answer.json())


def computed(client: Client, database: Database, mode: str = "fill", **more: Any) -> Json:
    """Ask for a run, and let this process compute it."""
    run = asked(client, mode, **more)["id"]
    with at_work(database, settings_for(database)) as host:
        perform_here(host, client.organization, run)
    return dict(client.get(f"runs/{run}/").json())


def published(client: Client, run: Json, *keys: int) -> Json:
    answer = client.post(f"runs/{run['id']}/publish/", {"appointment_ids": list(keys)} if keys else None)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def worker_of(client: Client, name: str, **more: Any) -> int:
    """Make a user who works from eight to six on weekdays."""
    days = ("monday", "tuesday", "wednesday", "thursday", "friday")
    hours = {day: [{"start": "08:00", "end": "18:00"}] for day in days}
    return int(client.made("users/", {"name": name, "timezone": "UTC", "availability": hours} | more)["id"])


def request_of(client: Client, title: str = "visit", **needs: Any) -> int:
    """Make a request for an hour of one person."""
    body = {
        "title": title,
        "status": "requested",
        "duration_minutes": 60,
        "requirements": {"crew": [{"count": 1}]} | needs,
    }
    return int(client.made("appointments/", body)["id"])


def violations_of(database: Database, organization: int) -> list[Any]:
    """What the plan that stands breaks, on a fresh snapshot."""
    with database.session(the_service(organization), writes=False) as session:
        snapshot = problem_of(session, MONDAY, MONDAY + timedelta(days=5))
    report = check(*snapshot)
    return [*report.violations, *report.excused]
