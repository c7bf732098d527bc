"""Plans with everything in them, and what `check` says of every slot beside them; knows no index."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.explain_places import FOLLOWS, every_place, plan_of
from models.appointments import Appointment
from models.plan import Assignment, Plan
from models.problem import Problem
from models.suggestion import SlotQuery, Suggestion
from models.timegrid import minute_of
from solver.check import Report, check
from solver.instance import Solution
from solver.kernel.anneal import construct
from solver.kernel.pack import pack
from solver.kernel.plan import empty_state, read_placements
from solver.kernel.scratch import scratch
from solver.lower import lower
from tests.factories import Json

ALL = SlotQuery(limit=1000, spread_minutes=0)
DRAWS = {
    "anything": (),
    "travel": ("locations", "depots", "pinned", "current"),
    "breaks": ("flexible_break", "locations", "pinned", "current"),
    "links": ("links", "teams"),
    "limits": ("teams", "resources", "capacity_limit", "weekly_hours"),
    "booking": ("now", "advance_booking", "windows", "zones", "blackout"),
    "prices that do not add up": (
        "workload_balance", "labor_cost", "labor", "max_waiting", "waiting", "continuity", "clients", "headcount",
        "locations",
    ),
}  # fmt: skip
"""Features that a draw has in any case; others come as they fall."""


@dataclass
class World:
    """A problem and a plan that breaks nothing, as full as it gets in a random order."""

    problem: Problem
    plan: Plan
    solution: Solution

    @classmethod
    def of(cls, document: Json, seed: int) -> World:
        problem = Problem.parse(document)
        instance = lower(problem)
        packed = pack(instance)
        state = empty_state(instance, packed)
        order = np.random.default_rng(seed).permutation(len(instance.tasks)).astype(np.int32)
        construct(packed, state, scratch(packed, seed), order)
        solution = read_placements(packed, state)
        plan = plan_of(problem, instance, solution)
        while wrong := broken(check(problem, plan)):
            for index in {instance.task_index[key] for violation in wrong for key in violation}:
                solution[index] = instance.tasks[index].pinned
            plan = plan_of(problem, instance, solution)
        return cls(problem, plan, solution)

    def loose(self) -> list[Appointment]:
        """What is not pinned."""
        return [item for item in self.problem.appointments if not self.problem.is_pinned(item)]

    def lonely(self, item: Appointment) -> bool:
        """Whether nothing follows an appointment."""
        return all(link.appointment != item.id for other in self.problem.appointments for link in other.after)


def broken(report: Report) -> list[tuple[str, ...]]:
    """The appointments of what a plan breaks, other than by what it leaves out."""
    return [violation.appointments for violation in report.violations if violation.rule not in FOLLOWS]


def without(plan: Plan, *keys: str) -> Plan:
    """A plan that does not speak of some appointments."""
    return Plan(
        assignments=tuple(one for one in plan.assignments if one.appointment not in keys),
        unassigned=tuple(one for one in plan.unassigned if one.appointment not in keys),
    )


def added(plan: Plan, *more: Assignment) -> Plan:
    """A plan with some appointments standing elsewhere."""
    rest = without(plan, *(one.appointment for one in more))
    return Plan(assignments=(*rest.assignments, *more), unassigned=rest.unassigned)


def terms(report: Report) -> dict[str, int]:
    """What each term costs, the price of what is left out set aside."""
    return {term.name: term.cost for term in report.terms if term.name != "unassigned"}


def true_slots(problem: Problem, plan: Plan, item: Appointment, most: int) -> dict[int, int] | None:
    """The least extra cost at every start that an appointment can have beside a plan that leaves it out.

    None where there are too many places to try, or where the plan without it breaks something.
    """
    if broken(check(problem, plan)):
        return None
    places = every_place(problem, plan, item, most)
    if places is None:
        return None
    best: dict[int, int] = {}
    for place in places:
        if not place.pairs:
            start, cost = minute_of(place.assignment.start), place.loss + problem.unassigned_weight(item)
            best[start] = min(best.get(start, cost), cost)
    return best


def wrong_with(problem: Problem, plan: Plan, item: Appointment, slot: Suggestion) -> list[str]:
    """What a slot states about itself and `check` does not."""
    rest = without(plan, item.id)
    before = check(problem, rest)
    after = check(problem, added(plan, slot.assignment(), *(move.after for move in slot.moves)))
    change = {name: cost - terms(before)[name] for name, cost in terms(after).items()}
    stated = {term.name: term.cost for term in slot.terms}
    wrong = [f"breaks {keys}" for keys in broken(after)]
    if stated != {name: cost for name, cost in change.items() if cost}:
        wrong.append(f"costs {stated}, but really {change}")
    if slot.cost != sum(change.values()):
        wrong.append(f"costs {slot.cost}, but really {sum(change.values())}")
    if any(
        isinstance(t.weight, int) and isinstance(t.amount, int) and t.cost != t.weight * t.amount for t in slot.terms
    ):
        wrong.append(f"does not multiply: {slot.terms}")
    return [f"{item.id} at {slot.start}: {fault}" for fault in wrong]
