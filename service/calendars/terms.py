"""What an integration of type `calendar` says: whose calendar it is, where, and what goes which way."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationError
from sqlalchemy.orm import Session

from models.cron import Cron
from models.errors import Fault
from models.faults import faults_of
from models.fields import Flag, Part
from models.records import Resource, ScheduleIntegration, Team, User
from models.records.base import InvalidRecord, now
from models.records.calendars import Details
from models.records.fields import Key, Label
from models.zones import zone_of
from service.calendars.dav import Collection, Login
from service.calendars.events import Window
from service.outgoing import Guard
from service.schemas import organization

SUBJECTS = {"user": User, "team": Team, "resource": Resource}


class Direction(StrEnum):
    """Which way things go: both, only what others have to us, or only what we have to them."""

    BOTH = "both"
    READ = "read"
    WRITE = "write"


class Configuration(Part):
    """The `configuration` of a calendar; `cron` says when, as for every integration."""

    cron: Cron | None = None
    user: Key | None = None
    team: Key | None = None
    resource: Key | None = None
    username: Label = ""
    direction: Direction = Direction.BOTH
    details: Details = Details.FULL
    keep_titles: Flag = False
    days_back: Annotated[int, Field(strict=True, ge=0, le=365)] = 7
    days_ahead: Annotated[int, Field(strict=True, ge=1, le=400)] = 180


@dataclass(frozen=True, slots=True)
class Terms:
    """What is needed to synchronize one calendar.

    Parameters
    ----------
    integration, name, url
        Which one, what people call it, and where it is.
    kind, subject
        "user", "team" or "resource", and its id: whose calendar it is.
    zone, email
        On whose wall times without a zone are meant, and who has declined what.
    configuration
        The rest.
    """

    integration: int
    name: str
    url: str
    kind: str
    subject: int
    zone: ZoneInfo
    email: str | None
    configuration: Configuration

    @property
    def reads(self) -> bool:
        """Whether what others have takes time here: that of a user or a resource; a team has none of its own."""
        return self.configuration.direction is not Direction.WRITE and self.kind != "team"

    @property
    def writes(self) -> bool:
        """Whether appointments are written there."""
        return self.configuration.direction is not Direction.READ

    def window(self) -> Window:
        """Within which recurring events are followed, and appointments are written, from now."""
        present = now().replace(second=0, microsecond=0)
        back, ahead = self.configuration.days_back, self.configuration.days_ahead
        return Window(present - timedelta(days=back), present + timedelta(days=ahead))


def configuration_of(values: object) -> Configuration:
    """Read a configuration.

    Raises
    ------
    InvalidRecord
        With all its faults.
    """
    try:
        found = Configuration.model_validate(values)
    except ValidationError as error:
        faults = faults_of(error, Configuration)
        raise InvalidRecord(
            Fault(f"configuration.{each.where}", each.found, each.expected, each.advice) for each in faults
        ) from None
    named = [name for name in SUBJECTS if getattr(found, name) is not None]
    if len(named) != 1:
        told = " and ".join(named) or "none of user, team and resource"
        expected = "one of user, team and resource"
        raise InvalidRecord([Fault("configuration", told, expected, "Name whose calendar it is.")])
    return found


def collection_of(guard: Guard, record: ScheduleIntegration) -> Collection:
    """Find the calendar of an integration.

    Raises
    ------
    InvalidRecord
        If it does not say enough.
    """
    url, found = record.provider_url, configuration_of(record.configuration)
    if not url.startswith(("http://", "https://")):
        advice = "Write the address of the calendar, such as https://calendar.example.com/dav/ana/work/."
        raise InvalidRecord([Fault("provider_url", f'"{url}"', "the address of a calendar", advice)])
    login = Login(found.username, record.api_secret or "", record.access_token or "")
    return Collection(guard, url, login)


def terms_of(session: Session, record: ScheduleIntegration) -> Terms:
    """Read what an integration says.

    Parameters
    ----------
    session
        Bound to its organization.
    record
        Of type `calendar`.

    Returns
    -------
    Its terms.

    Raises
    ------
    InvalidRecord
        If it does not say enough, or names who is not there.
    """
    found = configuration_of(record.configuration)
    kind, key = next((name, key) for name in SUBJECTS if (key := getattr(found, name)) is not None)
    subject = session.get(SUBJECTS[kind], key)
    if subject is None:
        raise InvalidRecord([Fault(f"configuration.{kind}", str(key), f"the id of a {kind}", "List them to find it.")])
    zone = getattr(subject, "timezone", None) or organization(session).timezone
    email = subject.email if isinstance(subject, User) else None
    return Terms(record.id, record.name, record.provider_url, kind, key, zone_of(zone), email, found)
