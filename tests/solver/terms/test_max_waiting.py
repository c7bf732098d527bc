from tests.factories import Json, appointment, hours, position, problem, user
from tests.solver.plans import lowered, placed, shares, term


def days() -> Json:
    items = [appointment(key, crew=[position()]) for key in "abcd"]
    ana = user("ana", availability=hours("08:00", "18:00"))
    return problem(users=[ana], appointments=items, weights={"max_waiting": 5})


def test_plan_without_waiting_costs_nothing() -> None:
    assert term("max_waiting", days()).cost == 0
    assert term("max_waiting", days(), placed("a", "mon 09:00", "ana"), placed("b", "mon 10:00", "ana")).cost == 0


def test_longest_waiting_of_a_shift_costs_once() -> None:
    # 10 + 20 minutes on Monday against 25 on Tuesday: 5 × 30.
    monday = [placed("a", "mon 09:00", "ana"), placed("b", "mon 10:10", "ana"), placed("c", "mon 11:30", "ana")]
    tuesday = [placed("c", "tue 09:00", "ana"), placed("d", "tue 10:25", "ana")]
    assert term("max_waiting", days(), *monday).cost == 150
    assert term("max_waiting", days(), *monday[:2], *tuesday).cost == 5 * 25
    assert shares("max_waiting", days(), *monday) == {}


def test_weight_is_lowered() -> None:
    assert lowered(days()).max_waiting_weight == 5
