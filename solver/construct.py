"""The first plan: every task at its cheapest place, one after the other."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from solver.instance import Instance, Solution
from solver.kernel.anneal import construct
from solver.kernel.arrays import Packed, State
from solver.kernel.plan import empty_state, fill_state
from solver.kernel.scratch import scratch
from solver.nearest import circle, nearest

CHUNK_TASKS = 250  # between two looks at the clock


def greedy(
    instance: Instance,
    packed: Packed,
    seed: int,
    hint: Solution | None = None,
    halted: Callable[[int], bool] = lambda _: False,
) -> State:
    """Place every task at its cheapest place, the dear and demanding ones first.

    Parameters
    ----------
    instance, packed
        The problem in both forms.
    seed
        Of ties.
    hint
        Feasible placements to begin with.
    halted
        Asked now and then with the number of tasks that were tried; True leaves the others out.

    Returns
    -------
    A feasible state.
    """
    state = empty_state(instance, packed)
    if hint is not None:
        fill_state(packed, state, hint)
    people = [max(1, len(task.positions)) * (task.duration + task.before + task.after) for task in instance.tasks]
    worth = [(task.mandatory, task.absent_cost / size) for task, size in zip(instance.tasks, people, strict=True)]
    order = sorted(range(len(people)), key=lambda i: worth[i], reverse=True)
    followers = [i for i in order if instance.tasks[i].links_in]  # once more: forerunners may have come later
    near, work = nearest(packed, circle(0.0)), scratch(packed, seed)
    for tasks, before in ((order, 0), (followers, len(order))):
        for first in range(0, len(tasks), CHUNK_TASKS):
            if halted(min(before + first, len(order))):
                return state
            construct(near, state, work, np.array(tasks[first : first + CHUNK_TASKS], np.int64))
    return state
