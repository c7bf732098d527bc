"""The three kinds of left out, who is in the way, and what would have to give."""

from __future__ import annotations

import pytest

from models.errors import InvalidPlan
from models.explanation import Explanation, Kind
from models.problem import Problem
from solver.explain import explain_unassigned
from solver.explain.standing import BrokenPlan
from tests.factories import Json, appointment, position, problem, span, user
from tests.solver.explain.cases import ANA, BO, MORNING, X
from tests.solver.explain.test_remedies import NINE, plan_of
from tests.solver.plans import placed


def explain(raw: Json, *assignments: Json) -> Explanation:
    (found,) = explain_unassigned(Problem.parse(raw), plan_of(raw, *assignments), ["x"])
    return found


def test_no_candidate_at_all_is_impossible() -> None:
    found = explain(problem(users=[user("cy")], appointments=[X]))
    assert (found.kind, found.place, found.displacement) == (Kind.IMPOSSIBLE, None, None)


def test_impossible_beside_others_is_still_impossible() -> None:
    away = ANA | {"unavailable": [span("mon 00:00", "mon 24:00")]}
    found = explain(
        problem(users=[away, BO | {"skills": []}], appointments=[X, appointment("a", crew=[position()])]),
        placed("a", "mon 09:00", "bo"),
    )
    assert found.kind is Kind.IMPOSSIBLE
    assert [(cause.rule, cause.blockers) for cause in found.causes] == [("availability", ())]


def test_blocked_names_who_and_how_important() -> None:
    raw = problem(users=[ANA], appointments=[X | NINE, appointment("a", crew=[position()], priority="high", **NINE)])
    found = explain(raw, placed("a", "mon 09:00", "ana"))
    assert found.kind is Kind.BLOCKED
    (blocker,) = found.causes[0].blockers
    assert (blocker.appointment, blocker.priority, blocker.unassigned_weight) == ("a", "high", 160_000)
    assert found.displacement is not None
    assert found.displacement.message == "To make room, leave out a (high): the plan would cost 120,000 more."
    assert (found.displacement.cost_delta, found.displacement.left_out) == (120_000, ("a",))


def test_blocked_is_explained_by_others_even_where_a_leave_is_one_cause_fewer() -> None:
    # On Monday two of three are busy; on Tuesday one of the two who are needed is on leave.
    away = [span("tue 00:00", "tue 24:00")]
    raw = problem(
        horizon=span("mon 00:00", "tue 24:00"),
        users=[ANA | {"unavailable": away}, BO],
        appointments=[
            X | {"crew": [position("clean"), position("clean")],
                 "windows": [span("mon 09:00", "mon 10:00"), span("tue 09:00", "tue 10:00")]},
            appointment("a", crew=[position()], priority="high", **NINE),
            appointment("b", crew=[position()], priority="high", **NINE),
        ],
    )  # fmt: skip
    found = explain(raw, placed("a", "mon 09:00", "ana"), placed("b", "mon 09:00", "bo"))
    assert found.kind is Kind.BLOCKED
    assert [(cause.rule, cause.subject) for cause in found.causes] == [("overlap", "user:ana"), ("overlap", "user:bo")]


def test_place_at_a_loss_is_a_trade_off_with_its_terms() -> None:
    bo = user("bo", unavailable=[span("mon 00:00", "mon 24:00")])
    raw = problem(
        users=[ANA, bo],
        weights={"preferred_users": 60},
        appointments=[X | {"unassigned_weight": 10, "users": {"preferred": ["bo"]}}],
    )
    found = explain(raw)
    assert (found.kind, found.causes[0].rule) == (Kind.TRADE_OFF, "cost")
    assert found.displacement is not None
    assert found.displacement.message == "There it would add preferred users 60; leaving it out costs 10."
    assert found.displacement.cost_delta == 50
    assert found.place is not None
    assert found.place.users == ("ana",)


def test_all_that_is_left_out_is_explained_the_dearest_first() -> None:
    raw = problem(
        appointments=[
            appointment("a", crew=[position()], priority="low", **MORNING),
            appointment("b", crew=[position()], priority="urgent", **MORNING),
        ]
    )
    found = explain_unassigned(Problem.parse(raw), plan_of(raw))
    assert [explanation.appointment for explanation in found] == ["b", "a"]


def test_what_the_plan_does_not_name_is_left_out() -> None:
    raw = problem(appointments=[X])
    plan = plan_of(raw).model_copy(update={"unassigned": ()})
    assert [found.appointment for found in explain_unassigned(Problem.parse(raw), plan)] == ["x"]


def test_plan_that_breaks_a_rule_is_refused() -> None:
    raw = problem(
        users=[ANA], appointments=[X, appointment("a", crew=[position()]), appointment("b", crew=[position()])]
    )
    plan = plan_of(raw, placed("a", "mon 09:00", "ana"), placed("b", "mon 09:00", "ana"))
    with pytest.raises(BrokenPlan, match="overlap") as caught:
        explain_unassigned(Problem.parse(raw), plan)
    assert caught.value.faults[0].where == "assignments[0]"


def test_unknown_appointment_is_refused_with_the_nearest() -> None:
    raw = problem(appointments=[appointment("visit-1"), appointment("visit-2")])
    with pytest.raises(InvalidPlan) as caught:
        explain_unassigned(Problem.parse(raw), plan_of(raw), ["visit-3"])
    (fault,) = caught.value.faults
    assert (fault.found, fault.expected) == ('"visit-3"', "the id of an appointment of the problem, such as visit-1")
    assert fault.advice == 'Did you mean "visit-2" or "visit-1"?'
