"""Slots that open when others move: all there are with one move, at their true prices; some with two."""

from __future__ import annotations

import random
from collections import Counter
from itertools import product

import pytest

from benchmarks.explain_places import every_place
from models.plan import Plan
from models.problem import Problem
from models.suggestion import SlotQuery, SlotRequest
from models.timegrid import minute_of
from solver.check import check
from solver.suggest import SuggestIndex
from tests.factories import Json, appointment, at, hours, position, problem, resource, rule, span, user
from tests.solver.plans import placed
from tests.solver.suggest.worlds import ALL, World, added, broken, true_slots, without, wrong_with

ONE_MOVE = ALL.model_copy(update={"with_moves": 1, "seconds": 300.0})
TWO_MOVES = ALL.model_copy(update={"with_moves": 2, "seconds": 300.0})
MOST_PLACES = 60


def crowded(seed: int) -> Json:
    """Few people, a van, a limit, ways; and more work than fits unless somebody moves."""
    draw = random.Random(seed)
    people = [
        user(f"u{i}", *draw.sample(["s", "t"], draw.choice((1, 2, 2))), availability=hours("08:00", "12:00"))
        for i in range(2)
    ]
    work = []
    for i in range(5):
        item = appointment(f"a{i}", draw.choice([60, 120, 120]))
        low, long = draw.randint(8, 10), draw.random() < 0.6
        item["windows"] = [span(f"mon {low:02}:00", f"mon {12 if long else low + 2:02}:00")]
        if draw.random() < 0.95:
            item["crew"] = [position(*draw.sample(["s", "t"], draw.randint(0, 1)))]
        if draw.random() < 0.3:
            item["resources"] = [{"resource": "van"}]
        if draw.random() < 0.5:
            item["location"] = draw.choice(["x", "y"])
        if draw.random() < 0.3:
            item["preferred_start"] = at("mon 09:00")
        if i and draw.random() < 0.15:
            item["after"] = [{"appointment": f"a{i - 1}"}]
        work.append(item)
    return problem(
        users=people,
        resources=[resource("van", "vehicle")],
        rules=[rule("capacity_limit", parameters={"max_per_day": 2}, applies_to_users=["u0"])] if seed % 3 == 0 else [],
        travel={"locations": ["x", "y"], "minutes": [[0, 40], [25, 0]]} if seed % 2 else None,
        locations=[] if seed % 2 else [{"id": key, "latitude": 0.0, "longitude": 0.0} for key in "xy"],
        appointments=work,
        weights={"preferred_time": 1, "travel": 2, "headcount": 5 * (seed % 2)},
    )


def true_moves(world: World, key: str) -> dict[int, int] | None:
    """The least extra cost at each start that one move opens; None where there is too much to try."""
    item, whole = world.problem.appointments_by_id[key], world.plan
    direct = true_slots(world.problem, whole, item, MOST_PLACES)
    if direct is None:
        return None
    base, best = check(world.problem, whole).cost, dict[int, int]()
    for other in world.loose():
        if other.id not in {one.appointment for one in whole.assignments}:
            continue
        rest = without(whole, other.id)
        places = (
            every_place(world.problem, rest, other, MOST_PLACES) if not broken(check(world.problem, rest)) else None
        )
        if places is None:
            return None
        for place in places:
            if place.pairs:
                continue
            moved = added(rest, place.assignment)
            cost = check(world.problem, moved).cost - base
            for start, more in (true_slots(world.problem, moved, item, MOST_PLACES) or {}).items():
                if start not in direct:
                    best[start] = min(best.get(start, cost + more), cost + more)
    return best


def test_all_that_one_move_opens_is_found_at_its_true_price() -> None:
    seen: Counter[str] = Counter()
    wrong: list[str] = []
    for seed in range(60):
        world = World.of(crowded(seed), seed)
        index = SuggestIndex(world.problem, world.plan)
        for key in (one.appointment for one in world.plan.unassigned):
            best = true_moves(world, key)
            if best is None:
                continue
            found = index.suggest(key, ONE_MOVE)
            assert found.complete
            slots = [slot for slot in found.suggestions if slot.moves]
            got = {minute_of(slot.start): slot.cost for slot in slots}
            wrong += [] if got == best else [f"seed {seed}, {key}: {got}, but really {best}"]
            item = world.problem.appointments_by_id[key]
            wrong += [
                f"seed {seed}: {fault}" for slot in slots for fault in wrong_with(world.problem, world.plan, item, slot)
            ]
            seen.update(asked=1, slots=len(best))
    assert wrong == []
    assert seen["asked"] > 20
    assert seen["slots"] > 5


