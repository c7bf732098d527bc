"""plan.json, version 1: who does what when, what is left out and why, and what it costs."""

from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from models.collector import collector_paused
from models.enums import ConflictType, ImpactLevel, PlanStatus
from models.errors import Fault, InvalidPlan
from models.faults import describe, faults_of, nested, refuse
from models.fields import MAX_WHOLE, Count, Flag, Id, Instant, Part, Positive, ReadBy, Real, Text, Whole
from models.json_reader import Unreadable, read_json
from models.people import Period

Seconds = Annotated[Real, Field(ge=0)]


class PerPriority(Part):
    """A whole number for each priority that has one; `own` is for appointments with a weight of their own."""

    low: Whole | None = None
    normal: Whole | None = None
    high: Whole | None = None
    urgent: Whole | None = None
    own: Whole | None = None


def read_whole_or_per_priority(value: object) -> int | dict[str, int]:
    """Read a whole number, or an object with one per priority."""
    if isinstance(value, Mapping):
        per_priority: dict[str, int] = nested(PerPriority, dict(value)).model_dump(exclude_none=True)
        return per_priority
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > MAX_WHOLE:
        raise refuse(value, "a whole number, or an object with one per priority")
    return value


WholeOrPerPriority = Annotated[int | dict[str, int], ReadBy(read_whole_or_per_priority, int | dict[str, int])]


class TermCost(Part):
    """One soft term of the cost; `unassigned` has a weight and an amount per priority."""

    name: Id
    weight: WholeOrPerPriority
    amount: WholeOrPerPriority
    cost: Whole


class AssignedResource(Part):
    """A resource in use: for which demand, None for pinned work, and how many units, None for all."""

    resource: Id
    demand: Count | None = None
    units: Positive | None = None


class Assignment(Period):
    """When an appointment takes place, and with whom and what; `positions` maps a user to the index in the crew."""

    appointment: Id
    team: Id | None = None
    users: tuple[Id, ...] = ()
    positions: dict[Id, Count] = Field(default_factory=dict)
    resources: tuple[AssignedResource, ...] = ()


class Reason(Part):
    """Why an appointment is left out: a rule and whom it closes; the message is for people."""

    rule: Id
    subject: Text = ""
    message: Text = ""
    blocks_alone: Flag = False


class Remedy(Part):
    """A change that was tried and solved; a negative delta is a better plan."""

    change: Text
    cost_delta: Whole


class Unassigned(Part):
    """An appointment that is left out, with a minimal set of reasons and the remedies that help."""

    appointment: Id
    reasons: tuple[Reason, ...] = ()
    remedies: tuple[Remedy, ...] = ()


class Violation(Part):
    """A breach of a hard rule; the times are the stretch it concerns, None where it has none."""

    rule: Id
    conflict_type: ConflictType
    impact_level: ImpactLevel
    appointments: tuple[Id, ...] = ()
    users: tuple[Id, ...] = ()
    resources: tuple[Id, ...] = ()
    teams: tuple[Id, ...] = ()
    start: Instant | None = None
    end: Instant | None = None
    amount: Whole = 0
    message: Text = ""


class SolverEvent(Part):
    """A better plan: after how many seconds, at what cost."""

    seconds: Seconds
    cost: Whole


class SolverInfo(Part):
    """How a plan came about."""

    method: Text = ""
    seed: Whole = 0
    workers: Count = 1
    events: tuple[SolverEvent, ...] = ()


class Plan(Part):
    """An answer to a problem; `cost`, `bound` and `gap` are None where nobody has computed them."""

    version: Literal[1] = 1
    problem: Text = ""
    status: PlanStatus = PlanStatus.UNKNOWN
    cost: Whole | None = None
    bound: Whole | None = None
    gap: Real | None = None
    seconds: Seconds = 0.0
    terms: tuple[TermCost, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    unassigned: tuple[Unassigned, ...] = ()
    violations: tuple[Violation, ...] = ()
    solver: SolverInfo = SolverInfo()

    @classmethod
    def parse(cls, raw: bytes | str | Mapping[str, object]) -> "Plan":
        """Read a plan, or say everything that is wrong with it.

        Parameters
        ----------
        raw
            The content of a plan.json, or the object it describes; a plan written by hand needs `assignments` only.

        Returns
        -------
        The plan. Whether it fits a problem is for a check to say.

        Raises
        ------
        InvalidPlan
            With all faults at once.
        """
        with collector_paused():
            try:
                document = read_json(raw)
            except Unreadable as unreadable:
                raise InvalidPlan([unreadable.fault]) from None
            try:
                plan = cls.model_validate(document)
            except ValidationError as error:
                raise InvalidPlan([*faults_of(error, cls), *_twice(document)]) from None
            if faults := _twice(document):
                raise InvalidPlan(faults)
        return plan

    def to_json(self, indent: int | None = None) -> str:
        """Write the plan as plan.json; every time keeps the offset it carries.

        Parameters
        ----------
        indent
            Spaces per level, None for one line.

        Returns
        -------
        A document that `parse` reads as an equal plan.
        """
        return self.model_dump_json(indent=indent)

    def save(self, path: str | PathLike[str]) -> None:
        """Write the plan to a file, indented.

        Parameters
        ----------
        path
            Where to.
        """
        Path(path).write_text(self.to_json(indent=1) + "\n", encoding="utf-8")


def _twice(document: Mapping[str, object]) -> list[Fault]:
    faults: list[Fault] = []
    first: dict[str, str] = {}
    for name in ("assignments", "unassigned"):
        items = document.get(name)
        for i, item in enumerate(items if isinstance(items, list | tuple) else ()):
            key = item.get("appointment") if isinstance(item, Mapping) else getattr(item, "appointment", None)
            here = f"{name}[{i}].appointment"
            if isinstance(key, str) and first.setdefault(key, here) != here:
                advice = f"It is {first[key]} already."
                faults.append(Fault(here, f"{describe(key)} again", "every appointment once", advice))
    return faults


def load_plan(path: str | PathLike[str]) -> Plan:
    """Read a plan from a file.

    Parameters
    ----------
    path
        A plan.json.

    Returns
    -------
    The plan.

    Raises
    ------
    InvalidPlan
        With all faults at once.
    """
    return Plan.parse(Path(path).read_bytes())
