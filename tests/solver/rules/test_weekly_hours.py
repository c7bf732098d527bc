from typing import Any

from tests.factories import Json, appointment, current, position, problem, span, user
from tests.solver.plans import broken, lowered, placed

ONE: Json = {"crew": [position()]}


def week(minutes: int, **ana: Any) -> Json:
    return problem(
        horizon=span("mon 00:00", "sun 24:00"),
        users=[user("ana", **ana)],
        appointments=[appointment("a", minutes, **ONE), appointment("b", minutes, **ONE)],
    )


def stops(minutes: int, first: str = "mon 09:00", second: str = "tue 09:00") -> list[Json]:
    return [placed("a", first, "ana", minutes=minutes), placed("b", second, "ana", minutes=minutes)]


def test_user_without_limit_has_none() -> None:
    assert broken("weekly_hours", week(600), *stops(600)) == []
    assert lowered(week(600)).users[0].counters == []


def test_hours_up_to_limit_and_overtime_are_right() -> None:
    assert broken("weekly_hours", week(60, max_hours_per_week=2), *stops(60)) == []
    item = week(60, max_hours_per_week=1, overtime_hours_per_week=1)
    assert broken("weekly_hours", item, *stops(60)) == []


def test_minutes_beyond_are_counted() -> None:
    item = week(90, max_hours_per_week=2, overtime_hours_per_week=0.5)
    assert broken("weekly_hours", item, *stops(90)) == [(("a", "b"), 30)]


def test_buffers_are_no_service() -> None:
    item = week(60, max_hours_per_week=2)
    item["appointments"][0]["buffer_after_minutes"] = 60
    assert broken("weekly_hours", item, *stops(60)) == []


def test_week_is_the_users_own() -> None:
    # 03:00 UTC on Monday is Sunday in New York, and so another week.
    item = week(60, max_hours_per_week=1, timezone="America/New_York")
    assert broken("weekly_hours", item, *stops(60, "mon 03:00", "tue 09:00")) == []
    assert broken("weekly_hours", week(60, max_hours_per_week=1), *stops(60, "mon 03:00", "tue 09:00")) == [
        (("a", "b"), 60)
    ]


def test_pinned_work_outside_the_horizon_counts() -> None:
    item = week(60, max_hours_per_week=1) | {"horizon": span("tue 00:00", "sun 00:00")}
    item["appointments"][0] |= {"current": current("mon 09:00", "ana"), "pinned": True}
    assert broken("weekly_hours", item, *stops(60)) == [(("a", "b"), 60)]


def test_part_of_a_minute_is_no_minute() -> None:
    # A third of an hour and a bit: 20.06 minutes allow 20.
    item = week(60, max_hours_per_week=0.3343)
    (counter,) = lowered(item).users[0].counters
    assert (counter.rule, counter.period, counter.measure, counter.limit) == ("weekly_hours", "week", "minutes", 20)
