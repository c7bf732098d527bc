"""Who and what can be scheduled: users, teams, resources, and when they work by themselves."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from models.enums import ResourceType, Weekday
from models.faults import refusal, refuse, repeated
from models.fields import Amount, Clock, Id, Instant, Names, Part, Positive, ReadBy, Text
from models.zones import zone_advice

Level = Annotated[int, Field(strict=True, ge=0, le=1000)]


class Period(Part):
    """A stretch of time between two instants, half-open."""

    start: Instant
    end: Instant

    @model_validator(mode="after")
    def _runs_forward(self) -> "Period":
        if self.end <= self.start:
            expected = f"a time after the start {self.start.isoformat()}"
            raise refuse(self.end, expected, "Swap start and end.", "end")
        return self


class WallSpan(Part):
    """Opening hours of one day in wall time; an end that is not after the start is the next day's."""

    start: Clock
    end: Clock


class Skill(Part):
    """Something a user can do, and how well."""

    name: Id
    level: Level = 1


def read_zone(value: object) -> str:
    """Read the IANA name of a time zone."""
    if not isinstance(value, str):
        raise refuse(value, "the IANA name of a time zone, such as Europe/Berlin")
    if advice := zone_advice(value):
        raise refuse(value, "the IANA name of a time zone, such as Europe/Berlin", advice)
    return value


def _named(value: Any) -> Any:
    return {"name": value} if isinstance(value, str) else value


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, dict | WallSpan) else value


_Wall = Annotated[
    tuple[WallSpan, ...], BeforeValidator(_listed, json_schema_input_type=WallSpan | tuple[WallSpan, ...])
]
SkillList = tuple[Annotated[Skill, BeforeValidator(_named, json_schema_input_type=str | Skill)], ...]
Availability = dict[Weekday, _Wall]
Zone = Annotated[str, ReadBy(read_zone, str)]


class User(Part):
    """A person who can be part of a crew."""

    id: Id
    name: Text = ""
    skills: SkillList = ()
    certifications: Names = ()
    availability: Availability | None = None
    unavailable: tuple[Period, ...] = ()
    timezone: Zone | None = None
    max_hours_per_week: Amount | None = None
    overtime_hours_per_week: Amount | None = None
    hourly_cost: Amount | None = None
    start_location: Id | None = None
    end_location: Id | None = None


class Team(Part):
    """Users who are assigned together."""

    id: Id
    name: Text = ""
    members: tuple[Id, ...] = ()
    lead: Id | None = None
    skills: SkillList = ()
    availability: Availability | None = None
    timezone: Zone | None = None
    max_concurrent: Positive = 1

    @model_validator(mode="after")
    def _names_each_once(self) -> "Team":
        faults = repeated(self.members, "members")
        if faults:
            raise refusal(*faults)
        return self


class Resource(Part):
    """A thing that appointments use, whole or by the unit."""

    id: Id
    name: Text = ""
    resource_type: ResourceType = ResourceType.OTHER
    capacity: Positive = 1
    features: Names = ()
    availability: Availability | None = None
    unavailable: tuple[Period, ...] = ()
    timezone: Zone | None = None
    location: Text | None = None
    hourly_rate: Amount | None = None
