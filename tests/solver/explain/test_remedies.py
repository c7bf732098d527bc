"""Each kind of remedy on a tiny problem: what it says, what it does to the documents, and when none helps."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from benchmarks.explain_truth import remedy_faults
from models.explanation import Explanation
from models.plan import Plan
from models.problem import Problem
from solver.explain import explain_unassigned
from tests.factories import (
    Json,
    appointment,
    at,
    current,
    hours,
    link,
    position,
    problem,
    resource,
    rule,
    span,
    team,
    user,
)
from tests.solver.explain.cases import ANA, BO, MORNING, X
from tests.solver.plans import placed, use

VAN_WITH_LIFT: Json = {"resource_type": "vehicle", "features": ["lift"]}
NINE: Json = {"windows": [span("mon 09:00", "mon 10:00")]}


@dataclass
class Case:
    """A problem with `x` left out, a kind of remedy, and what it says."""

    raw: Json
    kind: str
    change: str
    plan: list[Json] = field(default_factory=list)
    cost_delta: int = -40_000


def explain(raw: Json, *assignments: Json) -> Explanation:
    """The explanation of `x`, with every remedy made anew in the documents."""
    parsed, plan = Problem.parse(raw), plan_of(raw, *assignments)
    (found,) = explain_unassigned(parsed, plan, ["x"])
    item = parsed.appointments_by_id["x"]
    assert [fault for remedy in found.remedies for fault in remedy_faults(parsed, plan, item, remedy)] == []
    return found


def plan_of(raw: Json, *assignments: Json) -> Plan:
    done = {assignment["appointment"] for assignment in assignments}
    left = [{"appointment": item["id"]} for item in raw["appointments"] if item["id"] not in done]
    return Plan.parse({"assignments": list(assignments), "unassigned": left})


BUSY = appointment("a", 120, crew=[position()], priority="urgent", **MORNING)
CASES = {
    "a longer window": Case(
        problem(users=[ANA], appointments=[X, BUSY | {"duration_minutes": 120}]),
        "window",
        "extend the window to 12:00 on Monday 23 November, 60 minutes later",
        [placed("a", "mon 09:00", "ana", minutes=120)],
    ),
    "an earlier window": Case(
        problem(users=[ANA], appointments=[X, BUSY]),
        "window",
        "open the window at 08:00 on Monday 23 November, 60 minutes earlier",
        [placed("a", "mon 09:00", "ana", minutes=120)],
    ),
    "a fixed time later": Case(
        problem(users=[ANA], appointments=[X | NINE, BUSY | {"duration_minutes": 60}]),
        "shift",
        "start 60 minutes later, Monday 23 November at 10:00",
        [placed("a", "mon 09:00", "ana")],
    ),
    "another day": Case(
        problem(
            horizon=span("mon 00:00", "tue 24:00"),
            users=[ANA | {"unavailable": [span("mon 00:00", "mon 24:00")]}],
            appointments=[X],
        ),
        "day",
        "offer Tuesday 24 November 09:00–11:00 as well",
    ),
    "a skill": Case(
        problem(users=[user("cy", name="Cy")], appointments=[X]),
        "skill",
        "let Cy (cy) learn clean",
    ),
    "a higher level and a certificate": Case(
        problem(
            users=[user("cy", "clean")],
            appointments=[
                X | {"crew": [{"skills": [{"name": "clean", "level": 3}], "certifications": ["height"]}]},
            ],
        ),
        "skill",
        "let cy qualify for clean level 3 and the certification height",
    ),
    "somebody who is excluded": Case(
        problem(users=[ANA], appointments=[X | {"users": {"excluded": ["ana"]}}]),
        "people",
        "let Ana (ana) come, who is excluded",
    ),
    "somebody who is not allowed": Case(
        problem(users=[ANA, user("cy")], appointments=[X | {"users": {"allowed": ["cy"]}}]),
        "people",
        "let Ana (ana) come, who is not among those allowed",
    ),
    "another team": Case(
        problem(
            users=[ANA, user("cy")],
            teams=[team("t", "cy"), team("s", "ana", name="Alpha")],
            appointments=[X | {"team": {"any_of": ["t"]}}],
        ),
        "team",
        "let team Alpha (s) come instead",
    ),
    "a team in two places": Case(
        problem(
            users=[ANA, BO],
            teams=[team("t", "ana", "bo")],
            appointments=[X | {"team": {"any_of": ["t"]}}, BUSY | {"team": {"any_of": ["t"]}}],
        ),
        "team",
        "let team t serve 2 appointments at once",
        [placed("a", "mon 09:00", "bo", minutes=120, team="t")],
    ),
    "one more of a type": Case(
        problem(
            resources=[resource("s1", "equipment")],
            appointments=[
                appointment("x", resources=[{"resource_type": "equipment"}], **NINE),
                appointment("a", resources=[{"resource": "s1"}], priority="urgent", **NINE),
            ],
        ),
        "resource",
        "have one more equipment like s1",
        [placed("a", "mon 09:00", resources=[use("s1")])],
    ),
    "the first of a type": Case(
        problem(
            appointments=[appointment("x", resources=[{"resource_type": "vehicle", "features": ["lift"]}], **NINE)]
        ),
        "resource",
        "get a vehicle with lift",
    ),
    "more units": Case(
        problem(
            resources=[resource("r", capacity=5)],
            appointments=[
                appointment("x", resources=[{"resource": "r", "units": 4}], **NINE),
                appointment("a", resources=[{"resource": "r", "units": 3}], priority="urgent", **NINE),
            ],
        ),
        "resource",
        "have 2 units more of r, 7 in all",
        [placed("a", "mon 09:00", resources=[use("r", units=3)])],
    ),
    "any instead of one": Case(
        problem(
            resources=[resource("r"), resource("s")],
            appointments=[
                appointment("x", resources=[{"resource": "r"}], **NINE),
                appointment("a", resources=[{"resource": "r"}], priority="urgent", **NINE),
            ],
        ),
        "resource",
        "take any room instead of r",
        [placed("a", "mon 09:00", resources=[use("r")])],
    ),
    "overtime in the week": Case(
        problem(
            users=[ANA | {"max_hours_per_week": 3}],
            appointments=[X, appointment("a", 150, crew=[position()], priority="urgent")],
        ),
        "overtime",
        "let Ana (ana) work 30 minutes of overtime more a week",
        [placed("a", "mon 14:00", "ana", minutes=150)],
    ),
    "a longer day": Case(
        problem(users=[ANA | {"availability": hours("06:00", "09:30")}], appointments=[X]),
        "overtime",
        "let Ana (ana) work until 10:00 on Monday 23 November, 30 minutes longer",
    ),
    "an earlier start of work": Case(
        problem(
            users=[ANA],
            rules=[rule("working_hours", start_time="10:30", end_time="18:00")],
            appointments=[X],
        ),
        "overtime",
        "let Ana (ana) start work at 10:00 on Monday 23 November, 30 minutes earlier",
    ),
    "work on a day off": Case(
        problem(users=[ANA | {"availability": hours("09:00", "17:00", "fri")}], appointments=[X | NINE]),
        "overtime",
        "let Ana (ana) work on Monday 23 November 09:00–10:00",
    ),
    "in spite of a leave": Case(
        problem(users=[ANA | {"unavailable": [span("mon 00:00", "mon 24:00")]}], appointments=[X | NINE]),
        "leave",
        "let Ana (ana) come in on Monday 23 November 09:00–10:00 despite the leave",
    ),
    "a room that is there after all": Case(
        problem(
            resources=[resource("r", unavailable=[span("mon 08:00", "mon 12:00")])],
            appointments=[appointment("x", resources=[{"resource": "r"}], **NINE)],
        ),
        "leave",
        "have r available on Monday 23 November 09:00–10:00 after all",
    ),
    "no holiday": Case(
        problem(
            users=[ANA],
            rules=[rule("holiday", name="Founders' Day", start_date="2026-11-23", end_date="2026-11-23")],
            appointments=[X],
        ),
        "rule",
        "do without the holiday Founders' Day",
    ),
    "no break": Case(
        problem(users=[ANA], rules=[rule("break_time", start_time="09:30", end_time="10:30")], appointments=[X]),
        "rule",
        "do without the break",
    ),
    "a higher limit": Case(
        problem(
            users=[ANA],
            rules=[rule("capacity_limit", parameters={"max_per_day": 1}, applies_to_users=["ana"])],
            appointments=[X, appointment("a", crew=[position()], priority="urgent")],
        ),
        "rule",
        "raise the limit capacity_limit to 2 a day",
        [placed("a", "mon 14:00", "ana")],
    ),
    "shorter notice": Case(
        problem(
            users=[ANA],
            now=at("mon 08:00"),
            rules=[rule("advance_booking", parameters={"min_hours": 24}, applies_to_users=["ana"])],
            appointments=[X],
        ),
        "rule",
        "book at 1 hours' notice, where advance_booking asks for 24",
    ),
    "a longer gap": Case(
        problem(
            users=[ANA],
            appointments=[X | {"after": [link("a", max_gap_minutes=30)]}, appointment("a", priority="urgent")],
        ),
        "link",
        "allow 2 hours after the end of a (urgent) instead of 30 minutes",
        [placed("a", "mon 06:00")],
    ),
    "other people": Case(
        problem(
            users=[ANA, user("cy")],
            appointments=[X | {"after": [link("a", same_users=True)]}, appointment("a", crew=[position()])],
        ),
        "link",
        "let other people than for a (normal) come",
        [placed("a", "mon 08:00", "cy")],
    ),
    "a longer way home": Case(
        problem(
            locations=[{"id": "depot", "latitude": 0, "longitude": 0}, {"id": "there", "latitude": 1, "longitude": 0}],
            travel={"locations": ["depot", "there"], "minutes": [[0, 30], [30, 0]]},
            users=[ANA | {"availability": hours("08:00", "10:00"), "end_location": "depot"}],
            appointments=[X | NINE | {"location": "there"}],
        ),
        "overtime",
        "let Ana (ana) work until 10:30 on Monday 23 November, 30 minutes longer",
    ),
    "a day that is longer at both ends": Case(
        problem(
            users=[ANA | {"availability": hours("09:20", "09:40")}],
            rules=[rule("working_hours", start_time="09:10", end_time="09:50")],
            appointments=[X | NINE],
        ),
        "overtime",
        "let Ana (ana) start work at 09:00 on Monday 23 November, 20 minutes earlier "
        "and work until 10:00 on Monday 23 November, 20 minutes longer",
    ),
    "one more person": Case(
        problem(
            horizon=span("mon 09:00", "mon 10:00"),
            users=[ANA],
            teams=[team("t", "ana", max_concurrent=2)],
            rules=[rule("working_hours", start_time="08:00", end_time="12:00", applies_to_users=["ana"])],
            appointments=[
                X | NINE | {"team": {"any_of": ["t"]}, "users": {"allowed": ["ana"]}},
                BUSY | NINE | {"duration_minutes": 60},
            ],
        ),
        "staff",
        "have one more person like Ana (ana)",
        [placed("a", "mon 09:00", "ana")],
    ),
    "a longer window on a longer day": Case(
        problem(
            users=[ANA | {"availability": hours("07:00", "10:00")}],
            appointments=[X | NINE, appointment("a", 180, crew=[position()], priority="urgent")],
        ),
        "combined",
        "start 60 minutes later, Monday 23 November at 10:00 "
        "and let Ana (ana) work until 11:00 on Monday 23 November, 60 minutes longer",
        [placed("a", "mon 07:00", "ana", minutes=180)],
    ),
    "somebody moves": Case(
        problem(users=[ANA], appointments=[X | NINE, BUSY | {"duration_minutes": 60}]),
        "move",
        "move a (urgent) to Monday 23 November 10:00–11:00",
        [placed("a", "mon 09:00", "ana")],
    ),
    "somebody else does it": Case(
        problem(users=[ANA, user("cy")], appointments=[X | NINE, BUSY | NINE | {"duration_minutes": 60}]),
        "move",
        "move a (urgent) to cy",
        [placed("a", "mon 09:00", "ana")],
    ),
    "what matters less is left out": Case(
        problem(users=[ANA], appointments=[X | NINE, appointment("a", crew=[position()], priority="low", **NINE)]),
        "move",
        "leave out a (low)",
        [placed("a", "mon 09:00", "ana")],
        -30_000,
    ),
    "with what it follows": Case(
        problem(users=[ANA], appointments=[X | {"after": [link("a")]}, appointment("a", crew=[position()])]),
        "move",
        "place a (normal) on Monday 23 November 00:00–01:00",
        cost_delta=-80_000,
    ),
    "there is room": Case(
        problem(users=[ANA], appointments=[X]),
        "place",
        "place it where there is room, which the search did not get to",
    ),
}


@pytest.mark.parametrize("case", list(CASES.values()), ids=list(CASES))
def test_remedy_is_found_and_does_what_it_says(case: Case) -> None:
    found = explain(case.raw, *case.plan)
    assert (case.kind, case.change, case.cost_delta) in [(r.kind, r.change, r.cost_delta) for r in found.remedies]


def test_best_remedy_comes_first() -> None:
    raw = problem(
        users=[ANA],
        weights={"preferred_time": 1},
        appointments=[X | NINE | {"preferred_start": at("mon 12:00")}, BUSY | {"duration_minutes": 60}],
    )
    deltas = [remedy.cost_delta for remedy in explain(raw, placed("a", "mon 09:00", "ana")).remedies]
    assert deltas == sorted(deltas)
    assert len(set(deltas)) > 1


def test_nothing_helps_where_two_things_are_missing() -> None:
    away: Json = {"unavailable": [span("mon 00:00", "mon 24:00")]}
    raw = problem(
        users=[ANA | away],
        resources=[resource("r", **away)],
        rules=[rule("blackout", start_date="2026-11-23", end_date="2026-11-23")],
        appointments=[X | {"resources": [{"resource": "r"}]}],
    )
    found = explain(raw)
    assert found.remedies == ()
    assert found.tried > 5


def test_pinned_work_does_not_move() -> None:
    pinned = appointment("a", crew=[position()], pinned=True, current=current("mon 09:00", "ana"))
    found = explain(problem(users=[ANA], appointments=[X | NINE, pinned]), placed("a", "mon 09:00", "ana"))
    assert "move" not in {remedy.kind for remedy in found.remedies}
    assert found.causes[0].blockers[0].pinned


def test_mandatory_work_is_not_left_out_for_something_dear() -> None:
    must = appointment("a", crew=[position()], unassigned_weight=1, mandatory=True, **NINE)
    found = explain(problem(users=[ANA], appointments=[X | NINE, must]), placed("a", "mon 09:00", "ana"))
    assert "move" not in {remedy.kind for remedy in found.remedies}


def test_change_that_costs_more_than_it_brings_is_no_remedy() -> None:
    worth_little = X | NINE | {"preferred_start": at("mon 09:00"), "unassigned_weight": 30}
    raw = problem(
        users=[ANA], weights={"preferred_time": 1}, appointments=[worth_little, BUSY | {"duration_minutes": 60}]
    )
    found = explain(raw, placed("a", "mon 09:00", "ana"))
    assert "shift" not in {remedy.kind for remedy in found.remedies}


def test_whole_of_a_larger_resource_is_still_taken() -> None:
    raw = problem(
        resources=[resource("r", capacity=2)],
        appointments=[
            appointment("x", resources=[{"resource": "r", "units": 1}], **NINE),
            appointment("a", resources=[{"resource": "r"}], priority="urgent", **NINE),
        ],
    )
    found = explain(raw, placed("a", "mon 09:00", resources=[use("r")]))
    assert [remedy.change for remedy in found.remedies if remedy.kind == "resource"] == []
