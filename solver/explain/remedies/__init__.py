"""What would help: changes that are made, solved and checked, each with its effect on the cost.

A file per kind of change offers `changes(case)`, which proposes what could open a place; the bench solves it for real.
A new kind is its file and its line in `REMEDIES`.
"""

from collections.abc import Callable

from models.explanation import TriedRemedy
from solver.explain.remedies import (
    combined,
    day,
    leave,
    link,
    move,
    overtime,
    people,
    resource,
    rule,
    skill,
    staff,
    team,
    window,
)
from solver.explain.remedies.bench import Outcome
from solver.explain.remedies.case import Case
from solver.explain.remedies.change import Change, Remedy

REMEDIES: tuple[Remedy, ...] = (move, window, day, people, team, overtime, resource, leave, link, rule, skill)
"""In the order of the trouble they are, where they have the same effect."""

LAST: tuple[Remedy, ...] = (combined, staff)
"""What is tried where none of those helps, and it is not only a matter of cost."""

MOST_OF_A_KIND = 3


def remedies_of(case: Case, expired: Callable[[], bool] | None = None) -> list[TriedRemedy]:
    """Try all changes that might help.

    Parameters
    ----------
    case
        A task that is left out, and why.
    expired
        Asked before each change; once it says True, the rest is not tried.

    Returns
    -------
    Those that help, best first: with them the task is in the plan at a lower cost, or it is mandatory.
    """
    found = [remedy for kind in REMEDIES for remedy in _tried(case, kind, expired)]
    if not found and not case.has_place:
        found = [remedy for kind in LAST for remedy in _tried(case, kind, expired)]
    return sorted(found, key=_effect)


def _tried(case: Case, kind: Remedy, expired: Callable[[], bool] | None) -> list[TriedRemedy]:
    """The best of a kind that help."""
    helpful = []
    for change in kind.changes(case):
        if expired is not None and expired():
            break
        outcome = case.bench.solve(case.index, change)
        if outcome is not None and helps(case, outcome):
            helpful.append(_remedy(case, change, outcome))
    return sorted(helpful, key=_effect)[:MOST_OF_A_KIND]


def helps(case: Case, outcome: Outcome) -> bool:
    """Tell whether a change is worth it: the plan is cheaper with it, or something mandatory is placed."""
    return outcome.cost_delta < 0 or case.task.mandatory


def _effect(remedy: TriedRemedy) -> int:
    return remedy.cost_delta


def _remedy(case: Case, change: Change, outcome: Outcome) -> TriedRemedy:
    return TriedRemedy(
        kind=change.kind,
        change=change.text or move.told(case, case.scene.solution, outcome.solution),
        cost_delta=outcome.cost_delta,
        patch=change.steps,
        assignments=outcome.assignments,
        left_out=outcome.left_out,
    )