def test_two_moves_open_more_and_break_nothing() -> None:
    wrong: list[str] = []
    more = 0
    for seed in range(60):
        world = World.of(crowded(seed), seed)
        index = SuggestIndex(world.problem, world.plan)
        for key in (one.appointment for one in world.plan.unassigned):
            item = world.problem.appointments_by_id[key]
            one, two = (index.suggest(key, query) for query in (ONE_MOVE, TWO_MOVES))
            assert {slot.start for slot in one.suggestions} <= {slot.start for slot in two.suggestions}
            more += len(two.suggestions) - len(one.suggestions)
            wrong += [
                f"seed {seed}: {fault}"
                for slot in two.suggestions
                for fault in wrong_with(world.problem, world.plan, item, slot)
            ]
    assert wrong == []
    assert more > 0


ANA = user("ana", availability=hours("09:00", "12:00"))
FIRST = {"duration_minutes": 120, "crew": [{}], "windows": [span("mon 09:00", "mon 11:00")]}


def asked(document: Json, request: Json, *standing: Json, moves: int = 1) -> list[tuple[str, list[str]]]:
    """The slots of a request: when, and what moves."""
    index = SuggestIndex(Problem.parse(document), Plan.parse({"assignments": list(standing)}))
    query = SlotQuery(with_moves=moves, spread_minutes=0, seconds=60.0)
    found = index.suggest(SlotRequest.parse(request), query)
    return [(f"{slot.start:%H:%M}", [move.after.appointment for move in slot.moves]) for slot in found.suggestions]


def test_what_is_pinned_does_not_move() -> None:
    request = {"duration_minutes": 60, "crew": [{}], "windows": [span("mon 09:00", "mon 10:00")]}
    item = appointment("a", crew=[position()])
    stands = placed("a", "mon 09:00", "ana")
    assert asked(problem(users=[ANA], appointments=[item]), request, stands) == [("09:00", ["a"])]
    fixed = item | {"pinned": True, "current": {"start": at("mon 09:00"), "users": ["ana"]}}
    assert asked(problem(users=[ANA], appointments=[fixed]), request, stands) == []
    begun = item | {"current": {"start": at("mon 09:00"), "users": ["ana"]}}
    there = problem(users=[ANA], appointments=[begun], now=at("mon 09:05"))
    assert asked(there, request | {"windows": [span("mon 10:00", "mon 11:00")]}, stands) == [("10:00", [])]


def test_two_neighbours_make_way_together() -> None:
    both = [appointment(key, crew=[position()]) for key in "ab"]
    people = [ANA, user("bo", availability=hours("09:00", "12:00"))]
    request = FIRST | {"users": {"allowed": ["ana"]}}
    standing = [placed("a", "mon 09:00", "ana"), placed("b", "mon 10:00", "ana")]
    document = problem(users=people, appointments=both)
    assert asked(document, request, *standing, moves=1) == []
    (slot,) = asked(document, request, *standing, moves=2)
    assert slot[0] == "09:00"
    assert sorted(slot[1]) == ["a", "b"]


def test_one_makes_way_for_another_that_makes_way() -> None:
    """Ana's hour is wanted; only bo could take over from her, and he is free only when his own work goes to cy."""
    people = [user(key, key, availability=hours("09:00", "10:00")) for key in ("ana", "bo", "cy")]
    work = [
        appointment("a", crew=[position()], users={"allowed": ["ana", "bo"]}),
        appointment("b", crew=[position()], users={"allowed": ["bo", "cy"]}),
    ]
    request = {"duration_minutes": 60, "crew": [{"skills": ["ana"]}]}
    standing = [placed("a", "mon 09:00", "ana"), placed("b", "mon 09:00", "bo")]
    document = problem(users=people, appointments=work)
    assert asked(document, request, *standing, moves=1) == []
    assert asked(document, request, *standing, moves=2) == [("09:00", ["a", "b"])]


@pytest.mark.parametrize(("first", "second"), list(product(("mon 09:00", "mon 10:00"), repeat=2)))
def test_the_plan_is_as_it_was_afterwards(first: str, second: str) -> None:
    people = [ANA, user("bo", availability=hours("09:00", "12:00"))]
    document = problem(users=people, appointments=[appointment(key, crew=[position()]) for key in "ab"])
    plan = Plan.parse({"assignments": [placed("a", first, "ana"), placed("b", second, "bo")]})
    index = SuggestIndex(Problem.parse(document), plan)
    before = index.suggest("a", ALL)
    index.suggest(SlotRequest.parse(FIRST), TWO_MOVES)
    after = index.suggest("a", ALL)
    assert [slot.assignment() for slot in before.suggestions] == [slot.assignment() for slot in after.suggestions]
