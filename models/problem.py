"""problem.json, version 1: what is to be scheduled, with whom, under which rules."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import ValidationError, model_validator

from models.appointments import (
    Appointment,
    Current,
    Demand,
    Link,
    Position,
    ResourceUse,
    TeamChoice,
    UserChoice,
    Window,
)
from models.collector import collector_paused
from models.enums import Priority
from models.errors import Fault, InvalidProblem
from models.faults import faults_of, refuse
from models.fields import MAX_DAYS, Instant, Part, ReadBy, Text, Weight
from models.json_reader import Unreadable, read_json
from models.people import Period, Resource, Skill, Team, User, WallSpan, Zone
from models.references import reference_faults
from models.rules import Recurrence, Rule
from models.travel import Location, Travel, TravelMatrix, TravelSpeed, TravelTimes
from models.zones import zone_of

__all__ = [
    "Appointment",
    "Current",
    "Demand",
    "Horizon",
    "Link",
    "Location",
    "Period",
    "Position",
    "PriorityWeights",
    "Problem",
    "Recurrence",
    "Resource",
    "ResourceUse",
    "Rule",
    "Skill",
    "Team",
    "TeamChoice",
    "TravelMatrix",
    "TravelSpeed",
    "User",
    "UserChoice",
    "WallSpan",
    "Weights",
    "Window",
    "load_problem",
]

STEPS = tuple(n for n in range(1, 61) if 60 % n == 0)


class Horizon(Period):
    """The time inside which every new assignment lies."""

    @model_validator(mode="after")
    def _is_short_enough(self) -> "Horizon":
        if self.end - self.start > timedelta(days=MAX_DAYS):
            advice = f"It spans {(self.end - self.start).days} days: shorten it."
            raise refuse(self.end, f"at most {MAX_DAYS} days after the start", advice, "end")
        return self


class PriorityWeights(Part):
    """What it costs to leave out an appointment, by priority."""

    low: Weight = 10_000
    normal: Weight = 40_000
    high: Weight = 160_000
    urgent: Weight = 640_000

    def of(self, priority: Priority) -> int:
        """Look up the weight of a priority."""
        return int(getattr(self, priority))


class Weights(Part):
    """How much each term of the cost counts; what is not given has its default."""

    unassigned: PriorityWeights = PriorityWeights()
    lateness: Weight = 2
    max_lateness: Weight = 0
    preferred_time: Weight = 1
    travel: Weight = 1
    waiting: Weight = 0
    max_waiting: Weight = 0
    preferred_users: Weight = 60
    overtime: Weight = 3
    workload_balance: Weight = 0
    continuity: Weight = 0
    headcount: Weight = 0
    labor_cost: Weight = 0
    moved: Weight = 30
    reassigned: Weight = 30

    def effective(self) -> dict[str, int]:
        """List the weights of all terms but `unassigned`, which has one per priority."""
        return {name: getattr(self, name) for name in type(self).model_fields if name != "unassigned"}


def read_step(value: object) -> int:
    """Read a number of minutes that divides the hour."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise refuse(value, "a whole number of minutes that divides 60")
    if value not in STEPS:
        near = min(STEPS, key=lambda step: abs(step - value))
        raise refuse(value, f"one of {', '.join(map(str, STEPS))}: a step divides 60", f"The nearest is {near}.")
    return value


class Problem(Part):
    """Everything a solver or a check needs to know; immutable."""

    version: Literal[1] = 1
    name: Text = ""
    timezone: Zone = "UTC"
    horizon: Horizon
    step_minutes: Annotated[int, ReadBy(read_step, int)] = 5
    now: Instant | None = None
    users: tuple[User, ...] = ()
    teams: tuple[Team, ...] = ()
    resources: tuple[Resource, ...] = ()
    appointments: tuple[Appointment, ...] = ()
    rules: tuple[Rule, ...] = ()
    locations: tuple[Location, ...] = ()
    travel: Travel | None = None
    weights: Weights = Weights()

    @classmethod
    def parse(cls, raw: bytes | str | Mapping[str, object]) -> "Problem":
        """Read a problem, or say everything that is wrong with it.

        Parameters
        ----------
        raw
            The content of a problem.json, or the object it describes.

        Returns
        -------
        The problem.

        Raises
        ------
        InvalidProblem
            With all faults at once.
        """
        with collector_paused():
            try:
                document = read_json(raw)
            except Unreadable as unreadable:
                raise InvalidProblem([unreadable.fault]) from None
            faults: list[Fault] = []
            problem = None
            try:
                problem = cls.model_validate(document)
            except ValidationError as error:
                faults += faults_of(error, cls)
            faults += reference_faults(document)
        if problem is None or faults:
            raise InvalidProblem(faults)
        return problem

    def to_json(self, indent: int | None = None) -> str:
        """Write the problem as problem.json; what has its default is left out.

        Parameters
        ----------
        indent
            Spaces per level, None for one line.

        Returns
        -------
        A document that `parse` reads as an equal problem.
        """
        return self.model_dump_json(indent=indent, by_alias=True, exclude_defaults=True)

    @cached_property
    def zone(self) -> ZoneInfo:
        """The organization's time zone."""
        return zone_of(self.timezone)

    @cached_property
    def users_by_id(self) -> dict[str, User]:
        """The users by id."""
        return {user.id: user for user in self.users}

    @cached_property
    def teams_by_id(self) -> dict[str, Team]:
        """The teams by id."""
        return {team.id: team for team in self.teams}

    @cached_property
    def resources_by_id(self) -> dict[str, Resource]:
        """The resources by id."""
        return {resource.id: resource for resource in self.resources}

    @cached_property
    def appointments_by_id(self) -> dict[str, Appointment]:
        """The appointments by id."""
        return {appointment.id: appointment for appointment in self.appointments}

    @cached_property
    def active_rules(self) -> tuple[Rule, ...]:
        """The rules that are switched on."""
        return tuple(rule for rule in self.rules if rule.is_active)

    @cached_property
    def travel_times(self) -> TravelTimes:
        """The travel minutes between any two locations."""
        return TravelTimes(self.travel, self.locations)

    def subject_zone(self, kind: str, key: str | None) -> ZoneInfo:
        """Find the zone of a subject: its own, else the organization's.

        Parameters
        ----------
        kind
            "user", "team", "resource" or "none".
        key
            Its id; None for "none".

        Returns
        -------
        The zone.
        """
        subjects: Mapping[str, User | Team | Resource] = {}
        if kind == "user":
            subjects = self.users_by_id
        elif kind == "team":
            subjects = self.teams_by_id
        elif kind == "resource":
            subjects = self.resources_by_id
        own = subjects[key].timezone if key is not None and key in subjects else None
        return zone_of(own) if own else self.zone

    def is_pinned(self, appointment: Appointment) -> bool:
        """Tell whether an appointment keeps its place: pinned, or standing before `now`."""
        return appointment.pinned or self._began(appointment)

    def _began(self, appointment: Appointment) -> bool:
        now: datetime | None = self.now
        return now is not None and appointment.current is not None and appointment.current.start < now

    def unassigned_weight(self, appointment: Appointment) -> int:
        """Find what it costs to leave out an appointment: its own weight, else its priority's."""
        own = appointment.unassigned_weight
        return self.weights.unassigned.of(appointment.priority) if own is None else own


def load_problem(path: str | PathLike[str]) -> Problem:
    """Read a problem from a file.

    Parameters
    ----------
    path
        A problem.json.

    Returns
    -------
    The problem.

    Raises
    ------
    InvalidProblem
        With all faults at once.
    """
    return Problem.parse(Path(path).read_bytes())
