"""`tidyplan suggest`, as a dispatcher types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from models.plan import Plan
from models.problem import Problem
from models.suggestion import Suggestions
from solver.check import check
from tests.factories import Json, appointment, at, hours, position, problem, resource, user
from tests.service.test_cli import invoke, save
from tests.solver.plans import placed


def office() -> Json:
    """Two people on a Monday and a Tuesday, one visit that stands and one that waits."""
    return problem(
        horizon={"start": at("mon 00:00"), "end": at("tue 24:00")},
        users=[
            user("u1", "windows", name="Ana", availability=hours("09:00", "11:00")),
            user("u2", name="Bo", availability=hours("09:00", "10:00")),
        ],
        resources=[resource("van-1", "vehicle")],
        appointments=[
            appointment("v1", client="Alvarez", title="Deep clean", crew=[position()]),
            appointment("v2", client="Becker", title="Windows", crew=[position("windows")]),
        ],
        weights={"preferred_time": 1},
    )


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    plan = {"assignments": [placed("v1", "mon 09:00", "u1")], "unassigned": [{"appointment": "v2"}]}
    return save(tmp_path / "problem.json", office()), save(tmp_path / "plan.json", plan)


def test_slots_are_listed_with_their_people_costs_and_points(files: tuple[Path, Path]) -> None:
    code, out, _ = invoke("suggest", *files, "-m", 60, "--skill", "windows", "--preferred", "2026-11-23T09:30", "-n", 2)
    assert code == 0
    assert [line.rstrip() for line in out.splitlines() if line.strip()] == [
        "Slots for a new appointment, 60 min",
        "     when                      cost   with whom, and what speaks for and against it",
        " ──────────────────────────────────────────────────────────────────────────────────",
        " 1   Mon 23 Nov 10:00–11:00      30   Ana (u1)",
        "                                      30 min after the preferred start",
        " 2   Tue 24 Nov 09:00–10:00   1,410   Ana (u1)",
        "                                      23 h 30 min after the preferred start",
        "3 starts are possible; the 2 cheapest that lie apart are shown: --limit and --spread show others.",
    ]


def test_an_appointment_that_stands_shows_where(files: tuple[Path, Path]) -> None:
    code, out, _ = invoke("suggest", *files, "--appointment", "v1")
    assert code == 0
    assert "Slots for Alvarez, Deep clean · 60 min" in out
    assert "now   Mon 23 Nov 09:00–10:00      0   Ana (u1)" in out


def test_moves_are_listed_beneath_the_slot(files: tuple[Path, Path]) -> None:
    wish = ("--skill", "windows", "--until", "2026-11-23T10:00", "--with-moves", 1)
    code, out, _ = invoke("suggest", *files, "-m", 60, *wish)
    assert code == 0
    assert "if v1 (Alvarez) " in out
    assert "No start is possible without moves." in out


def test_no_slot_has_a_reason_and_its_own_exit_code(files: tuple[Path, Path]) -> None:
    code, out, _ = invoke("suggest", *files, "-m", 60, "--skill", "widows")
    assert code == 1
    assert 'None. Nobody has the skill "widows". Did you mean "windows"?' in out


def test_json_is_what_the_model_reads_and_books(files: tuple[Path, Path], tmp_path: Path) -> None:
    request = {"duration_minutes": 60, "crew": [{}], "resources": [{"resource_type": "vehicle"}]}
    code, out, _ = invoke("suggest", *files, save(tmp_path / "request.json", request), "--json")
    assert code == 0
    found = Suggestions.model_validate_json(out)
    assert json.loads(out)["suggestions"][0]["resources"] == [{"resource": "van-1", "demand": 0, "units": None}]
    document = office()
    document["appointments"].append(request | {"id": "request"})
    plan = Plan.parse(files[1].read_bytes())
    booked = Plan(assignments=(*plan.assignments, found.suggestions[0].assignment()), unassigned=plan.unassigned)
    assert check(Problem.parse(document), booked).valid


def test_a_date_alone_is_its_whole_day_on_the_wall_that_is_asked_for(files: tuple[Path, Path]) -> None:
    _, out, _ = invoke("suggest", *files, "-m", 60, "--from", "2026-11-24", "--until", "2026-11-24", "--json")
    assert {slot.start.day for slot in Suggestions.model_validate_json(out).suggestions} == {24}
    zone = ("--time-zone", "Asia/Kathmandu", "--until", "2026-11-23T14:45")
    _, out, _ = invoke("suggest", *files, "-m", 60, *zone)
    assert "There" not in out
    assert invoke("suggest", *files, "-m", 60, *zone)[0] == 1  # 14:45 there is 09:00 here


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "nothing says what the slots are for"),
        (["-m", 60, "-a", "v2"], "several options say what the slots are for"),
        (["-a", "v2", "--skill", "windows"], "--skill describe a new request"),
        (["-a", "v23"], 'Did you mean "v2"?'),
        (["-m", 60, "--user", "u9"], "suggest:users.allowed[0]"),
        (["-m", 60, "--resource", "vehicles"], "suggest:resources[0].resource"),
        (["-m", 60, "--location", "mars"], "There are no locations."),
        (["-m", 60, "--at", "here"], "latitude and longitude in degrees"),
        (["-m", 60, "--at", "97.0,12"], "suggest:coordinates.latitude"),
        (["-m", 60, "--from", "soon"], "suggest:--from"),
        (["-m", 60, "--from", "2026-11-24", "--until", "2026-11-23"], "Swap from and until."),
        (["-m", 60, "--time-zone", "Europe/Berlyn"], "Europe/Berlin"),
        (["nowhere.json"], "there is no such file"),
    ],
)
def test_faults_are_told_with_what_to_do(files: tuple[Path, Path], arguments: list[object], told: str) -> None:
    code, out, err = invoke("suggest", *files, *arguments)
    assert code == 2
    assert out == ""
    assert told in err


def test_a_request_file_shows_all_its_faults(files: tuple[Path, Path], tmp_path: Path) -> None:
    wrong = save(tmp_path / "request.json", {"duration_minutes": "60", "crw": [], "windows": [{"start": "x"}]})
    code, _, err = invoke("suggest", *files, wrong)
    assert code == 2
    assert "4 faults" in err
    assert 'Did you mean "crew"?' in err


def test_a_plan_of_another_problem_is_refused(files: tuple[Path, Path], tmp_path: Path) -> None:
    other = save(tmp_path / "other.json", {"assignments": [placed("v9", "mon 09:00", "u1")]})
    code, _, err = invoke("suggest", files[0], other, "-m", 60)
    assert code == 2
    assert "assignments[0].appointment" in err


def test_texts_of_files_do_not_control_the_terminal(files: tuple[Path, Path], tmp_path: Path) -> None:
    document = office()
    document["users"][0]["name"] = "Ana\x1b[31m"
    code, out, _ = invoke("suggest", save(tmp_path / "evil.json", document), files[1], "-m", 60, "--skill", "windows")
    assert code == 0
    assert "\x1b[31m" not in out
