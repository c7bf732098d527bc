"""Larger problems from a folder that `TIDYPLAN_EXAMPLES` names: planned soundly, as an independent check agrees."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models.problem import load_problem
from solver.check import check
from solver.solve import Options, solve
from tests.factories import Json

FOLDER = os.environ.get("TIDYPLAN_EXAMPLES")
FILES = sorted(Path(FOLDER).glob("*.json")) if FOLDER else []


@pytest.mark.skipif(not FILES, reason="TIDYPLAN_EXAMPLES names no folder of problems")
@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.stem))
def test_example_is_planned_soundly(file: Path, independent: Callable[[Json, Json], Any]) -> None:
    problem = load_problem(file)
    plan = solve(problem, Options(time_limit_seconds=4.0, workers=2))
    assert check(problem, plan).violations == ()
    told = [bool(entry.reasons) for entry in plan.unassigned]
    assert any(told) or not told  # a busy machine may leave the cheaper ones unexplained
    judge = independent(json.loads(file.read_text()), json.loads(plan.to_json()))
    assert sum(judge.run().values()) == plan.cost
    pinned = {key for key, entry in judge.app.items() if entry.get("pinned")}
    assert [entry for entry in judge.bad if not (entry[1] and set(entry[1]) <= pinned)] == []
    assert (plan.bound or 0) <= (plan.cost or 0)
