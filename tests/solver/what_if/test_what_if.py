"""Variants of small problems: what each brings, and that nobody is worse by chance."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from models.edits import Edit, Scenario
from models.edits.opening import ExtendHours
from models.edits.staff import AddSkill, AddUser, RemoveUser
from models.edits.terms import ScaleDemand, SetWeight
from models.enums import PlanStatus
from models.errors import InvalidEdit
from models.plan import Plan
from models.problem import Problem
from solver.carry import carried_assignments, judge
from solver.check import check
from solver.progress import Options
from solver.what_if import WhatIf, what_if
from solver.what_if.figures import figures
from tests.factories import Json, appointment, at, current, hours, position, problem, resource, span, team, user
from tests.strategies import random_problem

QUICK = Options(time_limit_seconds=3.0, workers=1)
EARLY = hours("08:00", "12:00")
VAN = {"resource": "van", "units": 1}
NINE = [span("mon 09:00", "mon 10:00")]


def morning(**parts: Any) -> Problem:
    """Ana alone can wash, and two want it at nine."""
    fields: Json = {
        "users": [user("ana", "wash", availability=EARLY), user("bo", availability=EARLY)],
        "appointments": [
            appointment("a", windows=NINE, crew=[position("wash")]),
            appointment("b", windows=NINE, crew=[position("wash")], priority="high"),
        ],
    }  # fmt: skip
    return Problem.parse(problem(**(fields | parts)))


def wondered(about: Problem, **scenarios: Edit) -> WhatIf:
    named = [Scenario.model_validate({"name": name, "edits": [edit]}) for name, edit in scenarios.items()]
    return what_if(about, named, QUICK)


def test_variants_are_planned_beside_the_problem_as_it_is() -> None:
    found = wondered(
        morning(),
        hire=AddUser(like="ana"),
        learn=AddSkill(user="bo", skill="wash"),
        leave=RemoveUser(user="ana"),
        longer=ExtendHours(who="all", minutes=60),
    )
    # b matters more than a, and is done; with one more who can wash, both are
    assert found.base.price == (0, 40_000)
    assert {one.name: one.price for one in found.variants} == {
        "hire": (0, 0),
        "learn": (0, 0),
        "leave": (0, 200_000),
        "longer": (0, 40_000),
    }
    assert [one.plan.status for one in (found.base, *found.variants)] == [PlanStatus.OPTIMAL] * 5
    assert [one.figures.left_out["normal"] for one in (found.base, *found.variants)] == [1, 0, 0, 1, 1]
    assert found.variants[0].told == ("ana-2 joins, like ana",)


def test_plans_state_what_the_check_finds() -> None:
    found = wondered(morning(), more=ScaleDemand(percent=200), weights=SetWeight(term="unassigned.high", weight=5))
    for one in (found.base, *found.variants):
        assert check(one.problem, one.plan).cost == one.plan.cost == one.report.cost
    assert [one.figures.assigned for one in found.variants] == [1, 1]
    assert found.variants[1].plan.assignments[0].appointment == "a"


def test_given_plan_is_where_all_begin() -> None:
    place = {"appointment": "a", "start": at("mon 09:00"), "end": at("mon 10:00"), "users": ["ana"]}
    given_plan = Plan.parse({"assignments": [place]})
    found = what_if(morning(), [Scenario(name="hire", edits=(AddUser(like="ana"),))], QUICK, given_plan)
    assert (found.base.price, found.variants[0].price) == ((0, 40_000), (0, 0))


def test_impossible_scenario_is_refused_before_any_planning() -> None:
    told: list[str] = []
    with pytest.raises(InvalidEdit):
        what_if(
            morning(),
            [Scenario(name="hire", edits=(AddUser(like="nobody"),))],
            QUICK,
            on_progress=lambda name, _: told.append(name),
        )
    assert told == []


def test_figures_count_what_is_done_and_how_busy_everybody_is() -> None:
    about = morning(
        horizon=span("mon 00:00", "mon 24:00"),
        resources=[resource("van", "vehicle", availability=hours("08:00", "18:00")), resource("room")],
        teams=[team("both", "ana", "bo")],
        appointments=[
            appointment("a", 60, team={"any_of": ["both"]}, resources=[VAN], buffer_after_minutes=60),
            appointment("b", 60, crew=[position()], pinned=True, current=current("sun 09:00", "ana")),
            appointment("c", 60, priority="urgent"),
        ],
    )  # fmt: skip
    plan = Plan.parse(
        {
            "assignments": [
                {"appointment": "a", "start": at("mon 09:00"), "end": at("mon 10:00"), "team": "both",
                 "users": ["ana", "bo"], "resources": [{"resource": "van", "demand": 0, "units": 1}]},
                {"appointment": "b", "start": at("sun 09:00"), "end": at("sun 10:00"), "users": ["ana"]},
            ],
            "unassigned": [{"appointment": "c"}],
        }
    )  # fmt: skip
    found = figures(about, plan)
    assert (found.assigned, found.people, found.people_at_work) == (2, 2, 2)
    assert found.left_out == {"urgent": 1, "high": 0, "normal": 0, "low": 0}
    # two serve an hour each inside the horizon, of four each; the van is taken for two of ten hours, the room never
    assert (found.service_minutes, found.open_minutes, found.busy) == (120, 480, 0.25)
    assert (found.used_minutes, found.usable_minutes) == (120, 600 + 1440)


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**32 - 1))
def test_no_plan_is_worse_than_what_another_one_leaves_of_it(seed: int) -> None:
    about = Problem.parse(random_problem(seed, "small"))
    edits = {"hire": AddUser(like=about.users[0].id), "longer": ExtendHours(who="all", minutes=60)}
    named = [Scenario.model_validate({"name": name, "edits": [edit]}) for name, edit in edits.items()]
    found = what_if(about, named, Options(time_limit_seconds=0.4, workers=1))
    every = (found.base, *found.variants)
    for one in every:
        assert [v.rule for v in one.report.violations if v.rule != "mandatory"] == []
        for other in every:
            report = judge(one.problem, carried_assignments(one.problem, other.plan).values())
            missing = sum(violation.rule == "mandatory" for violation in report.violations)
            assert one.price <= (missing, report.cost)
