from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from models.enums import ConflictType, ImpactLevel, Priority
from models.errors import InvalidPlan
from models.plan import Plan, Violation
from models.problem import Problem
from solver.check import Report, check
from solver.reading import Reading
from solver.rules import RULES
from solver.rules.breach import CONFLICT_TYPES, impact_of
from tests.factories import Json, appointment, at, current, position, problem, resource, team, user
from tests.solver.plans import placed, report, use
from tests.solver.rough_plans import rough_plan
from tests.solver.verdicts import families
from tests.strategies import random_problem

INDEPENDENT = "TIDYPLAN_INDEPENDENT_CHECK"
MORE_INVOLVED = ("travel", "break_time")  # the unpinned work that makes a gap too short is named as well
SEEDS = st.integers(0, 2**32 - 1)
SIZES = st.sampled_from(["tiny", "small", "medium"])


def test_empty_plan_of_an_empty_problem_is_valid_and_free() -> None:
    found = report(problem())
    assert (found.valid, found.violations, found.excused, found.cost, found.shares) == (True, (), (), 0, {})
    assert len(found.terms) == 15


def test_cost_is_the_sum_of_all_terms() -> None:
    items = [
        appointment("a", crew=[position()], preferred_start=at("mon 08:00"), due=at("mon 08:00")),
        appointment("b", priority="low", unassigned_weight=11),
    ]
    weights = {"preferred_time": 1, "lateness": 2, "headcount": 5}
    found = report(problem(users=[user("ana")], appointments=items, weights=weights), placed("a", "mon 09:00", "ana"))
    # 60 minutes off, 120 late at 2, one head at 5, and b left out at 11.
    assert {term.name: term.cost for term in found.terms if term.cost} == {
        "unassigned": 11, "lateness": 240, "preferred_time": 60, "headcount": 5,
    }  # fmt: skip
    assert found.cost == 316
    assert found.shares == {"a": {"lateness": 240, "preferred_time": 60}, "b": {"unassigned": 11}}


def test_stated_cost_and_violations_are_not_read() -> None:
    item = Problem.parse(problem(appointments=[appointment("a")]))
    plan = Plan.parse({"assignments": [placed("a", "mon 09:00")], "cost": 5, "status": "infeasible"})
    assert (check(item, plan).cost, check(item, plan).valid) == (0, True)


def test_violations_tell_who_where_and_how_much() -> None:
    items = [
        appointment("a", crew=[position()], priority="low"),
        appointment("b", crew=[position()], priority="high"),
    ]
    found = report(
        problem(users=[user("ana", name="Ana")], appointments=items),
        placed("a", "mon 09:00", "ana"),
        placed("b", "mon 09:00", "ana"),
    )
    assert found.violations == (
        Violation(
            rule="overlap",
            conflict_type=ConflictType.DOUBLE_BOOKING,
            impact_level=ImpactLevel.CRITICAL,
            appointments=("a", "b"),
            users=("ana",),
            start=datetime(2026, 11, 23, 9, tzinfo=UTC),
            end=datetime(2026, 11, 23, 10, tzinfo=UTC),
            amount=60,
            message="Ana (ana) is needed by a and b at once, buffers included, for 60 minutes from 2026-11-23 09:00.",
        ),
    )


def test_times_of_violations_are_on_the_organizations_wall() -> None:
    item = problem(timezone="America/New_York", appointments=[appointment("a")])
    (violation,) = report(item, placed("a", "mon 12:30")).violations
    assert violation.start is not None
    assert violation.start.isoformat() == "2026-11-23T07:30:00-05:00"
    assert "2026-11-23 07:30" in violation.message


@pytest.mark.parametrize(
    ("priorities", "minutes", "level"),
    [
        pytest.param(["low"], 59, ImpactLevel.LOW, id="little that matters little"),
        pytest.param(["low"], 60, ImpactLevel.MEDIUM, id="much that matters little"),
        pytest.param(["normal"], 14, ImpactLevel.LOW, id="a moment"),
        pytest.param(["normal"], 15, ImpactLevel.MEDIUM, id="a while"),
        pytest.param(["normal", "low"], 60, ImpactLevel.HIGH, id="an hour"),
        pytest.param(["low", "high"], 15, ImpactLevel.HIGH, id="the most important counts"),
        pytest.param(["urgent"], 0, ImpactLevel.HIGH, id="urgent"),
        pytest.param(["urgent", "low"], 15, ImpactLevel.CRITICAL, id="urgent for a while"),
    ],
)
def test_impact_grows_with_priority_and_length(priorities: list[str], minutes: int, level: ImpactLevel) -> None:
    items = [appointment(str(k), priority=Priority(name)) for k, name in enumerate(priorities)]
    assert impact_of(Problem.parse(problem(appointments=items)).appointments, minutes) is level


def test_every_rule_has_a_conflict_type() -> None:
    assert set(CONFLICT_TYPES) == {rule.NAME for rule in RULES}


def test_violation_with_an_unpinned_appointment_is_not_excused() -> None:
    pin: Json = {"current": current("mon 09:00", "ana"), "pinned": True, "crew": [position()]}
    items = [appointment("p", **pin), appointment("q", **pin), appointment("a", crew=[position()])]
    stops = [placed(key, "mon 09:00", "ana") for key in "pqa"]
    found = report(problem(users=[user("ana")], appointments=items), *stops)
    assert [violation.appointments for violation in found.excused] == [("p", "q")]
    assert [violation.appointments for violation in found.violations] == [("a", "p"), ("a", "q")]
    assert not found.valid


