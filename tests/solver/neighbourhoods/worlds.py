"""Problems with a plan to improve."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from models.problem import Problem
from solver.check import Report, check
from solver.cpsat.price import price
from solver.instance import Instance, Solution, mandatory_out
from solver.lower import lower
from solver.neighbourhoods.search import Price
from tests.factories import Json
from tests.solver.modelled import plan_of
from tests.strategies import random_problem


class World(NamedTuple):
    """A problem, its lowered form, and a plan: nothing but what is pinned, to begin with."""

    problem: Problem
    instance: Instance
    solution: Solution

    @property
    def price(self) -> Price:
        """Mandatory tasks left out and cost of the plan."""
        return mandatory_out(self.instance, self.solution), price(self.instance, self.solution)

    def report(self, solution: Solution) -> Report:
        """What `check` says of a plan."""
        return check(self.problem, plan_of(self.problem, self.instance, solution))


def world(document: Json) -> World:
    """A problem with its empty plan."""
    problem = Problem.parse(document)
    instance = lower(problem)
    return World(problem, instance, [task.pinned for task in instance.tasks])


def random_world(seed: int, size: str | int, features: Collection[str] = ()) -> World:
    """A random problem with its empty plan."""
    return world(random_problem(seed, size, features))
