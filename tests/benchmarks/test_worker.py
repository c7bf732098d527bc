from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import engine
from benchmarks.engine import EngineEntry, EngineEvent, EngineResult, Json, Unsupported, engines, register
from benchmarks.generate import core, write
from benchmarks.worker import Request, perform
from models.plan import Plan, load_plan
from models.problem import Problem
from solver.check import check

ONE = {
    "version": 1,
    "horizon": {"start": "2026-01-05T00:00:00Z", "end": "2026-01-06T00:00:00Z"},
    "users": [{"id": "ana"}],
    "appointments": [
        {"id": "a", "duration_minutes": 60, "crew": [{}], "preferred_start": "2026-01-05T09:00:00Z"},
        {"id": "b", "duration_minutes": 60, "crew": [{}], "mandatory": True},
    ],
}
REQUEST = Request("tidyplan", "core", "core-12-1", None, None, 0.5, 1, 0)


Perform = Callable[[EngineResult | None], Json]


class Answers:
    """An engine that says what it is told to."""

    def __init__(self, result: EngineResult | None) -> None:
        self.result = result

    def solve(self, document: Json, seconds: float, workers: int, seed: int) -> EngineResult:
        if self.result is None:
            raise Unsupported("the engine knows no beds (appointments[0].bed)")
        return self.result


def plan(**starts: int) -> Plan:
    return Plan.parse(
        {
            "assignments": [
                {
                    "appointment": key,
                    "start": f"2026-01-05T{hour:02}:00:00+00:00",
                    "end": f"2026-01-05T{hour + 1:02}:00:00+00:00",
                    "users": ["ana"],
                    "positions": {"ana": 0},
                    "resources": [],
                }
                for key, hour in starts.items()
            ],
            "unassigned": [{"appointment": key, "reasons": [], "remedies": []} for key in "ab" if key not in starts],
        }
    )


@pytest.fixture
def perform_with(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Perform:
    monkeypatch.setattr(engine, "_ENTRIES", engines())
    path = tmp_path / "one.json"
    write(ONE, path)

    def performed(result: EngineResult | None) -> Json:
        register(EngineEntry("answers", "what the test wants", lambda variant: Answers(result)))
        return perform(replace(REQUEST, engine="answers", suite="file", case="one", path=str(path)))

    return performed


def test_perform_measures_a_run_and_saves_its_plan(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    result = perform(replace(REQUEST, plan=str(path)))
    assert result["status"] in ("optimal", "feasible")
    report = check(Problem.parse(core(12, 1)), load_plan(path))
    assert (result["cost"], result["violations"]) == (report.cost, 0)
    assert result["events"][-1][1] == result["cost"] == result["value"] == result["stated_cost"]
    assert result["appointments"] == 12
    assert result["seconds"] > 0
    assert result["cpu_seconds"] > 0
    assert result["peak_memory_mb"] > 10


@pytest.mark.parametrize(
    ("starts", "bound", "status"),
    [
        ({"a": 9, "b": 11}, None, "feasible"),
        ({"a": 9, "b": 11}, 0, "optimal"),
        ({"a": 9, "b": 11}, 1, "wrong bound"),
        ({"a": 9, "b": 9}, 0, "wrong"),
        ({"a": 9}, 0, "incomplete"),
    ],
    ids=["feasible", "optimal", "wrong bound", "wrong", "incomplete"],
)
def test_perform_judges_a_plan_whatever_the_engine_says(
    perform_with: Perform, starts: dict[str, int], bound: int | None, status: str
) -> None:
    result = perform_with(EngineResult(plan(**starts), 0, bound, (EngineEvent(0.1, 0),)))
    assert result["status"] == status
    assert result["stated_cost"] == 0


def test_perform_says_what_an_engine_cannot_state(perform_with: Perform) -> None:
    result = perform_with(None)
    assert result == {
        "status": "unsupported",
        "message": "the engine knows no beds (appointments[0].bed)",
        "appointments": 2,
        "users": 1,
    }


def test_perform_without_a_plan_has_none_to_judge(perform_with: Perform) -> None:
    result = perform_with(EngineResult(None, None, None))
    assert (result["status"], result["events"]) == ("no plan", [])


@pytest.mark.parametrize(
    ("changed", "status", "message"),
    [
        ({"case": "core-x"}, "refused", "core-x"),
        ({"suite": "file", "path": "nowhere.json"}, "refused", "nowhere.json"),
        ({"engine": "sundial"}, "unavailable", "sundial: there is no such engine"),
    ],
    ids=["case", "file", "engine"],
)
def test_perform_of_what_is_not_there_says_so(changed: Json, status: str, message: str) -> None:
    result = perform(replace(REQUEST, **changed))
    assert result["status"] == status
    assert message in result["message"]
