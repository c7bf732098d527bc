"""Compiled loops over single operations: looking for places only, and placing only."""

from typing import Any

from solver.kernel.arrays import MANDATORY_COST
from solver.kernel.commit import displace, place
from solver.kernel.compiled import compiled
from solver.kernel.place import best_place
from solver.kernel.scratch import BLINK, SAMPLE


@compiled
def look_for_places(P: Any, S: Any, X: Any, tasks: Any) -> Any:  # noqa: N803 -- the kernel's names
    """Find the cheapest place of each of some tasks, all places looked at, and leave the plan as it is.

    Parameters
    ----------
    tasks
        Numbers of tasks that are not placed.

    Returns
    -------
    How many have a place at less than leaving them out costs.
    """
    X.notes[BLINK], X.notes[SAMPLE] = 0, 0
    found = 0
    for i in range(len(tasks)):
        limit = P.tasks[tasks[i]].absent_cost + P.tasks[tasks[i]].mandatory * P.weights[MANDATORY_COST]
        if best_place(P, S, X, tasks[i], limit) < limit:
            found += 1
    return found


@compiled
def put_back(P: Any, S: Any, tasks: Any) -> Any:  # noqa: N803 -- the kernel's names
    """Take out each of some placed tasks and place it where it was, without a search.

    Parameters
    ----------
    tasks
        Numbers of tasks that are placed.

    Returns
    -------
    How many there were.
    """
    for i in range(len(tasks)):
        task = tasks[i]
        start, team, users, resources = S.start[task], S.team[task], S.user_count[task], S.resource_count[task]
        displace(P, S, task)
        S.start[task], S.team[task], S.user_count[task], S.resource_count[task] = start, team, users, resources
        place(P, S, task)
    return len(tasks)
