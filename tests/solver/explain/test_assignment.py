"""Why something stands where it does: open places with their extra cost, closed ones with what they break."""

from __future__ import annotations

import pytest

from models.explanation import AssignmentExplanation
from models.problem import Problem
from solver.check import check
from solver.explain import explain_assignment
from tests.factories import Json, appointment, at, current, position, problem, span, user
from tests.solver.explain.cases import ANA, BO
from tests.solver.explain.test_remedies import plan_of
from tests.solver.plans import placed

WIDE: Json = {"windows": [span("mon 08:00", "mon 12:00")], "preferred_start": at("mon 09:00")}
X = appointment("x", 60, crew=[position("clean")], **WIDE)
WEIGHTS = {"preferred_time": 1, "preferred_users": 60}


def explain(raw: Json, *assignments: Json) -> AssignmentExplanation:
    """The explanation of where `x` stands; what it says of every place is held against the check."""
    parsed, plan = Problem.parse(raw), plan_of(raw, *assignments)
    found = explain_assignment(parsed, plan, "x")
    before = check(parsed, plan)
    for entry in (*found.alternatives, *found.closed):
        others = tuple(other for other in plan.assignments if other.appointment != "x")
        after = check(parsed, plan.model_copy(update={"assignments": (*others, entry.assignment)}))
        assert after.cost - before.cost == entry.cost_delta == sum(entry.terms.values())
        assert {obstacle.rule for obstacle in entry.breaks} == {violation.rule for violation in after.violations}
    assert not any(entry.breaks for entry in found.alternatives)
    return found


def test_cheaper_place_says_what_it_breaks() -> None:
    raw = problem(
        users=[ANA], weights=WEIGHTS, appointments=[X, appointment("a", crew=[position()], priority="urgent")]
    )
    found = explain(raw, placed("a", "mon 09:00", "ana"), placed("x", "mon 10:00", "ana"))
    assert found.terms == {"preferred_time": 60}
    (closed,) = found.closed
    assert (closed.cost_delta, closed.breaks[0].appointments) == (-60, ("a",))
    assert closed.breaks[0].message == "Ana (ana) is busy with a (urgent) 09:00–10:00 on Monday 23 November."
    assert found.message == (
        "It stands on Monday 23 November 10:00–11:00 with Ana (ana); its share of the cost is 60: preferred time 60. "
        "No open place costs less, but some cost as much."
    )


def test_open_places_come_by_their_cost() -> None:
    raw = problem(users=[ANA, BO], weights=WEIGHTS, appointments=[X | {"users": {"preferred": ["ana"]}}])
    found = explain(raw, placed("x", "mon 09:00", "ana"))
    first = [(entry.message.removeprefix("on Monday 23 November "), entry.cost_delta) for entry in found.alternatives]
    assert sorted(first[:3]) == [
        ("08:00–09:00 with Ana (ana)", 60),
        ("09:00–10:00 with Bo (bo)", 60),
        ("10:00–11:00 with Ana (ana)", 60),
    ]
    assert [cost for _, cost in first[3:]] == [120]  # and no more of the same people
    assert found.message.endswith("Every other open place that was looked at costs more.")
    assert found.closed == ()


def test_place_that_the_search_missed_is_told() -> None:
    found = explain(problem(users=[ANA], weights=WEIGHTS, appointments=[X]), placed("x", "mon 11:00", "ana"))
    assert found.alternatives[0].cost_delta == -120
    assert found.message.endswith("An open place would save 120: the search ended before it got there.")


def test_only_place_shows_what_closes_the_others() -> None:
    away = [span("mon 00:00", "mon 09:00"), span("mon 10:00", "mon 24:00")]
    found = explain(problem(users=[ANA | {"unavailable": away}], appointments=[X]), placed("x", "mon 09:00", "ana"))
    assert found.message.endswith("it costs nothing there. No other place is open to it.")
    assert {obstacle.rule for entry in found.closed for obstacle in entry.breaks} == {"availability"}


def test_pinned_work_has_no_runner_up() -> None:
    pinned = X | {"pinned": True, "current": current("mon 09:00", "ana")}
    found = explain(problem(users=[ANA], appointments=[pinned]), placed("x", "mon 09:00", "ana"))
    assert found.pinned
    assert "is pinned there" in found.message
    assert (found.alternatives, found.closed) == ((), ())


def test_what_is_left_out_has_another_explanation() -> None:
    raw = problem(users=[user("cy")], appointments=[X])
    with pytest.raises(ValueError, match="x is left out"):
        explain_assignment(Problem.parse(raw), plan_of(raw), "x")
