"""Prints a plan: its score, what it amounts to, its violations, and what is left out."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from service.cli.screen import printable, results, say, show_table
from service.report import LeftOut, left_out, left_out_counts, percent, score
from service.wording import count, number

if TYPE_CHECKING:
    from models.enums import WeightPreset
    from models.plan import Plan, TermCost, Violation
    from models.problem import Problem

MOST_SHOWN = 15


def show_plan(problem: Problem, plan: Plan, *, everything: bool, preset: WeightPreset | None = None) -> None:
    """Print all there is to say about a plan.

    Parameters
    ----------
    problem, plan
        What was asked and what was planned.
    everything
        Whether to list all that is left out.
    preset
        Whose weights were asked for.
    """
    entries = left_out(problem, plan)
    show_score(plan.terms, plan.cost)
    _show_summary(problem, plan, entries, preset)
    if plan.violations:
        show_violations("Violations, of pinned work or for want of mandatory work", plan.violations)
    show_left_out(entries, everything=everything)


def show_score(terms: Iterable[TermCost], cost: int | None, *, unweighted: bool = False) -> None:
    """Print the cost term by term, on demand with the terms that are measured but cost nothing."""
    rows = [(row.name, row.weight, row.amount, row.cost) for row in score(terms, unweighted=unweighted)]
    total = [] if cost is None else [("total", "", "", number(cost))]
    show_table("Score", ("term", "weight", "amount", "cost"), [*rows, *total], figures=3)


def _show_summary(problem: Problem, plan: Plan, entries: list[LeftOut], preset: WeightPreset | None) -> None:
    lines = [
        ("status", str(plan.status)),
        ("assigned", f"{number(len(plan.assignments))} of {count(len(problem.appointments), 'appointment')}"),
        ("left out", left_out_counts(entries)),
    ]
    if plan.bound is not None:
        proved = ", which the plan meets" if plan.bound == plan.cost else ""
        gap = "" if plan.gap is None or proved else f", a gap of {percent(plan.gap)}"
        lines.append(("bound", number(plan.bound) + proved + gap))
    if preset is not None:
        lines.append(("weights", f"{preset}, beneath what the problem states"))
    lines.append(("time", f"{plan.seconds:.1f} s"))
    grid = Table.grid(padding=(0, 3))
    for name, value in lines:
        grid.add_row(Text(name), Text(printable(value)))
    results().print(grid)


def show_violations(title: str, violations: Iterable[Violation]) -> None:
    """Print violations, one per row."""
    rows = [
        (violation.rule, ", ".join(violation.appointments), str(violation.impact_level), violation.message)
        for violation in violations
    ]
    say()
    show_table(title, ("rule", "appointments", "impact", "what"), rows)


def show_left_out(entries: list[LeftOut], *, everything: bool) -> None:
    """Print what is left out by priority, the most important first, saying once what holds for several.

    Parameters
    ----------
    entries
        In the order of their priorities.
    everything
        Whether to list them all.
    """
    shown = entries if everything else entries[:MOST_SHOWN]
    for heading, group in groupby(shown, key=_heading):
        say(f"\nLeft out, {heading}", style="bold")
        by_reasons: dict[tuple[str, ...], list[LeftOut]] = {}
        for entry in group:
            by_reasons.setdefault(entry.reasons, []).append(entry)
        for reasons, alike in by_reasons.items():
            _show_alike(reasons, alike)
    if len(shown) < len(entries):
        say(f"\n… and {number(len(entries) - len(shown))} more: --all shows them.")


def _heading(entry: LeftOut) -> str:
    return "mandatory" if entry.mandatory else str(entry.priority)


def _show_alike(reasons: tuple[str, ...], entries: list[LeftOut]) -> None:
    """Print appointments that share their reasons, the reasons, and what would help which of them."""
    grid = Table.grid(padding=(0, 1))
    grid.add_column(width=3)
    grid.add_column(width=5)
    grid.add_column()
    for entry in entries:
        say(f"  {entry.headline} ({entry.appointment}), {entry.detail}")
    for reason in reasons:
        grid.add_row("", Text("why"), Text(printable(reason)))
    for entry in entries:
        whom = f"{entry.appointment}: " if len(entries) > 1 else ""
        for remedy in entry.remedies:
            grid.add_row("", Text("helps"), Text(printable(whom + remedy)))
    results().print(grid)
