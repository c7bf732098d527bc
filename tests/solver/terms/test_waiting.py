from typing import Any

from tests.factories import Json, appointment, hours, position, problem, user
from tests.solver.plans import lowered, placed, shares, term

MATRIX = {"locations": ["x", "y"], "minutes": [[0, 30], [30, 0]]}
ONE: Json = {"crew": [position()]}


def day(**fields: Any) -> Json:
    items = [
        appointment("a", location="x", **ONE),
        appointment("b", location="y", **ONE),
        appointment("c", **ONE),
        appointment("d", buffer_before_minutes=10, **ONE),
    ]
    ana = user("ana", availability=hours("08:00", "18:00"))
    return problem(users=[ana], travel=MATRIX, appointments=items, weights={"waiting": 3}, **fields)


def test_one_appointment_waits_for_nothing() -> None:
    assert term("waiting", day(), placed("a", "mon 12:00", "ana")).amount == 0


def test_idle_minutes_cost_less_the_way() -> None:
    # 10:00 to 11:00, 30 of them on the way.
    stops = [placed("a", "mon 09:00", "ana"), placed("b", "mon 11:00", "ana")]
    cost = term("waiting", day(), *stops)
    assert (cost.weight, cost.amount, cost.cost) == (3, 30, 90)
    assert shares("waiting", day(), *stops) == {"b": 90}


def test_buffers_are_no_waiting() -> None:
    # From 10:00 to 10:50, when the buffer of d begins.
    assert term("waiting", day(), placed("c", "mon 09:00", "ana"), placed("d", "mon 11:00", "ana")).amount == 50


def test_way_is_taken_off_all_gaps_between_two_places() -> None:
    # Gaps of 20 before and 25 after c, less 30 for the way: 15.
    stops = [placed("a", "mon 09:00", "ana"), placed("c", "mon 10:20", "ana"), placed("b", "mon 11:45", "ana")]
    assert term("waiting", day(), *stops).amount == 15


def test_way_longer_than_the_gap_earns_nothing() -> None:
    assert term("waiting", day(), placed("a", "mon 09:00", "ana"), placed("b", "mon 10:10", "ana")).amount == 0


def test_gap_after_the_last_place_is_waiting_too() -> None:
    # From a to c 60 minutes, with no way to take off.
    stops = [placed("a", "mon 09:00", "ana"), placed("c", "mon 11:00", "ana")]
    assert term("waiting", day(), *stops).amount == 60
    assert shares("waiting", day(), *stops) == {"c": 180}


def test_nobody_waits_outside_shifts_or_over_night() -> None:
    assert term("waiting", day(), placed("a", "mon 09:00", "ana"), placed("b", "mon 19:00", "ana")).amount == 0
    assert term("waiting", day(), placed("a", "mon 17:00", "ana"), placed("b", "tue 09:00", "ana")).amount == 0


def test_without_travel_the_whole_gap_is_waiting() -> None:
    places = [{"id": "x", "latitude": 0, "longitude": 0}, {"id": "y", "latitude": 1, "longitude": 1}]
    item = day(locations=places) | {"travel": None}
    assert term("waiting", item, placed("a", "mon 09:00", "ana"), placed("b", "mon 11:00", "ana")).amount == 60


def test_weight_is_lowered() -> None:
    assert lowered(day()).waiting_weight == 3
