"""Places for what clashes: at the same time with others, near in time, or where it is cheapest."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from models.plan import Assignment
from models.problem import Appointment, TeamChoice
from models.suggestion import SlotQuery, Suggestion
from service.conflicts.ways import wording
from service.conflicts.ways.clash import Clash
from service.conflicts.ways.options import Offer, WayKind
from service.conflicts.ways.telling import Change, offer
from service.snapshot.ids import number_of

if TYPE_CHECKING:  # the kernel takes its time to import
    from solver.suggest import SuggestIndex

ENOUGH = 3
"""With so many ways nobody else is asked to make way."""
REACHES = (timedelta(hours=1), timedelta(hours=2), timedelta(hours=4))
MOST_NEAR = 100
APART = timedelta(minutes=30)
"""Starts nearer to each other than that are no choice."""
MAKING_WAY_SECONDS = 0.3


def elsewhere(clash: Clash) -> Iterator[Offer]:
    """Propose the same time with others, near starts and cheap ones; where these are few, others make way."""
    from solver.suggest import SuggestIndex  # the kernel takes its time to import

    if not clash.giving_way:
        return
    index, found = SuggestIndex(clash.region.problem, clash.region.plan), 0
    for key, stands in clash.stands.items():
        for suggestion in _slots(index, clash, key, stands):
            made = _offered(clash, key, stands, suggestion)
            if made is not None:
                found += 1
                yield made
    if found < ENOUGH:
        for key, stands in clash.stands.items():
            query = SlotQuery(limit=ENOUGH, with_moves=1, seconds=MAKING_WAY_SECONDS)
            for suggestion in index.suggest(key, query).suggestions:
                if suggestion.moves and (made := _offered(clash, key, stands, suggestion)) is not None:
                    yield made


def _slots(index: SuggestIndex, clash: Clash, key: str, stands: Assignment) -> Iterator[Suggestion]:
    """The same time, the nearest starts before and after, and the cheapest on each of some days."""
    horizon = clash.region.problem.horizon
    here = SlotQuery.model_construct(from_=stands.start, until=stands.end, limit=2, spread_minutes=0)
    yield from index.suggest(key, here).suggestions
    near: list[Suggestion] = []
    same = _with_the_same(clash.region.problem.appointments_by_id[key])
    for reach in REACHES:
        first, last = max(horizon.start, stands.start - reach), min(horizon.end, stands.end + reach)
        if first < last and len(near) < ENOUGH:
            around = SlotQuery.model_construct(from_=first, until=last, limit=MOST_NEAR, spread_minutes=0)
            near = list(index.suggest(same, around).suggestions)
    picked: list[Suggestion] = []
    for slot in sorted(near, key=lambda slot: (abs(slot.start - stands.start), slot.start)):
        if all(abs(slot.start - other.start) >= APART for other in picked):
            picked.append(slot)
    yield from picked[:ENOUGH]
    yield from index.suggest(key, SlotQuery(limit=ENOUGH, per_day=1)).suggestions


def _with_the_same(item: Appointment) -> Appointment:
    """Ask for those who come already, and nobody else."""
    stands = item.current
    if stands is None:
        return item
    if item.crew:
        return item.model_copy(update={"users": item.users.model_copy(update={"allowed": stands.users})})
    team = item.team if stands.team is None else TeamChoice(any_of=(stands.team,))
    return item.model_copy(update={"team": team})


def _offered(clash: Clash, key: str, stands: Assignment, slot: Suggestion) -> Offer | None:
    after = slot.assignment()
    changes: list[Change] = [(key, stands, after)]
    changes += [(move.before.appointment, move.before, move.after) for move in slot.moves]
    if not _differs(stands, after):
        return None
    held = clash.trials.held({each: place for each, _, place in changes})
    if held is None:
        return None
    problem = clash.region.problem
    kind = WayKind.MAKE_WAY if slot.moves else WayKind.MOVE if stands.start != after.start else WayKind.REASSIGN
    summary = "; ".join(
        wording.moved(problem, was, then) for _, was, then in changes if was is not None and then is not None
    )
    return offer(clash.subject, kind, problem, summary, held, changes, about=number_of(key))


def _differs(before: Assignment, after: Assignment) -> bool:
    return (before.start, before.team, set(before.users), {use.resource for use in before.resources}) != (
        after.start,
        after.team,
        set(after.users),
        {use.resource for use in after.resources},
    )
