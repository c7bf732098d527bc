"""The CP-SAT model of a chosen set of tasks with the rest fixed: the best plan of them, and how good any could be.

Where a corner is not modelled exactly, the model is a restriction (every solution is feasible) and says so in `exact`;
costs are always recomputed exactly.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from solver.instance import Instance, Solution

SHORT_SECONDS = 2.0  # below it, presolve steps that pay off slowly are left out


class ModelStatus(StrEnum):
    """What a solve has found out: `optimal` and `infeasible` are proved."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ModelResult:
    """The outcome of a solve.

    Costs are of the whole plan, fixed tasks included; those of mandatory tasks left out are their ordinary ones.
    `bound` is a proved lower limit of the cost among plans that leave out as few mandatory tasks, None without one.
    `mandatory_out` counts mandatory tasks that are left out; `mandatory_proved` says that no plan leaves out fewer.
    With `exact` false the model was a restriction, and nothing is proved.
    """

    status: ModelStatus
    solution: Solution | None = None
    cost: int | None = None
    bound: int | None = None
    exact: bool = True
    mandatory_out: int = 0
    mandatory_proved: bool = False


def solve_model(
    instance: Instance,
    free: Sequence[int],
    fixed: Solution,
    *,
    hint: Solution | None = None,
    cutoff: int | None = None,
    cutoff_mandatory: int = 0,
    seconds: float,
    workers: int = 1,
    seed: int = 0,
    deterministic_seconds: float | None = None,
    stop: threading.Event | None = None,
    on_solution: Callable[[Solution, int], None] | None = None,
) -> ModelResult:
    """Place some tasks as well as possible beside the others.

    Parameters
    ----------
    instance
        The problem.
    free
        Tasks to place anew; pinned ones among them stay where they are.
    fixed
        Where the others stand, one entry per task; what it says of free and pinned tasks is ignored.
    hint
        A solution to start from.
    cutoff, cutoff_mandatory
        Only plans that leave out fewer mandatory tasks than `cutoff_mandatory`, or as many at a cost below `cutoff`,
        are solutions; `infeasible` then says that there is none.
    seconds, deterministic_seconds
        Limits of wall time, building the model included, and of CP-SAT's deterministic time.
    workers, seed
        Threads and random seed of CP-SAT.
    stop
        Ends the search when set.
    on_solution
        Called with every better solution and its cost, in a thread of the solver.

    Returns
    -------
    Status, best solution, cost and bound.
    """
    from solver.cpsat.solve import Limits
    from solver.cpsat.whole import solve_narrowed

    if stop is not None and stop.is_set():
        return ModelResult(ModelStatus.UNKNOWN)
    movable = [index for index in free if instance.tasks[index].pinned is None]
    limits = Limits(seconds, deterministic_seconds, workers, seed, short=seconds <= SHORT_SECONDS)
    goal = None if cutoff is None else (cutoff_mandatory, cutoff)
    outcome = solve_narrowed(instance, movable, fixed, limits, hint=hint, goal=goal, stop=stop, on_solution=on_solution)
    if outcome.solution is None:
        proved = outcome.closed and outcome.exact
        return ModelResult(ModelStatus.INFEASIBLE if proved else ModelStatus.UNKNOWN, exact=outcome.exact)
    optimal = outcome.exact and outcome.bound == outcome.cost and outcome.mandatory_proved
    return ModelResult(
        ModelStatus.OPTIMAL if optimal else ModelStatus.FEASIBLE,
        outcome.solution,
        outcome.cost,
        outcome.bound if outcome.exact else None,
        outcome.exact,
        outcome.mandatory_out,
        outcome.mandatory_proved and outcome.exact,
    )
