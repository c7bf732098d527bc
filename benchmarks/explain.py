"""Explanations held against everything that could be tried: over-booked problems by the hundred, and larger files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import process_time

from benchmarks.benchmark import Row, Wishes
from benchmarks.explain_problems import overbooked
from benchmarks.explain_truth import faults_of, missed
from models.explanation import Explanation, Kind
from models.plan import Plan
from models.problem import Problem
from service.cli.files import read_problem
from service.cli.screen import complain
from solver.explain.standing import Standing
from solver.explain.unassigned import explain_left_out
from solver.solve import Options, solve

PROBLEMS, PART = 500, 100
MOVES = 300  # of the search that plans each of them
SECONDS = 20.0  # for the plan of a file


def run(wishes: Wishes) -> Iterator[Row]:
    """Judge explanations of generated problems, or measure those of files.

    Parameters
    ----------
    wishes
        Files, and seconds for the plan of each; without files, five hundred over-booked problems are drawn.

    Yields
    ------
    A row per hundred problems, or per file. Seconds are those of the processor.
    """
    if wishes.problems:
        yield from (_measured(path, wishes.seconds or SECONDS) for path in wishes.problems)
        return
    for first in range(0, PROBLEMS, PART):
        yield judged(range(first, first + PART))


def judged(seeds: Sequence[int]) -> Row:
    """Explain what is left out of some problems, and try every place and every remedy anew.

    Parameters
    ----------
    seeds
        Of the problems.

    Returns
    -------
    What there was, and how much of it was wrong, which is told as well.
    """
    seen: Counter[str] = Counter()
    seconds = 0.0
    for seed in seeds:
        problem = Problem.parse(overbooked(seed))
        plan = solve(problem, Options(workers=1, seed=seed, max_iterations=MOVES))
        began = process_time()
        explanations = explain_left_out(Standing.of(problem, plan))
        seconds += process_time() - began
        for explanation in explanations:
            seen.update(["left out", explanation.kind])
            seen["remedies"] += len(explanation.remedies)
            seen["none helps"] += not explanation.remedies
            for fault in _faults(problem, plan, explanation):
                seen["wrong"] += 1
                complain(f"{problem.name}: {fault}")
    return {
        "problems": f"{seeds[0]} to {seeds[-1]}",
        "left out": seen["left out"],
        **{kind.value: seen[kind] for kind in Kind},
        "remedies": seen["remedies"],
        "none helps": seen["none helps"],
        "wrong": seen["wrong"],
        "seconds": round(seconds, 2),
    }


def _faults(problem: Problem, plan: Plan, explanation: Explanation) -> list[str]:
    """What is wrong with an explanation, and which simple changes it should have found."""
    found = faults_of(problem, plan, explanation)
    if found is None:
        return [f"{explanation.appointment} has too many places to be judged"]
    if not explanation.remedies:
        found += missed(problem, plan, problem.appointments_by_id[explanation.appointment])
    return found


def _measured(path: Path, limit: float) -> Row:
    """Plan a file, and explain all that is left out: first without remedies, then with them."""
    problem = read_problem(path)
    standing = Standing.of(problem, _plan(problem, limit))
    began = process_time()
    explanations = explain_left_out(standing, remedies=False)
    reasoned = process_time()
    helped = explain_left_out(standing)
    ended = process_time()
    kinds = Counter(explanation.kind for explanation in explanations)
    return {
        "problem": problem.name or path.name,
        "left out": len(explanations),
        **{kind.value: kinds[kind] for kind in Kind},
        "reasons s": round(reasoned - began, 2),
        "with remedy": sum(bool(explanation.remedies) for explanation in helped),
        "remedies s": round(ended - reasoned, 2),
    }


def _plan(problem: Problem, limit: float) -> Plan:
    return solve(problem, Options(time_limit_seconds=limit))
