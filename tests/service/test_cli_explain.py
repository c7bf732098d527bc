"""`tidyplan explain`: what is printed of each kind, JSON, and errors that say what to do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from models.explanation import AssignmentExplanation, Explanation
from tests.factories import Json, appointment, at, position, problem, resource, span, user
from tests.service.test_cli import invoke, save
from tests.solver.plans import placed

NINE: Json = {"windows": [span("mon 09:00", "mon 10:00")]}


def week() -> Json:
    """One who can clean, and what is left out for each of three causes."""
    return problem(
        users=[user("ana", "clean", name="Ana"), user("bo", name="Bo", unavailable=[span("mon 00:00", "mon 24:00")])],
        resources=[resource("van", "vehicle", name="Van 1")],
        weights={"preferred_time": 1, "preferred_users": 60},
        appointments=[
            appointment("a1", title="Deep clean", client="Alvarez", crew=[position("clean")], priority="high", **NINE),
            appointment("a2", crew=[position("clean")], client="Becker", **NINE),
            appointment("a3", crew=[position("paint")], **NINE),
            appointment("a4", users={"preferred": ["bo"]}, crew=[position()], unassigned_weight=5),
            appointment("a5", crew=[position("clean")], preferred_start=at("mon 09:00")),
        ],
    )


def plan() -> Json:
    return {"assignments": [placed("a1", "mon 09:00", "ana"), placed("a5", "mon 10:00", "ana")]}


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    return save(tmp_path / "problem.json", week()), save(tmp_path / "plan.json", plan())


def test_all_that_is_left_out_is_explained(files: tuple[Path, Path]) -> None:
    code, out, _ = invoke("explain", *files)
    assert code == 0
    assert "Becker (a2), 60 min · Mon 23 Nov 09:00–10:00 · normal" in out
    assert "blocked by others: it would have a place without them" in out
    assert "Ana (ana) is busy with a1 (high) 09:00–10:00 on Monday 23 November." in out
    assert "In the way is a1 (high, worth 160,000)." in out
    assert "To make room, leave out a1 (high): the plan would cost 120,000 more." in out
    assert "impossible by itself: it would have no place even in an empty plan" in out
    assert "−40,000 Let Ana (ana) learn paint" not in out  # she is busy then
    assert "lost in the trade-off: it has a place, which costs more than it is worth" in out
    assert "There it would add preferred users 60; leaving it out costs 5." in out


def test_remedies_are_shown_with_their_effect_and_the_place(files: tuple[Path, Path]) -> None:
    _, out, _ = invoke("explain", *files, "a2")
    words = " ".join(out.split())
    assert "helps −40,000 Start 60 minutes earlier, Monday 23 November at 08:00." in words
    assert "Then Mon 23 Nov 08:00–09:00 with Ana." in words
    assert "a3" not in out


def test_without_remedies_only_causes_are_told(files: tuple[Path, Path]) -> None:
    code, out, _ = invoke("explain", *files, "--no-remedies")
    assert code == 0
    assert "is busy with a1" in out
    assert "helps" not in out
    assert "To make room" not in out


def test_nothing_that_helps_is_said(files: tuple[Path, Path]) -> None:
    _, out, _ = invoke("explain", *files, "a3")
    assert "changes that were looked at helps." in out


def test_place_of_an_appointment_is_explained(files: tuple[Path, Path]) -> None:
    code, out, _ = invoke("explain", *files, "a5")
    assert code == 0
    assert "its share of the cost is 60: preferred time 60." in " ".join(out.split())
    assert "Open places" in out
    assert "+0 Mon 23 Nov 08:00–09:00 with Ana" in out
    assert "−60 Mon 23 Nov 09:00–10:00 with Ana  preferred time −60" in out


def test_json_is_one_object_that_the_models_read(files: tuple[Path, Path]) -> None:
    code, out, _ = invoke("explain", *files, "a2", "a5", "--json")
    assert code == 0
    document = json.loads(out)
    (left_out,) = (Explanation.model_validate(entry) for entry in document["unassigned"])
    (stands,) = (AssignmentExplanation.model_validate(entry) for entry in document["assigned"])
    assert (left_out.appointment, left_out.kind, stands.appointment) == ("a2", "blocked", "a5")
    assert left_out.remedies[0].patch[0].path == "/appointments/1/windows"


def test_complete_plan_has_nothing_to_explain(tmp_path: Path) -> None:
    small = save(tmp_path / "problem.json", problem(appointments=[appointment("a")]))
    done = save(tmp_path / "plan.json", {"assignments": [placed("a", "mon 09:00")]})
    code, out, _ = invoke("explain", small, done)
    assert code == 0
    assert out.startswith("Nothing is left out")


def test_unknown_appointment_is_named_with_those_that_are_near(files: tuple[Path, Path]) -> None:
    code, out, errors = invoke("explain", *files, "a55", "a2")
    assert (code, out) == (2, "")
    assert "problem.json:appointments" in errors
    assert 'found     "a55"' in errors
    assert "expected  the id of an appointment of the problem, such as a1" in errors
    assert 'advice    Did you mean "a5"?' in errors


def test_plan_that_breaks_a_rule_is_exit_code_1(files: tuple[Path, Path]) -> None:
    broken = plan()
    broken["assignments"].append(placed("a2", "mon 09:00", "ana"))
    code, out, errors = invoke("explain", files[0], save(files[1], broken))
    assert (code, out) == (1, "")
    assert "plan.json:assignments[0]" in errors
    assert "expected  a plan that keeps the rule overlap" in errors
    assert "tidyplan check shows all that it breaks" in errors


def test_plan_of_another_problem_is_exit_code_2(files: tuple[Path, Path]) -> None:
    strange = save(files[1], {"assignments": [placed("visit", "mon 09:00")]})
    code, _, errors = invoke("explain", files[0], strange)
    assert code == 2
    assert 'found     "visit"' in errors


def test_faults_of_both_files_are_told_at_once(tmp_path: Path) -> None:
    code, _, errors = invoke("explain", tmp_path / "none.json", save(tmp_path / "plan.json", {"version": 2}))
    assert code == 2
    assert "none.json: there is no such file" in errors
    assert "plan.json:version" in errors
