"""`tidyplan weights`, `--weights` and `--compare`."""

import json
from pathlib import Path
from typing import Any

import pytest

from models.plan import load_plan
from models.presets import PRESETS
from models.problem import Problem, Weights
from tests.factories import Json, at, problem
from tests.service.test_cli import LEFT_OUT, invoke, save
from tests.service.test_cli_solve import QUICK, crowded
from tests.service.week import placed, plan, week


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path, Path]:
    """A problem, its plan by hand, and another: one hour later on Monday, and without the hall."""
    later = plan()["assignments"]
    later[1] = placed("pair", "mon 12:00", "mon 14:00", "ana", "bo")
    other = plan(assignments=later[:3], unassigned=[{"appointment": key} for key in ("out", "hall")])
    return (
        save(tmp_path / "problem.json", week()),
        save(tmp_path / "plan.json", plan()),
        save(tmp_path / "other.json", other),
    )


def compared(*arguments: object) -> Json:
    code, out, _ = invoke("check", *arguments, "--json")
    assert code == 0
    document: Json = json.loads(out)["comparison"]
    return document


def test_comparison_has_every_term_of_both_plans(files: tuple[Path, Path, Path]) -> None:
    found = compared(*files[:2], "--compare", files[2])
    hall = next(row for row in found["terms"] if row.get("key") == "normal")
    assert hall == {
        "name": "unassigned",
        "key": "normal",
        "weight": 40_000,
        "amount": 0,
        "other_amount": 1,
        "cost": 0,
        "other_cost": 40_000,
        "difference": -40_000,
        "better": "this",
    }
    assert (found["cost"], found["other_cost"]) == (LEFT_OUT, LEFT_OUT + 40_000)
    assert sum(row["difference"] for row in found["terms"]) == found["difference"] == -40_000
    assert found["better"] == "this"
    assert found["this"] == {"assigned": 4, "unassigned": 1, "moved": 0, "reassigned": 0, "violations": 0}
    assert found["other"]["assigned"] == 3
    assert found["changes"] == {"same": 2, "other_time": 1, "other_place": 0, "only_this": 1, "only_other": 0}


def test_comparison_the_other_way_round_has_the_opposite_signs(files: tuple[Path, Path, Path]) -> None:
    one, other = compared(*files[:2], "--compare", files[2]), compared(files[0], files[2], "--compare", files[1])
    assert other["difference"] == -one["difference"]
    assert (one["better"], other["better"]) == ("this", "other")
    assert other["changes"]["only_other"] == one["changes"]["only_this"]


def test_plan_beside_itself_is_even(files: tuple[Path, Path, Path]) -> None:
    found = compared(*files[:2], "--compare", files[1])
    assert found["better"] == "even"
    assert {row["better"] for row in found["terms"]} == {"even"}
    assert found["changes"] == {"same": 4, "other_time": 0, "other_place": 0, "only_this": 0, "only_other": 0}


def test_other_people_are_another_place(files: tuple[Path, Path, Path]) -> None:
    swapped = [placed("solo", "mon 09:00", "mon 10:00", "bo"), *plan()["assignments"][1:]]
    save(files[2], plan(assignments=swapped))
    assert compared(*files[:2], "--compare", files[2])["changes"]["other_place"] == 1


def test_plan_with_violations_loses_whatever_it_costs(files: tuple[Path, Path, Path]) -> None:
    clash = [*plan()["assignments"], placed("out", "mon 08:00", "mon 09:00", "bo")]  # Bo begins at nine
    save(files[2], plan(assignments=clash, unassigned=[]))
    code, out, _ = invoke("check", *files[:2], "--compare", files[2])
    assert code == 0
    assert "This plan is better: it has no violations." in out


def test_comparison_is_a_table_with_winners(files: tuple[Path, Path, Path]) -> None:
    code, out, _ = invoke("check", *files[:2], "--compare", files[2])
    assert code == 0
    assert "Beside other.json" in out
    row = next(line for line in out.splitlines() if line.strip().startswith("unassigned, normal") and "-40,000" in line)
    assert row.split()[-1] == "this"
    assert "This plan is better, by 40,000." in out
    assert "Appointments: 2 alike in both, 1 at another time, 1 only in this plan." in out


