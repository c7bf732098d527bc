"""A user with a calendar elsewhere, both ways, for tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from pydantic import SecretStr

from benchmarks.serving.caldav_server import PASSWORD, USER, Person, Radicale
from models.records import ScheduleIntegration
from service.calendars.sync import Outcome, sync
from service.database import Database
from service.jobs.job import Host, Job
from service.runs.local import at_work
from service.settings import Settings
from tests.service.accounts import Client, Json

TOMORROW = (datetime.now(UTC) + timedelta(days=1)).replace(hour=9, minute=0, second=0, microsecond=0)


def at(days: int, hour: int = 9, minute: int = 0) -> datetime:
    """A time some days after tomorrow, in UTC."""
    return TOMORROW + timedelta(days=days, hours=hour - 9, minutes=minute)


def stamp(moment: datetime) -> str:
    return f"{moment:%Y%m%dT%H%M%SZ}"


def event(uid: str, start: datetime, minutes: int = 60, *lines: str) -> str:
    """A file with one event."""
    end = start + timedelta(minutes=minutes)
    return calendar_of(vevent(uid, f"DTSTART:{stamp(start)}", f"DTEND:{stamp(end)}", *lines))


def vevent(uid: str, *lines: str) -> str:
    return "\r\n".join(["BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20261101T000000Z", *lines, "END:VEVENT", ""])


def calendar_of(*parts: str) -> str:
    return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//Test//EN\r\n" + "".join(parts) + "END:VCALENDAR\r\n"


class Diary:
    """A user of an organization, with a calendar elsewhere that a person edits.

    Parameters
    ----------
    client
        An owner.
    database
        Of the application.
    server
        Where the calendar is.
    more
        Of the configuration.
    """

    def __init__(self, client: Client, database: Database, server: Radicale, **more: Any) -> None:
        self.client, self.database = client, database
        url = database.url.render_as_string(hide_password=False)
        self.settings = Settings(
            database_url=url,
            secret_key=SecretStr("of no use to anybody"),
            outgoing_allow="127.0.0.1",
            writes_per_minute=0,
        )
        app: Any = client.http.app
        app.state.settings = self.settings
        self.person = Person(server, uuid4().hex[:12])
        self.user: int = client.made("users/", {"name": "Ana", "timezone": "UTC"})["id"]
        subject = {} if "resource" in more or "team" in more else {"user": self.user}
        self.integration: int = client.made(
            "integrations/",
            {
                "name": "Work",
                "integration_type": "calendar",
                "provider_url": self.person.url,
                "api_secret": PASSWORD,
                "configuration": {"username": USER, **subject, **more},
            },
        )["id"]

    def sync(self) -> Outcome:
        """Synchronize in this process."""
        with at_work(self.database, self.settings) as host:
            job = self.job(host)
            with job.reading() as session:
                record = session.get_one(ScheduleIntegration, self.integration)
            outcome = sync(job, record)
        assert outcome is not None
        return outcome

    def job(self, host: Host) -> Job:
        return Job("test", "sync", self.client.organization, {}, host)

    def book(self, start: datetime, minutes: int = 60, **more: Any) -> Json:
        """Book an hour of the user."""
        body = {"title": "Visit", "start_datetime": start.isoformat(), "duration_minutes": minutes}
        return self.client.made("appointments/", {**body, "assigned_users": [self.user], **more})

    def absences(self) -> list[tuple[str, str]]:
        """When the user is away, as the API tells it."""
        rows = self.client.get("absences/", params={"ordering": "start"}).json()["results"]
        return [(row["start"], row["end"]) for row in rows]

    def conflicts(self) -> list[Json]:
        """The open conflicts about changes elsewhere."""
        rows = self.client.get("conflicts/unresolved/", params={"rule": "outside_change"}).json()["results"]
        return list(rows)

    def ours(self) -> str:
        """The one file that shows an appointment."""
        (name,) = (each for each in self.person.names() if each.startswith("tidyplan-"))
        return name
