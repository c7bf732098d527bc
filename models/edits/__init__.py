"""Changes of a problem: what may happen to a plan, and what one may wonder about. One list of them serves all.

An edit is a small file's class: how it is asked for on a command line (`read`), and what it does to a `Draft`
(`apply`). As JSON it is an object whose `kind` tells which it is.
"""

from collections.abc import Iterable, Sequence
from typing import Annotated, NamedTuple

from pydantic import Field, TypeAdapter

from models.edits.absences import ResourceDown, TeamDown, UserAbsent
from models.edits.draft import Draft
from models.edits.edit import Edit
from models.edits.opening import ExtendHours
from models.edits.staff import AddSkill, AddUser, RemoveUser
from models.edits.standing import stand_as
from models.edits.terms import RemoveRule, ScaleDemand, SetWeight
from models.edits.things import AddResource, RemoveResource
from models.edits.work import Cancelled, Late, Longer, Now, Pinned, Unpinned, Urgent
from models.errors import Fault, InvalidEdit
from models.fields import Part, Text
from models.plan import Plan
from models.problem import Problem

EVENTS: tuple[type[Edit], ...] = (
    Now,
    UserAbsent,
    ResourceDown,
    TeamDown,
    Longer,
    Late,
    Urgent,
    Cancelled,
    Pinned,
    Unpinned,
)
"""What happens on a day, in the order in which help lists it."""

QUESTIONS: tuple[type[Edit], ...] = (
    AddUser,
    RemoveUser,
    AddSkill,
    AddResource,
    RemoveResource,
    ExtendHours,
    SetWeight,
    RemoveRule,
    ScaleDemand,
)
"""What one may wonder about."""

EDITS = (*EVENTS, *QUESTIONS)

AnyEdit = Annotated[
    Now
    | UserAbsent
    | ResourceDown
    | TeamDown
    | Longer
    | Late
    | Urgent
    | Cancelled
    | Pinned
    | Unpinned
    | AddUser
    | RemoveUser
    | AddSkill
    | AddResource
    | RemoveResource
    | ExtendHours
    | SetWeight
    | RemoveRule
    | ScaleDemand,
    Field(discriminator="kind"),
]
"""Any edit as JSON writes it."""

EDIT_LIST: TypeAdapter[tuple[AnyEdit, ...]] = TypeAdapter(tuple[AnyEdit, ...])

__all__ = [
    "EDITS",
    "EDIT_LIST",
    "EVENTS",
    "QUESTIONS",
    "AnyEdit",
    "Asked",
    "Edit",
    "Made",
    "Scenario",
    "apply_edits",
    "read_edits",
]


class Scenario(Part):
    """Edits that are tried together, under a name."""

    name: Annotated[Text, Field(min_length=1)]
    edits: tuple[AnyEdit, ...]


class Asked(NamedTuple):
    """An edit as a command line asks for it: its class, and the value of its option."""

    edit: type[Edit]
    text: str


class Made(NamedTuple):
    """A changed problem, and in words what was done, edit by edit."""

    problem: Problem
    told: tuple[str, ...]


def apply_edits(problem: Problem, edits: Iterable[Edit], plan: Plan | None = None) -> Made:
    """Change a problem.

    Parameters
    ----------
    problem
        It stays as it is.
    edits
        In this order; `Now` goes before all others.
    plan
        Where appointments stand today, if that is not what the problem says: each that is not pinned gets its place in
        the plan as its `current`.

    Returns
    -------
    The changed problem, and what was done.

    Raises
    ------
    InvalidEdit
        With what cannot be done, all at once.
    InvalidProblem
        Where the changes do not agree with each other.
    """
    draft = Draft.of(problem)
    if plan is not None:
        stand_as(draft, plan)
    told: list[str] = []
    faults: list[Fault] = []
    for edit in sorted(edits, key=lambda edit: not isinstance(edit, Now)):
        try:
            told.append(edit.apply(draft))
        except InvalidEdit as error:
            faults += _at(edit.option, error)
    if faults:
        raise InvalidEdit(faults)
    return Made(draft.problem(), tuple(told))


def read_edits(problem: Problem, asked: Sequence[Asked], plan: Plan | None = None) -> tuple[Edit, ...]:
    """Read what a command line asks for.

    Parameters
    ----------
    problem, plan
        As for `apply_edits`.
    asked
        In the order of the command line; each may speak of what an earlier one adds.

    Returns
    -------
    The edits, `Now` before all others.

    Raises
    ------
    InvalidEdit
        With all that cannot be read or done; the place of a fault is the option with its value.
    """
    draft = Draft.of(problem)
    if plan is not None:
        stand_as(draft, plan)
    edits: list[Edit] = []
    faults: list[Fault] = []
    for one in sorted(asked, key=lambda one: one.edit is not Now):
        try:
            edit = one.edit.read(one.text, draft)
            edit.apply(draft)
            edits.append(edit)
        except InvalidEdit as error:
            faults += _at(f"{one.edit.option} {one.text}", error)
    if faults:
        raise InvalidEdit(faults)
    return tuple(edits)


def _at(place: str, error: InvalidEdit) -> list[Fault]:
    """The faults of an edit, placed at its option."""
    short = place if len(place) <= 60 else place[:57] + "…"
    return [
        Fault(f"{short}: {fault.where}" if fault.where else short, fault.found, fault.expected, fault.advice)
        for fault in error.faults
    ]
