"""Random problems are valid, repeatable, and meet every rule and term."""

from itertools import chain

import pytest

from models.enums import RuleType
from models.problem import Problem, Weights
from tests.brute_force import best_plan
from tests.factories import Json, appointment, at, problem
from tests.random_draw import SIZES
from tests.strategies import random_problem

SEEDS = range(60)


@pytest.fixture(scope="module")
def drawn() -> list[Json]:
    return [random_problem(seed, "small") for seed in SEEDS]


@pytest.mark.parametrize("size", SIZES)
def test_problems_are_valid_at_every_size(size: str) -> None:
    low, high = SIZES[size].appointments
    for seed in range(20):
        assert low <= len(Problem.parse(random_problem(seed, size)).appointments) <= high


def test_same_seed_gives_the_same_problem() -> None:
    assert random_problem(7, "small") == random_problem(7, "small")
    assert random_problem(7, "small") != random_problem(8, "small")


def test_every_rule_type_that_binds_plans_occurs(drawn: list[Json]) -> None:
    met = {rule["rule_type"] for document in drawn for rule in document["rules"]}
    assert met == set(RuleType) - {RuleType.CANCELLATION}


def test_every_term_is_switched_on_somewhere(drawn: list[Json]) -> None:
    met = {term for document in drawn for term, weight in document["weights"].items() if weight}
    assert met == set(Weights.model_fields)


def test_every_field_of_an_appointment_is_used(drawn: list[Json]) -> None:
    items = list(chain.from_iterable(document["appointments"] for document in drawn))
    fields = {field for item in items for field, value in item.items() if value}
    assert {"windows", "due", "team", "crew", "users", "resources", "location", "after", "client"} <= fields
    assert {"mandatory", "current", "pinned", "unassigned_weight", "buffer_before_minutes"} <= fields


def test_named_features_are_always_there() -> None:
    assert all("now" in random_problem(seed, "tiny", ["now"]) for seed in range(10))


def test_best_plan_of_two_rivals_for_an_hour() -> None:
    # Nobody has to share anything but the organization, which serves one at a time: 60 minutes are missed once.
    items = [appointment(name, preferred_start=at("mon 09:00")) for name in "ab"]
    limit = {"id": "one", "rule_type": "capacity_limit", "is_global": True, "parameters": {"max_concurrent": 1}}
    best = best_plan(Problem.parse(problem(appointments=items, rules=[limit], weights={"preferred_time": 1})))
    assert (best.mandatory_out, best.cost) == (0, 60)
