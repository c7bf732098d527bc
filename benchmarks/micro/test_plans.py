"""Between solutions and plans, and the judgement of a plan."""

from __future__ import annotations

from benchmarks.micro.planned import Bench, Planned
from models.plan import Plan
from solver.assemble import assemble, read_solution
from solver.check import check


def test_assemble(benchmark: Bench, case: Planned) -> None:
    """Write a solution as assignments."""
    written = benchmark(assemble, case.problem, case.instance, case.solution)
    assert tuple(written) == case.plan.assignments


def test_read_solution(benchmark: Bench, case: Planned) -> None:
    """Read a plan as a solution."""
    found = benchmark(read_solution, case.problem, case.instance, case.plan)
    assert len(found) == len(case.solution)


def test_check(benchmark: Bench, case: Planned) -> None:
    """Find all violations and the cost of a plan."""
    assert benchmark(check, case.problem, case.plan).valid


def test_parse_plan(benchmark: Bench, case: Planned) -> None:
    """Read plan.json."""
    assert benchmark(Plan.parse, case.plan.to_json()) == case.plan
