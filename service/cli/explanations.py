"""Prints explanations: the kind and the causes, what would give way, what helps; and runners-up of a place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from models.explanation import Kind
from models.timegrid import minute_of
from service.cli.screen import printable, results, say
from service.report import named
from service.wording import count, span

if TYPE_CHECKING:
    from models.explanation import AssignmentExplanation, Blocker, Explanation, RunnerUp, TriedRemedy
    from models.plan import Assignment
    from models.problem import Problem

MOST_REMEDIES = 6
MOST_NAMED = 4

KINDS = {
    Kind.IMPOSSIBLE: ("impossible by itself", "it would have no place even in an empty plan", "bold red"),
    Kind.BLOCKED: ("blocked by others", "it would have a place without them", "bold yellow"),
    Kind.TRADE_OFF: ("lost in the trade-off", "it has a place, which costs more than it is worth", "bold cyan"),
}


def show_left_out(problem: Problem, explanation: Explanation, *, remedies: bool) -> None:
    """Print why an appointment is left out.

    Parameters
    ----------
    problem
        Whose it is.
    explanation
        What is known.
    remedies
        Whether changes were tried, so that it is news when none helps.
    """
    name, meaning, style = KINDS[explanation.kind]
    _show_head(problem, explanation.appointment)
    rows = _rows()
    kind = Text(name, style=style)
    kind.append(f": {meaning}", style="")
    rows.add_row("", Text("kind", style="dim"), kind)
    for cause in explanation.causes:
        rows.add_row("", Text("why", style="dim"), Text(printable(cause.message)))
    if blockers := _blockers(explanation):
        rows.add_row("", Text("who", style="dim"), Text(printable(blockers)))
    if explanation.displacement is not None:
        label = "price" if explanation.kind is Kind.TRADE_OFF else "instead"
        rows.add_row("", Text(label, style="dim"), Text(printable(explanation.displacement.message)))
    results().print(rows)
    if explanation.remedies:
        _show_remedies(problem, explanation.remedies)
    elif remedies:
        say(f"    None of the {count(explanation.tried, 'change')} that were looked at helps.", style="dim")


def _show_head(problem: Problem, key: str) -> None:
    appointment = problem.appointments_by_id[key]
    headline, what = named(appointment)
    windows = [span(minute_of(w.start), minute_of(w.end), problem.zone) for w in appointment.windows]
    others = f" or {count(len(windows) - 1, 'other window')}" if len(windows) > 1 else ""
    importance = "mandatory" if appointment.mandatory else str(appointment.priority)
    length = f"{appointment.duration_minutes} min"
    parts = [what, length, windows[0] + others if windows else "at any time", importance]
    head = Text(printable(headline if headline == key else f"{headline} ({key})"), style="bold")
    head.append(printable(", " + " · ".join(part for part in parts if part)), style="")
    results().print()
    results().print(head)


def _rows() -> Table:
    grid = Table.grid(padding=(0, 1))
    grid.add_column(width=3)
    grid.add_column(width=8)
    grid.add_column()
    return grid


def _blockers(explanation: Explanation) -> str:
    """The appointments in the way by importance, and what leaving out this one costs beside them."""
    known = {blocker.appointment: blocker for cause in explanation.causes for blocker in cause.blockers}
    if not known:
        return ""
    ranked = sorted(known.values(), key=lambda blocker: (-blocker.unassigned_weight, blocker.appointment))
    groups = groupby(ranked, key=_importance)
    parts = [f"{_some([blocker.appointment for blocker in same])} ({importance})" for importance, same in groups]
    return f"In the way {'is' if len(known) == 1 else 'are'} {'; '.join(parts)}."


def _importance(blocker: Blocker) -> str:
    rank = "mandatory" if blocker.mandatory else str(blocker.priority)
    pinned = ", pinned" if blocker.pinned else ""
    return f"{rank}{pinned}, worth {blocker.unassigned_weight:,}"


def _some(items: Sequence[str]) -> str:
    shown = [*items[:MOST_NAMED], *([f"{len(items) - MOST_NAMED} more"] if len(items) > MOST_NAMED else [])]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def _show_remedies(problem: Problem, remedies: Sequence[TriedRemedy]) -> None:
    """What helps, with the effect of each on the cost, and where the appointment would be."""
    grid = Table.grid(padding=(0, 1))
    grid.add_column(width=3)
    grid.add_column(width=8)
    grid.add_column(justify="right", no_wrap=True)
    grid.add_column()
    for number, remedy in enumerate(remedies[:MOST_REMEDIES]):
        change = Text(printable(remedy.change[:1].upper() + remedy.change[1:] + "."))
        change.append(printable(f" Then {where(problem, remedy.assignments[0])}."), style="dim")
        effect = Text(f"{remedy.cost_delta:+,}".replace("-", "−"), style="green" if remedy.cost_delta < 0 else "")
        grid.add_row("", Text("helps" if not number else "or", style="dim"), effect, change)
    results().print(grid)
    if len(remedies) > MOST_REMEDIES:
        say(f"              … and {count(len(remedies) - MOST_REMEDIES, 'more', 'more')}: --json lists them.")


def where(problem: Problem, assignment: Assignment) -> str:
    """Say in short when an appointment takes place, with whom and what.

    Parameters
    ----------
    problem
        Whose wall clock it is.
    assignment
        The place.

    Returns
    -------
    Such as: Thu 3 Dec 12:45–15:45 with ana and van-1.
    """
    people, things = problem.users_by_id, problem.resources_by_id
    names = [people[key].name or key if key in people else key for key in assignment.users]
    taken = [use.resource for use in assignment.resources]
    names += [things[key].name or key if key in things else key for key in taken]
    company = f" with {_some(names)}" if names else ""
    return span(minute_of(assignment.start), minute_of(assignment.end), problem.zone) + company


def show_placed(problem: Problem, explanation: AssignmentExplanation) -> None:
    """Print why an appointment stands where it does.

    Parameters
    ----------
    problem
        Whose it is.
    explanation
        What is known.
    """
    _show_head(problem, explanation.appointment)
    say(f"  {explanation.message}")
    if explanation.alternatives:
        say("\n  Open places", style="bold")
        _show_places(problem, explanation.alternatives)
    if explanation.closed:
        say("\n  Places that are closed", style="bold")
        _show_places(problem, explanation.closed)


def _show_places(problem: Problem, places: Iterable[RunnerUp]) -> None:
    grid = Table.grid(padding=(0, 1))
    grid.add_column(width=3)
    grid.add_column(justify="right", no_wrap=True, min_width=8)
    grid.add_column()
    for entry in places:
        style = "green" if entry.cost_delta < 0 else ""
        what = Text(printable(f"{where(problem, entry.assignment)}"))
        if entry.terms:
            terms = ", ".join(f"{name.replace('_', ' ')} {change:+,}" for name, change in entry.terms.items())
            what.append(printable(f"  {terms}".replace("-", "−")), style="dim")
        for obstacle in entry.breaks:
            what.append(printable(f"\n{obstacle.message}"), style="yellow")
        grid.add_row("", Text(f"{entry.cost_delta:+,}".replace("-", "−"), style=style), what)
    results().print(grid)
