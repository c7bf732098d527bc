from typing import Any

import pytest

from models.enums import ConflictType
from tests.factories import Json, appointment, current, problem, resource
from tests.solver.plans import broken, excused, lowered, placed, report, use

ROOM = resource("room", capacity=4, features=["screen", "window"])
VAN = resource("van", "vehicle")


def needing(*demands: Json, **fields: Any) -> Json:
    return problem(resources=[ROOM, VAN], appointments=[appointment("a", resources=list(demands), **fields)])


def two(first: int | None, second: int | None) -> Json:
    return problem(
        resources=[ROOM],
        appointments=[
            appointment("a", resources=[{"resource": "room", "units": first}]),
            appointment("b", resources=[{"resource": "room", "units": second}], buffer_before_minutes=5),
        ],
    )


def together(item: Json, later: str) -> list[Json]:
    uses = [entry["resources"][0]["units"] for entry in item["appointments"]]
    return [
        placed("a", "mon 09:00", resources=[use("room", 0, uses[0])]),
        placed("b", later, resources=[use("room", 0, uses[1])]),
    ]


def test_appointment_without_demands_takes_nothing() -> None:
    assert broken("capacity", needing(), placed("a", "mon 09:00")) == []
    assert broken("capacity", needing(), placed("a", "mon 09:00", resources=[use("van")])) == [(("a",), 1)]


def test_demand_without_resource_is_broken() -> None:
    assert broken("capacity", needing({"resource": "van"}), placed("a", "mon 09:00")) == [(("a",), 1)]


@pytest.mark.parametrize(
    ("demand", "fits"),
    [
        pytest.param({"resource": "room"}, True, id="by name"),
        pytest.param({"resource": "van"}, False, id="another name"),
        pytest.param({"resource_type": "room"}, True, id="by type"),
        pytest.param({"resource_type": "vehicle"}, False, id="another type"),
        pytest.param({"resource_type": "room", "features": ["screen"]}, True, id="features"),
        pytest.param({"resource_type": "room", "features": ["piano"]}, False, id="a missing feature"),
        pytest.param({"resource_type": "room", "min_capacity": 4}, True, id="large enough"),
        pytest.param({"resource_type": "room", "min_capacity": 5}, False, id="too small"),
    ],
)
def test_resource_is_what_the_demand_asks_for(demand: Json, fits: bool) -> None:
    found = broken("capacity", needing(demand), placed("a", "mon 09:00", resources=[use("room")]))
    assert found == ([] if fits else [(("a",), 1)])
    room_fits = lowered(needing(demand)).tasks[0].demands[0].resources[:1] == (0,)
    assert room_fits is fits


def test_one_resource_meets_one_demand() -> None:
    item = needing({"resource_type": "room", "units": 1}, {"resource_type": "room", "units": 1})
    found = broken("capacity", item, placed("a", "mon 09:00", resources=[use("room", 0), use("room", 1)]))
    assert found == [(("a",), 1)]


def test_units_up_to_the_capacity_are_right() -> None:
    assert broken("capacity", two(2, 2), *together(two(2, 2), "mon 09:00")) == []


def test_units_above_the_capacity_are_counted() -> None:
    item = two(3, 2)
    assert broken("capacity", item, *together(item, "mon 09:00")) == [(("a", "b"), 1)]
    assert report(item, *together(item, "mon 09:00")).violations[0].conflict_type is ConflictType.CAPACITY_EXCEEDED


def test_whole_resource_taken_twice_is_a_conflict_of_resources() -> None:
    # b needs the room from 09:55 on; a leaves it at 10:00.
    item = two(None, None)
    assert broken("capacity", item, *together(item, "mon 10:00")) == [(("a", "b"), 4)]
    assert broken("capacity", item, *together(item, "mon 10:05")) == []
    assert report(item, *together(item, "mon 10:00")).violations[0].conflict_type is ConflictType.RESOURCE_CONFLICT


def test_units_are_those_of_the_demand_whatever_the_plan_says() -> None:
    item = two(3, 2)
    a, b = together(item, "mon 09:00")
    a["resources"][0]["units"] = 1
    assert broken("capacity", item, a, b) == [(("a", "b"), 1)]


def test_pinned_units_are_those_it_stands_with() -> None:
    def pin(units: int | None) -> Json:
        return {"current": current("mon 09:00", resources=[{"resource": "room", "units": units}]), "pinned": True}

    def item(units: int | None) -> Json:
        return problem(resources=[ROOM], appointments=[appointment("a", **pin(units)), appointment("b", **pin(2))])

    def stops(units: int | None) -> list[Json]:
        uses = {"a": units, "b": 2}
        return [placed(key, "mon 09:00", resources=[use("room", 0, uses[key])]) for key in "ab"]

    assert excused("capacity", item(2), *stops(2)) == []
    assert excused("capacity", item(3), *stops(3)) == [(("a", "b"), 1)]
    assert excused("capacity", item(None), *stops(None)) == [(("a", "b"), 2)]
    assert broken("capacity", item(None), *stops(None)) == []


def test_demand_gives_the_units_of_each_fitting_resource() -> None:
    item = problem(
        resources=[ROOM, VAN, resource("hall", capacity=9)],
        appointments=[
            appointment("a", resources=[{"resource_type": "room"}, {"resource_type": "room", "units": 5}]),
            appointment("b", resources=[{"resource_type": "room"}]),
        ],
    )
    instance = lowered(item)
    whole, five = instance.tasks[0].demands
    # No users and no teams: resources are subjects 0 to 2.
    assert (whole.resources, whole.units) == ((0, 2), (4, 9))
    assert (five.resources, five.units) == ((2,), (5,))
    assert instance.tasks[1].demands[0] is whole
    assert [subject.capacity for subject in instance.resources] == [4, 1, 9]
