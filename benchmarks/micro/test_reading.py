"""From a file to what the engines see."""

from __future__ import annotations

from benchmarks.micro.planned import Bench, Planned
from models.calendars import Calendars
from models.problem import Problem
from models.timegrid import TimeGrid
from solver.kernel.pack import pack
from solver.lower import lower


def test_parse(benchmark: Bench, case: Planned) -> None:
    """Read and validate problem.json."""
    assert benchmark(Problem.parse, case.raw) == case.problem


def test_calendars(benchmark: Bench, case: Planned) -> None:
    """Find when everybody and everything is available."""
    problem, grid = case.problem, TimeGrid.of(case.problem)

    def available() -> int:
        calendars = Calendars(problem, grid.start, grid.end)
        spans = [calendars.available("user", user.id) for user in problem.users]
        spans += [calendars.available("resource", resource.id) for resource in problem.resources]
        return sum(map(len, spans))

    assert benchmark(available) > len(problem.users)


def test_lower(benchmark: Bench, case: Planned) -> None:
    """Make the Instance of a problem, calendars included."""
    assert len(benchmark(lower, case.problem).tasks) == len(case.problem.appointments)


def test_pack(benchmark: Bench, case: Planned) -> None:
    """Write the Instance as the arrays of the kernel."""
    assert len(benchmark(pack, case.instance).tasks) == len(case.instance.tasks)
