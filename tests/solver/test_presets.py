"""Each preset does what it promises, where another one does not."""

from models.enums import WeightPreset
from models.plan import Plan
from models.presets import weighed
from models.problem import Problem
from solver.solve import Options, solve
from tests.factories import Json, appointment, at, current, problem, user

QUICK = Options(time_limit_seconds=20.0, workers=1, max_iterations=200)
SERVICE, COST, STABILITY, FAIR = WeightPreset


def planned(document: Json, preset: WeightPreset) -> Plan:
    plan = solve(weighed(Problem.parse(document | {"weights": {}}), preset), QUICK)
    assert not plan.unassigned
    return plan


def crews(plan: Plan) -> dict[str, tuple[str, ...]]:
    return {assignment.appointment: assignment.users for assignment in plan.assignments}


def booked() -> Json:
    """An hour that stands with Ana, who earns ten times what Bo does."""
    visit = appointment("a", crew=[{}], current=current("mon 10:00", "ana"))
    return problem(users=[user("ana", hourly_cost=100), user("bo", hourly_cost=10)], appointments=[visit])


def two_at_ten() -> Json:
    """Two hours that are both wanted at ten, and two people."""
    visits = [appointment(key, crew=[{}], preferred_start=at("mon 10:00")) for key in "ab"]
    return problem(users=[user("ana"), user("bo")], appointments=visits)


def test_stability_keeps_what_cost_would_change() -> None:
    assert crews(planned(booked(), COST)) == {"a": ("bo",)}
    plan = planned(booked(), STABILITY)
    assert crews(plan) == {"a": ("ana",)}
    assert [assignment.start.isoformat() for assignment in plan.assignments] == [at("mon 10:00")]


def test_stability_makes_room_for_work_that_would_be_left_out() -> None:
    # `a` may be at ten or at eleven; `b` only at ten, where `a` stands
    visits = [
        appointment("a", crew=[{}], current=current("mon 10:00", "ana"), windows=[hour(10, 12)]),
        appointment("b", crew=[{}], windows=[hour(10, 11)], priority="low"),
    ]
    plan = planned(problem(users=[user("ana")], appointments=visits), STABILITY)
    assert {assignment.appointment: assignment.start.hour for assignment in plan.assignments} == {"a": 11, "b": 10}


def test_service_keeps_the_hour_that_cost_would_move() -> None:
    served = planned(two_at_ten(), SERVICE)
    assert {assignment.start.hour for assignment in served.assignments} == {10}
    # one person less is worth more than an hour of deviation
    thrifty = planned(two_at_ten(), COST)
    assert len({assignment.users for assignment in thrifty.assignments}) == 1


def test_service_keeps_a_client_with_one_person() -> None:
    visits = [appointment(f"{client}{k}", crew=[{}], client=client) for client in "xy" for k in range(2)]
    plan = planned(problem(users=[user("ana"), user("bo")], appointments=visits), SERVICE)
    by_client = {key[0]: {people for other, people in crews(plan).items() if other[0] == key[0]} for key in crews(plan)}
    assert {client: len(people) for client, people in by_client.items()} == {"x": 1, "y": 1}


def test_fair_shares_the_hours_that_cost_gives_to_one() -> None:
    visits = [appointment(key, crew=[{}]) for key in "ab"]
    document = problem(users=[user("ana"), user("bo")], appointments=visits)
    assert len(set(crews(planned(document, COST)).values())) == 1
    assert len(set(crews(planned(document, FAIR)).values())) == 2


def hour(start: int, end: int) -> Json:
    return {"start": at(f"mon {start}:00"), "end": at(f"mon {end}:00")}
