"""Solving a tiny problem by the model, and reading the plan in words that a test can compare."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from models.plan import Plan, Unassigned
from models.problem import Problem
from models.timegrid import instant
from solver.assemble import assemble
from solver.check import Report, check
from solver.instance import Instance, Solution
from solver.lower import lower
from solver.model import ModelResult, solve_model
from tests.factories import Json

SECONDS = 20.0


class Solved:
    """A problem, its lowered form, and what the model makes of it.

    Parameters
    ----------
    document
        A problem.json dictionary.
    free
        Ids of the appointments to place anew; all by default.
    fixed
        Where the others stand.
    options
        Further arguments of `solve_model`.
    """

    def __init__(
        self, document: Json, free: Sequence[str] | None = None, fixed: Solution | None = None, **options: Any
    ) -> None:
        self.problem = Problem.parse(document)
        self.instance: Instance = lower(self.problem)
        names = [task.id for task in self.instance.tasks] if free is None else free
        chosen = [self.instance.task_index[name] for name in names]
        standing: Solution = fixed if fixed is not None else [None] * len(self.instance.tasks)
        options.setdefault("seconds", SECONDS)
        self.result: ModelResult = solve_model(self.instance, chosen, standing, **options)

    @property
    def solution(self) -> Solution:
        """What the model found; there must be something."""
        assert self.result.solution is not None, self.result
        return self.result.solution

    @property
    def starts(self) -> dict[str, str]:
        """Weekday and wall time of what is placed."""
        marks = {}
        for task, place in zip(self.instance.tasks, self.solution, strict=True):
            if place is not None:
                marks[task.id] = (
                    instant(self.instance.origin + place.start, self.problem.zone).strftime("%a %H:%M").lower()
                )
        return marks

    @property
    def takers(self) -> dict[str, tuple[str, ...]]:
        """Team, users and resources of what is placed."""
        names = {}
        for task, place in zip(self.instance.tasks, self.solution, strict=True):
            if place is not None:
                team = () if place.team < 0 else (place.team,)
                subjects = (*team, *place.users, *place.resources)
                names[task.id] = tuple(self.instance.subject(subject).id for subject in subjects)
        return names

    @property
    def report(self) -> Report:
        """What `check` says of the plan."""
        return check(self.problem, plan_of(self.problem, self.instance, self.solution))


def plan_of(problem: Problem, instance: Instance, solution: Solution) -> Plan:
    """Write a solution as a plan."""
    assignments = tuple(assemble(problem, instance, solution))
    placed = {assignment.appointment for assignment in assignments}
    left = tuple(Unassigned(appointment=item.id) for item in problem.appointments if item.id not in placed)
    return Plan(assignments=assignments, unassigned=left)
