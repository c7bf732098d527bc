"""How hot a search begins: by the step of time, and by the price of what greedy leaves out."""

import pytest

from models.problem import Problem
from solver.construct import greedy
from solver.heat import COLD, HOT, temperature_unit, temperatures
from solver.kernel.pack import pack
from solver.lower import lower
from tests.factories import Json, appointment, problem, span, user


def begun(document: Json, moves: float) -> float:
    """The first temperature of a problem."""
    instance = lower(Problem.parse(document))
    packed = pack(instance)
    return temperatures(instance, packed, greedy(instance, packed, 0), moves)[0]


def rivals(count: int, price: int) -> Json:
    """So many appointments for one person and one hour."""
    slot: Json = {"crew": [{}], "windows": [span("mon 10:00", "mon 11:00")], "unassigned_weight": price}
    return problem(users=[user("u")], appointments=[appointment(f"a{i}", **slot) for i in range(count)])


@pytest.mark.parametrize(
    ("weights", "unit"), [({}, 60.0), ({"preferred_time": 3}, 60.0)], ids=["no price of time", "unused price"]
)
def test_unit_is_a_step_at_the_smallest_price_of_time(weights: Json, unit: float) -> None:
    assert temperature_unit(lower(Problem.parse(problem(step_minutes=60, weights=weights)))) == unit


def test_start_is_plain_where_everything_is_placed() -> None:
    assert begun(rivals(1, 10_000), 10**9) == HOT * 60


@pytest.mark.parametrize(("moves", "heat"), [(10**9, 5000.0), (0.0, HOT * 60)], ids=["time enough", "no time"])
def test_start_is_hot_where_something_is_left_out_and_there_is_time(moves: float, heat: float) -> None:
    # half of 10 000, the price of the two that are left out
    assert begun(rivals(3, 10_000), moves) == heat


def test_search_ends_colder_than_it_begins() -> None:
    assert 0 < COLD < HOT
