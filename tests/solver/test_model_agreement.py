"""The model beside `check` and beside brute force, on random problems with every rule and term."""

import random

import pytest
from hypothesis import given, settings

from models.problem import Problem
from solver.assemble import assemble
from solver.check import check
from solver.cpsat.price import price
from solver.instance import Solution
from solver.lower import lower
from solver.model import ModelStatus, solve_model
from tests.brute_force import TooManyPlansError, best_plan
from tests.factories import Json
from tests.solver.modelled import plan_of
from tests.strategies import problems, random_problem

ON_ROUTES = ("locations", "depots", "waiting", "max_waiting", "flexible_break", "current", "pinned")
SEEDS = {
    "anything": (range(24), ()),
    "routes": (range(100, 108), ON_ROUTES),
    "groups": (range(200, 208), ("teams", "resources", "buffers", "capacity_limit", "current", "pinned")),
    "links": (range(300, 308), ("links", "clients", "continuity", "mandatory", "user_lists")),
}
CASES = [
    pytest.param(seed, features, id=f"{name} {seed}") for name, (seeds, features) in SEEDS.items() for seed in seeds
]


def agrees(document: Json, deterministic_seconds: float) -> None:
    """Solve a problem and compare with `check`: nothing is broken, and the cost is the same."""
    problem = Problem.parse(document)
    instance = lower(problem)
    nothing: Solution = [None] * len(instance.tasks)
    result = solve_model(
        instance,
        range(len(instance.tasks)),
        nothing,
        hint=nothing,
        seconds=60,
        deterministic_seconds=deterministic_seconds,
    )
    if result.status == ModelStatus.UNKNOWN:  # presolve alone may take the time of a small limit
        return
    assert result.solution is not None
    report = check(problem, plan_of(problem, instance, result.solution))
    broken = [violation for violation in report.violations if violation.rule != "mandatory"]
    assert not broken
    assert len(report.violations) == sum(
        instance.tasks[index].mandatory for index, place in enumerate(result.solution) if place is None
    )
    assert report.cost == result.cost == price(instance, result.solution)
    assert result.bound is None or result.bound <= report.cost
    assert result.status != ModelStatus.OPTIMAL or (result.exact and result.bound == report.cost)


@settings(max_examples=60, deadline=None)
@given(problems("tiny"))
def test_tiny_plans_are_as_good_as_check_says(document: Json) -> None:
    agrees(document, deterministic_seconds=5)


@settings(max_examples=25, deadline=None)
@given(problems("small"))
def test_small_plans_are_as_good_as_check_says(document: Json) -> None:
    agrees(document, deterministic_seconds=2)


@pytest.mark.parametrize("name", SEEDS)
def test_medium_plans_are_as_good_as_check_says(name: str) -> None:
    agrees(random_problem(1, 24, SEEDS[name][1]), deterministic_seconds=3)


@pytest.mark.parametrize(("seed", "features"), CASES)
def test_optimum_equals_brute_force(seed: int, features: tuple[str, ...]) -> None:
    problem = Problem.parse(random_problem(seed, "tiny", features))
    instance = lower(problem)
    result = solve_model(instance, range(len(instance.tasks)), [None] * len(instance.tasks), seconds=10)
    try:
        best = best_plan(problem, 3000)
    except TooManyPlansError:
        pytest.skip("more plans than can be tried")
    assert result.cost is not None
    if result.exact:
        assert (result.mandatory_out, result.cost) == (best.mandatory_out, best.cost)
    else:
        assert (result.mandatory_out, result.cost) >= (best.mandatory_out, best.cost)


@pytest.mark.parametrize("seed", range(400, 416))
def test_optimum_beside_fixed_tasks_equals_brute_force(seed: int) -> None:
    # Tasks are placed one by one, which is seldom best; then two of them are freed.
    problem = Problem.parse(random_problem(seed, "tiny", ("links", "mandatory")))
    instance = lower(problem)
    draw = random.Random(seed)
    loose = [index for index, task in enumerate(instance.tasks) if task.pinned is None]
    draw.shuffle(loose)
    solution = [task.pinned for task in instance.tasks]
    for index in loose:
        placed = solve_model(instance, [index], solution, seconds=10)
        assert placed.solution is not None
        solution = placed.solution
    free = loose[:2]
    result = solve_model(instance, free, solution, seconds=10, hint=solution)
    standing = {one.appointment: one for one in assemble(problem, instance, solution)}
    held = {instance.tasks[index].id: standing.get(instance.tasks[index].id) for index in loose[2:]}
    best = best_plan(problem, held=held)
    assert (result.mandatory_out, result.cost) == (best.mandatory_out, best.cost)
