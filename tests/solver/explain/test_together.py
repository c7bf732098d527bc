"""Explaining in several processes says what explaining in one says."""

import pytest

from benchmarks.explain_problems import overbooked
from models.problem import Problem
from solver.explain import together
from solver.explain.standing import Standing
from solver.explain.together import explain_together
from solver.explain.unassigned import explain_left_out
from solver.solve import Options, solve


@pytest.fixture
def standing() -> Standing:
    """A plan that leaves more out than one process explains at first."""
    problem = Problem.parse(overbooked(2))
    found = Standing.of(problem, solve(problem, Options(workers=1, max_iterations=300)))
    assert found.solution.count(None) > together.PROBES + 1
    return found


def test_processes_say_what_one_says(standing: Standing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(together, "WORTHWHILE_SECONDS", 0.0)
    monkeypatch.setattr(together, "SHARE", 1)
    told: list[tuple[int, int]] = []
    found = explain_together(standing, workers=2, on_progress=lambda *done: told.append(done))
    alone = explain_left_out(standing)
    assert found == alone
    assert told[-1] == (len(alone), len(alone))
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_little_work_stays_here(standing: Standing) -> None:
    key = explain_left_out(standing, remedies=False)[-1].appointment
    (explanation,) = explain_together(standing, [key], workers=2)
    assert explanation.appointment == key