def test_strange_plan_is_refused(files: tuple[Path, Path, Path]) -> None:
    save(files[2], plan(assignments=[placed("stranger", "mon 09:00", "mon 10:00", "ana")]))
    code, _, err = invoke("check", *files[:2], "--compare", files[2])
    assert code == 2
    assert f"{files[2]}:assignments[0].appointment" in err


def test_solve_compares_with_an_old_plan(files: tuple[Path, Path, Path]) -> None:
    code, out, _ = invoke("solve", files[0], "--compare", files[2], *QUICK)
    assert code == 0
    assert "Beside other.json" in out
    assert "This plan is better, by" in out
    _, out, _ = invoke("solve", files[0], "--compare", files[2], "--json", *QUICK)
    document = json.loads(out)
    assert document["comparison"]["cost"] == document["plan"]["cost"]


def test_batch_is_not_compared(files: tuple[Path, Path, Path], tmp_path: Path) -> None:
    second = save(tmp_path / "second.json", crowded())
    code, out, err = invoke("solve", files[0], second, "--compare", files[2], *QUICK)
    assert (code, out) == (2, "")
    assert "one plan is compared with one plan" in err


def visits(**weights: Any) -> Json:
    """An hour that is wanted at ten and stands at nine."""
    visit = {"id": "a", "duration_minutes": 60, "crew": [{}], "preferred_start": at("mon 10:00")}
    visit["current"] = {"start": at("mon 09:00"), "users": ["ana"]}
    return problem(users=[{"id": "ana"}], appointments=[visit]) | {"weights": weights}


def test_preset_weighs_what_the_problem_leaves_open(tmp_path: Path) -> None:
    path, out = save(tmp_path / "problem.json", visits()), tmp_path / "plan.json"
    starts = []
    for weights in ("stability", "service"):
        assert invoke("solve", path, "-o", out, "--weights", weights, *QUICK)[0] == 0
        starts.append(load_plan(out).assignments[0].start.hour)
    assert starts == [9, 10]
    # an explicit weight stays on top
    save(path, visits(moved=0))
    assert invoke("solve", path, "-o", out, "--weights", "stability", *QUICK)[0] == 0
    assert load_plan(out).assignments[0].start.hour == 10


def test_check_names_the_preset_of_a_plan(tmp_path: Path) -> None:
    path, out = save(tmp_path / "problem.json", visits()), tmp_path / "plan.json"
    assert invoke("solve", path, "-o", out, "--weights", "stability", *QUICK)[0] == 0
    assert invoke("check", path, out, "--weights", "stability")[0] == 0
    assert load_plan(out).cost == 60
    save(path, visits(preferred_time=2))
    code, said, _ = invoke("check", path, out)
    assert (code, "--weights" in said) == (1, False)
    # an hour of deviation at 5 a minute, where the plan states what it costs at 1
    assert invoke("solve", save(path, visits()), "-o", out, "--weights", "service", *QUICK)[0] == 0
    moved = load_plan(out)
    assert moved.cost == 120
    code, said, _ = invoke("check", path, out)
    assert code == 1
    assert "add --weights service" in said


def test_unknown_preset_is_bad_input(files: tuple[Path, Path, Path]) -> None:
    assert invoke("check", *files[:2], "--weights", "greed")[0] == 2


def test_weights_prints_all_presets() -> None:
    code, out, _ = invoke("weights")
    assert code == 0
    assert all(f"{name}: " in out for name in PRESETS)
    row = next(line.split() for line in out.splitlines() if line.strip().startswith("moved"))
    assert row == ["moved", "30", "120", "10", "3,000", "30"]


@pytest.mark.parametrize("preset", PRESETS)
def test_weights_as_json_can_be_pasted_into_a_problem(preset: str) -> None:
    code, out, _ = invoke("weights", preset, "--json")
    assert code == 0
    assert Problem.parse(problem() | json.loads(out)).weights == PRESETS[preset].weights  # type: ignore[index]  # a StrEnum is its text


def test_weights_of_all_presets_as_json() -> None:
    _, out, _ = invoke("weights", "--json")
    assert {name: Weights.model_validate(weights) for name, weights in json.loads(out).items()} == {
        str(name): preset.weights for name, preset in PRESETS.items()
    }
