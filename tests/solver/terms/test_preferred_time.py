from tests.factories import Json, appointment, at, problem
from tests.solver.plans import lowered, placed, shares, term


def at_ten(weight: int = 3) -> Json:
    items = [appointment("a", preferred_start=at("mon 10:00")), appointment("b")]
    return problem(appointments=items, weights={"preferred_time": weight})


def test_preferred_start_costs_nothing() -> None:
    assert term("preferred_time", at_ten(), placed("a", "mon 10:00"), placed("b", "mon 03:00")).cost == 0


def test_minutes_before_and_after_cost_alike() -> None:
    for start in ("mon 09:40", "mon 10:20"):
        cost = term("preferred_time", at_ten(), placed("a", start))
        assert (cost.weight, cost.amount, cost.cost) == (3, 20, 60)
        assert shares("preferred_time", at_ten(), placed("a", start)) == {"a": 60}


def test_task_prices_its_start() -> None:
    task, other = lowered(at_ten()).tasks
    assert [task.start_cost(start) for start in (580, 600, 620)] == [60, 0, 60]
    assert other.start_cost(0) == 0


def test_no_weight_is_not_lowered() -> None:
    assert lowered(at_ten(0)).tasks[0].preferred_weight == 0
