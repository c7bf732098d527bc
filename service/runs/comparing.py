"""Before and after: what a draft changes, appointment by appointment and term by term."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from models.plan import AssignedResource, TermCost

Document = Mapping[str, Any]


class RunChangeKind(StrEnum):
    """What a draft does with an appointment."""

    PLACED = "placed"
    MOVED = "moved"
    CHANGED = "changed"
    DROPPED = "dropped"
    LEFT_OUT = "left_out"


class RunPlace(BaseModel):
    """Where an appointment stands, with whom and what."""

    start: str
    end: str
    team: int | None
    users: list[int]
    resources: list[AssignedResource]


class RunChange(BaseModel):
    """An appointment that gets a place, another one, others at the same time, or none."""

    appointment: int
    title: str
    kind: RunChangeKind
    before: RunPlace | None
    after: RunPlace | None
    reasons: list[str] = Field(default_factory=list, description="Why it is left out.")


class TermDiff(BaseModel):
    """A term of the cost before and after; null where nobody has computed it."""

    name: str
    before: TermCost | None
    after: TermCost | None
    cost_delta: int


class RunDiff(BaseModel):
    """What a draft changes."""

    model_config = ConfigDict(title="RunDiff")

    run: int
    cost_before: int | None
    cost_after: int | None
    terms: list[TermDiff]
    changes: list[RunChange]


def places_in(document: Document) -> dict[int, Document]:
    """List the assignments of a told plan by appointment."""
    return {int(each["appointment"]): each for each in document["assignments"]}


def kind_of(before: Document | None, after: Document | None) -> RunChangeKind | None:
    """Tell what becomes of an appointment; None if it stays as it is.

    Parameters
    ----------
    before, after
        Its assignments in told plans, None where it has none.
    """
    if after is None:
        return RunChangeKind.LEFT_OUT if before is None else RunChangeKind.DROPPED
    if before is None:
        return RunChangeKind.PLACED
    if before["start"] != after["start"]:
        return RunChangeKind.MOVED
    same = (
        before["team"] == after["team"],
        sorted(before["users"]) == sorted(after["users"]),
        _things(before) == _things(after),
    )
    return None if all(same) else RunChangeKind.CHANGED


def diff(run: int, before: Document, plan: Document, keys: Iterable[int], titles: Mapping[int, str]) -> RunDiff:
    """Compare a draft with what stood.

    Parameters
    ----------
    run
        Its id.
    before, plan
        Told plans.
    keys
        The appointments that the run could change.
    titles
        Of those.

    Returns
    -------
    The terms of both, and every appointment that does not stay as it is, by start.
    """
    old, new = places_in(before), places_in(plan)
    why = {int(each["appointment"]): [reason["message"] for reason in each["reasons"]] for each in plan["unassigned"]}
    changes = []
    for key in sorted(keys):
        was, becomes = old.get(key), new.get(key)
        kind = kind_of(was, becomes)
        if kind is not None:
            changes.append(
                RunChange(
                    appointment=key,
                    title=titles.get(key, ""),
                    kind=kind,
                    before=_place(was),
                    after=_place(becomes),
                    reasons=why.get(key, []),
                )
            )
    changes.sort(key=_when)
    return RunDiff(
        run=run,
        cost_before=before["cost"],
        cost_after=plan["cost"],
        terms=_terms(before["terms"], plan["terms"]),
        changes=changes,
    )


def _when(change: RunChange) -> tuple[bool, str, int]:
    place = change.after or change.before
    return place is None, "" if place is None else place.start, change.appointment


def _terms(before: Iterable[Document], after: Iterable[Document]) -> list[TermDiff]:
    old = {each["name"]: TermCost.model_validate(each) for each in before}
    new = {each["name"]: TermCost.model_validate(each) for each in after}
    return [
        TermDiff(
            name=name,
            before=old.get(name),
            after=new.get(name),
            cost_delta=(new[name].cost if name in new else 0) - (old[name].cost if name in old else 0),
        )
        for name in dict.fromkeys([*old, *new])
    ]


def _place(assignment: Document | None) -> RunPlace | None:
    if assignment is None:
        return None
    return RunPlace(
        start=assignment["start"],
        end=assignment["end"],
        team=None if assignment["team"] is None else int(assignment["team"]),
        users=[int(key) for key in assignment["users"]],
        resources=[AssignedResource.model_validate(each) for each in assignment["resources"]],
    )


def _things(assignment: Document) -> list[tuple[str, int]]:
    return sorted((each["resource"], each["units"] or 0) for each in assignment["resources"])