def broken_plan(*assignments: Json, left: tuple[str, ...] = ()) -> str:
    item = problem(
        users=[user("ana")], teams=[team("red")], resources=[resource("room")], appointments=[appointment("a1")]
    )
    entries = [Plan.parse({"assignments": [assignment]}).assignments[0] for assignment in assignments]
    out = [Plan.parse({"assignments": [], "unassigned": [{"appointment": key}]}).unassigned[0] for key in left]
    with pytest.raises(InvalidPlan) as caught:
        check(Problem.parse(item), Plan(assignments=tuple(entries), unassigned=tuple(out)))
    return str(caught.value)


@pytest.mark.parametrize(
    ("assignment", "where"),
    [
        pytest.param(placed("a2", "mon 09:00"), 'assignments[0].appointment: found "a2"', id="appointment"),
        pytest.param(placed("a1", "mon 09:00", "anna"), 'assignments[0].users[0]: found "anna"', id="user"),
        pytest.param(placed("a1", "mon 09:00", team="blue"), 'assignments[0].team: found "blue"', id="team"),
        pytest.param(
            placed("a1", "mon 09:00", resources=[use("roof")]),
            'assignments[0].resources[0].resource: found "roof"',
            id="resource",
        ),
    ],
)
def test_plan_that_names_a_stranger_is_refused(assignment: Json, where: str) -> None:
    assert where in broken_plan(assignment)


def test_mistyped_id_is_refused_with_the_nearest_one() -> None:
    assert 'Did you mean "ana"?' in broken_plan(placed("a1", "mon 09:00", "anna"))


def test_all_strangers_are_named_at_once() -> None:
    assert "2 faults" in broken_plan(placed("a2", "mon 09:00", "bo"))
    assert "unassigned[0].appointment" in broken_plan(left=("a3",))


def test_appointment_that_is_named_twice_is_refused() -> None:
    twice = broken_plan(placed("a1", "mon 09:00"), placed("a1", "mon 10:00"))
    assert 'assignments[1].appointment: found "a1" again' in twice
    both = broken_plan(placed("a1", "mon 09:00"), left=("a1",))
    assert 'unassigned[0].appointment: found "a1" again' in both


@settings(max_examples=100, deadline=None)
@given(seed=SEEDS, size=SIZES)
def test_shares_add_up_to_the_costs_they_divide(seed: int, size: str) -> None:
    raw = random_problem(seed, size)
    found = check(Problem.parse(raw), Plan.parse(rough_plan(raw, seed)))
    divided = {name for costs in found.shares.values() for name in costs}
    for term in found.terms:
        if term.name in divided:
            assert sum(costs.get(term.name, 0) for costs in found.shares.values()) == term.cost
    undivided = {term.name for term in found.terms if term.cost} - divided
    assert undivided <= {
        "max_lateness",
        "max_waiting",
        "overtime",
        "workload_balance",
        "continuity",
        "headcount",
        "labor_cost",
    }


@settings(max_examples=100, deadline=None)
@given(seed=SEEDS, size=SIZES)
def test_violations_can_be_written_and_read(seed: int, size: str) -> None:
    raw = random_problem(seed, size)
    item, plan = Problem.parse(raw), Plan.parse(rough_plan(raw, seed))
    found = check(item, plan)
    told = plan.model_copy(update={"violations": found.violations, "terms": found.terms, "cost": found.cost})
    assert Plan.parse(told.to_json()).violations == found.violations
    assert Plan.parse(told.to_json()).terms == found.terms
    for violation in found.violations:
        assert violation.amount >= 1
        assert violation.message.endswith(".")
        assert violation.start is None or (violation.end is not None and violation.start <= violation.end)


def compare(independent: Callable[[Json, Json], Any], raw: Json, plan: Json) -> Report:
    """Demand equal costs by term, and by rule equal verdicts about the same appointments."""
    judge = independent(raw, plan)
    costs = judge.run()
    item, read = Problem.parse(raw), Plan.parse(plan)
    found = check(item, read)
    assert {term.name: term.cost for term in found.terms} == {
        term.name: costs.get(term.name, 0) for term in found.terms
    }
    pinned = {key for key, entry in judge.app.items() if entry.get("pinned")}
    bad = [(rule, set(keys) if rule != "pinned" else {note.split()[0]}) for rule, keys, note in judge.bad]
    real = {rule for rule, keys in bad if rule == "pinned" or not keys <= pinned}
    reading = Reading(item, read)
    assert {family.removesuffix(" at once") for family in families(reading, found.violations)} == real
    involved: dict[str, set[str]] = {}
    for family, keys in families(reading, [*found.violations, *found.excused]).items():
        involved.setdefault(family.removesuffix(" at once"), set()).update(keys)
    expected: dict[str, set[str]] = {}
    for rule, keys in bad:
        expected.setdefault(rule, set()).update(keys)
    assert involved.keys() == expected.keys()
    for rule, keys in expected.items():
        assert involved[rule] >= keys if rule in MORE_INVOLVED else involved[rule] == keys
    return found


@settings(max_examples=300, deadline=None)
@given(seed=SEEDS, size=SIZES)
def test_check_agrees_with_an_independent_one(independent: Callable[[Json, Json], Any], seed: int, size: str) -> None:
    raw = random_problem(seed, size)
    plan = rough_plan(raw, seed)
    item = Problem.parse(raw)
    pinned = {appointment.id for appointment in item.appointments if item.is_pinned(appointment)}
    for _ in range(6):
        found = compare(independent, raw, plan)
        culprits = {key for violation in found.violations for key in violation.appointments} - pinned
        out = [a["appointment"] for a in plan["assignments"] if a["appointment"] in culprits][::2]
        if not out:
            break
        plan["assignments"] = [a for a in plan["assignments"] if a["appointment"] not in out]
        plan["unassigned"] += [{"appointment": key} for key in out]
