"""The demo week is what it says: made by its generator, readable, and as full as a planner's week."""

import runpy
import sys
from collections import Counter
from pathlib import Path

import pytest

from models.enums import Priority, ResourceType, RuleType
from models.problem import Problem, load_problem
from solver.check import check
from solver.solve import Options, solve

EXAMPLES = Path(__file__).parents[1] / "examples"
WEEK = EXAMPLES / "bay-area-week.json"


@pytest.fixture(scope="module")
def week() -> Problem:
    return load_problem(WEEK)


def test_generator_writes_the_file_that_is_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    output = tmp_path / "again.json"
    monkeypatch.setattr(sys, "argv", ["make_bay_area_week.py", str(output)])
    monkeypatch.syspath_prepend(EXAMPLES)
    runpy.run_path(str(EXAMPLES / "make_bay_area_week.py"), run_name="__main__")
    assert output.read_text() == WEEK.read_text()


def test_week_has_one_of_everything(week: Problem) -> None:
    work = week.appointments
    assert (len(week.teams), len(week.users)) == (3, 25)
    assert 150 <= len(work) <= 250
    assert {priority for a in work for priority in [a.priority]} == set(Priority)
    assert {resource.resource_type for resource in week.resources} == {ResourceType.VEHICLE, ResourceType.EQUIPMENT}
    assert {rule.rule_type for rule in week.rules} >= {
        RuleType.WORKING_HOURS,
        RuleType.BREAK_TIME,
        RuleType.HOLIDAY,
        RuleType.MAINTENANCE,
        RuleType.CAPACITY_LIMIT,
        RuleType.ADVANCE_BOOKING,
    }
    traits = Counter(
        trait
        for a in work
        for trait, held in {
            "two people": sum(position.count for position in a.crew) > 1,
            "whole team": a.team is not None and not a.crew,
            "preferred users": bool(a.users.preferred),
            "due": a.due is not None,
            "linked": bool(a.after),
            "current": a.current is not None and not a.pinned,
            "pinned": a.pinned,
            "resources": bool(a.resources),
            "certified": any(position.certifications for position in a.crew),
        }.items()
        if held
    )
    assert min(traits.values()) >= 3
    assert len(traits) == 9
    assert any(user.unavailable for user in week.users)
    assert any(user.overtime_hours_per_week for user in week.users)


def test_coordinates_lie_in_the_bay_area(week: Problem) -> None:
    assert all(37.2 < place.latitude < 38 and -122.6 < place.longitude < -121.8 for place in week.locations)


def test_a_plan_leaves_out_a_handful_and_most_of_it_on_thursday(week: Problem) -> None:
    plan = solve(week, Options(time_limit_seconds=8, workers=2))
    report = check(week, plan)
    assert report.violations == ()
    assert report.excused == ()
    left = [week.appointments_by_id[entry.appointment] for entry in plan.unassigned]
    on_thursday = [a for a in left if {window.start.date().isoformat() for window in a.windows} == {"2026-12-03"}]
    assert 1 <= len(left) <= 12
    assert len(on_thursday) * 2 > len(left)
    assert not [a.id for a in left if a.priority is Priority.URGENT]
