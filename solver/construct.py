"""The first plan: every task at its cheapest place, one after the other."""

from __future__ import annotations

import numpy as np

from solver.instance import Instance, Solution
from solver.kernel.anneal import construct
from solver.kernel.arrays import Packed, State
from solver.kernel.plan import empty_state, fill_state
from solver.kernel.scratch import scratch


def greedy(instance: Instance, packed: Packed, seed: int, hint: Solution | None = None) -> State:
    """Place every task at its cheapest place, the dear and demanding ones first.

    Parameters
    ----------
    instance, packed
        The problem in both forms.
    seed
        Of ties.
    hint
        Feasible placements to begin with.

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
    construct(packed, state, scratch(packed, seed), np.array(order, np.int64))
    return state
