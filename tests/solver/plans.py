"""Plans in one line, and what a check says of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from models.plan import Plan, TermCost
from models.problem import Problem
from solver.check import Report, check
from solver.instance import Instance
from solver.lower import lower
from tests.factories import Json, at

Breach = tuple[tuple[str, ...], int]


def placed(ident: str, start: str, *users: str, minutes: int = 60, **fields: Any) -> Json:
    """An assignment that starts at a time of the test week, such as `mon 09:00`."""
    begin = start if "T" in start else at(start)
    end = (datetime.fromisoformat(begin) + timedelta(minutes=minutes)).isoformat()
    return {"appointment": ident, "start": begin, "end": end, "users": list(users), **fields}


def use(resource: str, demand: int = 0, units: int | None = None) -> Json:
    """A resource given to a demand."""
    return {"resource": resource, "demand": demand, "units": units}


def report(problem: Json, *assignments: Json) -> Report:
    """Check a plan; what it does not place is left out."""
    done = {assignment["appointment"] for assignment in assignments}
    left = [{"appointment": item["id"]} for item in problem["appointments"] if item["id"] not in done]
    plan = Plan.parse({"assignments": list(assignments), "unassigned": left})
    return check(Problem.parse(problem), plan)


def broken(rule: str, problem: Json, *assignments: Json) -> list[Breach]:
    """List what a plan breaks of a rule: the appointments, in the order of time, and the amount."""
    found = report(problem, *assignments).violations
    return [(violation.appointments, violation.amount) for violation in found if violation.rule == rule]


def excused(rule: str, problem: Json, *assignments: Json) -> list[Breach]:
    """List what pinned appointments break among themselves."""
    found = report(problem, *assignments).excused
    return [(violation.appointments, violation.amount) for violation in found if violation.rule == rule]


def term(name: str, problem: Json, *assignments: Json) -> TermCost:
    """What a plan costs by one term."""
    return next(cost for cost in report(problem, *assignments).terms if cost.name == name)


def shares(name: str, problem: Json, *assignments: Json) -> dict[str, int]:
    """What each appointment costs by one term."""
    found = report(problem, *assignments).shares
    return {key: costs[name] for key, costs in found.items() if name in costs}


def lowered(problem: Json) -> Instance:
    """A problem in primitives."""
    return lower(Problem.parse(problem))
