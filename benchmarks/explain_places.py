"""Every place of an appointment and what closes it, found by asking `check` about the plan with it; knows no engine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, permutations, product

from models.appointments import Appointment
from models.enums import RuleType
from models.plan import AssignedResource, Assignment, Plan, Reason, Unassigned, Violation
from models.problem import Problem
from models.timegrid import TimeGrid, instant, minute_of
from solver.assemble import assemble
from solver.check import check
from solver.instance import Instance, Solution

Pair = tuple[str, str]
OWN = ("window", "step", "past", "horizon")
SHAPE = ("crew", "capacity", "team", *OWN)  # rules that, named with the appointment, say what a place is
FOLLOWS = {"mandatory", "complete"}  # what a plan breaks by what it leaves out


@dataclass(frozen=True)
class Place:
    """A placement of an appointment, the pairs of rule and subject that close it, and what it adds to the cost."""

    assignment: Assignment
    pairs: frozenset[Pair]
    loss: int


def plan_of(problem: Problem, instance: Instance, solution: Solution) -> Plan:
    """Write a solution as a plan."""
    left = tuple(
        Unassigned(appointment=task.id) for task, at in zip(instance.tasks, solution, strict=True) if at is None
    )
    return Plan(assignments=tuple(assemble(problem, instance, solution)), unassigned=left)


def every_place(problem: Problem, plan: Plan, item: Appointment, most: int) -> list[Place] | None:
    """Try every place of an appointment beside a plan.

    Parameters
    ----------
    problem, plan
        The plan leaves the appointment out; what it breaks without that counts nowhere.
    item
        The appointment.
    most
        How many places are few enough.

    Returns
    -------
    All places, also those with the wrong people or resources; None where there are more than `most`.
    """
    before = check(problem, plan)
    found = []
    for count, assignment in enumerate(_assignments(problem, item)):
        if count >= most:
            return None
        left = tuple(entry for entry in plan.unassigned if entry.appointment != item.id)
        after = check(problem, Plan(assignments=(*plan.assignments, assignment), unassigned=left))
        violations = [v for v in after.violations if v.rule not in FOLLOWS and v not in before.violations]
        pairs = {pair for violation in violations for pair in _pairs(problem, item, assignment, violation)}
        pairs |= {("capacity", "own")} if _too_small(problem, assignment) else set()
        found.append(Place(assignment, frozenset(pairs), after.cost - before.cost))
    return found


def named(reasons: Sequence[Reason], item: Appointment) -> frozenset[Pair]:
    """List the pairs that reasons name, the appointment itself as `own`."""
    own = f"appointment:{item.id}"
    return frozenset((reason.rule, "own" if reason.subject == own else reason.subject) for reason in reasons)


def within(places: list[Place], pairs: frozenset[Pair]) -> list[Place]:
    """List the places of the shape that an appointment asks for, as far as some pairs do not change that."""
    lifted = {rule for rule, subject in pairs if subject == "own" and rule in SHAPE}
    return [
        place
        for place in places
        if all(subject != "own" or rule not in SHAPE or rule in lifted for rule, subject in place.pairs)
    ]


def _pairs(problem: Problem, item: Appointment, assignment: Assignment, violation: Violation) -> Iterator[Pair]:
    subjects = [
        *(f"user:{key}" for key in violation.users),
        *(f"team:{key}" for key in violation.teams),
        *(f"resource:{key}" for key in violation.resources),
    ]
    if violation.rule == "advance_booking":
        yield from _bookings(problem, assignment)
    elif violation.rule in (*OWN, "crew", "links") or (
        violation.rule in ("team", "capacity") and violation.appointments == (item.id,)
    ):
        yield violation.rule, "own"
    else:
        yield violation.rule, subjects[0] if subjects else "organization"


def _too_small(problem: Problem, assignment: Assignment) -> bool:
    """Whether some resource could never give the units that are asked of it."""
    return any((use.units or 0) > problem.resources_by_id[use.resource].capacity for use in assignment.resources)


def _bookings(problem: Problem, assignment: Assignment) -> Iterator[Pair]:
    """Whose rules a booking breaks: every subject that it takes and a broken rule names, and the organization."""
    assert problem.now is not None
    notice = minute_of(assignment.start) - minute_of(problem.now)
    for rule in problem.active_rules:
        if rule.rule_type is not RuleType.ADVANCE_BOOKING:
            continue
        soon = rule.min_hours is not None and notice < Fraction(rule.min_hours) * 60
        far = rule.max_days is not None and notice > Fraction(rule.max_days) * 1440
        if not soon and not far:
            continue
        if rule.is_global:
            yield "advance_booking", "organization"
        yield from (("advance_booking", f"user:{key}") for key in rule.applies_to_users if key in assignment.users)
        yield from (("advance_booking", f"team:{key}") for key in rule.applies_to_teams if key == assignment.team)
        taken = {use.resource for use in assignment.resources}
        yield from (("advance_booking", f"resource:{key}") for key in rule.applies_to_resources if key in taken)


def _assignments(problem: Problem, item: Appointment) -> Iterator[Assignment]:
    crews = [
        (team, users) for team in (item.team.any_of if item.team else (None,)) for users in _crews(problem, item, team)
    ]
    for start, (team, users), resources in product(_starts(problem, item), crews, _resources(problem, item)):
        yield Assignment(
            appointment=item.id,
            start=instant(start, problem.zone),
            end=instant(start + item.duration_minutes, problem.zone),
            team=team,
            users=users,
            resources=resources,
        )


def _crews(problem: Problem, item: Appointment, team: str | None) -> list[tuple[str, ...]]:
    """The whole team, or as many people as are needed; and where people are asked for also nobody, and anybody."""
    if team is not None and not item.crew:
        return [tuple(problem.teams_by_id[team].members)]
    people = list(problem.users_by_id) if team is None else list(problem.teams_by_id[team].members)
    count = sum(position.count for position in item.crew)
    if not count:
        return [()]
    return list(dict.fromkeys([*combinations(people, count), (), *((person,) for person in people)]))


def _resources(problem: Problem, item: Appointment) -> list[tuple[AssignedResource, ...]]:
    """All different resources for all demands, and none at all."""
    nothing: list[tuple[AssignedResource, ...]] = [()] if item.resources else []
    return nothing + [
        tuple(
            AssignedResource(resource=key, demand=number, units=need.units)
            for number, (key, need) in enumerate(zip(chosen, item.resources, strict=True))
        )
        for chosen in permutations(problem.resources_by_id, len(item.resources))
    ]


def _starts(problem: Problem, item: Appointment) -> list[int]:
    """The starts in the windows; where there are none in the horizon, on the grid and from now on, what could help."""
    grid, minutes = TimeGrid.of(problem), item.duration_minutes
    now = grid.start if problem.now is None else max(grid.start, minute_of(problem.now))
    windows = [(minute_of(window.start), minute_of(window.end)) for window in item.windows] or [(grid.start, grid.end)]
    spans = [(max(low, now), min(high, grid.end)) for low, high in windows]
    found = {start for low, high in spans for start in range(grid.ceil(low), high - minutes + 1, grid.step)}
    if item.current is not None:
        current = minute_of(item.current.start)
        found |= {current for low, high in spans if low <= current <= high - minutes}
    if found:
        return sorted(found)
    off_grid = {start for low, high in spans for start in range(low, high - minutes + 1)}
    return sorted(off_grid | set(range(grid.ceil(grid.start), grid.end, grid.step)))
