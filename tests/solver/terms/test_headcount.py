from tests.factories import Json, appointment, position, problem, user
from tests.solver.plans import lowered, placed, shares, term


def crew() -> Json:
    items = [appointment(key, crew=[position()]) for key in "abc"]
    return problem(users=[user("ana"), user("bo")], appointments=items, weights={"headcount": 9})


def test_nobody_costs_nothing() -> None:
    assert term("headcount", crew()).cost == 0


def test_each_user_counts_once() -> None:
    stops = [placed("a", "mon 09:00", "ana"), placed("b", "mon 12:00", "ana"), placed("c", "mon 09:00", "bo")]
    assert term("headcount", crew(), *stops[:2]).cost == 9
    assert term("headcount", crew(), *stops).amount == 2
    assert shares("headcount", crew(), *stops) == {}


def test_weight_is_lowered() -> None:
    assert lowered(crew()).headcount_weight == 9
