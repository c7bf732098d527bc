"""Why an appointment is left out and what would help, and why another one stands where it does: in words and data."""

from enum import StrEnum
from typing import Literal

from pydantic import Field, JsonValue

from models.enums import ConflictType, Priority
from models.fields import Flag, Id, Instant, Part, Text, Weight, Whole
from models.plan import Assignment, Reason, Remedy


class Kind(StrEnum):
    """Why something is left out: it never had a place, others have it, or its place costs more than it is worth."""

    IMPOSSIBLE = "impossible"
    BLOCKED = "blocked"
    TRADE_OFF = "trade_off"


class Blocker(Part):
    """An appointment in the way, how important it is, and when it occupies what is needed, buffers included."""

    appointment: Id
    priority: Priority
    unassigned_weight: Weight
    mandatory: Flag = False
    pinned: Flag = False
    start: Instant
    end: Instant


class Cause(Reason):
    """A reason, and who is behind it."""

    blockers: tuple[Blocker, ...] = ()


class Step(Part):
    """A step of an RFC 6902 patch of problem.json; the value of a field that is left out counts as there."""

    op: Literal["add"] = "add"
    path: Text
    value: JsonValue


class TriedRemedy(Remedy):
    """A change that was made, solved and checked: what it does to problem.json and to the plan.

    `assignments` are all that the changed plan has otherwise, the appointment in question first; `left_out` is what
    loses its place. Everything else stays as it is.
    """

    kind: Id
    patch: tuple[Step, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    left_out: tuple[Id, ...] = ()


class Displacement(Part):
    """What would have to give way for an appointment, and how much dearer the plan would be then: the best found."""

    message: Text
    cost_delta: Whole
    assignments: tuple[Assignment, ...] = ()
    left_out: tuple[Id, ...] = ()


class Explanation(Part):
    """Why an appointment is left out.

    `place` is the one that the causes close, or the best open one of a trade-off; None where there are no people or
    things for any. `remedies` are those that help, best first; `tried` counts the changes that were looked at.
    """

    appointment: Id
    kind: Kind
    causes: tuple[Cause, ...]
    place: Assignment | None = None
    displacement: Displacement | None = None
    remedies: tuple[TriedRemedy, ...] = ()
    tried: int = 0


class Obstacle(Part):
    """A rule that a place would break, and who else is concerned."""

    rule: Id
    conflict_type: ConflictType
    message: Text
    appointments: tuple[Id, ...] = ()


class RunnerUp(Part):
    """Another place of an appointment: what it adds to the cost, by term, and what it would break; nothing if open."""

    assignment: Assignment
    message: Text
    cost_delta: Whole
    terms: dict[Id, Whole] = Field(default_factory=dict)
    breaks: tuple[Obstacle, ...] = ()


class AssignmentExplanation(Part):
    """Why an appointment stands where it does: what it costs there, and the places it could have instead.

    `terms` is its share of the cost. `alternatives` are open places; `closed` are places that break a rule: those that
    would be cheaper, and others where few are open. Both begin with the cheapest.
    """

    appointment: Id
    assignment: Assignment
    message: Text
    pinned: Flag = False
    terms: dict[Id, Whole] = Field(default_factory=dict)
    alternatives: tuple[RunnerUp, ...] = ()
    closed: tuple[RunnerUp, ...] = ()
