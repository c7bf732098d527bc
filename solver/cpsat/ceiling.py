"""A cost that matters, and what plans up to it can have: starts and candidates that lead beyond it are left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from solver.bounds.lagrangian import LagrangianBound
from solver.bounds.narrow import Narrowed, narrow
from solver.cpsat.candidates import Candidate, restrict
from solver.cpsat.price import price
from solver.instance import Instance, Solution, mandatory_out

STEPS = 3000  # of the prices, before starts are left out
MOST_TASKS = 400  # so many steps take seconds beyond


@dataclass(frozen=True, slots=True)
class Ceiling:
    """Plans that place every mandatory task at a cost of at most `cost` are what is looked for.

    Attributes
    ----------
    cost
        The most that is of interest.
    bound
        A proved lower bound of such plans.
    narrowed
        What they can have.
    """

    cost: int
    bound: int
    narrowed: Narrowed

    def cut(self, instance: Instance, candidate: Candidate | None) -> Candidate | None:
        """Leave out what no plan up to the ceiling has.

        Parameters
        ----------
        instance
            The problem.
        candidate
            What a task could be given; it is changed.

        Returns
        -------
        What is left, or None where the task cannot be placed.
        """
        if candidate is None:
            return None
        index = candidate.index
        candidate.required = candidate.required or index in self.narrowed.needed
        kept = restrict(candidate, instance, self.narrowed.starts[index], self.narrowed.with_subject[index])
        return candidate if kept else None


class Ceilings:
    """Makes ceilings of one problem: prices are found once.

    Parameters
    ----------
    instance
        The problem.
    cost
        Of a plan or a goal, for the prices to aim at.
    """

    def __init__(self, instance: Instance, cost: int) -> None:
        self._bound = LagrangianBound(instance, all_placed=True)
        self._bound.improve(cost + 1, STEPS)

    def at(self, cost: int) -> Ceiling | None:
        """The ceiling at a cost, None where nothing can be priced."""
        narrowed = narrow(self._bound, cost)
        return None if narrowed is None else Ceiling(cost, self._bound.bound, narrowed)


def cost_that_matters(
    instance: Instance, free: Sequence[int], hint: Solution | None, goal: tuple[int, int] | None
) -> int | None:
    """Find the most that a plan of interest costs.

    Parameters
    ----------
    instance, free
        The problem, and the tasks that may move: nothing is known of less than all.
    hint
        A plan.
    goal
        Number of mandatory tasks left out, and cost, to be beaten.

    Returns
    -------
    A cost, or None where none is known or mandatory tasks may be left out at it.
    """
    costs = []
    if hint is not None and not mandatory_out(instance, hint):
        costs.append(price(instance, hint))
    if goal is not None and goal[0] == 0:
        costs.append(goal[1] - 1)
    movable = sum(task.pinned is None for task in instance.tasks)
    return min(costs) if costs and len(set(free)) == movable <= MOST_TASKS else None
