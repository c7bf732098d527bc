from typing import Any

import pytest

from solver.instance import NOWHERE, Placement
from solver.rules.pinned import in_order
from tests.factories import Json, appointment, at, current, position, problem, resource, team, user
from tests.solver.plans import broken, lowered, placed, use

USES = [{"resource": "room", "units": 2}]


def standing(**fields: Any) -> Json:
    stands = current("mon 09:07", "bo", "ana", team="red", resources=USES)
    return problem(
        users=[user("ana", "cook"), user("bo")],
        teams=[team("red", "ana", "bo")],
        resources=[resource("room", capacity=3), resource("hall", capacity=2)],
        appointments=[appointment("a", **{"current": stands, "pinned": True, **fields})],
    )


KEPT = placed("a", "mon 09:07", "ana", "bo", team="red", resources=[use("room", 0, 2)])


def test_what_stays_exactly_is_right() -> None:
    assert broken("pinned", standing(), KEPT) == []


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(placed("a", "mon 09:08"), id="time"),
        pytest.param({"team": None}, id="team"),
        pytest.param({"users": ["ana"]}, id="users"),
        pytest.param({"resources": []}, id="resources"),
        pytest.param({"resources": [use("hall", 0, 2)]}, id="another resource"),
        pytest.param({"resources": [use("room", 0, None)]}, id="units"),
    ],
)
def test_what_changes_is_broken_and_never_excused(change: Json) -> None:
    times = {key: change[key] for key in ("start", "end") if key in change}
    rest = change if "appointment" not in change else times
    assert broken("pinned", standing(), KEPT | rest) == [(("a",), 1)]


def test_what_is_left_out_is_broken() -> None:
    assert broken("pinned", standing()) == [(("a",), 1)]


def test_whole_resource_is_all_its_units() -> None:
    item = standing()
    item["appointments"][0]["current"]["resources"] = [{"resource": "room"}]
    assert broken("pinned", item, KEPT | {"resources": [use("room", 0, 3)]}) == []


def test_current_assignment_that_is_not_pinned_may_change() -> None:
    assert broken("pinned", standing(pinned=False), KEPT | {"users": ["ana"]}) == []
    assert lowered(standing(pinned=False)).tasks[0].pinned is None


def test_what_has_begun_counts_as_pinned() -> None:
    begun = standing(pinned=False) | {"now": at("mon 09:08")}
    assert broken("pinned", begun, KEPT | {"users": ["ana"]}) == [(("a",), 1)]
    assert lowered(begun).tasks[0].pinned is not None
    later = standing(pinned=False) | {"now": at("mon 09:07")}
    assert lowered(later).tasks[0].pinned is None


def test_placement_puts_users_into_positions_and_resources_into_demands() -> None:
    # Users 0 and 1, team 2, resources 3 and 4; only Ana (0) cooks, and only the room (3) can give 3 units.
    crew = [position("cook"), position()]
    needs = [{"resource_type": "room", "units": 3}, {"resource": "hall"}]
    uses = [{"resource": "hall"}, {"resource": "room", "units": 3}]
    stands = current("mon 09:07", "bo", "ana", team="red", resources=uses)
    item = standing(crew=crew, resources=needs, team={"any_of": ["red"]}, current=stands)
    assert lowered(item).tasks[0].pinned == Placement(547, 2, (0, 1), (3, 4), (3, 2))


def test_placement_keeps_what_fits_nothing() -> None:
    assert lowered(standing()).tasks[0].pinned == Placement(547, 2, (1, 0), (3,), (2,))
    item = standing(current=current("mon 09:07"))
    assert lowered(item).tasks[0].pinned == Placement(547, NOWHERE, (), (), ())


def test_resource_that_stands_twice_is_kept_twice() -> None:
    uses = [{"resource": "room", "units": 1}, {"resource": "room", "units": 2}]
    item = standing(current=current("mon 09:07", resources=uses))
    assert lowered(item).tasks[0].pinned == Placement(547, NOWHERE, (), (3, 3), (1, 2))


def test_strangers_fill_the_places_left_and_then_follow() -> None:
    assert in_order([(1, 2), (9,), (2,)], [5, 2, 1, 6]) == (1, 5, 2, 6)
    assert in_order([(9,), (2,)], [2]) == (2,)
