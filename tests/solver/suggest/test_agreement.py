"""Every slot that trying all places finds is suggested, at its true price, and no other."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings, strategies as st

from models.problem import Problem
from models.timegrid import minute_of
from solver.suggest import SuggestIndex
from solver.suggest.room import changed
from tests.solver.suggest.worlds import ALL, DRAWS, World, true_slots, without, wrong_with
from tests.strategies import random_problem

MOST_PLACES = 500
SEEDS = st.integers(0, 2**32 - 1)


def faults(world: World, seen: Counter[str]) -> list[str]:
    """What is wrong with the slots of each appointment, wherever it stands."""
    index = SuggestIndex(world.problem, world.plan)
    wrong = []
    for item in world.loose():
        best = true_slots(world.problem, without(world.plan, item.id), item, MOST_PLACES)
        if best is None:
            continue
        found = index.suggest(item.id, ALL)
        slots = [*found.suggestions, *([found.present] if found.present else [])]
        got = {minute_of(slot.start): slot.cost for slot in reversed(slots)}  # the cheapest of a start wins
        wrong += [fault for slot in slots for fault in wrong_with(world.problem, world.plan, item, slot)]
        if got != best:
            wrong.append(f"{item.id}: {got}, but really {best}")
        if found.possible != len(best):
            wrong.append(f"{item.id}: {found.possible} starts are counted, but there are {len(best)}")
        if not found.suggestions and not found.reason:
            wrong.append(f"{item.id}: nothing is suggested, and no reason told")
        wrong += new_like_known(world, item.id, best)
        seen.update(appointments=1, slots=len(best), empty=not best, crews=sum(len(s.users) > 1 for s in slots))
    return [f"{world.problem.name}: {fault}" for fault in wrong]


def new_like_known(world: World, key: str, best: dict[int, int]) -> list[str]:
    """Whether an appointment that the problem does not know yet has the same slots."""
    item = world.problem.appointments_by_id[key]
    if not world.lonely(item):
        return []
    others = tuple(other for other in world.problem.appointments if other.id != key)
    rest = changed(world.problem, appointments=others)
    found = SuggestIndex(rest, without(world.plan, key)).suggest(item, ALL)
    got = {minute_of(slot.start): slot.cost for slot in found.suggestions}
    return [] if got == best else [f"{key} as a new one: {got}, but really {best}"]


@pytest.mark.parametrize("draw", list(DRAWS))
def test_slots_are_all_there_are_at_their_true_prices(draw: str) -> None:
    seen: Counter[str] = Counter()
    wrong: list[str] = []
    for seed in range(14):
        wrong += faults(World.of(random_problem(seed, "tiny", DRAWS[draw]), seed), seen)
    assert wrong == []
    assert seen["appointments"] > 14
    assert seen["slots"] > 20
    assert seen["empty"] > 0


@settings(deadline=None, max_examples=25)
@given(SEEDS, st.sampled_from(sorted(DRAWS)))
def test_slots_of_any_problem_agree_with_check(seed: int, draw: str) -> None:
    assert faults(World.of(random_problem(seed, "tiny", DRAWS[draw]), seed), Counter()) == []


@settings(deadline=None, max_examples=15)
@given(SEEDS)
def test_slots_beside_a_plan_that_breaks_rules_break_none_themselves(seed: int) -> None:
    """Where everything that stands is pinned, the slots are the same as where nothing is."""
    document = random_problem(seed, "small", ("locations", "resources"))
    world = World.of(document, seed)
    index = SuggestIndex(world.problem, world.plan)
    standing = {one.appointment: one for one in world.plan.assignments}
    for item in document["appointments"]:
        if (one := standing.get(item["id"])) is not None:
            resources = [{"resource": use.resource, "units": use.units} for use in one.resources]
            item |= {"pinned": True, "current": {"start": one.start.isoformat(), "team": one.team,
                     "users": list(one.users), "resources": resources}}  # fmt: skip
    pinned = SuggestIndex(Problem.parse(document))
    for key in (one.appointment for one in world.plan.unassigned):
        slots, others = (each.suggest(key, ALL) for each in (index, pinned))
        assert [slot.assignment() for slot in slots.suggestions] == [slot.assignment() for slot in others.suggestions]
