"""Runs with made-up results, for the tests of what is computed from them."""

from __future__ import annotations

from typing import Any

from benchmarks.result_file import Run

Events = list[tuple[float, int]]


def done(
    events: Events,
    *,
    case: str = "core-10-1",
    engine: str = "tidyplan",
    seed: int = 0,
    seconds: float = 10.0,
    value: float | None = None,
    best_known: float | None = None,
    **result: Any,
) -> Run:
    """Make a valid run whose last event is its plan."""
    cost = events[-1][1]
    filled = {
        "status": "feasible",
        "cost": cost,
        "value": float(cost) if value is None else value,
        "events": [list(event) for event in events],
        "seconds": seconds,
        "bound": None,
        "best_known": best_known,
        "unit": "cost",
        "peak_memory_mb": 100.0,
        "appointments": 10,
        "assigned": 9,
        "users": 3,
    }
    about = {
        "when": "2026-11-22T10:00:00+00:00",
        "commit": "abc",
        "machine": {"cpu": "slow", "cpus": 2, "platform": "Linux", "python": "3.11", "load_before": 0.5},
        "versions": {"tidyplan": "0.1.0"},
    }
    return Run(engine, case.split("-")[0], case, seed, seconds, 2, filled | result, about)


def undone(status: str, *, case: str = "core-10-1", engine: str = "tidyplan", seed: int = 0, message: str = "") -> Run:
    """Make a run without a valid plan."""
    result = {"status": status, "message": message, "appointments": 10, "users": 3}
    return Run(engine, case.split("-")[0], case, seed, 10.0, 2, result)
