from collections import Counter
from datetime import datetime

import pytest

from benchmarks.families.clinic import clinic
from benchmarks.families.core import USER_WEEK_MINUTES, core, crowded, long
from benchmarks.families.field import field
from benchmarks.generate import FAMILIES, Json
from models.problem import Problem
from solver.solve import Options, solve

BRIEFLY = Options(time_limit_seconds=1, workers=1, max_iterations=50)


def crew_minutes(document: Json) -> int:
    return sum(
        row["duration_minutes"] * sum(p.get("count", 1) for p in row["crew"]) for row in document["appointments"]
    )


def fields_of(document: Json) -> Counter[str]:
    return Counter(field for row in document["appointments"] for field in row)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("size", [1, 2, 137])
def test_family_draws_as_many_appointments_as_asked_and_the_same_again(family: str, size: int) -> None:
    document = FAMILIES[family](size, 4)
    assert len(Problem.parse(document).appointments) == size
    assert document == FAMILIES[family](size, 4)
    assert document != FAMILIES[family](size, 5)
    assert document["name"] == f"{family}-{size}-seed-4"


@pytest.mark.parametrize("family", FAMILIES)
def test_family_has_work_that_can_be_planned_without_a_violation(family: str) -> None:
    plan = solve(Problem.parse(FAMILIES[family](160, 1)), BRIEFLY)
    assert plan.violations == ()
    assert 0 < len(plan.assignments) <= 160


@pytest.mark.parametrize("family", FAMILIES)
def test_family_is_drawn_at_twenty_thousand_appointments_with_people_in_proportion(family: str) -> None:
    small, large = FAMILIES[family](2000, 1), FAMILIES[family](20_000, 1)
    assert len(large["appointments"]) == 20_000
    assert len(large["users"]) == pytest.approx(10 * len(small["users"]), rel=0.1)


def test_crowded_core_asks_for_a_fifth_more_than_the_people_have() -> None:
    document = crowded(1000, 2)
    assert crew_minutes(document) / (len(document["users"]) * USER_WEEK_MINUTES) == pytest.approx(1.2, rel=0.02)
    assert document["appointments"] == core(1000, 2)["appointments"]


def test_long_core_spans_four_weeks_and_takes_about_a_thousand_users() -> None:
    document = long(20_000, 3)
    first, last = (datetime.fromisoformat(document["horizon"][side]) for side in ("start", "end"))
    assert (last - first).days == 26
    assert 900 <= len(document["users"]) <= 1050
    weeks = Counter(
        datetime.fromisoformat(row["windows"][0]["start"]).isocalendar().week for row in document["appointments"]
    )
    assert len(weeks) == 4


def test_field_has_travel_teams_breaks_links_and_work_that_stands() -> None:
    document = field(2000, 1)
    count = fields_of(document)
    assert document["travel"] is not None
    asked = (
        "team",
        "after",
        "current",
        "pinned",
        "resources",
        "users",
        "due",
        "preferred_start",
        "buffer_after_minutes",
    )
    assert all(count[name] >= 20 for name in asked)
    assert {user["start_location"] for user in document["users"]} <= {row["id"] for row in document["locations"]}
    kinds = {rule["rule_type"] for rule in document["rules"]}
    assert kinds >= {"working_hours", "break_time", "blackout", "maintenance", "capacity_limit", "holiday"}


def test_field_with_more_load_has_fewer_people_for_the_same_visits() -> None:
    usual, over = field(600, 1), field(600, 1, 1.2)
    assert len(over["users"]) == pytest.approx(len(usual["users"]) / 1.2, abs=1)
    assert [row["duration_minutes"] for row in over["appointments"]] == [
        row["duration_minutes"] for row in usual["appointments"]
    ]


def test_field_work_that_stands_can_stay() -> None:
    document = field(160, 1)
    for row in document["appointments"]:
        if "current" in row:
            row["pinned"] = True
    assert any("current" in row for row in document["appointments"])
    assert solve(Problem.parse(document), BRIEFLY).violations == ()


def test_clinic_has_two_kinds_of_crew_shared_chairs_and_consultations_after_exams() -> None:
    document = clinic(2000, 1)
    rows = {row["id"]: row for row in document["appointments"]}
    kinds = Counter(tuple(sorted(position["skills"][0] for position in row["crew"])) for row in rows.values())
    assert min(kinds[kind] for kind in (("doctor",), ("nurse",), ("doctor", "nurse"), ())) > 50
    assert {need["units"] for row in rows.values() for need in row["resources"] if "units" in need} == {1}
    followed = Counter(
        (rows[link["appointment"]]["title"], row["title"]) for row in rows.values() for link in row.get("after", ())
    )
    assert set(followed) == {("exam", "consultation"), ("dressing", "dressing")}
    assert fields_of(document)["buffer_before_minutes"] > 50
    assert document["weights"]["continuity"] > 0
