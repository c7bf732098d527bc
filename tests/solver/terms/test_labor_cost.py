from fractions import Fraction

from tests.factories import Json, appointment, position, problem, user
from tests.solver.plans import lowered, placed, shares, term


def paid(minutes: int, weight: int = 5) -> Json:
    items = [appointment(key, minutes, crew=[position()]) for key in "ab"]
    users = [user("ana", hourly_cost="22.5"), user("bo", hourly_cost=30.1), user("cy")]
    return problem(users=users, appointments=items, weights={"labor_cost": weight})


def test_user_without_hourly_cost_costs_nothing() -> None:
    assert term("labor_cost", paid(60), placed("a", "mon 09:00", "cy")).cost == 0


def test_half_is_rounded_up_after_summing() -> None:
    # One hour of Ana is 22.5, which rounds up to 23; two are 45 and not 46.
    assert term("labor_cost", paid(60), placed("a", "mon 09:00", "ana")).amount == 23
    stops = [placed("a", "mon 09:00", "ana"), placed("b", "mon 12:00", "ana")]
    cost = term("labor_cost", paid(60), *stops)
    assert (cost.weight, cost.amount, cost.cost) == (5, 45, 225)
    assert shares("labor_cost", paid(60), *stops) == {}


def test_less_than_half_is_rounded_down() -> None:
    # 50 minutes of Bo: 25.083.
    assert term("labor_cost", paid(50), placed("a", "mon 09:00", "bo", minutes=50)).amount == 25


def test_rates_are_exact_integers_over_one_unit() -> None:
    instance = lowered(paid(60))
    assert instance.labor_weight == 5
    assert [Fraction(u.rate * 60, instance.rate_unit) for u in instance.users] == [
        Fraction(45, 2),
        Fraction(301, 10),
        0,
    ]


def test_no_weight_gives_no_rates() -> None:
    assert [subject.rate for subject in lowered(paid(60, 0)).users] == [0, 0, 0]
