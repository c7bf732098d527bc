"""What is to be scheduled: appointments and what they require."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from models.enums import Priority, ResourceType
from models.errors import Fault
from models.faults import refusal, refuse, repeated
from models.fields import Count, Duration, Flag, Gap, Id, Ids, Instant, Minutes, Names, Part, Positive, Text, Weight
from models.people import Period, SkillList

Window = Period


class Position(Part):
    """A role in a crew, filled by `count` different users."""

    skills: SkillList = ()
    certifications: Names = ()
    count: Annotated[int, Field(strict=True, ge=1, le=1000)] = 1


class TeamChoice(Part):
    """The teams of which exactly one takes the appointment."""

    any_of: Annotated[Ids, Field(min_length=1)]


class UserChoice(Part):
    """Who may, may not and should serve; `allowed` None is anybody."""

    allowed: Ids | None = None
    excluded: Ids = ()
    preferred: Ids = ()


class Demand(Part):
    """A need for a resource, by name or by type; `units` None is the whole of it."""

    resource: Id | None = None
    resource_type: ResourceType | None = None
    features: Names = ()
    units: Positive | None = None
    min_capacity: Count = 0

    @model_validator(mode="after")
    def _names_one(self) -> "Demand":
        if self.resource is None and self.resource_type is None:
            advice = "Name the resource, or say what type it has."
            raise refuse(None, "a resource or a resource_type", advice, "resource")
        if self.resource is not None and self.resource_type is not None:
            expected = "either a resource or a resource_type"
            raise refuse(self.resource_type.value, expected, "Leave one out.", "resource_type")
        return self


class Link(Part):
    """How an appointment follows another: gap in minutes, same or different crew."""

    appointment: Id
    min_gap_minutes: Gap = 0
    max_gap_minutes: Gap | None = None
    from_: Annotated[Literal["end", "start"], Field(alias="from")] = "end"
    different_users: Flag = False
    same_users: Flag = False

    @model_validator(mode="after")
    def _is_possible(self) -> "Link":
        faults = []
        if self.max_gap_minutes is not None and self.max_gap_minutes < self.min_gap_minutes:
            expected = f"at least the min_gap_minutes {self.min_gap_minutes}"
            faults.append(Fault("max_gap_minutes", str(self.max_gap_minutes), expected, "Swap the two gaps."))
        if self.different_users and self.same_users:
            faults.append(Fault("same_users", "true beside different_users", "one of them", "Leave one out."))
        if faults:
            raise refusal(*faults)
        return self


class ResourceUse(Part):
    """A resource in use; `units` None is the whole of it."""

    resource: Id
    units: Positive | None = None


class Current(Part):
    """Where an appointment stands today."""

    start: Instant
    team: Id | None = None
    users: tuple[Id, ...] = ()
    resources: tuple[ResourceUse, ...] = ()

    @model_validator(mode="after")
    def _names_each_once(self) -> "Current":
        if faults := repeated(self.users, "users"):
            raise refusal(*faults)
        return self


class Appointment(Part):
    """Something to be done: how long, when, by whom, with what."""

    id: Id
    title: Text = ""
    client: Id | None = None
    duration_minutes: Duration
    buffer_before_minutes: Minutes = 0
    buffer_after_minutes: Minutes = 0
    priority: Priority = Priority.NORMAL
    unassigned_weight: Weight | None = None
    windows: tuple[Window, ...] = ()
    due: Instant | None = None
    preferred_start: Instant | None = None
    crew: tuple[Position, ...] = ()
    team: TeamChoice | None = None
    users: UserChoice = UserChoice()
    resources: tuple[Demand, ...] = ()
    location: Id | None = None
    after: tuple[Link, ...] = ()
    mandatory: Flag = False
    current: Current | None = None
    pinned: Flag = False

    @model_validator(mode="after")
    def _stands_if_pinned(self) -> "Appointment":
        if self.pinned and self.current is None:
            raise refuse(None, "where the pinned appointment stands", "Add current, or leave pinned out.", "current")
        return self
