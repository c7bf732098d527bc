"""Where people travel, a search looks at those who start near a task first; whoever must not be left out is kept."""

from typing import Any

import pytest

from benchmarks.families.field import field
from models.plan import Plan, Unassigned
from models.problem import Problem
from solver.assemble import assemble
from solver.check import check
from solver.construct import greedy
from solver.kernel.arrays import Packed
from solver.kernel.pack import pack
from solver.kernel.plan import cost_of, read_placements
from solver.lower import lower
from solver.nearest import CIRCLES, WIDEST, circle, nearest
from tests.factories import Json, appointment, link, problem, team, user

PLACES = ["here", "near", "far", "farther"]
MINUTES = [[abs(row - column) * 10 for column in range(4)] for row in range(4)]
PEOPLE = [user(home, start_location=home) for home in ("farther", "near", "far")]


def packed(*work: Json, **parts: Any) -> Packed:
    """Work in a world of four places in a row, ten minutes apart, with a person in each but the first."""
    world: Json = {
        "users": PEOPLE,
        "locations": [{"id": place, "latitude": 0, "longitude": 0} for place in PLACES],
        "travel": {"locations": PLACES, "minutes": MINUTES},
    }
    return pack(lower(Problem.parse(problem(appointments=list(work), **(world | parts)))))


def visit(ident: str = "a", **fields: Any) -> Json:
    return appointment(ident, **({"crew": [{}], "location": "here"} | fields))


def candidates(problem_: Packed, task: int = 0, place: int = 0) -> list[str]:
    """Who may fill a position of a task."""
    position = problem_.positions[problem_.tasks["position0"][task] + place]
    return [PEOPLE[index]["id"] for index in problem_.candidates[position["first"] : position["last"]]]


def test_nearest_candidates_stay() -> None:
    assert candidates(nearest(packed(visit()), 2)) == ["near", "far"]


def test_nearest_are_those_of_each_task() -> None:
    narrowed = nearest(packed(visit(), visit("b", location="farther")), 1)
    assert [candidates(narrowed, 0), candidates(narrowed, 1)] == [["near"], ["farther"]]


def test_whoever_is_wished_for_is_near() -> None:
    wish = visit(users={"preferred": ["farther"]})
    assert candidates(nearest(packed(wish, weights={"preferred_users": 1}), 1)) == ["farther"]


@pytest.mark.parametrize(
    "fields",
    [{"mandatory": True}, {"location": None}, {"team": {"any_of": ["t"]}}],
    ids=["mandatory", "anywhere", "of a team"],
)
def test_some_tasks_keep_all_candidates(fields: Json) -> None:
    everybody = team("t", *(one["id"] for one in PEOPLE))
    narrowed = nearest(packed(visit(**fields), visit("b"), teams=[everybody]), 1)
    assert len(candidates(narrowed, 0)) == 3
    assert candidates(narrowed, 1) == ["near"]


def test_tasks_of_one_crew_keep_all_candidates() -> None:
    pair = [visit(), visit("b", location="farther", after=[link("a", same_users=True)])]
    narrowed = nearest(packed(*pair), 1)
    assert [len(candidates(narrowed, task)) for task in (0, 1)] == [3, 3]


def test_equal_positions_stay_a_group() -> None:
    narrowed = nearest(packed(visit(crew=[{"count": 2}])), 2)
    assert narrowed.positions[0] == narrowed.positions[1]


@pytest.mark.parametrize(("most", "parts"), [(3, {}), (1, {"travel": None})], ids=["few candidates", "no travel"])
def test_problem_is_the_same_where_nobody_is_left_out(most: int, parts: Json) -> None:
    whole = packed(visit(), **parts)
    assert nearest(whole, most) is whole


def test_circle_is_made_once() -> None:
    whole = packed(visit())
    assert nearest(whole, 1) is nearest(whole, 1)
    assert nearest(whole, 1) is not nearest(whole, 2)


def test_circle_widens() -> None:
    shares = [0.0, *(until for until, _ in CIRCLES), 1.0]
    widths = [circle(share) for share in shares]
    assert widths == sorted(widths)
    assert widths[-1] == WIDEST


def test_plan_of_the_nearest_is_sound_and_priced_as_ever() -> None:
    item = Problem.parse(field(200, 3))
    instance = lower(item)
    whole = pack(instance)
    assert nearest(whole, circle(0.0)) is not whole
    state = greedy(instance, whole, 0)
    solution = read_placements(whole, state)
    left = tuple(Unassigned(appointment=instance.tasks[i].id) for i, place in enumerate(solution) if place is None)
    report = check(item, Plan(assignments=tuple(assemble(item, instance, solution)), unassigned=left))
    assert report.valid
    assert report.cost == cost_of(whole, state)
