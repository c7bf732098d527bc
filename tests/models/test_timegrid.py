from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from models.problem import Problem
from models.timegrid import TimeGrid, day_start, instant, iso_week, local_date, minute_of, span_of_day, wall_minute

LOS_ANGELES = ZoneInfo("America/Los_Angeles")
BERLIN = ZoneInfo("Europe/Berlin")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
HAVANA = ZoneInfo("America/Havana")
NOON = time(12)


def utc(text: str) -> int:
    return minute_of(datetime.fromisoformat(text + "Z"))


@pytest.mark.parametrize(
    ("zone", "day", "clock", "expected"),
    [
        pytest.param(LOS_ANGELES, date(2026, 3, 8), time(2, 30), "2026-03-08T10:30", id="gap-of-an-hour"),
        pytest.param(LOS_ANGELES, date(2026, 3, 8), time(3, 0), "2026-03-08T10:00", id="after-the-gap"),
        pytest.param(LOS_ANGELES, date(2026, 11, 1), time(1, 30), "2026-11-01T08:30", id="first-of-two"),
        pytest.param(LOS_ANGELES, date(2026, 11, 1), time(2, 0), "2026-11-01T10:00", id="after-the-fold"),
        pytest.param(BERLIN, date(2026, 3, 29), time(2, 15), "2026-03-29T01:15", id="berlin-gap"),
        pytest.param(BERLIN, date(2026, 10, 25), time(2, 15), "2026-10-25T00:15", id="berlin-fold"),
        pytest.param(LORD_HOWE, date(2026, 10, 4), time(2, 15), "2026-10-03T15:45", id="gap-of-half-an-hour"),
        pytest.param(LORD_HOWE, date(2026, 4, 5), time(1, 45), "2026-04-04T14:45", id="fold-of-half-an-hour"),
        pytest.param(HAVANA, date(2026, 3, 8), time(0, 0), "2026-03-08T05:00", id="no-midnight"),
    ],
)
def test_wall_minute_at_a_clock_change(zone: ZoneInfo, day: date, clock: time, expected: str) -> None:
    assert wall_minute(day, clock, zone) == utc(expected)


def test_wall_minute_in_a_gap_moves_forward_by_the_gap() -> None:
    found = instant(wall_minute(date(2026, 10, 4), time(2, 15), LORD_HOWE), LORD_HOWE)
    assert found.isoformat() == "2026-10-04T02:45:00+11:00"


def test_minute_of_refuses_a_naive_time() -> None:
    with pytest.raises(ValueError, match="has no offset"):
        minute_of(datetime.combine(date(2026, 1, 1), NOON))


@given(st.integers(0, 10**8), st.sampled_from([LOS_ANGELES, BERLIN, LORD_HOWE]))
def test_instant_undoes_minute_of(minute: int, zone: ZoneInfo) -> None:
    assert minute_of(instant(minute, zone)) == minute


def test_minute_of_counts_before_the_epoch() -> None:
    assert minute_of(datetime(1969, 12, 31, 23, 59, tzinfo=UTC)) == -1


def test_day_that_changes_the_clock_has_another_length() -> None:
    days = [date(2026, 3, 7), date(2026, 3, 8), date(2026, 11, 1)]
    ends = [day_start(day + timedelta(days=1), LOS_ANGELES) for day in days]
    assert [end - day_start(day, LOS_ANGELES) for day, end in zip(days, ends, strict=True)] == [1440, 1380, 1500]


def test_span_of_day_whole_overnight_and_open() -> None:
    day, zone = date(2026, 11, 23), ZoneInfo("UTC")
    start = day_start(day, zone)
    assert span_of_day(day, None, None, zone) == (start, start + 1440)
    assert span_of_day(day, time(22), time(6), zone) == (start + 1320, start + 1800)
    assert span_of_day(day, NOON, None, zone) == (start + 720, start + 1440)
    assert span_of_day(day, None, NOON, zone) == (start, start + 720)
    assert span_of_day(day, NOON, NOON, zone) == (start + 720, start + 2160)


def test_local_date_and_week_belong_to_the_zone() -> None:
    minute = utc("2027-01-04T02:00")
    assert local_date(minute, LOS_ANGELES) == date(2027, 1, 3)
    assert iso_week(minute, LOS_ANGELES) == (2026, 53)
    assert iso_week(minute, BERLIN) == (2027, 1)


def grid_of(step: int, start: str, zone: str) -> TimeGrid:
    end = "2027-01-01T00:00:00Z"
    return TimeGrid.of(Problem.parse({"horizon": {"start": start, "end": end}, "step_minutes": step, "timezone": zone}))


def test_grid_counts_from_the_local_midnight() -> None:
    grid = grid_of(60, "2026-11-23T09:10:00+05:45", "Asia/Kathmandu")
    assert grid.origin == utc("2026-11-22T18:15")
    assert grid.start == utc("2026-11-23T03:25")
    assert grid.on_grid(utc("2026-11-23T04:15"))
    assert not grid.on_grid(utc("2026-11-23T04:00"))


@given(st.integers(0, 10**8), st.sampled_from([1, 5, 15, 60]))
def test_ceil_and_floor_enclose(minute: int, step: int) -> None:
    grid = TimeGrid(7, step, 0, 10**9)
    low, high = grid.floor(minute), grid.ceil(minute)
    assert grid.on_grid(low)
    assert grid.on_grid(high)
    assert low <= minute <= high
    assert high - low == (0 if grid.on_grid(minute) else step)
