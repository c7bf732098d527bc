"""A request for slots as it is typed: options and wall times become the document that a file would hold."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from models.enums import ResourceType
from models.errors import Fault, InvalidRequest
from models.faults import describe
from models.timegrid import instant, wall_minute

Json = dict[str, object]
_SKILL = re.compile(r"(.+):(\d{1,4})")
_COORDINATES = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*,\s*(-?\d+(?:\.\d+)?)\s*")


class Description(NamedTuple):
    """What the options say of a request; nothing without `minutes`."""

    minutes: int | None
    people: int
    skills: list[str] | None
    users: list[str] | None
    teams: list[str] | None
    resources: list[str] | None
    location: str | None
    coordinates: str | None
    client: str | None
    preferred: str | None

    def given(self) -> list[str]:
        """Names of the options beside `--minutes` that are used."""
        named = {
            "--skill": self.skills, "--user": self.users, "--team": self.teams, "--resource": self.resources,
            "--location": self.location, "--at": self.coordinates, "--client": self.client,
            "--preferred": self.preferred,
        }  # fmt: skip
        return [name for name, value in named.items() if value]

    def document(self, zone: ZoneInfo) -> Json:
        """Write the request as its file would hold it.

        Parameters
        ----------
        zone
            Whose wall times are typed.

        Returns
        -------
        A document for `SlotRequest.parse`.

        Raises
        ------
        InvalidRequest
            Where an option cannot be read.
        """
        document: Json = {"duration_minutes": self.minutes}
        if self.people and not (self.teams and not self.skills and self.people == 1):
            document["crew"] = [{"count": self.people, "skills": [_skill(skill) for skill in self.skills or ()]}]
        if self.users:
            document["users"] = {"allowed": self.users}
        if self.teams:
            document["team"] = {"any_of": self.teams}
        if self.resources:
            types = set(ResourceType)
            document["resources"] = [
                {"resource_type": one} if one in types else {"resource": one} for one in self.resources
            ]
        if self.client:
            document["client"] = self.client
        if self.location or self.coordinates:
            document["location"] = self.location or "the new address"
        if self.coordinates:
            document["coordinates"] = _coordinates(self.coordinates)
        if self.preferred:
            document["preferred_start"] = read_time("--preferred", self.preferred, zone)
        return document


def _skill(text: str) -> Json:
    found = _SKILL.fullmatch(text)
    return {"name": found[1], "level": int(found[2])} if found else {"name": text}


def _coordinates(text: str) -> Json:
    found = _COORDINATES.fullmatch(text)
    if found is None:
        expected = "latitude and longitude in degrees, such as 37.77,-122.42"
        raise InvalidRequest([Fault("--at", describe(text), expected, "Write --at=LAT,LON where one begins with -.")])
    return {"latitude": float(found[1]), "longitude": float(found[2])}


def read_time(option: str, text: str, zone: ZoneInfo, *, to_its_end: bool = False) -> str:
    """Read a time as people type it.

    Parameters
    ----------
    option
        Where it was typed.
    text
        A date, a date and a wall time, or an instant with its offset.
    zone
        Whose wall.
    to_its_end
        Whether a date alone means the end of its day instead of the beginning.

    Returns
    -------
    The instant as files have it.

    Raises
    ------
    InvalidRequest
        Where it is none of these.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        expected = "a date such as 2026-11-24, with a wall time such as 2026-11-24T09:30 if you like"
        raise InvalidRequest([Fault(option, describe(text), expected)]) from None
    if moment.tzinfo is not None:
        return moment.isoformat()
    day, clock = moment.date(), moment.time().replace(second=0, microsecond=0)
    if to_its_end and _is_date(text):
        day, clock = day + timedelta(1), time(0)
    return instant(wall_minute(day, clock, zone), zone).isoformat()


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
