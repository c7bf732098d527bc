"""Prints two plans side by side: their costs term by term, who wins each, and what differs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from service.cli.files import Refused, read_plan, show_faults
from service.cli.screen import say, show_table
from service.comparison import EVEN, OTHER, THIS, cheaper
from service.wording import number

if TYPE_CHECKING:
    from models.plan import Plan
    from models.problem import Problem
    from service.comparison import Comparison, TermRow
    from solver.check import Report


def read_other(problem: Problem, path: Path) -> tuple[Plan, Report]:
    """Read the plan to compare with, and check it.

    Parameters
    ----------
    problem
        What it is a plan of.
    path
        A plan.json.

    Returns
    -------
    The plan, and what the check found.

    Raises
    ------
    Refused
        With its faults printed.
    """
    from models.errors import InvalidPlan
    from solver.check import check

    plan = read_plan(path)
    try:
        return plan, check(problem, plan)
    except InvalidPlan as error:
        show_faults(str(path), error.faults)
        raise Refused from None


def show_comparison(comparison: Comparison, path: Path) -> None:
    """Print a comparison.

    Parameters
    ----------
    comparison
        Of this plan with another.
    path
        The file of the other.
    """
    rows = [_cells(row) for row in comparison.terms if row.amount or row.other_amount]
    total = ("total", "", "", "", *_costs(comparison.cost, comparison.other_cost))
    head = ("term", "weight", "amount", "other", "cost", "other", "difference", "better")
    say()
    show_table(f"Beside {path.name}", head, [*rows, total], figures=7)
    this, other = comparison.this, comparison.other
    counted = [
        ("assigned", this.assigned, other.assigned),
        ("left out", this.unassigned, other.unassigned),
        ("moved from today's start", this.moved, other.moved),
        ("people new to their work", this.reassigned, other.reassigned),
        ("violations", this.violations, other.violations),
    ]
    show_table("", ("plan", THIS, OTHER), [(name, number(a), number(b)) for name, a, b in counted], figures=2)
    changes = comparison.changes
    differ = [
        (changes.same, "alike in both"),
        (changes.other_time, "at another time"),
        (changes.other_place, "with other people or resources"),
        (changes.only_this, "only in this plan"),
        (changes.only_other, "only in the other"),
    ]
    if told := [f"{number(n)} {what}" for n, what in differ if n]:
        say(f"Appointments: {', '.join(told)}.")
    say(_verdict(comparison), style="bold")


def _cells(row: TermRow) -> tuple[str, ...]:
    name = row.name.replace("_", " ") + (f", {row.key}" if row.key else "")
    figures = (number(row.weight), number(row.amount), number(row.other_amount))
    return name, *figures, *_costs(row.cost, row.other_cost)


def _costs(cost: int, other: int) -> tuple[str, ...]:
    better = cheaper(cost, other)
    return number(cost), number(other), f"{cost - other:+,}" if cost != other else "0", "" if better == EVEN else better


def _verdict(comparison: Comparison) -> str:
    gap = number(abs(comparison.cost - comparison.other_cost))
    if comparison.better == EVEN:
        return "Both plans are equally good."
    winner = "This plan is" if comparison.better == THIS else "The other plan is"
    if comparison.better == cheaper(comparison.cost, comparison.other_cost):
        return f"{winner} better, by {gap}."
    return f"{winner} better: it has no violations."
