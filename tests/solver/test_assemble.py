import pytest
from hypothesis import given, settings, strategies as st

from models.errors import InvalidPlan
from models.plan import AssignedResource, Assignment, Plan
from models.problem import Problem
from solver.assemble import assemble, read_solution
from solver.instance import NOWHERE, Placement, Solution
from solver.lower import lower
from tests.factories import Json, appointment, at, current, position, problem, resource, team, user
from tests.solver.plans import placed, use
from tests.solver.rough_plans import rough_plan
from tests.strategies import random_problem

ITEM = problem(
    timezone="America/New_York",
    horizon={"start": at("mon 00:00", "America/New_York"), "end": at("tue 00:00", "America/New_York")},
    users=[user("ana", "cook"), user("bo"), user("cy")],
    teams=[team("red", "ana", "bo", "cy")],
    resources=[resource("room", capacity=3), resource("hall", capacity=5)],
    appointments=[
        appointment(
            "a",
            90,
            crew=[position(count=2), position("cook")],
            team={"any_of": ["red"]},
            resources=[{"resource_type": "room", "units": 2}, {"resource": "room"}],
        ),
        appointment("b"),
    ],
)
PLACEMENT = Placement(540, 3, (1, 2, 0), (5, 4), (2, 3))


def solved(raw: Json, solution: Solution) -> list[Assignment]:
    item = Problem.parse(raw)
    return assemble(item, lower(item), solution)


def read(raw: Json, *assignments: Json | Assignment) -> Solution:
    item = Problem.parse(raw)
    return read_solution(item, lower(item), Plan.parse({"assignments": list(assignments)}))


def test_nothing_placed_is_no_assignment() -> None:
    assert solved(ITEM, [None, None]) == []
    assert read(ITEM) == [None, None]


def test_assignment_names_users_positions_demands_and_units_as_asked() -> None:
    (assignment,) = solved(ITEM, [PLACEMENT, None])
    assert assignment.start.isoformat() == "2026-11-23T09:00:00-05:00"
    assert assignment.end.isoformat() == "2026-11-23T10:30:00-05:00"
    assert (assignment.appointment, assignment.team, assignment.users) == ("a", "red", ("bo", "cy", "ana"))
    # The first entry of the crew counts two heads.
    assert assignment.positions == {"bo": 0, "cy": 0, "ana": 1}
    assert assignment.resources == (
        AssignedResource(resource="hall", demand=0, units=2),
        AssignedResource(resource="room", demand=1, units=None),
    )


def test_offset_is_that_of_the_day() -> None:
    zone = "Europe/Berlin"
    october = {"start": "2026-10-24T00:00:00+02:00", "end": "2026-10-26T00:00:00+01:00"}
    item = problem(timezone=zone, horizon=october, appointments=[appointment("a", 120)])
    # The clock goes back at 03:00 on the 25th, 27 hours after the origin: from 02:00+02:00 two hours later it is 03:00.
    (assignment,) = solved(item, [Placement(26 * 60)])
    assert assignment.start.isoformat() == "2026-10-25T02:00:00+02:00"
    assert assignment.end.isoformat() == "2026-10-25T03:00:00+01:00"


def test_reading_orders_users_by_positions_and_resources_by_demands() -> None:
    # Only Ana (0) cooks, in the third place, so Cy moves up; the second entry of the plan meets the first demand.
    stop = placed(
        "a", at("mon 09:00", "America/New_York"), "bo", "ana", "cy",
        minutes=90, team="red", resources=[use("room", 1), use("hall", 0, 2)],
    )  # fmt: skip
    assert read(ITEM, stop) == [PLACEMENT, None]


def test_reading_takes_units_from_the_demands() -> None:
    stop = placed("a", "mon 15:00", resources=[use("hall", 0, 1), use("room", 1, 1)])
    assert read(ITEM, stop) == [Placement(600, NOWHERE, (), (5, 4), (2, 3)), None]


def test_reading_keeps_what_fits_nothing() -> None:
    assert read(ITEM, placed("b", "mon 15:00", "cy", resources=[use("room", 7, 2)])) == [
        None, Placement(600, NOWHERE, (2,), (4,), (2,)),
    ]  # fmt: skip


def test_pinned_resources_keep_their_units_and_have_a_demand_where_they_meet_one() -> None:
    uses = [{"resource": "room"}, {"resource": "hall", "units": 4}]
    stands = current("mon 15:00", resources=uses)
    needs = [{"resource": "hall"}, {"resource": "hall", "units": 1}]
    item = ITEM | {"appointments": [appointment("a", resources=needs, current=stands, pinned=True)]}
    pinned = lower(Problem.parse(item)).tasks[0].pinned
    assert pinned == Placement(600, NOWHERE, (), (5, 4), (4, 3))
    (assignment,) = solved(item, [pinned])
    assert assignment.resources == (
        AssignedResource(resource="hall", demand=0, units=4),
        AssignedResource(resource="room", demand=None, units=None),
    )
    assert read(item, assignment) == [pinned]


@pytest.mark.parametrize(
    ("stop", "where"),
    [
        pytest.param(placed("z", "mon 15:00"), "assignments[0].appointment", id="appointment"),
        pytest.param(placed("a", "mon 15:00", "ana", "z"), "assignments[0].users[1]", id="user"),
        pytest.param(placed("a", "mon 15:00", team="z"), "assignments[0].team", id="team"),
        pytest.param(
            placed("a", "mon 15:00", resources=[use("z")]), "assignments[0].resources[0].resource", id="resource"
        ),
    ],
)
def test_reading_refuses_strangers(stop: Json, where: str) -> None:
    with pytest.raises(InvalidPlan) as caught:
        read(ITEM, stop)
    assert [fault.where for fault in caught.value.faults] == [where]


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), size=st.sampled_from(["tiny", "small", "medium"]))
def test_writing_and_reading_a_solution_keeps_it(seed: int, size: str) -> None:
    raw = random_problem(seed, size)
    item = Problem.parse(raw)
    instance = lower(item)
    solution = read_solution(item, instance, Plan.parse(rough_plan(raw, seed, exact=True)))
    for index, task in enumerate(instance.tasks):
        placement = solution[index]
        if task.pinned is not None and placement is not None:
            solution[index] = task.pinned
        elif placement is not None and (
            len(placement.resources) != len(task.demands) or len(placement.users) < len(task.positions)
        ):
            solution[index] = None
    assert read_solution(item, instance, Plan(assignments=tuple(assemble(item, instance, solution)))) == solution
