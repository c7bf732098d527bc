"""`tidyplan check`: what a plan breaks and what it costs, recomputed from the problem."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from service.cli.files import BAD_INPUT, OK, Refused, read_plan, read_problem, show_faults
from service.cli.screen import say
from service.cli.showing import show_score, show_violations
from service.wording import count, number

if TYPE_CHECKING:
    from models.enums import WeightPreset
    from models.plan import Plan
    from models.problem import Problem
    from service.comparison import Comparison
    from solver.check import Report

NOT_CLEAN = 1


def run(
    problem_path: Path, plan_path: Path, weights: WeightPreset | None, other_path: Path | None, *, as_json: bool
) -> int:
    """Check a plan and print the findings.

    Parameters
    ----------
    problem_path, plan_path
        The two files.
    weights
        The preset that the plan was made with, if any.
    other_path
        Another plan of the problem, to be shown beside it.
    as_json
        Whether to print one JSON object instead of tables.

    Returns
    -------
    The exit code: 0 clean, 1 violations, another cost than stated or a bound above it, 2 the input is wrong.
    """
    try:
        problem, plan, report = read_both(problem_path, plan_path, weights)
        comparison = None if other_path is None else _beside(problem, plan, report, other_path)
    except Refused:
        return BAD_INPUT
    if as_json:
        document = _document(plan, report) | ({} if comparison is None else {"comparison": comparison.document()})
        typer.echo(json.dumps(document, indent=1, ensure_ascii=False).encode())
    else:
        _show(problem, plan, report)
        if comparison is not None and other_path is not None:
            from service.cli.comparing import show_comparison

            show_comparison(comparison, other_path)
    clean = not report.violations and _same_cost(plan, report) and _true_bound(plan, report)
    return OK if clean else NOT_CLEAN


def read_both(problem_path: Path, plan_path: Path, weights: WeightPreset | None = None) -> tuple[Problem, Plan, Report]:
    """Read a problem and a plan that belongs to it, and check the plan.

    Parameters
    ----------
    problem_path, plan_path
        The two files.
    weights
        A preset for what the problem leaves open.

    Returns
    -------
    Both, and what the check found.

    Raises
    ------
    Refused
        With the faults of both files printed.
    """
    from models.errors import InvalidPlan
    from solver.check import check

    problem: Problem | None = None
    plan: Plan | None = None
    try:
        problem = read_problem(problem_path, weights)
    finally:
        plan = read_plan(plan_path)
    try:
        return problem, plan, check(problem, plan)
    except InvalidPlan as error:
        show_faults(str(plan_path), error.faults)
        raise Refused from None


def _beside(problem: Problem, plan: Plan, report: Report, path: Path) -> Comparison:
    from service.cli.comparing import read_other
    from service.comparison import compare

    return compare(problem, (plan, report), read_other(problem, path))


def _same_cost(plan: Plan, report: Report) -> bool:
    return plan.cost is None or plan.cost == report.cost


def _true_bound(plan: Plan, report: Report) -> bool:
    return plan.bound is None or plan.bound <= report.cost


def _document(plan: Plan, report: Report) -> dict[str, object]:
    return {
        "violations": [violation.model_dump(mode="json") for violation in report.violations],
        "excused": [violation.model_dump(mode="json") for violation in report.excused],
        "cost": report.cost,
        "stated_cost": plan.cost,
        "terms": [term.model_dump(mode="json") for term in report.terms],
    }


def _show(problem: Problem, plan: Plan, report: Report) -> None:
    show_score(report.terms, report.cost, unweighted=True)
    if report.violations:
        show_violations("Violations", report.violations)
    if report.excused:
        show_violations("Excused, because all of it is pinned", report.excused)
    assigned = f"{number(len(plan.assignments))} of {count(len(problem.appointments), 'appointment')} assigned"
    found = count(len(report.violations), "violation") if report.violations else "no violations"
    if plan.cost is None:
        stated = "no cost stated"
    elif _same_cost(plan, report):
        stated = f"the cost is {number(report.cost)}, as stated"
    else:
        stated = f"the cost is {number(report.cost)}, but the plan states {number(plan.cost)}"
    say(f"{assigned}, {found}, {stated}.", style="bold")
    if not _same_cost(plan, report) and (advice := _other_weights(problem, plan)):
        say(advice)
    if plan.bound is not None and not _true_bound(plan, report):
        say(f"The stated bound {number(plan.bound)} lies above the cost: it proves nothing.")


def _other_weights(problem: Problem, plan: Plan) -> str:
    """Say so where the plan's terms have the weights of a preset, and the problem's are others."""
    from models.presets import PRESETS, weighed

    stated = {term.name: term.weight for term in plan.terms if isinstance(term.weight, int)}
    for preset in PRESETS:
        weights = weighed(problem, preset).weights.effective()
        if stated and weights == stated and weights != problem.weights.effective():
            return f"The plan was made with other weights: add --weights {preset}."
    return ""
