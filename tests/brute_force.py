"""The best plan of a tiny problem, found by trying all of them; `check` alone judges."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, permutations, product
from math import prod
from types import MappingProxyType

from models.appointments import Appointment
from models.plan import AssignedResource, Assignment, Plan, Unassigned
from models.problem import Problem
from models.timegrid import TimeGrid, instant, minute_of
from solver.check import Report, check

MENDABLE = frozenset({"travel", "break_time", "links", "mandatory"})
"""Rules that a plan may break and keep again once more is placed in it."""


@dataclass(frozen=True)
class Best:
    """The best plan: as few mandatory appointments left out as possible, then as cheap as possible."""

    mandatory_out: int
    cost: int
    plan: Plan


class TooManyPlansError(Exception):
    """A problem is not tiny enough."""


def best_plan(
    problem: Problem,
    most_plans: int = 20_000,
    held: Mapping[str, Assignment | None] = MappingProxyType({}),
    rank: Callable[[Plan, Report], tuple[int, ...]] | None = None,
) -> Best:
    """Try all plans of a problem.

    Parameters
    ----------
    problem
        With few appointments, starts, users and resources.
    most_plans
        How many plans are few enough.
    held
        Appointments that are not moved, by id, and where they stand; None is left out.
    rank
        What makes a plan good, if not its cost: fewer mandatory appointments left out still come first.

    Returns
    -------
    The best plan that breaks nothing but `mandatory`.

    Raises
    ------
    TooManyPlansError
        Where there are more.
    """
    standing = [_as_pinned(problem, item) for item in problem.appointments if problem.is_pinned(item)]
    standing += [one for one in held.values() if one is not None]
    loose = [item for item in problem.appointments if not problem.is_pinned(item) and item.id not in held]
    options = [
        [one for one in _placements(problem, item) if not _broken(_judge(problem, [*standing, one]))] for item in loose
    ]
    if prod(len(one) + 1 for one in options) > most_plans:
        raise TooManyPlansError(f"{problem.name} has more than {most_plans} plans")
    best: Best | None = None
    lowest: tuple[int, ...] = ()
    for chosen in _plans(problem, standing, options):
        report = _judge(problem, chosen)
        if any(violation.rule != "mandatory" for violation in report.violations):
            continue
        missing = sum(violation.rule == "mandatory" for violation in report.violations)
        made = _plan(problem, chosen)
        rated = (missing, *((report.cost,) if rank is None else rank(made, report)))
        if best is None or rated < lowest:
            best, lowest = Best(missing, report.cost, made), rated
    if best is None:
        raise AssertionError(f"{problem.name}: not even the plan of what stands is free of violations")
    return best


def _plans(problem: Problem, standing: list[Assignment], options: list[list[Assignment]]) -> Iterator[list[Assignment]]:
    """All choices of at most one placement each, without those that nothing further can mend."""
    if not options:
        yield standing
        return
    yield from _plans(problem, standing, options[1:])
    for one in options[0]:
        chosen = [*standing, one]
        if not _broken(_judge(problem, chosen)):
            yield from _plans(problem, chosen, options[1:])


def _broken(report: Report) -> bool:
    return any(violation.rule not in MENDABLE for violation in report.violations)


def _judge(problem: Problem, chosen: list[Assignment]) -> Report:
    return check(problem, _plan(problem, chosen))


def _plan(problem: Problem, chosen: list[Assignment]) -> Plan:
    placed = {one.appointment for one in chosen}
    left = tuple(Unassigned(appointment=item.id) for item in problem.appointments if item.id not in placed)
    return Plan(assignments=tuple(chosen), unassigned=left)


def _as_pinned(problem: Problem, item: Appointment) -> Assignment:
    current = item.current
    if current is None:
        raise AssertionError(f"{item.id} is pinned nowhere")
    resources = tuple(
        AssignedResource(resource=use.resource, demand=number, units=use.units)
        for number, use in enumerate(current.resources)
    )
    return _assignment(problem, item, minute_of(current.start), current.team, current.users, resources)


def _assignment(
    problem: Problem,
    item: Appointment,
    start: int,
    team: str | None,
    users: tuple[str, ...],
    resources: tuple[AssignedResource, ...],
) -> Assignment:
    return Assignment(
        appointment=item.id,
        start=instant(start, problem.zone),
        end=instant(start + item.duration_minutes, problem.zone),
        team=team,
        users=users,
        resources=resources,
    )


def _placements(problem: Problem, item: Appointment) -> Iterator[Assignment]:
    """Everything an appointment could be given, sensible or not, but for whom and what it does not name."""
    wanted = item.users
    people = sorted(
        user.id
        for user in problem.users
        if user.id not in wanted.excluded and (wanted.allowed is None or user.id in wanted.allowed)
    )
    heads = sum(position.count for position in item.crew)
    crews: list[tuple[str | None, tuple[str, ...]]]
    if item.team is None:
        crews = [(None, users) for users in combinations(people, heads)]
    elif item.crew:
        crews = [(team, users) for team in item.team.any_of for users in combinations(people, heads)]
    else:
        crews = [(team, tuple(problem.teams_by_id[team].members)) for team in item.team.any_of]
    rooms = permutations([resource.id for resource in problem.resources], len(item.resources))
    demands = [
        tuple(
            AssignedResource(resource=room, demand=number, units=item.resources[number].units)
            for number, room in enumerate(chosen)
        )
        for chosen in rooms
        if all(demand.resource in (None, room) for demand, room in zip(item.resources, chosen, strict=True))
    ]
    for start, (team, users), resources in product(_starts(problem, item), crews, demands):
        yield _assignment(problem, item, start, team, users, resources)


def _starts(problem: Problem, item: Appointment) -> list[int]:
    """Grid points of the windows, and where the appointment stands today."""
    grid = TimeGrid.of(problem)
    spans = [(minute_of(window.start), minute_of(window.end)) for window in item.windows] or [(grid.start, grid.end)]
    found = {
        start for low, high in spans for start in range(grid.ceil(low), high - item.duration_minutes + 1, grid.step)
    }
    return sorted(found | ({minute_of(item.current.start)} if item.current is not None else set()))
