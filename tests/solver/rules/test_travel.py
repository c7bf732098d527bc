from typing import Any

import numpy as np
import pytest

from models.problem import Problem
from solver.instance import NOWHERE
from solver.rules.travel import is_triangular, travel_matrix
from tests.factories import Json, appointment, current, hours, position, problem, user
from tests.solver.plans import broken, excused, lowered, placed

# Minutes from row to column.
MATRIX = {"locations": ["home", "x", "y"], "minutes": [[0, 20, 50], [20, 0, 30], [50, 25, 0]]}
ONE: Json = {"crew": [position()]}


def round_trip(*appointments: Json, **ana: Any) -> Json:
    ana = {"availability": hours("08:00", "18:00"), **ana}
    return problem(users=[user("ana", **ana)], travel=MATRIX, appointments=list(appointments))


def at_x_then_y(**fields: Any) -> Json:
    return round_trip(appointment("a", location="x", **ONE, **fields), appointment("b", location="y", **ONE))


def test_way_that_fits_exactly_is_right() -> None:
    assert broken("travel", at_x_then_y(), placed("a", "mon 09:00", "ana"), placed("b", "mon 10:30", "ana")) == []


def test_way_that_does_not_fit_is_short_by_its_minutes() -> None:
    found = broken("travel", at_x_then_y(), placed("a", "mon 09:00", "ana"), placed("b", "mon 10:20", "ana"))
    assert found == [(("a", "b"), 10)]


def test_matrix_is_read_from_row_to_column() -> None:
    # From y to x it is 25 minutes, not 30.
    assert broken("travel", at_x_then_y(), placed("b", "mon 09:00", "ana"), placed("a", "mon 10:25", "ana")) == []
    found = broken("travel", at_x_then_y(), placed("b", "mon 09:00", "ana"), placed("a", "mon 10:20", "ana"))
    assert found == [(("b", "a"), 5)]


def test_buffers_are_no_travel_time() -> None:
    item = at_x_then_y(buffer_after_minutes=10)
    assert broken("travel", item, placed("a", "mon 09:00", "ana"), placed("b", "mon 10:40", "ana")) == []
    assert broken("travel", item, placed("a", "mon 09:00", "ana"), placed("b", "mon 10:30", "ana")) == [
        (("a", "b"), 10)
    ]


def test_unlocated_work_on_the_way_takes_its_time_off() -> None:
    # From 10:00 to 11:00 there are 60 minutes, less 40 of c: 20 of the 30 needed.
    item = at_x_then_y()
    item["appointments"].append(appointment("c", 40, **ONE))
    stops = [placed("a", "mon 09:00", "ana"), placed("c", "mon 10:10", "ana", minutes=40)]
    assert broken("travel", item, *stops, placed("b", "mon 11:00", "ana")) == [(("a", "c", "b"), 10)]
    assert broken("travel", item, *stops, placed("b", "mon 11:10", "ana")) == []


def test_ways_of_different_shifts_do_not_meet() -> None:
    item = at_x_then_y() | {"horizon": {"start": "2026-11-23T00:00:00Z", "end": "2026-11-25T00:00:00Z"}}
    item["users"] = [
        user("ana", availability=hours("00:00", "12:00") | {"tuesday": {"start": "13:00", "end": "20:00"}})
    ]
    late, early = placed("a", "mon 11:00", "ana"), placed("b", "tue 13:00", "ana")
    assert broken("travel", item, late, early) == []


def test_no_travel_means_no_ways() -> None:
    places = [{"id": key, "latitude": 0, "longitude": k} for k, key in enumerate(("home", "x", "y"))]
    item = at_x_then_y() | {"travel": None, "locations": places}
    assert broken("travel", item, placed("a", "mon 09:00", "ana"), placed("b", "mon 10:00", "ana")) == []
    instance = lowered(item)
    assert not instance.travel_exists
    assert [task.location for task in instance.tasks] == [NOWHERE, NOWHERE]


def test_shift_starts_and_ends_at_its_places() -> None:
    item = round_trip(appointment("a", location="x", **ONE), start_location="home", end_location="y")
    # 20 minutes from home: 08:20 at the earliest; 30 minutes to y: the service ends by 17:30.
    assert broken("travel", item, placed("a", "mon 08:20", "ana")) == []
    assert broken("travel", item, placed("a", "mon 08:10", "ana")) == [(("a",), 10)]
    assert broken("travel", item, placed("a", "mon 16:30", "ana")) == []
    assert broken("travel", item, placed("a", "mon 16:45", "ana")) == [(("a",), 15)]


