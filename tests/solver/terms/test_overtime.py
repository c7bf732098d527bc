from typing import Any

from solver.instance import NEVER
from tests.factories import Json, appointment, position, problem, span, user
from tests.solver.plans import lowered, placed, shares, term


def week(weight: int = 3, **ana: Any) -> Json:
    return problem(
        horizon=span("mon 00:00", "sun 24:00"),
        users=[user("ana", **ana), user("bo")],
        appointments=[appointment("a", crew=[position()]), appointment("b", crew=[position()])],
        weights={"overtime": weight},
    )


STOPS = [placed("a", "mon 09:00", "ana"), placed("b", "tue 09:00", "ana")]


def test_contract_hours_cost_nothing() -> None:
    assert term("overtime", week(max_hours_per_week=2), *STOPS).cost == 0


def test_minutes_beyond_the_contract_cost() -> None:
    cost = term("overtime", week(max_hours_per_week=1.5, overtime_hours_per_week=5), *STOPS)
    assert (cost.weight, cost.amount, cost.cost) == (3, 30, 90)
    assert shares("overtime", week(max_hours_per_week=1.5), *STOPS) == {}


def test_user_without_contract_has_no_overtime() -> None:
    assert term("overtime", week(), *STOPS).amount == 0


def test_part_of_a_minute_is_cut_off() -> None:
    # 1.993 hours are 119.58 minutes; of the 0.42 beyond nothing is left.
    assert term("overtime", week(max_hours_per_week=1.993), *STOPS).amount == 0
    assert lowered(week(max_hours_per_week=1.993)).users[0].counters[0].threshold == 120


def test_weeks_of_the_users_zone_do_not_add_up() -> None:
    # 03:00 UTC on Monday is Sunday in New York.
    item = week(max_hours_per_week=1, timezone="America/New_York")
    assert term("overtime", item, placed("a", "mon 03:00", "ana"), STOPS[1]).amount == 0


def test_threshold_joins_the_counter_of_weekly_hours() -> None:
    ana, bo = lowered(week(max_hours_per_week=1.5, overtime_hours_per_week=1)).users
    (counter,) = ana.counters
    assert (counter.limit, counter.threshold, counter.weight) == (150, 90, 3)
    assert bo.counters == []


def test_no_weight_sets_no_threshold() -> None:
    (counter,) = lowered(week(0, max_hours_per_week=1)).users[0].counters
    assert (counter.threshold, counter.weight) == (NEVER, 0)
