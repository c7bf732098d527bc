"""Ruin and recreate for repairs: the kernel looks for places at prices of which a change is the highest but one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from solver.chain import Chain, Leg, state_of
from solver.instance import Demand, Instance, Outsiders, Solution, Task
from solver.kernel.arrays import Packed
from solver.kernel.pack import pack
from solver.kernel.plan import read_placements
from solver.repair.goal import Goal

CHANGE_MINUTES = 20_000  # of deviation that a change is worth to the kernel
OUT_CHANGES = 40  # changes that the least important appointment is worth
HOT, COLD = 0.6, 0.02  # temperatures in the price of a change
LARGEST = 1 << 58


class Shaker:
    """Searches for repairs by ruin and recreate; only what is affected may change its team or its resources.

    Parameters
    ----------
    goal
        What is to be made small.
    """

    def __init__(self, goal: Goal) -> None:
        self.goal = goal
        self._instance: Instance | None = None
        self._packed: Packed | None = None
        self.price = 1

    def run(self, start: Solution, seconds: float, seed: int, halted: Callable[[], bool]) -> Solution:
        """Search for a while.

        Parameters
        ----------
        start
            A plan that breaks no rule.
        seconds, seed
            How long, and where random numbers begin.
        halted
            Asked now and then; True ends the search.

        Returns
        -------
        The best plan by the kernel's prices.
        """
        instance, packed = self._made()
        chain = Chain(packed, state_of(instance, packed, start), seed)
        chain.run(Leg(HOT * self.price, COLD * self.price, 0.0, 1.0, seconds, None), halted)
        return read_placements(packed, chain.best)

    def _made(self) -> tuple[Instance, Packed]:
        if self._instance is None or self._packed is None:
            self._instance = self._priced()
            self._packed = pack(self._instance)
        return self._instance, self._packed

    def _priced(self) -> Instance:
        goal, tasks = self.goal, self.goal.instance.tasks
        weights = [max(task.preferred_weight, task.late_weight) for task in tasks]
        self.price = CHANGE_MINUTES * max(1, *weights) if goal.change_cost is None else max(1, goal.change_cost)
        wanted = [tasks[index].absent_cost for index in goal.situation.wanted]
        least = min((cost for cost in wanted if cost), default=1)
        factor = 1 if goal.change_cost is not None else -(-OUT_CHANGES * self.price // least)
        factor = max(1, min(factor, LARGEST // max(1, sum(wanted))))
        return replace(goal.instance, tasks=[self._task(index, task, factor) for index, task in enumerate(tasks)])

    def _task(self, index: int, task: Task, factor: int) -> Task:
        """A task at the kernel's prices; one that is not to be placed has no time at all."""
        base = self.goal.situation.base[index]
        if index in self.goal.situation.idle:
            return replace(task, windows=[], extra_start=None, absent_cost=0)
        if base is None or index not in self.goal.counted:
            return replace(task, absent_cost=task.absent_cost * factor)
        priced = replace(
            task,
            absent_cost=task.absent_cost * factor,
            current_start=base.start,
            moved_weight=task.moved_weight + self.price,
            outsiders=[*task.outsiders, Outsiders(frozenset(base.users), self.price)],
        )
        if index in self.goal.situation.affected or len(base.resources) != len(task.demands):
            return priced
        held = [Demand((resource,), (units,)) for resource, units in zip(base.resources, base.units, strict=True)]
        return replace(priced, demands=held, teams=(base.team,) if task.teams else ())
