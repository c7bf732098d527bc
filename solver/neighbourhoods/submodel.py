"""Solving one block: a small CP-SAT model of its tasks beside what stands, which must be better than what was."""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic

from ortools.sat.python import cp_model

from solver.cpsat.fixed import Fixed
from solver.cpsat.read_back import add_hint, read_solution
from solver.cpsat.solve import Objective, build_model
from solver.instance import Solution
from solver.neighbourhoods.block import Block

LEAST_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class Found:
    """What came of a block: a better plan or none, whether the search came to its end, and its deterministic time."""

    solution: Solution | None
    proved: bool
    work: float


def solve_block(
    standing: Fixed,
    block: Block,
    goal: tuple[int, int],
    *,
    seconds: float | None,
    work: float,
    seed: int,
    workers: int = 1,
    hint: Solution | None = None,
) -> Found:
    """Look for a better plan that differs only within a block.

    Parameters
    ----------
    standing, block
        The plan, and what of it may change.
    goal
        Mandatory tasks left out and cost of the plan, which must be beaten in this order.
    seconds, work
        Limits of wall time (None: there is none) and of CP-SAT's deterministic time.
    seed, workers
        Of CP-SAT.
    hint
        A solution to start from.

    Returns
    -------
    The best plan found.
    """
    began = monotonic()
    build = build_model(standing.instance, standing.without(block.tasks, block.scope))
    objective = Objective(build, goal)
    if not build.feasible or not objective.attainable:
        return Found(None, not build.restrictions and objective.exact, 0.0)
    if hint is not None:
        add_hint(build, hint)
    solver = cp_model.CpSolver()
    about = solver.parameters
    about.num_workers, about.random_seed = workers, seed
    about.max_deterministic_time = work
    about.catch_sigint_signal = False
    about.cp_model_probing_level = about.symmetry_level = 0
    about.linearization_level = 1
    if seconds is not None:
        about.max_time_in_seconds = max(LEAST_SECONDS, seconds - (monotonic() - began))
    status = solver.solve(build.model)
    proved = status in (cp_model.OPTIMAL, cp_model.INFEASIBLE)
    spent = solver.response_proto.deterministic_time
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Found(None, proved and not build.restrictions and objective.exact, spent)
    return Found(read_solution(build, solver.value), proved, spent)
