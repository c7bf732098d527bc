"""Why appointments are left out: the rules that close the place that is nearest to being open, or what it would cost.

A place is a start with a team, a crew and resources. Every place of a task that is left out is closed by some pairs of
a rule and a subject, or it is open at a loss. The reasons are the pairs of a place that is closed by few: if they did
not hold, the task could take that place with everything else fixed, and none of them can be left out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from models.explanation import AssignmentExplanation, Explanation
from models.plan import Plan, Reason, Remedy
from models.problem import Problem
from solver.explain.finding import Detective
from solver.explain.reasoning import reasons_of
from solver.instance import Instance, Solution

if TYPE_CHECKING:  # the kernel takes its time to import
    from solver.check import Report
    from solver.kernel.arrays import Packed

MOST_REMEDIES = 3  # of an appointment in a plan


def reasons(
    problem: Problem,
    instance: Instance,
    solution: Solution,
    tasks: Sequence[int] | None = None,
    expired: Callable[[], bool] | None = None,
    packed: Packed | None = None,
) -> dict[int, list[Reason]]:
    """Explain what is left out.

    Parameters
    ----------
    problem, instance
        A problem and its lowered form.
    solution
        One entry per task; it breaks no rule.
    tasks
        Indices of the tasks to explain, by default all that have no place.
    expired
        Asked before each task; once it says True, the rest is left unexplained.
    packed
        The problem in the search kernel's arrays, where somebody has made them already.

    Returns
    -------
    By task that has no place, the dearest first: the rules that close the place which is nearest to being open, or
    `cost` alone.
    """
    detective = Detective(problem, instance, solution, packed)
    return {index: reasons_of(detective, index, found) for index, found in detective.findings(tasks, expired)}


def helpful(
    problem: Problem, instance: Instance, solution: Solution, report: Report, most: int, expired: Callable[[], bool]
) -> dict[int, list[Remedy]]:
    """Find what would help the dearest of what is left out.

    Parameters
    ----------
    problem, instance, solution
        As in `reasons`.
    report
        What the check says of the plan.
    most
        How many tasks to try changes for.
    expired
        Asked before anything is tried, and before each change; once it says True, no more are tried.

    Returns
    -------
    By task the changes that were solved and help, best first; at most three each.
    """
    if expired():
        return {}
    from solver.explain.remedies import remedies_of
    from solver.explain.remedies.bench import Bench
    from solver.explain.remedies.case import Case

    detective = Detective(problem, instance, solution)
    bench = Bench(problem, instance, solution, report)
    found: dict[int, list[Remedy]] = {}
    for index, finding in islice(detective.findings(expired=expired), most):
        tried = remedies_of(Case(detective, bench, index, finding), expired)
        best = tried[:MOST_REMEDIES]
        found[index] = [Remedy(change=remedy.change, cost_delta=remedy.cost_delta) for remedy in best]
    return found


def explain_unassigned(problem: Problem, plan: Plan, ids: Sequence[str] | None = None) -> list[Explanation]:
    """Explain what a plan leaves out: why, what would have to give way, and which changes would help.

    Every reason is held against the check, and every remedy is made, solved and checked.

    Parameters
    ----------
    problem, plan
        The plan breaks no rule; what it does not name counts as left out.
    ids
        Which appointments, by default all that are left out; what has a place is passed over.

    Returns
    -------
    An explanation for each, the dearest first.

    Raises
    ------
    InvalidPlan
        Where the plan names what the problem does not know or breaks a rule, or there is no such appointment.
    """
    from solver.explain.standing import Standing
    from solver.explain.unassigned import explain_left_out

    return explain_left_out(Standing.of(problem, plan), ids)


def explain_assignment(problem: Problem, plan: Plan, appointment: str) -> AssignmentExplanation:
    """Explain why an appointment stands where it does.

    Parameters
    ----------
    problem, plan
        The plan breaks no rule.
    appointment
        Id of one that has a place.

    Returns
    -------
    What it costs there, which places would be cheaper and what they would break, and the open ones, best first.

    Raises
    ------
    InvalidPlan
        Where the plan names what the problem does not know or breaks a rule, or there is no such appointment.
    ValueError
        Where the appointment is left out.
    """
    from solver.explain.assigned import explain_placed
    from solver.explain.standing import Standing

    return explain_placed(Standing.of(problem, plan), appointment)
