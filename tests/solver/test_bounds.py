"""Bounds that a comment can derive, and bounds beside the best plans of all."""

import pytest
from hypothesis import given, settings

from benchmarks.families.core import core
from models.problem import Problem
from solver.bounds import is_impossible, separate_bound
from solver.bounds.lagrangian import LagrangianBound
from solver.lower import lower
from tests.brute_force import TooManyPlansError, best_plan
from tests.factories import Json, appointment, at, position, problem, span, user
from tests.strategies import problems


def bound(document: Json) -> int:
    """The bound of a problem."""
    return separate_bound(lower(Problem.parse(document)))


def test_nothing_to_do_costs_nothing() -> None:
    assert bound(problem()) == 0


def test_impossible_appointment_costs_its_weight() -> None:
    needs = appointment("a", crew=[position("windows")], unassigned_weight=700)
    assert bound(problem(users=[user("u")], appointments=[needs])) == 700


def test_window_away_from_the_preferred_start_costs_the_distance() -> None:
    # the window ends at 12:00, so an hour's work starts at 11:00 at the latest, two hours before 13:00
    far = appointment("a", crew=[{}], windows=[span("mon 08:00", "mon 12:00")], preferred_start=at("mon 13:00"))
    weights = {"preferred_time": 3}
    assert bound(problem(users=[user("u")], appointments=[far], weights=weights)) == 3 * 120


def test_lateness_that_no_start_avoids_is_counted() -> None:
    # it cannot end before 09:00, an hour after it is due
    late = appointment("a", crew=[{}], windows=[span("mon 08:00", "mon 12:00")], due=at("mon 08:00"))
    assert bound(problem(users=[user("u")], appointments=[late], weights={"lateness": 2})) == 2 * 60


def test_pinned_appointment_costs_what_it_costs() -> None:
    held = {"start": at("mon 10:00"), "users": ["u"]}
    fixed = appointment("a", crew=[{}], current=held, pinned=True, preferred_start=at("mon 08:00"))
    assert bound(problem(users=[user("u")], appointments=[fixed], weights={"preferred_time": 1})) == 120


@pytest.mark.parametrize(
    ("fields", "impossible"),
    [
        ({"crew": [position("windows")]}, True),
        ({"crew": [position("home")]}, False),
        ({"windows": [span("mon 08:00", "mon 08:30")]}, True),
        ({"windows": [span("mon 08:00", "mon 09:00")]}, False),
        ({"resources": [{"resource_type": "room"}]}, True),
    ],
    ids=["no skill", "skill", "short window", "window just long enough", "no resource"],
)
def test_impossible_by_itself(fields: Json, impossible: bool) -> None:
    instance = lower(Problem.parse(problem(users=[user("u", "home")], appointments=[appointment("a", 60, **fields)])))
    assert is_impossible(instance, instance.tasks[0]) is impossible


@settings(max_examples=30, deadline=None)
@given(problems("tiny"))
def test_bound_is_below_the_best_plan(document: Json) -> None:
    try:
        best = best_plan(Problem.parse(document), 400)
    except TooManyPlansError:
        return
    assert bound(document) <= best.cost
    instance = lower(Problem.parse(document))
    climber = LagrangianBound(instance)
    climber.improve(best.cost + 1, 100)
    assert climber.improve(2 * best.cost + 100, 100) <= best.cost


def test_prices_find_that_one_of_two_is_left_out() -> None:
    # one user has one hour for two appointments of an hour
    hour = [span("mon 08:00", "mon 09:00")]
    both = [appointment(name, 60, crew=[{}], windows=hour, unassigned_weight=900) for name in "ab"]
    climber = LagrangianBound(lower(Problem.parse(problem(users=[user("u")], appointments=both))))
    assert climber.bound == 0
    assert climber.improve(900, 300) == 900


def test_prices_that_have_climbed_too_far_are_forgotten() -> None:
    instance = lower(Problem.parse(core(60, 1)))
    wild, sober = LagrangianBound(instance), LagrangianBound(instance)
    first = wild.improve(10**8, 100)
    assert 0.98 * sober.improve(900_000, 5_000) <= wild.improve(900_000, 5_000)
    assert wild.bound >= first
