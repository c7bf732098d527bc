"""A generated problem in all its forms, with a greedy plan: what the micro-benchmarks work on."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

from benchmarks.generate import core
from models.plan import Plan, Unassigned
from models.problem import Problem
from solver.assemble import assemble
from solver.construct import greedy
from solver.instance import Instance, Solution
from solver.kernel.arrays import Packed, State
from solver.kernel.pack import pack
from solver.kernel.plan import copy_plan, empty_state, read_placements
from solver.lower import lower

SIZES = (200, 1000)
SEED = 1


class Bench(Protocol):
    """What pytest-benchmark hands to a benchmark."""

    def __call__(self, function: Callable[..., Any], *args: Any) -> Any:
        """Measure calls of a function that leaves its arguments as they are."""

    def pedantic(self, function: Callable[..., Any], *, setup: Callable[[], Any], rounds: int) -> Any:
        """Measure one call after each call of a function that makes its arguments."""


@dataclass(frozen=True)
class Planned:
    """A core problem: as a file, read, lowered, packed, and with a greedy plan in three forms."""

    raw: bytes
    problem: Problem
    instance: Instance
    packed: Packed
    start: State
    solution: Solution
    plan: Plan

    def copy(self) -> State:
        """A copy of the plan in the kernel's form, to be changed."""
        state = empty_state(self.instance, self.packed)
        copy_plan(self.start, state)
        return state


@cache
def planned(size: int) -> Planned:
    """Draw a problem and plan it greedily, once for every size.

    Parameters
    ----------
    size
        Number of appointments.

    Returns
    -------
    All its forms.
    """
    raw = json.dumps(core(size, SEED)).encode()
    problem = Problem.parse(raw)
    instance = lower(problem)
    packed = pack(instance)
    start = greedy(instance, packed, SEED)
    solution = read_placements(packed, start)
    left = [
        Unassigned(appointment=task.id)
        for task, place in zip(problem.appointments, solution, strict=True)
        if place is None
    ]
    plan = Plan(assignments=tuple(assemble(problem, instance, solution)), unassigned=tuple(left))
    return Planned(raw, problem, instance, packed, start, solution, plan)
