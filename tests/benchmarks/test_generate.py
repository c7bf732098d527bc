import json
import os
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from benchmarks.families.core import RESOURCE_LOAD, RESOURCE_WEEK_MINUTES, USER_LOAD, USER_WEEK_MINUTES
from benchmarks.generate import FAMILIES, Json, core, main, write
from models.problem import Problem, load_problem
from solver.solve import Options, solve

SIZE = 4000
EXAMPLES = os.environ.get("TIDYPLAN_EXAMPLES")


@pytest.fixture(scope="module")
def large() -> Json:
    return core(SIZE, 1)


def shares(rows: list[Json], key: Callable[[Json], Any]) -> dict[Any, float]:
    return {value: count / len(rows) for value, count in Counter(map(key, rows)).items()}


def crew_size(row: Json) -> int:
    return int(row["crew"][0]["count"])


def skills_asked(row: Json) -> int:
    return len(row["crew"][0]["skills"])


def demand(row: Json) -> str:
    return row["resources"][0]["resource_type"] if "resources" in row else ""


def hours_of_first_window(row: Json) -> tuple[str, str]:
    return row["windows"][0]["start"][11:16], row["windows"][0]["end"][11:16]


def hours_into_window(row: Json) -> int:
    preferred = datetime.fromisoformat(row["preferred_start"])
    same_day = [w for w in row["windows"] if datetime.fromisoformat(w["start"]).date() == preferred.date()]
    return int((preferred - datetime.fromisoformat(same_day[0]["start"])).total_seconds()) // 3600


APPOINTMENT_SHARES: list[tuple[str, Callable[[Json], Any], dict[Any, float]]] = [
    ("duration", lambda a: a["duration_minutes"], {30: 1 / 8, 45: 1 / 8, 60: 1 / 4, 90: 1 / 4, 120: 1 / 8, 180: 1 / 8}),
    ("priority", lambda a: a["priority"], {"normal": 0.6, "high": 0.2, "urgent": 0.2}),
    ("crew", crew_size, {1: 0.8, 2: 0.2}),
    ("skills", skills_asked, {0: 0.25, 1: 0.5, 2: 0.25}),
    ("demand", demand, {"": 0.5, "vehicle": 0.25, "equipment": 0.25}),
    ("days", lambda a: len(a["windows"]), {1: 7 / 12, 2: 5 / 36, 3: 5 / 36, 5: 5 / 36}),
    ("hours", hours_of_first_window, {("08:00", "18:00"): 3 / 4, ("08:00", "12:00"): 1 / 8, ("12:00", "18:00"): 1 / 8}),
    ("preferred", hours_into_window, dict.fromkeys(range(6), 1 / 6)),
]
USER_SHARES: list[tuple[str, Callable[[Json], Any], dict[Any, float]]] = [
    ("skills", lambda u: len(u["skills"]), dict.fromkeys((2, 3, 4), 1 / 3)),
    ("hours", lambda u: u["max_hours_per_week"], dict.fromkeys((32, 38, 40), 1 / 3)),
    ("days", lambda u: len(u["availability"]), {5: 0.9, 4: 0.1}),
    ("lunches", lambda u: len(u["unavailable"]), {5: 1.0}),
]


@pytest.mark.parametrize(
    ("key", "expected"), [case[1:] for case in APPOINTMENT_SHARES], ids=[case[0] for case in APPOINTMENT_SHARES]
)
def test_core_draws_appointments_by_the_shares_of_the_family(
    large: Json, key: Callable[[Json], Any], expected: dict[Any, float]
) -> None:
    assert shares(large["appointments"], key) == pytest.approx(expected, abs=0.03)


@pytest.mark.parametrize(("key", "expected"), [case[1:] for case in USER_SHARES], ids=[case[0] for case in USER_SHARES])
def test_core_draws_users_by_the_shares_of_the_family(
    large: Json, key: Callable[[Json], Any], expected: dict[Any, float]
) -> None:
    assert shares(large["users"], key) == pytest.approx(expected, abs=0.12)


@pytest.mark.parametrize("size", [200, 1000])
def test_core_has_people_and_resources_for_its_work(size: int) -> None:
    document = core(size, 3)
    crew_minutes = sum(row["duration_minutes"] * crew_size(row) for row in document["appointments"])
    assert len(document["users"]) == round(crew_minutes / (USER_LOAD * USER_WEEK_MINUTES))
    for kind in ("vehicle", "equipment"):
        minutes = sum(row["duration_minutes"] for row in document["appointments"] if demand(row) == kind)
        held = [row for row in document["resources"] if row["resource_type"] == kind]
        assert len(held) == round(minutes / (RESOURCE_LOAD * RESOURCE_WEEK_MINUTES))


def test_core_is_a_problem_whose_preferred_starts_lie_on_the_grid() -> None:
    problem = Problem.parse(core(300, 5))
    assert len(problem.appointments) == 300
    preferred = [appointment.preferred_start for appointment in problem.appointments]
    assert {start is not None and start.minute % problem.step_minutes == 0 for start in preferred} == {True}


def test_core_is_the_same_for_the_same_seed_only() -> None:
    assert core(50, 1) == core(50, 1)
    assert core(50, 1)["appointments"] != core(50, 2)["appointments"]


@pytest.mark.parametrize("size", [0, 1, 2])
def test_core_of_next_to_nothing_is_planned(size: int) -> None:
    plan = solve(Problem.parse(core(size, 0)), Options(time_limit_seconds=5, workers=1, max_iterations=100))
    assert len(plan.assignments) + len(plan.unassigned) == size
    assert plan.violations == ()


def test_families_are_written_so_that_they_can_be_read(tmp_path: Path) -> None:
    for family, generate in FAMILIES.items():
        path = tmp_path / f"{family}.json"
        write(generate(20, 7), path)
        assert load_problem(path) == Problem.parse(generate(20, 7))


def test_generate_command_writes_a_family_and_refuses_an_unknown_one(tmp_path: Path) -> None:
    app = typer.Typer()
    app.command()(main)
    path = tmp_path / "p.json"
    assert CliRunner().invoke(app, ["core", "5", "2", "-o", str(path)]).exit_code == 0
    assert json.loads(path.read_text()) == core(5, 2)
    assert CliRunner().invoke(app, ["moon", "5", "2", "-o", str(path)]).exit_code == 2


@pytest.mark.skipif(EXAMPLES is None, reason="TIDYPLAN_EXAMPLES names no folder")
@pytest.mark.parametrize("size", [200, 1000, 4000])
def test_core_is_as_large_and_as_priced_as_the_example_of_its_size(size: int) -> None:
    example = json.loads((Path(EXAMPLES or "") / f"core-{size}.json").read_text())
    document = core(size, 1)
    assert document.keys() == example.keys()
    for field in ("version", "timezone", "step_minutes", "horizon", "weights"):
        assert document[field] == example[field]
    for field in ("users", "resources"):
        assert len(document[field]) == pytest.approx(len(example[field]), rel=0.1, abs=1)
