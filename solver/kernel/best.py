"""The best plan that a search thread has seen, brought up to date by what moved since."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from solver.kernel import arrays as a
from solver.kernel.compiled import compiled
from solver.kernel.struct import Struct
from solver.kernel.tally import total_cost


class Best(Struct):
    """The best plan a thread has seen: its cost, its placements, and which tasks moved since it was written."""

    cost: a.Ints
    start: a.Ints
    team: a.Ints
    users: NDArray[np.int64]
    user_count: a.Ints
    resources: NDArray[np.int64]
    units: a.Ints
    resource_count: a.Ints
    changed: NDArray[np.int64]
    marked: NDArray[np.int8]
    count: a.Ints


def best_of(packed: a.Packed, state: a.State) -> Best:
    """Take a state as the best plan so far."""
    count = len(state.start)
    names = ("start", "team", "users", "user_count", "resources", "units", "resource_count")
    return Best(
        cost=np.array([total_cost(packed, state)], np.int64),
        **{name: getattr(state, name).copy() for name in names},
        changed=np.zeros(count + 1, np.int64),
        marked=np.zeros(count + 1, np.int8),
        count=np.zeros(1, np.int64),
    )


@compiled
def touch(B, task):
    """Note that a task moved since the best plan was written."""
    if B.marked[task] == 0:
        B.marked[task] = 1
        B.changed[B.count[0]] = task
        B.count[0] += 1


@compiled
def write_best(P, S, B, cost):
    """Copy what moved since the last best plan."""
    B.cost[0] = cost
    for i in range(B.count[0]):
        task = B.changed[i]
        job = P.tasks[task]
        B.marked[task] = 0
        B.start[task], B.team[task] = S.start[task], S.team[task]
        B.user_count[task], B.resource_count[task] = S.user_count[task], S.resource_count[task]
        for p in range(S.user_count[task]):
            B.users[job.user0 + p] = S.users[job.user0 + p]
        for r in range(S.resource_count[task]):
            B.resources[job.resource0 + r], B.units[job.resource0 + r] = (
                S.resources[job.resource0 + r],
                S.units[job.resource0 + r],
            )
    B.count[0] = 0
