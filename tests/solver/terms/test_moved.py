from tests.factories import Json, appointment, current, position, problem, user
from tests.solver.plans import lowered, placed, shares, term


def booked(weight: int = 30) -> Json:
    items = [appointment("a", current=current("mon 09:00", "ana"), crew=[position()]), appointment("b")]
    return problem(users=[user("ana"), user("bo")], appointments=items, weights={"moved": weight})


def test_present_start_costs_nothing_whoever_comes() -> None:
    assert term("moved", booked(), placed("a", "mon 09:00", "bo"), placed("b", "mon 12:00")).cost == 0


def test_other_start_costs_once_however_far() -> None:
    for start in ("mon 09:01", "mon 20:00"):
        cost = term("moved", booked(), placed("a", start, "ana"))
        assert (cost.weight, cost.amount, cost.cost) == (30, 1, 30)
    assert shares("moved", booked(), placed("a", "mon 20:00", "ana")) == {"a": 30}


def test_task_prices_its_move() -> None:
    a, b = lowered(booked()).tasks
    assert (a.start_cost(540), a.start_cost(541), b.start_cost(0)) == (0, 30, 0)
    assert lowered(booked(0)).tasks[0].moved_weight == 0
