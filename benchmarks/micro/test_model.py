"""Building CP-SAT models: how long it takes before CP-SAT begins."""

from __future__ import annotations

from benchmarks.micro.planned import Bench, Planned, planned
from solver.cpsat.fixed import Fixed
from solver.cpsat.solve import build_model

NEIGHBOURHOOD = 25  # tasks
WHOLE = 200


def test_build_a_neighbourhood(benchmark: Bench, case: Planned) -> None:
    """State some tasks, the rest fixed."""
    free = range(NEIGHBOURHOOD)
    build = benchmark(lambda: build_model(case.instance, Fixed(case.instance, free, case.solution)))
    assert 0 < len(build.tasks) <= NEIGHBOURHOOD


def test_build_a_whole_model(benchmark: Bench) -> None:
    """State every task of the smaller problem."""
    case = planned(WHOLE)
    free = range(len(case.instance.tasks))
    build = benchmark(lambda: build_model(case.instance, Fixed(case.instance, free, case.solution)))
    assert len(build.tasks) + len(build.unplaceable) == len(free)
