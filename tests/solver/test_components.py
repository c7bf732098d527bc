"""Which tasks can be planned apart."""

from typing import Any

import pytest

from models.problem import Problem
from solver.components import components
from solver.lower import lower
from tests.factories import Json, appointment, link, problem, resource, rule, team, user


def groups(**parts: Any) -> list[list[int]]:
    return components(lower(Problem.parse(problem(**parts))))


def own(ident: str, who: str, **fields: Any) -> Json:
    """An appointment for one person."""
    return appointment(ident, crew=[{}], users={"allowed": [who]}, **fields)


PAIR = {"users": [user("u0"), user("u1")], "appointments": [own("a", "u0"), own("b", "u1"), own("c", "u0")]}


def test_people_who_share_nothing_part() -> None:
    assert groups(**PAIR) == [[0, 2], [1]]


def test_no_tasks_are_no_groups() -> None:
    assert groups() == []


@pytest.mark.parametrize(
    "weights", [{"max_lateness": 1}, {"workload_balance": 1}, {"labor_cost": 1}, {"continuity": 1}], ids=str
)
def test_terms_of_the_whole_plan_join(weights: Json) -> None:
    assert groups(**PAIR, weights=weights) == [[0, 1, 2]]


def test_limit_of_the_organization_joins() -> None:
    assert groups(**PAIR, rules=[rule("capacity_limit", parameters={"max_per_day": 2})]) == [[0, 1, 2]]


@pytest.mark.parametrize(
    ("parts", "more"),
    [
        ({"resources": [resource("r")]}, {"resources": [{"resource": "r"}]}),
        ({"teams": [team("t", "u0", "u1")]}, {"team": {"any_of": ["t"]}}),
    ],
    ids=["resource", "team"],
)
def test_what_is_shared_joins(parts: Json, more: Json) -> None:
    people = [user("u0"), user("u1")]
    assert groups(users=people, appointments=[own("a", "u0"), own("b", "u1")], **parts) == [[0], [1]]
    assert groups(users=people, appointments=[own("a", "u0", **more), own("b", "u1", **more)], **parts) == [[0, 1]]


def test_links_join() -> None:
    people = [user("u0"), user("u1")]
    assert groups(users=people, appointments=[own("a", "u0"), own("b", "u1", after=[link("a")])]) == [[0, 1]]


def test_pinned_work_belongs_to_those_who_do_it() -> None:
    at = {"start": "2026-11-23T09:00:00Z", "users": ["u0", "u1"]}
    rows = [own("a", "u0"), own("b", "u1"), appointment("p", current=at, pinned=True)]
    assert groups(users=[user("u0"), user("u1")], appointments=rows) == [[0, 1, 2]]
