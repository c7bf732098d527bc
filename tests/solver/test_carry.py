"""Plans that are carried over into problems that they were not made for."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from models.plan import Plan
from models.problem import Problem
from solver.carry import carried, carried_assignments, judge
from solver.check import check
from solver.instance import mandatory_out
from solver.lower import lower
from solver.progress import Options
from solver.solve import solve
from tests.factories import Json, appointment, at, current, hours, link, position, problem, user
from tests.solver.repair.random_events import random_plan
from tests.strategies import random_problem


def placed(key: str, start: str, end: str, *users: str) -> Json:
    return {"appointment": key, "start": at(start), "end": at(end), "users": list(users)}


def pair(**parts: Any) -> Problem:
    """b follows a; Ana works from nine."""
    fields: Json = {
        "users": [user("ana", availability=hours("09:00", "17:00"))],
        "appointments": [
            appointment("a", crew=[position()]),
            appointment("b", crew=[position()], after=[link("a")]),
        ],
    }
    return Problem.parse(problem(**(fields | parts)))


def plan_of(*places: Json) -> Plan:
    return Plan.parse({"assignments": list(places)})


def test_what_breaks_a_rule_is_left_behind_and_what_hangs_on_it() -> None:
    early = plan_of(placed("a", "mon 08:00", "mon 09:00", "ana"), placed("b", "mon 10:00", "mon 11:00", "ana"))
    assert carried_assignments(pair(), early) == {}
    turned = plan_of(placed("a", "mon 11:00", "mon 12:00", "ana"), placed("b", "mon 10:00", "mon 11:00", "ana"))
    assert carried_assignments(pair(), turned) == {}
    right = plan_of(placed("a", "mon 09:00", "mon 10:00", "ana"), placed("b", "mon 10:00", "mon 11:00", "ana"))
    assert list(carried_assignments(pair(), right)) == ["a", "b"]


def test_strangers_are_left_behind() -> None:
    plan = plan_of(placed("a", "mon 09:00", "mon 10:00", "bo"), placed("x", "mon 09:00", "mon 10:00"))
    assert carried_assignments(pair(), plan) == {}


def test_pinned_work_stands_where_it_is_pinned() -> None:
    fixed = appointment("a", crew=[position()], current=current("mon 12:00", "ana"), pinned=True)
    about = pair(appointments=[fixed])
    plan = plan_of(placed("a", "mon 09:00", "mon 10:00", "ana"))
    (place,) = carried(about, lower(about), plan)
    assert place is not None
    assert place.start == 12 * 60


def test_solve_goes_on_from_a_plan() -> None:
    # any time is as good as another
    about = pair(appointments=[appointment("a", crew=[position()])])
    late = plan_of(placed("a", "mon 15:00", "mon 16:00", "ana"))
    options = Options(time_limit_seconds=2.0, workers=1, max_iterations=1)
    begun, anew = solve(about, options, start=late), solve(about, options)
    assert begun.assignments[0].start == late.assignments[0].start
    assert anew.assignments[0].start != late.assignments[0].start


@pytest.mark.parametrize("seed", range(6))
def test_solve_is_never_worse_than_the_plan_that_it_begins_with(seed: int) -> None:
    about = Problem.parse(random_problem(seed, "small"))
    plan = random_plan(about, Random(seed))
    begun = judge(about, carried_assignments(about, plan).values())
    found = solve(about, Options(time_limit_seconds=1.0, workers=1, max_iterations=1), start=plan)
    report = check(about, found)
    assert report.valid or {one.rule for one in report.violations} == {"mandatory"}
    missing = sum(one.rule == "mandatory" for one in begun.violations)
    instance = lower(about)
    assert (mandatory_out(instance, carried(about, instance, found)), report.cost) <= (missing, begun.cost)
