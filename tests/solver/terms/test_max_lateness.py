from tests.factories import Json, appointment, at, problem
from tests.solver.plans import lowered, placed, shares, term


def due_at_ten() -> Json:
    items = [appointment(key, due=at("mon 10:00")) for key in "ab"]
    return problem(appointments=items, weights={"max_lateness": 4})


def test_plan_without_lateness_costs_nothing() -> None:
    assert term("max_lateness", due_at_ten()).cost == 0
    assert term("max_lateness", due_at_ten(), placed("a", "mon 08:00")).cost == 0


def test_largest_lateness_costs_once() -> None:
    # The larger of 5 and 60 minutes: 4 × 60.
    stops = [placed("a", "mon 09:05"), placed("b", "mon 10:00")]
    assert term("max_lateness", due_at_ten(), *stops).cost == 240
    assert shares("max_lateness", due_at_ten(), *stops) == {}


def test_weight_is_lowered_beside_the_due_times() -> None:
    instance = lowered(due_at_ten())
    assert (instance.max_late_weight, instance.tasks[0].has_due, instance.tasks[0].late_weight) == (4, True, 0)
