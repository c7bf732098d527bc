"""A problem in the kernel's hands, and what `check` says of the plan in its arrays."""

from __future__ import annotations

import json

import numpy as np

from models.plan import Plan, Unassigned
from models.problem import Problem
from solver.assemble import assemble
from solver.check import Report, check
from solver.instance import Solution
from solver.kernel.anneal import anneal, construct
from solver.kernel.best import best_of
from solver.kernel.pack import pack
from solver.kernel.plan import cost_of, empty_state, fill_state, read_placements
from solver.kernel.scratch import scratch
from solver.lower import lower
from tests.factories import Json


class Kernel:
    """A state of a problem, and moves on it.

    Parameters
    ----------
    document
        A problem.json dictionary.
    seed
        Of the moves.
    """

    def __init__(self, document: Json, seed: int = 0) -> None:
        self.problem = Problem.parse(document)
        self.instance = lower(self.problem)
        self.packed = pack(self.instance)
        self.state = empty_state(self.instance, self.packed)
        self.scratch = scratch(self.packed, seed)
        self.best = best_of(self.packed, self.state)

    def construct(self, *ids: str) -> None:
        """Place the named tasks one by one, or all in the order of the problem."""
        order = [self.instance.task_index[key] for key in ids] if ids else range(len(self.instance.tasks))
        construct(self.packed, self.state, self.scratch, np.array(order, np.int64))
        self.best = best_of(self.packed, self.state)

    def anneal(self, moves: int, hot: float = 500.0, cold: float = 5.0) -> int:
        """Make moves; returns how many were kept."""
        return int(anneal(self.packed, self.state, self.scratch, self.best, moves, hot, cold))

    @property
    def solution(self) -> Solution:
        """The placements of the current state."""
        return read_placements(self.packed, self.state)

    @property
    def best_solution(self) -> Solution:
        """The placements of the best plan seen."""
        return read_placements(self.packed, self.best)

    @property
    def cost(self) -> int:
        """What the kernel believes its plan to cost."""
        return cost_of(self.packed, self.state)

    def recounted(self) -> int:
        """The cost of the same plan in a fresh state."""
        fresh = empty_state(self.instance, self.packed)
        fill_state(self.packed, fresh, self.solution)
        return cost_of(self.packed, fresh)

    def plan(self, solution: Solution) -> Plan:
        """Placements as a plan."""
        left_out = [Unassigned(appointment=self.instance.tasks[i].id) for i, at in enumerate(solution) if at is None]
        return Plan(
            assignments=tuple(assemble(self.problem, self.instance, solution)),
            unassigned=tuple(left_out),
            cost=self.cost,
        )

    def problem_plan(self) -> Json:
        """The current plan as plan.json has it."""
        document: Json = json.loads(self.plan(self.solution).to_json())
        return document

    def report(self, solution: Solution) -> Report:
        """What `check` says of placements."""
        return check(self.problem, self.plan(solution))

    def starts(self) -> dict[str, int]:
        """Minutes since the origin at which the placed tasks start."""
        return {
            task.id: at.start for task, at in zip(self.instance.tasks, self.solution, strict=True) if at is not None
        }
