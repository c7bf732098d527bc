import json
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from models.enums import ConflictType, PlanStatus, Priority
from models.errors import InvalidPlan
from models.plan import Assignment, Plan, load_plan
from models.timegrid import instant, minute_of

FULL: dict[str, Any] = {
    "version": 1,
    "problem": "week 48",
    "status": "feasible",
    "cost": 41230,
    "bound": 40900,
    "gap": 0.008,
    "seconds": 12.4,
    "terms": [
        {"name": "unassigned", "weight": {"normal": 40000}, "amount": {"normal": 1}, "cost": 40000},
        {"name": "travel", "weight": 1, "amount": 1230, "cost": 1230},
    ],
    "assignments": [
        {
            "appointment": "a1",
            "start": "2026-11-23T09:00:00-08:00",
            "end": "2026-11-23T10:30:00-08:00",
            "team": "alpha",
            "users": ["ana"],
            "positions": {"ana": 0},
            "resources": [{"resource": "van", "demand": 0, "units": None}],
        }
    ],
    "unassigned": [
        {
            "appointment": "a9",
            "reasons": [{"rule": "availability", "subject": "user:bo", "message": "Bo is away", "blocks_alone": True}],
            "remedies": [{"change": "extend the window to 18:30", "cost_delta": -39980}],
        }
    ],
    "violations": [
        {
            "rule": "overlap",
            "conflict_type": "double_booking",
            "impact_level": "high",
            "appointments": ["p1", "p2"],
            "users": ["ana"],
            "resources": [],
            "teams": [],
            "start": "2026-11-23T09:00:00-08:00",
            "end": "2026-11-23T09:30:00-08:00",
            "amount": 30,
            "message": "Ana is in two places",
        }
    ],
    "solver": {"method": "search", "seed": 0, "workers": 2, "events": [{"seconds": 0.4, "cost": 90210}]},
}


def test_plan_writes_what_it_read() -> None:
    assert json.loads(Plan.parse(FULL).to_json()) == FULL


def test_plan_reads_what_it_wrote(tmp_path: Any) -> None:
    plan = Plan.parse(FULL)
    plan.save(tmp_path / "plan.json")
    assert load_plan(tmp_path / "plan.json") == plan
    assert plan.terms[0].weight == {Priority.NORMAL: 40000}
    assert plan.violations[0].conflict_type is ConflictType.DOUBLE_BOOKING


def test_plan_by_hand_needs_assignments_only() -> None:
    plan = Plan.parse(
        '{"assignments": [{"appointment": "a", "start": "2026-11-23T09:00:00Z", "end": "2026-11-23T10:00:00Z"}]}'
    )
    assert (plan.status, plan.cost, plan.bound, plan.unassigned) == (PlanStatus.UNKNOWN, None, None, ())
    assert (plan.assignments[0].team, plan.assignments[0].users, plan.assignments[0].resources) == (None, (), ())


def test_pinned_resource_serves_no_demand() -> None:
    plan = Plan.parse({"assignments": [{**FULL["assignments"][0], "resources": [{"resource": "van"}]}]})
    assert plan.assignments[0].resources[0].demand is None


def test_times_keep_the_offset_of_their_zone() -> None:
    zone = ZoneInfo("America/Los_Angeles")
    start = instant(minute_of(datetime.fromisoformat("2026-11-01T09:30:00Z")), zone)
    end = instant(minute_of(start) + 60, zone)
    written = json.loads(Plan(assignments=(Assignment(appointment="a", start=start, end=end),)).to_json())
    assert written["assignments"][0]["start"] == "2026-11-01T01:30:00-08:00"
    assert written["assignments"][0]["end"] == "2026-11-01T02:30:00-08:00"


def test_times_in_the_hour_that_comes_twice_are_compared_as_instants() -> None:
    zone = ZoneInfo("America/Los_Angeles")
    start = datetime(2026, 11, 1, 1, 45, tzinfo=zone)
    end = datetime(2026, 11, 1, 1, 15, tzinfo=zone, fold=1)
    assignment = Assignment(appointment="a", start=start, end=end)
    assert assignment.end - assignment.start == timedelta(minutes=30)


@pytest.mark.parametrize(
    ("change", "where", "words"),
    [
        pytest.param({"status": "best"}, "status", "one of optimal, feasible, infeasible, unknown", id="status"),
        pytest.param({"assignment": []}, "assignment", 'Did you mean "assignments"?', id="unknown-field"),
        pytest.param({"cost": 1.5}, "cost", "found 1.5; expected a whole number", id="cost"),
        pytest.param({"gap": float("nan")}, "gap", "found NaN; expected a finite number", id="gap"),
        pytest.param({"seconds": -1}, "seconds", "a number of at least 0", id="seconds"),
        pytest.param(
            {"terms": [{"name": "travel", "weight": "1", "amount": 1, "cost": 1}]},
            "terms[0].weight",
            "a whole number, or an object with one per priority",
            id="weight",
        ),
        pytest.param(
            {"terms": [{"name": "unassigned", "weight": {"top": 1}, "amount": 1, "cost": 1}]},
            "terms[0].weight.top",
            "one of low, normal, high, urgent",
            id="weight-priority",
        ),
        pytest.param(
            {"assignments": [{**FULL["assignments"][0], "end": "2026-11-23T09:00:00-08:00"}]},
            "assignments[0].end",
            "a time after the start",
            id="empty-assignment",
        ),
        pytest.param(
            {"assignments": [{"appointment": "a", "start": "2026-11-23T09:00:00Z"}]},
            "assignments[0].end",
            "found nothing",
            id="end-missing",
        ),
        pytest.param(
            {"assignments": FULL["assignments"] * 2},
            "assignments[1].appointment",
            'found "a1" again; expected every appointment once. It is assignments[0].appointment already.',
            id="assigned-twice",
        ),
        pytest.param(
            {"unassigned": [{"appointment": "a1"}]},
            "unassigned[0].appointment",
            "It is assignments[0].appointment already.",
            id="assigned-and-not",
        ),
    ],
)
def test_fault_of_a_plan(change: dict[str, Any], where: str, words: str) -> None:
    with pytest.raises(InvalidPlan) as caught:
        Plan.parse({**FULL, **change})
    assert [fault.where for fault in caught.value.faults] == [where]
    assert words in str(caught.value)


def test_text_that_is_no_plan_is_refused() -> None:
    with pytest.raises(InvalidPlan, match="The plan has 1 fault:"):
        Plan.parse("[]")
