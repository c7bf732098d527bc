"""`tidyplan repair`: what it reads, writes and says."""

import json
from pathlib import Path
from typing import Any

import pytest

from models.plan import Plan, load_plan
from models.problem import load_problem
from tests.factories import Json, at
from tests.service.test_cli import invoke, save
from tests.service.week import plan, week

AWAY = ("--absent", "ana:mon 11:00..13:00")  # the deep clean of two, which moves to Tuesday or later


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    return save(tmp_path / "problem.json", week()), save(tmp_path / "plan.json", plan())


def answered(*arguments: object) -> Json:
    code, out, _ = invoke("repair", *arguments, "--json")
    assert code == 0
    document: Json = json.loads(out)
    return document


def test_repair_tells_what_happened_and_what_has_changed(files: tuple[Path, Path]) -> None:
    code, out, _ = invoke("repair", *files, *AWAY)
    assert code == 0
    lines = [line.strip() for line in out.splitlines()]
    assert "Ana Reyes (ana) is away on Mon 23 Nov 11:00–13:00." in lines
    assert "Cannot stay as planned: Ana Reyes is not there" in lines
    row = next(line for line in lines if line.startswith("Becker (pair), Deep clean"))
    assert row.endswith("same")  # people; the rest is in the next line
    assert "changed     1 appointment" in lines
    assert "untouched   3 appointments, to the minute" in lines
    assert "Nothing is written. Add -o repaired.json to keep the plan, or --in-place." in lines


def test_repaired_plan_and_changed_problem_are_written(files: tuple[Path, Path], tmp_path: Path) -> None:
    before = [path.read_text() for path in files]
    code, out, _ = invoke("repair", *files, *AWAY, "-o", tmp_path / "repaired.json")
    assert code == 0
    changed = tmp_path / "repaired.problem.json"
    assert f"tidyplan check {changed} {tmp_path / 'repaired.json'}" in out
    assert invoke("check", changed, tmp_path / "repaired.json")[0] == 0
    assert [path.read_text() for path in files] == before
    # the next repair knows of this one
    assert len(load_problem(changed).users_by_id["ana"].unavailable) == 1


def test_in_place_keeps_copies_of_both_files(files: tuple[Path, Path]) -> None:
    before = [path.read_text() for path in files]
    for number, name in enumerate(("bak", "bak2")):
        code, _, err = invoke("repair", *files, *AWAY, "--in-place")
        assert code == 0
        copies = [path.with_name(f"{path.name}.{name}") for path in files]
        assert all(str(copy) in err.replace("\n", "") for copy in copies)
        if number == 0:
            assert [copy.read_text() for copy in copies] == before
    assert invoke("check", *files)[0] == 0


def test_json_has_the_plan_and_every_change(files: tuple[Path, Path]) -> None:
    found = answered(*files, *AWAY)
    (change,) = found["changes"]
    assert (change["appointment"], change["kind"], change["affected"]) == ("pair", "moved", True)
    assert change["before"]["start"] == at("mon 11:00").replace("+00:00", "Z")
    assert (found["changed"], found["moved"], found["reassigned"], found["least_changes"]) == (1, 1, 0, 1)
    assert found["proved"] is True
    assert Plan.parse(found["plan"]).cost == found["plan"]["cost"]


def test_events_are_made_in_the_order_in_which_they_are_typed(files: tuple[Path, Path]) -> None:
    new = json.dumps({"id": "new", "duration_minutes": 30, "crew": [{}]})
    found = answered(*files, "--urgent", new, "--longer", "new:15", "--now", "mon 08:00")
    assert found["told"] == [
        "It is Mon 23 Nov 08:00",
        "new is new, 30 min, urgent",
        "new takes 15 min longer, 45 min in all",
    ]


def test_every_fault_of_the_events_is_shown(files: tuple[Path, Path]) -> None:
    code, out, err = invoke("repair", *files, "--absent", "anna", "--down", "van:tomorrowish")
    assert (code, out) == (2, "")
    assert "--absent anna" in err
    assert 'Did you mean "ana"?' in err
    assert "--down van:tomorrowish" in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("-o", "plan.json"), "this is an input"),
        (("-o", "out.json", "--in-place"), "one of them"),
        (("-o", "nowhere/out.json"), "does not exist"),
    ],
)
def test_files_in_the_way_are_refused_first(
    files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(files[0].parent)
    code, out, err = invoke("repair", "problem.json", "plan.json", *AWAY, *words)
    assert (code, out) == (2, "")
    assert said in err


def test_plan_of_another_problem_is_refused(files: tuple[Path, Path]) -> None:
    strange: dict[str, Any] = plan()
    strange["assignments"][0]["users"] = ["nobody"]
    save(files[1], strange)
    code, _, err = invoke("repair", *files, *AWAY)
    assert code == 2
    assert "assignments[0].users[0]" in err


def test_preset_weighs_the_repair_and_is_not_written(files: tuple[Path, Path], tmp_path: Path) -> None:
    out = tmp_path / "repaired.json"
    open_week = week()
    open_week["weights"] = {"travel": 1}
    save(files[0], open_week)
    code, said, _ = invoke("repair", *files, *AWAY, "-o", out, "--weights", "stability")
    assert code == 0
    assert "--weights stability" in said
    assert {term.name: term.cost for term in load_plan(out).terms}["moved"] == 3_000
    changed = tmp_path / "repaired.problem.json"
    assert json.loads(changed.read_text())["weights"] == {"travel": 1}  # the default, but stated
    assert invoke("check", changed, out, "--weights", "stability")[0] == 0


def test_mandatory_work_without_a_place_is_an_exit_code(files: tuple[Path, Path]) -> None:
    strict = week()
    strict["appointments"][1]["mandatory"] = True
    save(files[0], strict)
    assert invoke("repair", *files, "--absent", "ana")[0] == 1


def test_help_has_every_event_and_question() -> None:
    code, out, _ = invoke("repair", "--help")
    assert code == 0
    assert {"--absent", "--down", "--longer", "--urgent", "--add-user", "--extend-hours"} <= set(out.split())
