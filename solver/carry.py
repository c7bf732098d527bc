"""As much of a plan as holds in a problem, such as one that it was not made for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from models.appointments import Appointment
from models.plan import AssignedResource, Assignment, Plan, Unassigned, Violation
from models.problem import Problem
from models.timegrid import instant, minute_of
from solver.assemble import read_solution
from solver.check import Report, check
from solver.instance import Instance, Solution

LOST = "mandatory"  # the rule that is broken by what has no place, which no place breaks


def judge(problem: Problem, assignments: Iterable[Assignment]) -> Report:
    """Check assignments as a plan that leaves out the rest."""
    kept = tuple(assignments)
    placed = {assignment.appointment for assignment in kept}
    left = tuple(Unassigned(appointment=item.id) for item in problem.appointments if item.id not in placed)
    return check(problem, Plan(assignments=kept, unassigned=left))


def movable_in(problem: Problem, report: Report) -> set[str]:
    """Appointments that take part in a violation of a place and are not pinned."""
    keys = {key for violation in report.violations if violation.rule != LOST for key in violation.appointments}
    return {key for key in keys if not problem.is_pinned(problem.appointments_by_id[key])}


def sound_part(
    problem: Problem,
    assignments: Mapping[str, Assignment],
    report: Report | None = None,
    broken: list[Violation] | None = None,
) -> dict[str, Assignment]:
    """Withdraw what breaks a rule, and what does so once that is gone.

    Parameters
    ----------
    problem
        What the assignments are of.
    assignments
        By appointment id, all of what the problem knows.
    report
        What `check` says of them, if that is known.
    broken
        Gets what breaks only once something else is gone.

    Returns
    -------
    Those that can stand together; what is pinned stays.
    """
    kept = dict(assignments)
    report = report or judge(problem, kept.values())
    while gone := movable_in(problem, report) & kept.keys():
        kept = {key: assignment for key, assignment in kept.items() if key not in gone}
        report = judge(problem, kept.values())
        if broken is not None:
            broken += [violation for violation in report.violations if violation.rule != LOST]
    return kept


def carried_assignments(problem: Problem, plan: Plan) -> dict[str, Assignment]:
    """Take over a plan as far as it holds.

    Parameters
    ----------
    problem
        Any problem.
    plan
        Of this problem or another one; what this one does not know is left out.

    Returns
    -------
    Assignments that break no rule together, and what is pinned where it is pinned, by appointment id.
    """
    known = problem.appointments_by_id
    kept = {
        assignment.appointment: assignment
        for assignment in plan.assignments
        if assignment.appointment in known and _knows(problem, assignment)
    }
    for item in problem.appointments:
        if problem.is_pinned(item):
            kept[item.id] = standing(problem, item, kept.get(item.id))
    return sound_part(problem, kept)


def carried(problem: Problem, instance: Instance, plan: Plan) -> Solution:
    """Take over a plan as far as it holds, as a start for a search.

    Parameters
    ----------
    problem, instance
        A problem and its lowered form.
    plan
        Of this problem or another one.

    Returns
    -------
    One entry per task; it breaks no rule, and pinned tasks stand where they are pinned.
    """
    kept = Plan(assignments=tuple(carried_assignments(problem, plan).values()))
    solution = read_solution(problem, instance, kept)
    return [task.pinned or place for task, place in zip(instance.tasks, solution, strict=True)]


def standing(problem: Problem, item: Appointment, before: Assignment | None) -> Assignment:
    """Write where an appointment stands today as an assignment of the length that it has.

    Parameters
    ----------
    problem, item
        The problem, and one of its appointments that has a `current`.
    before
        How it was written before, if it was: demands of resources and positions of users are taken from there.

    Returns
    -------
    The assignment; the very one before where that says the same.
    """
    current = item.current
    if current is None:
        raise AssertionError(f"{item.id} stands nowhere")
    start = minute_of(current.start)
    demands = {} if before is None else {take.resource: take.demand for take in before.resources}
    positions = {} if before is None else before.positions
    made = Assignment(
        appointment=item.id,
        start=instant(start, problem.zone),
        end=instant(start + item.duration_minutes, problem.zone),
        team=current.team,
        users=current.users,
        positions={user: place for user, place in positions.items() if user in current.users},
        resources=tuple(
            AssignedResource(resource=use.resource, demand=demands.get(use.resource), units=use.units)
            for use in current.resources
        ),
    )
    return before if before is not None and same_place(before, made) else made


def same_place(one: Assignment, other: Assignment) -> bool:
    """Tell whether two assignments agree in time, team, people and resources, in whatever order they name them."""
    return _place_of(one) == _place_of(other)


def _place_of(assignment: Assignment) -> tuple[object, ...]:
    taken = sorted((take.resource, take.units or 0) for take in assignment.resources)
    return assignment.start, assignment.end, assignment.team, sorted(assignment.users), taken


def _knows(problem: Problem, assignment: Assignment) -> bool:
    return (
        problem.users_by_id.keys() >= set(assignment.users)
        and (assignment.team is None or assignment.team in problem.teams_by_id)
        and problem.resources_by_id.keys() >= {take.resource for take in assignment.resources}
    )
