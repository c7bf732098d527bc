"""Parts of a problem that have nothing to do with each other, each with the chains that place its tasks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from solver.chain import state_of
from solver.executors import Brief, Chain
from solver.heat import NOMINAL_PACE, temperatures
from solver.instance import Instance, Link, Solution
from solver.kernel.arrays import MANDATORY_COST, UNPLACED, Packed, State
from solver.kernel.best import Best, best_of
from solver.kernel.pack import pack
from solver.kernel.plan import read_placements, searched_cost

HEAT_SHARE = 0.02  # of an annealing's time, at most, to find out how hot to begin
UNEVEN = 1.25  # a part may be this much larger than the average: chains on smaller ones would idle in effect


class Part:
    """Some tasks, and the chains that place them.

    Parameters
    ----------
    tasks
        Which tasks of the whole problem these are.
    instance, packed
        The problem of these tasks alone, in both forms.
    start
        The plan to begin with.
    """

    def __init__(self, tasks: Sequence[int], instance: Instance, packed: Packed, start: State) -> None:
        self.tasks, self.instance, self.packed, self.start = tasks, instance, packed, start
        self.champion = best_of(packed, start)
        self.chains: list[Chain] = []
        self._offered: State | None = None

    def brief(self, seed: int) -> Brief:
        """What a chain on this part needs to begin."""
        return Brief(self.instance, self.packed, self.start, seed)

    def heat(self, seconds: float, moves: int | None) -> tuple[float, float]:
        """The temperatures to begin and to end with, by the length of the annealing."""
        if moves is None:
            return temperatures(self.instance, self.packed, self.start, seconds * NOMINAL_PACE, HEAT_SHARE * seconds)
        return temperatures(self.instance, self.packed, self.start, moves)

    def offer(self, solution: Solution) -> None:
        """Take a feasible plan of this part from elsewhere: it counts at once, and a chain goes on from it soon."""
        state = state_of(self.instance, self.packed, solution)
        best = best_of(self.packed, state)
        if best.cost[0] < self.champion.cost[0]:
            self.champion = best
        self._offered = state

    def exchange(self) -> None:
        """The chain that stands worst goes on from where the one that stands best is, or from the plan offered."""
        costs = [chain.standing() for chain in self.chains]
        good, bad = costs.index(min(costs)), costs.index(max(costs))
        offered, self._offered = self._offered, None
        if offered is not None and searched_cost(self.packed, offered) < costs[good]:
            self._hand_over(offered, bad)
        elif costs[good] < costs[bad]:
            self._hand_over(self.chains[good].state(), bad)

    def _hand_over(self, state: State, taker: int) -> None:
        self._crown()
        self.chains[taker].adopt(state)

    def _crown(self) -> None:
        """Keep the best plan of all chains, whatever becomes of them."""
        best = self._best()
        if best is not self.champion:
            self.champion = best.copy()

    def _best(self) -> Best:
        return min((self.champion, *(chain.best for chain in self.chains)), key=lambda best: int(best.cost[0]))

    def price(self) -> tuple[int, int]:
        """Mandatory tasks left out and cost of the best plan so far."""
        return divmod(int(self._best().cost[0]), int(self.packed.weights[MANDATORY_COST]))

    @property
    def assigned(self) -> int:
        """Number of tasks placed in the best plan so far."""
        return int(np.count_nonzero(self._best().start != UNPLACED))

    def solution(self) -> Solution:
        """The best plan so far; only between legs, as chains write to theirs."""
        self._crown()
        return read_placements(self.packed, self.champion)


def divide(
    instance: Instance, packed: Packed, start: State, groups: Sequence[Sequence[int]], workers: int
) -> list[Part]:
    """Divide a problem among workers, as far as it falls into parts of about the same size.

    Parameters
    ----------
    instance, packed, start
        The problem in both forms, and the first plan.
    groups
        Tasks that share nothing with those of other groups, not even a term of the cost; every task in one of them.
    workers
        How many chains there will be.

    Returns
    -------
    At most as many parts as workers, the largest first; one part where the groups are too few or too uneven.
    """
    count = len(instance.tasks)
    for number in range(min(workers, len(groups)), 1, -1):
        bundles = _bundles(groups, number)
        if len(bundles[0]) <= UNEVEN * count / number:
            placed = read_placements(packed, start)
            parts = []
            for tasks in bundles:
                own = restricted(instance, tasks)
                own_packed = pack(own)
                parts.append(Part(tasks, own, own_packed, state_of(own, own_packed, [placed[i] for i in tasks])))
            return parts
    return [Part(range(count), instance, packed, start)]


def _bundles(groups: Sequence[Sequence[int]], number: int) -> list[list[int]]:
    """Put groups together, the largest first, always into the smallest bundle."""
    bundles: list[list[int]] = [[] for _ in range(number)]
    for group in sorted(groups, key=len, reverse=True):
        min(bundles, key=len).extend(group)
    return sorted((sorted(bundle) for bundle in bundles), key=len, reverse=True)


def restricted(instance: Instance, tasks: Sequence[int]) -> Instance:
    """Cut out the problem of some tasks that share nothing with the rest.

    Parameters
    ----------
    instance
        The whole problem.
    tasks
        Which tasks to keep, ascending.

    Returns
    -------
    An instance of the same subjects, with these tasks alone.
    """
    place = {task: index for index, task in enumerate(tasks)}

    def moved(links: list[Link]) -> list[Link]:
        return [link._replace(before=place[link.before], after=place[link.after]) for link in links]

    chosen = [instance.tasks[task] for task in tasks]
    return replace(
        instance,
        tasks=[replace(task, links_in=moved(task.links_in), links_out=moved(task.links_out)) for task in chosen],
        task_index={task.id: index for index, task in enumerate(chosen)},
    )
