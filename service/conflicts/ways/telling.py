"""From a change that holds to what is offered: ids of records, whose day changes, and a key by its content."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from models.plan import Assignment
from models.problem import Problem
from service.conflicts.ways.options import (
    LAST_RESORTS,
    Offer,
    Way,
    WayAbsence,
    WayChange,
    WayKind,
    WayPlace,
    WayTerm,
    WayUse,
    key_of_way,
)
from service.conflicts.ways.trying import Held
from service.snapshot.ids import number_of, numbers_of

Change = tuple[str, Assignment | None, Assignment | None]
"""An appointment with its places before and after."""


def offer(
    subject: str,
    kind: WayKind,
    problem: Problem,
    summary: str,
    held: Held,
    changes: Sequence[Change] = (),
    *,
    absences: Sequence[WayAbsence] = (),
    requirements: Mapping[str, Any] | None = None,
    why: str = "",
    about: int = 0,
) -> Offer:
    """Write down a change that holds.

    Parameters
    ----------
    subject
        What it is a way out of.
    kind, summary, why
        What it is, in words.
    problem
        For the titles.
    held
        What it costs.
    changes, absences, requirements
        What it does.
    about
        The appointment that gives way.

    Returns
    -------
    The offer.
    """
    told = [_change(problem, *each) for each in changes]
    parts: dict[str, Any] = {
        "kind": kind.value,
        "changes": [(each.appointment, _key(each.after)) for each in told],
        "absences": [(each.absence, each.model_dump_json()) for each in absences],
        "requirements": requirements,
    }
    people = {key for each in told for key in _disturbed(each)}
    people |= {each.user for each in absences if each.user is not None}
    way = Way(
        option=key_of_way(subject, parts),
        kind=kind,
        summary=f"{summary}.",
        why=why,
        cost_delta=held.cost_delta,
        terms=[WayTerm(name=name, cost=cost) for name, cost in held.terms],
        people=sorted(people),
        clients=sum(_is_told(each) for each in told),
        last_resort=kind in LAST_RESORTS,
        changes=told,
        absences=list(absences),
        requirements=None if requirements is None else dict(requirements),
    )
    return Offer(way, about, sum(_minutes(each) for each in told))


def place_of(at: Assignment) -> WayPlace:
    """Write a place with the ids of records, in UTC."""
    return WayPlace(
        start=_utc(at.start),
        end=_utc(at.end),
        team=None if at.team is None else number_of(at.team),
        users=list(numbers_of(at.users)),
        positions={number_of(key): place for key, place in at.positions.items()},
        resources=[
            WayUse(resource=number_of(use.resource), demand=use.demand, units=use.units) for use in at.resources
        ],
    )


def _change(problem: Problem, key: str, before: Assignment | None, after: Assignment | None) -> WayChange:
    return WayChange(
        appointment=number_of(key),
        title=problem.appointments_by_id[key].title,
        before=None if before is None else place_of(before),
        after=None if after is None else place_of(after),
    )


def _key(place: WayPlace | None) -> str:
    return "" if place is None else place.model_dump_json()


def _disturbed(change: WayChange) -> set[int]:
    """Find whose day changes: all if the time does, otherwise who comes or goes."""
    before = set(change.before.users) if change.before is not None else set()
    after = set(change.after.users) if change.after is not None else set()
    return before | after if not _keeps_time(change) else before ^ after


def _is_told(change: WayChange) -> bool:
    return change.before is not None and not _keeps_time(change)


def _minutes(change: WayChange) -> int:
    if change.before is None or change.after is None:
        return 0
    return int(abs(change.after.start - change.before.start).total_seconds()) // 60


def _keeps_time(change: WayChange) -> bool:
    before, after = change.before, change.after
    return before is not None and after is not None and (before.start, before.end) == (after.start, after.end)


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)
