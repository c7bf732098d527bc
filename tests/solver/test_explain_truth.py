"""Reasons against every place: lifting what they name opens one, less does not, and `cost` is said where one is."""

from __future__ import annotations

import re
from collections import Counter

import numpy as np
import pytest

from models.appointments import Appointment
from models.plan import Reason
from models.problem import Problem
from solver.check import check
from solver.explain import reasons
from solver.instance import Instance, Solution
from solver.kernel.anneal import construct
from solver.kernel.pack import pack
from solver.kernel.plan import empty_state, read_placements
from solver.kernel.scratch import scratch
from solver.lower import lower
from benchmarks.explain_places import FOLLOWS, Place, every_place, named, plan_of, within
from tests.strategies import random_problem

MOST_PLACES = 250
DRAWS = {
    "anything": ((), range(130)),
    "travel": (("locations", "depots", "pinned", "current"), range(40)),
    "breaks": (("flexible_break", "locations", "pinned", "current"), range(40)),
    "links": (("links", "teams"), range(40)),
    "limits": (("teams", "resources", "capacity_limit", "weekly_hours"), range(40)),
    "booking": (("now", "advance_booking", "windows", "zones"), range(40)),
}


def crowded(problem: Problem, instance: Instance, seed: int) -> Solution:
    """A plan that places appointments in any order, wherever they fit, and breaks nothing."""
    packed = pack(instance)
    state = empty_state(instance, packed)
    order = np.random.default_rng(seed).permutation(len(instance.tasks)).astype(np.int32)
    construct(packed, state, scratch(packed, seed), order)
    solution = read_placements(packed, state)
    while wrong := [
        v for v in check(problem, plan_of(problem, instance, solution)).violations if v.rule not in FOLLOWS
    ]:
        for index in {instance.task_index[key] for violation in wrong for key in violation.appointments}:
            solution[index] = instance.tasks[index].pinned
    return solution


def faults(item: Appointment, found: list[Reason], places: list[Place]) -> list[str]:
    """What is wrong with the reasons of an appointment."""
    open_places = [place for place in places if not place.pairs]
    if [reason.rule for reason in found] == ["cost"]:
        losses = {place.loss for place in open_places}
        return [] if stated_loss(found[0]) in losses else [f"{found[0].message} The losses are {sorted(losses)}."]
    if open_places:
        return [f"there is an open place: {open_places[0]}"]
    pairs = named(found, item)
    wrong = [] if any(place.pairs <= pairs for place in places) else ["lifting them opens no place"]
    wrong += [f"{sorted(place.pairs)} are enough" for place in places if place.pairs < pairs][:1]
    shaped = within(places, pairs)
    for reason in found:
        (pair,) = named([reason], item)
        if reason.blocks_alone != all(pair in place.pairs for place in shaped):
            wrong.append(f"blocks_alone of {pair} is {reason.blocks_alone}")
    return wrong


def stated_loss(reason: Reason) -> int:
    """What a place costs more than leaving the appointment out, by the message."""
    amount = re.search(r"would (cost|save) ([\d,]+)", reason.message)
    return 0 if amount is None else int(amount[2].replace(",", "")) * (1 if amount[1] == "cost" else -1)


@pytest.mark.parametrize("draw", list(DRAWS))
def test_reasons_are_true_minimal_and_alone_where_they_say_so(draw: str) -> None:
    features, seeds = DRAWS[draw]
    wrong: list[str] = []
    seen: Counter[str] = Counter()
    for seed in seeds:
        problem = Problem.parse(random_problem(seed, "tiny", features))
        instance = lower(problem)
        solution = crowded(problem, instance, seed)
        plan = plan_of(problem, instance, solution)
        for index, found in reasons(problem, instance, solution).items():
            item = problem.appointments[index]
            places = every_place(problem, plan, item, MOST_PLACES)
            if places is None:
                continue
            seen.update({"appointments"}, **{reason.rule: 1 for reason in found})
            wrong += [f"seed {seed}, {item.id}, {found}: {fault}" for fault in faults(item, found, places)]
    assert wrong == []
    assert seen["appointments"] > len(seeds) / 2
    assert seen["cost"] > 0
    assert len(seen) > 8
