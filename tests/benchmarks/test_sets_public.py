import os

import pytest

from benchmarks.case import DATA_VARIABLE
from benchmarks.sets.suites import PUBLIC, suite
from models.problem import Problem
from solver.solve import Options, solve

pytestmark = pytest.mark.skipif(not os.environ.get(DATA_VARIABLE), reason=f"{DATA_VARIABLE} names no folder")

ROUNDED = 0.05  # half of the last digit of a published bound


@pytest.mark.parametrize("family", PUBLIC)
def test_every_instance_is_a_problem_with_a_best_known_objective(family: str) -> None:
    opened = suite(family)
    assert opened.names()
    for name in opened.names():
        case = opened.load(name)
        problem = Problem.parse(case.document)
        assert (case.family, case.name, problem.name) == (family, name, name)
        assert case.best_known is not None
        assert case.objective is not None
        assert case.lower_bound is None or case.lower_bound <= case.best_known + ROUNDED


def test_most_of_uhhc_fits_and_the_rest_has_reasons() -> None:
    opened = suite("uhhc")
    assert len(opened.names()) >= 2 * len(opened.left_out())
    assert all("workload_balance" in why for why in opened.left_out().values())


@pytest.mark.parametrize(
    ("family", "name"), [("hhcrsp", "A1"), ("hhcrsp", "A3"), ("smptsp", "data_2_24_40_33"), ("uhhc", "D1")]
)
def test_small_instance_is_solved_to_the_best_known_objective(family: str, name: str) -> None:
    case = suite(family).load(name)
    plan = solve(Problem.parse(case.document), Options(time_limit_seconds=30, workers=1))
    published = case.value(plan)
    assert plan.status == "optimal"
    assert published.breaches == ()
    assert published.value == pytest.approx(case.best_known, abs=0.001)
    if case.exact:
        assert plan.cost == published.value == case.bound(plan)
    else:  # three times the objective in tenths, and what rounding travel up adds
        assert plan.cost is not None
        assert 0 <= plan.cost / 30 - published.value <= len(plan.assignments) * 0.1


def test_softly_priced_instance_is_planned_by_the_rules_of_its_authors() -> None:
    case = suite("uhhc").load("i-116")
    published = case.value(solve(Problem.parse(case.document), Options(time_limit_seconds=8, workers=1)))
    assert published.breaches == ()
    assert case.best_known is not None
    assert published.value < 2 * case.best_known
