"""HiGHS in its own process: what it proves and finds is true on every rule and term, and it ends when it is told to."""

import pickle
import subprocess
import sys
import threading
import time

import pytest

from benchmarks.families.core import core
from models.problem import Problem
from solver.cpsat.ceiling import Ceilings
from solver.cpsat.fixed import Fixed
from solver.cpsat.linear import linear_rows
from solver.cpsat.mip import BranchAndCut, program
from solver.cpsat.solve import build_model
from solver.instance import Instance, Solution, mandatory_out
from solver.lower import lower
from solver.model import ModelResult, ModelStatus, solve_model
from tests.factories import appointment, problem, span, user
from tests.strategies import random_problem

PATIENCE = 60.0  # seconds, on a machine that does much else


def started(instance: Instance, ceiling: int, done: threading.Event, seconds: float = PATIENCE) -> BranchAndCut | None:
    """Branch and cut below a ceiling, where starts can have literals."""
    free = [index for index, task in enumerate(instance.tasks) if task.pinned is None]
    empty: Solution = [None] * len(instance.tasks)
    narrowed = Ceilings(instance, ceiling).at(ceiling)
    build = build_model(instance, Fixed(instance, free, empty), timed=True, ceiling=narrowed)
    if build.timed is None or build.restrictions or not build.feasible:
        return None
    return BranchAndCut(build, ceiling, seconds, 0, lambda _solution, _cost: None, done.set)


def by_constraints(instance: Instance) -> ModelResult:
    """What CP-SAT alone makes of a problem."""
    free = [index for index, task in enumerate(instance.tasks) if task.pinned is None]
    return solve_model(instance, free, [None] * len(instance.tasks), seconds=PATIENCE)


@pytest.mark.parametrize("seed", range(24))
def test_branch_and_cut_agrees_with_constraints(seed: int) -> None:
    instance = lower(Problem.parse(random_problem(seed, "tiny")))
    best = by_constraints(instance)
    if best.status != ModelStatus.OPTIMAL or best.cost is None or best.mandatory_out:
        return
    done = threading.Event()
    proof = started(instance, best.cost, done)
    if proof is None:
        return
    done.wait(PATIENCE if proof.exact else 1.0)
    proof.finish()
    assert proof.bound is None or proof.bound <= best.cost
    assert proof.cost is None or proof.cost == best.cost
    if proof.ended:
        assert proof.bound == best.cost
        assert proof.solution is not None
        assert mandatory_out(instance, proof.solution) == 0


def test_enough_of_the_random_problems_are_proved() -> None:
    # else the agreement above would say nothing
    proved = 0
    for seed in range(12):
        instance = lower(Problem.parse(random_problem(seed, "tiny")))
        best, done = by_constraints(instance), threading.Event()
        if best.cost is not None and not best.mandatory_out:
            proof = started(instance, best.cost, done)
            if proof is not None:
                proved += done.wait(2.0)
                proof.finish()
    assert proved >= 3


def test_nothing_below_the_optimum_is_proved_impossible() -> None:
    # one of two cannot be served: 900 is the optimum, and no plan costs 899
    hour = [span("mon 08:00", "mon 09:00")]
    both = [appointment(name, 60, crew=[{}], windows=hour, unassigned_weight=900) for name in "ab"]
    instance = lower(Problem.parse(problem(users=[user("u")], appointments=both)))
    done = threading.Event()
    proof = started(instance, 900, done)
    assert proof is not None
    assert done.wait(PATIENCE)
    proof.finish()
    assert (proof.bound, proof.cost) == (900, 900)


def test_finish_ends_a_solver_in_the_middle_of_its_work() -> None:
    proof = started(lower(Problem.parse(core(100, 103))), 600_000, threading.Event())
    assert proof is not None
    time.sleep(0.5)
    ran, began = proof.runs, time.monotonic()
    proof.finish()
    assert (ran, proof.runs) == (True, False)
    assert time.monotonic() - began < 5.0
    assert "branch and cut" not in {thread.name for thread in threading.enumerate()}


def test_solver_ends_with_its_input() -> None:
    # as when the process that began it is killed; its own limit is far away
    instance = lower(Problem.parse(core(100, 103)))
    free = list(range(len(instance.tasks)))
    build = build_model(instance, Fixed(instance, free, [None] * len(free)), timed=True)
    content = pickle.dumps(program(build, linear_rows(build.model.proto), {"output_flag": False, "threads": 1}))
    solver = subprocess.run(
        [sys.executable, "-m", "solver.cpsat.mip_worker"],
        input=content,
        capture_output=True,
        timeout=PATIENCE,
        check=True,
    )
    assert b"ended" not in solver.stdout


def test_rows_hold_what_the_model_says() -> None:
    instance = lower(Problem.parse(core(20, 1)))
    free = list(range(len(instance.tasks)))
    build = build_model(instance, Fixed(instance, free, [None] * len(free)), timed=True)
    rows = linear_rows(build.model.proto)
    made = program(build, rows, {})
    assert rows.complete
    assert len(made.begin) == len(rows.low) + 1
    assert made.begin[-1] == len(made.column) == len(made.coefficient)
    assert (made.low == 0.0).all()
    assert (made.high == 1.0).all()
    # with nothing placed everything is left out
    assert made.offset == sum(task.absent_cost for task in instance.tasks)


@pytest.mark.parametrize("seed", [0, 1])
def test_whole_problem_is_proved_with_a_core_for_each_solver(seed: int) -> None:
    instance = lower(Problem.parse(core(25, seed)))
    alone = by_constraints(instance)
    free = list(range(len(instance.tasks)))
    together = solve_model(instance, free, [None] * len(free), hint=alone.solution, seconds=PATIENCE, workers=2)
    assert alone.status == together.status == ModelStatus.OPTIMAL
    assert alone.cost == together.cost == together.bound


def test_time_limit_holds_beside_a_solver_that_has_not_ended() -> None:
    instance = lower(Problem.parse(core(100, 103)))
    free = list(range(len(instance.tasks)))
    empty: Solution = [None] * len(free)
    began = time.monotonic()
    result = solve_model(instance, free, empty, hint=empty, seconds=8.0, workers=2)
    assert time.monotonic() - began < 16.0  # eight on a machine that does nothing else
    assert result.bound is None or (result.cost is not None and result.bound <= result.cost)
