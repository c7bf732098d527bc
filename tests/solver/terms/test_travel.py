from typing import Any

from tests.factories import Json, appointment, hours, position, problem, user
from tests.solver.plans import lowered, placed, shares, term

MATRIX = {"locations": ["home", "x", "y"], "minutes": [[0, 20, 50], [20, 0, 30], [50, 25, 0]]}
ONE: Json = {"crew": [position()]}


def rounds(**ana: Any) -> Json:
    items = [
        appointment("a", location="x", **ONE),
        appointment("b", location="y", **ONE),
        appointment("c", **ONE),
        appointment("d", location="y", **ONE),
    ]
    ana = {"availability": hours("08:00", "18:00"), **ana}
    return problem(users=[user("ana", **ana), user("bo")], travel=MATRIX, appointments=items, weights={"travel": 2})


def test_one_place_needs_no_way() -> None:
    assert term("travel", rounds(), placed("b", "mon 09:00", "ana"), placed("d", "mon 12:00", "ana")).amount == 0


def test_ways_between_places_count_whatever_lies_between() -> None:
    stops = [placed("a", "mon 09:00", "ana"), placed("c", "mon 10:00", "ana"), placed("b", "mon 12:00", "ana")]
    cost = term("travel", rounds(), *stops)
    assert (cost.weight, cost.amount, cost.cost) == (2, 30, 60)


def test_ways_from_and_to_the_places_of_the_shift_count() -> None:
    # 20 home to x, 30 to y, 50 home.
    item = rounds(start_location="home", end_location="home")
    stops = [placed("a", "mon 09:00", "ana"), placed("b", "mon 12:00", "ana")]
    assert term("travel", item, *stops).amount == 100
    # The last way is charged to where it comes from: 2 × 20, and 2 × (30 + 50).
    assert shares("travel", item, *stops) == {"a": 40, "b": 160}


def test_ways_of_two_users_and_of_two_days_do_not_meet() -> None:
    item = rounds()
    assert term("travel", item, placed("a", "mon 09:00", "ana"), placed("b", "mon 12:00", "bo")).amount == 0
    assert term("travel", item, placed("a", "mon 09:00", "ana"), placed("b", "tue 12:00", "ana")).amount == 0


def test_unlocated_work_alone_needs_no_way() -> None:
    assert term("travel", rounds(start_location="home"), placed("c", "mon 09:00", "ana")).amount == 0


def test_weight_is_lowered() -> None:
    assert lowered(rounds()).travel_weight == 2
