from tests.factories import Json, appointment, current, position, problem, user
from tests.solver.plans import lowered, placed, shares, term


def booked(weight: int = 30) -> Json:
    two: Json = {"crew": [position(count=2)]}
    items = [
        appointment("a", current=current("mon 09:00", "ana", "bo"), **two),
        appointment("b", current=current("mon 12:00"), users={"preferred": ["ana"]}, **two),
        appointment("c", **two),
    ]
    users = [user(key) for key in ("ana", "bo", "cy", "di")]
    return problem(users=users, appointments=items, weights={"reassigned": weight, "preferred_users": 7})


def test_same_users_cost_nothing_whenever_they_come() -> None:
    assert term("reassigned", booked(), placed("a", "mon 20:00", "bo", "ana")).cost == 0


def test_each_new_user_costs() -> None:
    stops = [
        placed("a", "mon 09:00", "ana", "cy"),
        placed("b", "mon 12:00", "ana", "bo"),
        placed("c", "mon 15:00", "cy", "di"),
    ]
    cost = term("reassigned", booked(), *stops)
    assert (cost.weight, cost.amount, cost.cost) == (30, 3, 90)
    assert shares("reassigned", booked(), *stops) == {"a": 30, "b": 60}


def test_task_prices_new_users_beside_those_not_preferred() -> None:
    a, b, c = lowered(booked()).tasks
    assert [a.user_cost(user) for user in range(4)] == [0, 0, 30, 30]
    assert [b.user_cost(user) for user in range(4)] == [30, 37, 37, 37]
    assert c.outsiders == lowered(booked(0)).tasks[0].outsiders == []
