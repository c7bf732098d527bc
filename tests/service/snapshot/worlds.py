"""Random organizations in a database, and what is broken there by each reading of it."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from models.plan import Plan, Violation
from models.problem import Problem
from service.demo.shifting import shifted
from service.snapshot.ids import number_of
from service.snapshot.storing import Stored, store
from tests.solver.rough_plans import rough_plan
from tests.strategies import random_problem

AROUND, DAY = timedelta(days=10), timedelta(days=1)
Fact = tuple[object, ...]


def random_world(session: Session, seed: int, size: str = "small", weeks: int = 0) -> tuple[Problem, Plan, Stored]:
    """Store a random problem, so many weeks later, with a plan that breaks rules here and there."""
    document = random_problem(seed, size)
    document = shifted(document, weeks, ZoneInfo(document.get("timezone", "UTC"))) if weeks else document
    problem = Problem.parse(document)
    plan = _storable(Plan.parse(rough_plan(document, seed)), problem)
    return problem, plan, store(session, problem, plan)


def _storable(plan: Plan, problem: Problem) -> Plan:
    """Leave out what no table can hold, that something comes twice, and what lies in other weeks than the horizon."""
    early, late = problem.horizon.start - DAY, problem.horizon.end + DAY
    assignments = []
    for each in plan.assignments:
        if not early < each.start < late:
            continue
        uses = {use.resource: use for use in reversed(each.resources)}
        kept = tuple(use for use in each.resources if uses[use.resource] is use)
        change = {"users": tuple(dict.fromkeys(each.users)), "resources": kept}
        assignments.append(each.model_copy(update=change))
    return plan.model_copy(update={"assignments": tuple(assignments)})


def facts(violations: Iterable[Violation], ids: Mapping[str, int] | None = None) -> list[Fact]:
    """What violations say, ids as numbers of records, in an order of their own."""

    def numbers(keys: tuple[str, ...]) -> list[int]:
        if ids is not None:
            return sorted(ids[key] for key in keys)
        return sorted(int(key) if key.isdecimal() else number_of(key) for key in keys)

    return sorted(
        (
            each.rule,
            each.conflict_type.value,
            each.impact_level.value,
            str(each.start),
            str(each.end),
            each.amount,
            numbers(each.appointments),
            numbers(each.users),
            numbers(each.teams),
            numbers(each.resources),
        )
        for each in violations
    )