def test_unlocated_work_needs_no_way_to_the_shift() -> None:
    item = round_trip(appointment("a", **ONE), start_location="home", end_location="home")
    assert broken("travel", item, placed("a", "mon 08:00", "ana")) == []


def test_service_outside_every_shift_has_no_ways() -> None:
    item = round_trip(appointment("a", location="x", **ONE), start_location="home")
    assert broken("travel", item, placed("a", "mon 19:00", "ana")) == []


def test_pinned_way_is_excused_unless_something_new_makes_it_short() -> None:
    def pin(start: str) -> Json:
        return {"current": current(start, "ana"), "pinned": True, **ONE}

    short = round_trip(
        appointment("a", location="x", **pin("mon 09:00")), appointment("b", location="y", **pin("mon 10:20"))
    )
    stops = [placed("a", "mon 09:00", "ana"), placed("b", "mon 10:20", "ana")]
    assert broken("travel", short, *stops) == []
    assert excused("travel", short, *stops) == [(("a", "b"), 10)]
    # 40 minutes are enough for the way, but not with 20 minutes of new work in between.
    new = appointment("c", 20, **ONE)
    fits = round_trip(
        appointment("a", location="x", **pin("mon 09:00")), appointment("b", location="y", **pin("mon 10:40")), new
    )
    stops = [placed("a", "mon 09:00", "ana"), placed("b", "mon 10:40", "ana")]
    assert broken("travel", fits, *stops) == []
    assert broken("travel", fits, *stops, placed("c", "mon 10:00", "ana", minutes=20)) == [(("a", "c", "b"), 10)]


def test_locations_that_nobody_uses_are_not_lowered() -> None:
    instance = lowered(round_trip(appointment("a", location="y", **ONE), start_location="home"))
    assert instance.locations == ["y", "home"]
    assert instance.travel.tolist() == [[0, 50], [50, 0]]
    assert (instance.tasks[0].location, instance.users[0].start_location) == (0, 1)
    assert instance.users[0].end_location == NOWHERE


def test_nobody_travels_where_nothing_is_located() -> None:
    assert not lowered(round_trip(appointment("a", **ONE), start_location="home")).travel_exists


@pytest.mark.parametrize(
    ("minutes", "triangular"),
    [
        pytest.param([[0, 20, 50], [20, 0, 30], [45, 25, 0]], True, id="no shorter detour"),
        pytest.param([[0, 20, 51], [20, 0, 30], [45, 25, 0]], False, id="a minute shorter by x"),
    ],
)
def test_detours_may_be_shorter_in_a_matrix(minutes: list[list[int]], triangular: bool) -> None:
    item = Problem.parse(at_x_then_y() | {"travel": MATRIX | {"minutes": minutes}})
    assert is_triangular(item, travel_matrix(item, ["home", "x", "y"])) is triangular


def test_matrix_of_distances_agrees_with_single_ways() -> None:
    places: list[Json] = [
        {"id": "berlin", "latitude": 52.52, "longitude": 13.405},
        {"id": "potsdam", "latitude": 52.39, "longitude": 13.065},
        {"id": "potsdam again", "latitude": 52.39, "longitude": 13.065},
        {"id": "sydney", "latitude": -33.87, "longitude": 151.21},
        {"id": "pole", "latitude": 90, "longitude": 0},
    ]
    item = Problem.parse(problem(locations=places, travel={"speed_kmh": 30, "detour_factor": 1.25}))
    names = [place["id"] for place in places]
    table = travel_matrix(item, names)
    assert table.tolist() == [[item.travel_times.minutes(a, b) for b in names] for a in names]
    assert table[1, 2] == 0
    assert is_triangular(item, table)
    assert table.dtype == np.int32


def test_shifts_are_those_of_the_horizon_and_of_pinned_work() -> None:
    # Of the days around Monday, Wednesday has something pinned: 2 × 1440 + 480 = 3360.
    pinned = appointment("a", current=current("wed 09:00", "ana"), pinned=True, **ONE)
    instance = lowered(round_trip(pinned))
    assert instance.users[0].shifts == [(480, 1080), (3360, 3960)]
    assert lowered(round_trip()).users[0].shifts == [(480, 1080)]


def test_user_without_hours_has_the_horizon_as_shift() -> None:
    assert lowered(round_trip(availability=None)).users[0].shifts == [(0, 1440)]
