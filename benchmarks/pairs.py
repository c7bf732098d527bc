"""A compiled loop of removals and insertions: what the kernel does most, without the annealing around it."""

from typing import Any

from solver.kernel.arrays import MANDATORY_COST, UNPLACED
from solver.kernel.commit import displace, take_found
from solver.kernel.compiled import compiled
from solver.kernel.place import best_place
from solver.kernel.scratch import BLINK, SAMPLE


@compiled
def remove_and_insert(P: Any, S: Any, X: Any, tasks: Any) -> Any:  # noqa: N803 -- the kernel's names
    """Take out placed tasks and put each back at its cheapest place, all places looked at.

    Parameters
    ----------
    tasks
        Numbers of tasks; those that are not placed are passed over.

    Returns
    -------
    Number of tasks taken out.
    """
    X.notes[BLINK], X.notes[SAMPLE] = 0, 0
    pairs = 0
    for i in range(len(tasks)):
        task = tasks[i]
        if S.start[task] == UNPLACED:
            continue
        displace(P, S, task)
        pairs += 1
        limit = P.tasks[task].absent_cost + P.tasks[task].mandatory * P.weights[MANDATORY_COST]
        if best_place(P, S, X, task, limit) < limit:
            take_found(P, S, X, task)
    return pairs
