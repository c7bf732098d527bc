"""Explaining many appointments on several cores: each process reads the plan once and explains its share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from os import cpu_count
from signal import SIG_IGN, SIGINT, signal
from time import perf_counter

from models.explanation import Explanation
from models.plan import Plan
from models.problem import Problem
from solver.explain.finding import left_out
from solver.explain.standing import Standing
from solver.explain.unassigned import explain_left_out

PROBES = 3  # explained here first, to see how long one takes
WORTHWHILE_SECONDS = 3.0  # of work that is left; the start of the processes takes about one
SHARE = 3  # appointments that a process explains before it asks for more

_standing: list[Standing] = []  # a process of the pool has one


def explain_together(
    standing: Standing,
    ids: Sequence[str] | None = None,
    *,
    remedies: bool = True,
    workers: int | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> list[Explanation]:
    """Explain appointments that are left out, on several cores where that is sooner.

    Parameters
    ----------
    standing
        The plan.
    ids
        Which, by default all; what has a place is passed over.
    remedies
        Whether changes are tried.
    workers
        Processes at most, by default one per core.
    on_progress
        Told before each how many are done, and how many there are.

    Returns
    -------
    An explanation for each, the dearest first, as `explain_left_out` gives them.

    Raises
    ------
    InvalidPlan
        Where there is no such appointment.
    """
    asked = None if ids is None else [standing.index_of(key) for key in ids]
    wanted = [standing.instance.tasks[index].id for index in left_out(standing.instance, standing.solution, asked)]
    found: list[Explanation] = []

    def tell(done: int, _share: int = 0) -> None:
        if on_progress is not None:
            on_progress(len(found) + done, len(wanted))

    def here(keys: Sequence[str]) -> None:
        found.extend(explain_left_out(standing, keys, remedies=remedies, on_progress=tell))

    began = perf_counter()
    here(wanted[:PROBES])
    rest = wanted[PROBES:]
    expected = (perf_counter() - began) / PROBES * len(rest)
    workers = workers or cpu_count() or 1
    if workers == 1 or expected < WORTHWHILE_SECONDS:
        here(rest)
        return found
    shares = [rest[first : first + SHARE] for first in range(0, len(rest), SHARE)]
    arguments = (standing.problem, standing.plan)
    with ProcessPoolExecutor(workers, get_context("spawn"), _begin, arguments) as pool:
        for explained in pool.map(_explained, shares, [remedies] * len(shares)):
            found.extend(explained)
            tell(0)
    return found


def _begin(problem: Problem, plan: Plan) -> None:
    signal(SIGINT, SIG_IGN)  # who interrupts means the process that waits
    _standing.append(Standing.of(problem, plan))


def _explained(keys: Sequence[str], remedies: bool) -> list[Explanation]:
    return explain_left_out(_standing[0], keys, remedies=remedies)
