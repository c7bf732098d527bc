from tests.factories import Json, appointment, at, problem
from tests.solver.plans import lowered, placed, shares, term


def due_at_ten(weight: int = 2) -> Json:
    items = [appointment("a", due=at("mon 10:00")), appointment("b", due=at("mon 10:00")), appointment("c")]
    return problem(appointments=items, weights={"lateness": weight})


def test_end_at_the_due_time_is_not_late() -> None:
    assert term("lateness", due_at_ten(), placed("a", "mon 09:00"), placed("c", "mon 20:00")).cost == 0


def test_minutes_after_the_due_time_cost() -> None:
    # a ends 5 minutes late, b 60, and early ends earn nothing: 2 × 65.
    cost = term("lateness", due_at_ten(), placed("a", "mon 09:05"), placed("b", "mon 10:00"))
    assert (cost.weight, cost.amount, cost.cost) == (2, 65, 130)
    assert shares("lateness", due_at_ten(), placed("a", "mon 09:05"), placed("b", "mon 08:00")) == {"a": 10}


def test_what_is_left_out_is_not_late() -> None:
    assert term("lateness", due_at_ten()).amount == 0


def test_due_times_are_lowered_even_at_no_weight() -> None:
    a, _, c = lowered(due_at_ten(0)).tasks
    assert (a.has_due, a.due, a.late_weight, c.has_due) == (True, 600, 0, False)
    assert lowered(due_at_ten(3)).tasks[0].start_cost(570) == 3 * 30
