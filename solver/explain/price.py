"""What places cost beside a plan, by the search kernel's exact insertion."""

from functools import cached_property

import numpy as np

from solver.instance import Instance, Placement, Solution
from solver.kernel import arrays as a
from solver.kernel.commit import displace
from solver.kernel.pack import pack
from solver.kernel.place import best_place
from solver.kernel.plan import cost_of, empty_state, fill_state
from solver.kernel.scratch import BLINK, CREW, HELD, SAMPLE, START, TEAM, Scratch, scratch

TRIES = 4  # the kernel varies what it looks at first


class Prices:
    """A solution in the arrays of the search kernel; tasks can be put in and taken out.

    Parameters
    ----------
    instance, solution
        The lowered problem, and one entry per task.
    packed
        The problem in arrays, where somebody has made them already.
    """

    def __init__(self, instance: Instance, solution: Solution, packed: a.Packed | None = None) -> None:
        self._solution = solution
        self._instance = instance
        self._packed = pack(instance) if packed is None else packed
        self._touched: set[int] = set()

    @cached_property
    def _state(self) -> a.State:
        state = empty_state(self._instance, self._packed)
        fill_state(self._packed, state, self._solution)
        return state

    @cached_property
    def _scratch(self) -> Scratch:
        work = scratch(self._packed, 1)
        work.notes[BLINK] = work.notes[SAMPLE] = 0
        return work

    @property
    def cost(self) -> int:
        """What the plan costs as it stands now."""
        return int(cost_of(self._packed, self._state))

    def best(self, task: int) -> tuple[int, Placement] | None:
        """Find the cheapest place that the kernel knows of for a task.

        Parameters
        ----------
        task
            Index of a task that is left out.

        Returns
        -------
        How much dearer the plan becomes with it, and the place; None where the kernel finds none.
        """
        found = set()
        for _ in range(TRIES):
            price = int(best_place(self._packed, self._state, self._scratch, task, a.INFINITE))
            if price < a.INFINITE:
                found.add(_placement(self._scratch))
        # The kernel adds up prices of people one by one; what they cost together is known when they are in the plan.
        return min(((self.of(task, placement), placement) for placement in found), default=None)

    def of(self, task: int, placement: Placement) -> int:
        """Count how much dearer the plan becomes with a task at a place.

        Parameters
        ----------
        task
            Index of a task that is left out.
        placement
            An open place.

        Returns
        -------
        The difference of cost, below 0 where the plan becomes better.
        """
        before = self.cost
        self.put(task, placement)
        after = self.cost
        self.take(task)
        return after - before

    def put(self, task: int, placement: Placement) -> None:
        """Place a task that has no place; the place is taken as it is, unchecked.

        Parameters
        ----------
        task, placement
            Index of the task, and an open place.
        """
        self._touched.add(task)
        sole: Solution = [None] * len(self._solution)
        sole[task] = placement
        fill_state(self._packed, self._state, sole)

    def take(self, task: int) -> None:
        """Take a placed task out of the plan.

        Parameters
        ----------
        task
            Index of the task; it is not pinned.
        """
        self._touched.add(task)
        displace(self._packed, self._state, np.int64(task))

    def reset(self) -> None:
        """Place everything again where the solution has it, and nothing else."""
        for task in self._touched:
            if self._state.start[task] != a.UNPLACED:
                displace(self._packed, self._state, np.int64(task))
        fill_state(
            self._packed, self._state, [at if n in self._touched else None for n, at in enumerate(self._solution)]
        )
        self._touched.clear()


def _placement(work: Scratch) -> Placement:
    held, crew = int(work.found[HELD]), int(work.found[CREW])
    return Placement(
        int(work.found[START]),
        int(work.found[TEAM]),
        tuple(work.found_users[:crew].tolist()),
        tuple(work.found_resources[:held].tolist()),
        tuple(work.found_units[:held].tolist()),
    )
