from typing import Any

from tests.factories import Json, appointment, current, position, problem, rule, user
from tests.solver.plans import broken, excused, lowered, placed

ONE: Json = {"crew": [position()]}
FIXED = rule("break_time", start_time="12:00", end_time="13:00")
FLEXIBLE = FIXED | {"end_time": "14:00", "parameters": {"duration_minutes": 30}}


def lunch(rules: list[Json], *appointments: Json, **fields: Any) -> Json:
    return problem(
        step_minutes=5, users=[user("ana"), user("bo")], rules=rules, appointments=list(appointments), **fields
    )


def three(*rules: Json) -> Json:
    return lunch(list(rules), *(appointment(key, **ONE) for key in "abc"))


def test_fixed_break_closes_its_span() -> None:
    assert broken("break_time", three(FIXED), placed("a", "mon 11:00", "ana"), placed("b", "mon 13:00", "ana")) == []
    assert broken("break_time", three(FIXED), placed("a", "mon 11:45", "ana")) == [(("a",), 45)]


def test_fixed_break_binds_no_buffers_and_no_work_without_users() -> None:
    item = lunch([FIXED], appointment("a", buffer_after_minutes=60, **ONE), appointment("b"))
    assert broken("break_time", item, placed("a", "mon 11:00", "ana"), placed("b", "mon 12:00")) == []


def test_flexible_break_fits_beside_work_in_its_span() -> None:
    assert broken("break_time", three(FLEXIBLE), placed("a", "mon 12:00", "ana")) == []


def test_gap_of_exactly_the_length_is_enough() -> None:
    a, b = placed("a", "mon 11:30", "ana"), placed("b", "mon 13:00", "ana")
    assert broken("break_time", three(FLEXIBLE), a, b) == []


def test_gap_that_is_too_short_is_off_by_the_rest() -> None:
    # Between 12:35 and 13:00, the longest gap, there are 25 minutes.
    a, b = placed("a", "mon 11:35", "ana"), placed("b", "mon 13:00", "ana")
    assert broken("break_time", three(FLEXIBLE), a, b) == [(("a", "b"), 5)]


def test_work_around_the_span_needs_no_break() -> None:
    a, b = placed("a", "mon 11:00", "ana"), placed("b", "mon 14:00", "ana")
    assert broken("break_time", three(FLEXIBLE), a, b) == []


def test_buffers_are_no_break() -> None:
    item = lunch([FLEXIBLE], appointment("a", buffer_after_minutes=5, **ONE), appointment("b", **ONE))
    a, b = placed("a", "mon 11:30", "ana"), placed("b", "mon 13:00", "ana")
    assert broken("break_time", item, a, b) == [(("a", "b"), 5)]


def test_buffer_alone_occupies_the_span() -> None:
    item = lunch([FLEXIBLE], appointment("a", buffer_after_minutes=90, **ONE))
    assert broken("break_time", item, placed("a", "mon 11:05", "ana")) == [(("a",), 5)]


def test_two_short_gaps_are_no_break() -> None:
    # 12:00 to 12:25 and 13:25 to 13:50 are idle, the rest is work.
    item = three(FLEXIBLE)
    stops = [placed("a", "mon 12:25", "ana"), placed("b", "mon 13:50", "ana")]
    assert broken("break_time", item, *stops) == [(("a", "b"), 5)]


def test_break_is_each_users_own() -> None:
    item = three(FLEXIBLE)
    stops = [placed("a", "mon 12:00", "ana"), placed("b", "mon 13:00", "bo")]
    assert broken("break_time", item, *stops) == []


def travelling(second: str, **fields: Any) -> tuple[Json, list[Json]]:
    places = {"locations": ["x", "y"], "minutes": [[0, 20], [20, 0]]}
    work = [appointment("a", location="x", **ONE), appointment("b", location="y", **ONE, **fields)]
    stops = [placed("a", "mon 11:30", "ana"), placed("b", second, "ana")]
    return lunch([FLEXIBLE], *work, travel=places), stops


def test_travel_between_neighbours_is_taken_off() -> None:
    # From 12:30 on: 20 minutes of travel and 30 of break take until 13:20.
    item, stops = travelling("mon 13:20")
    assert broken("break_time", item, *stops) == []
    item, stops = travelling("mon 13:15")
    assert broken("break_time", item, *stops) == [(("a", "b"), 5)]


def test_travel_that_fits_outside_the_span_is_not_taken_off() -> None:
    # The span ends at 14:00; a starts at 12:30 and ends at 13:30: 30 minutes of break, and travel from 14:00 on.
    item, _ = travelling("mon 14:20")
    stops = [placed("a", "mon 12:25", "ana", minutes=65), placed("b", "mon 14:20", "ana")]
    item["appointments"][0]["duration_minutes"] = 65
    item["rules"][0] = FLEXIBLE | {"start_time": "12:15"}
    assert broken("break_time", item, *stops) == []
    assert broken("break_time", item, stops[0], placed("b", "mon 14:15", "ana")) == [(("a",), 5)]


def test_pinned_work_without_gap_is_excused_unless_something_new_eats_it() -> None:
    pin: Json = {"current": current("mon 11:30", "ana"), "pinned": True}
    item, stops = travelling("mon 13:15")
    item["appointments"][0] |= pin
    item["appointments"][1] |= pin | {"current": current("mon 13:15", "ana")}
    assert broken("break_time", item, *stops) == []
    assert excused("break_time", item, *stops) == [(("a", "b"), 5)]
    # Alone, a leaves 30 minutes from 13:30; the way to b, which starts at 14:15, takes 5 of them.
    item, _ = travelling("mon 14:15")
    item["appointments"][0] |= pin | {"current": current("mon 12:25", "ana"), "duration_minutes": 65}
    item["rules"][0] = FLEXIBLE | {"start_time": "12:15"}
    a, b = placed("a", "mon 12:25", "ana", minutes=65), placed("b", "mon 14:15", "ana")
    assert broken("break_time", item, a) == excused("break_time", item, a) == []
    assert broken("break_time", item, a, b) == [(("a", "b"), 5)]


def test_flexible_breaks_are_lowered_where_they_can_matter() -> None:
    pinned = appointment("p", current=current("thu 12:00", "bo"), pinned=True, **ONE)
    ana, bo = lowered(lunch([FLEXIBLE], pinned)).users
    assert ana.breaks == [(720, 840, 30)]
    # Thursday begins at 3 × 1440 = 4320.
    assert bo.breaks == [(720, 840, 30), (5040, 5160, 30)]
    assert ana.closed == []


def test_buffers_may_reach_a_break_beyond_the_horizon() -> None:
    night = FLEXIBLE | {"start_time": "00:30", "end_time": "01:30"}
    plain = lowered(lunch([night], appointment("a", **ONE))).users[0].breaks
    assert [b.start for b in plain] == [30]
    buffered = lowered(lunch([night], appointment("a", buffer_after_minutes=31, **ONE))).users[0].breaks
    assert [b.start for b in buffered] == [30, 1470]


def test_fixed_break_is_noted_as_closed() -> None:
    ana, _ = lowered(lunch([FIXED])).users
    assert [(c.start, c.end, c.rule) for c in ana.closed] == [(720, 780, "break_time")]
    assert ana.breaks == []
