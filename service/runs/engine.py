"""The search engine is loaded once in a process, so that no run pays for it with its time."""

from functools import cache
from importlib import import_module

from models.problem import Problem
from solver.progress import Options
from solver.solve import solve

_TINY = {
    "horizon": {"start": "2026-01-05T00:00:00Z", "end": "2026-01-06T00:00:00Z"},
    "users": [{"id": "u"}],
    "appointments": [{"id": "a", "duration_minutes": 60, "crew": [{}]}],
}


@cache
def load_engine() -> None:
    """Plan one appointment: that loads all that is compiled."""
    import_module("solver.portfolio")  # loads the kernel before the clock of a solve runs
    solve(Problem.parse(_TINY), Options(time_limit_seconds=60.0, workers=1))
