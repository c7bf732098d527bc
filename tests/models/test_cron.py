from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from pydantic import TypeAdapter, ValidationError

from models.cron import Cron, last_due

BERLIN = ZoneInfo("Europe/Berlin")
DAY = timedelta(days=1)


def at(text: str, zone: ZoneInfo = BERLIN) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("cron", "due"),
    [
        pytest.param("30 2 * * *", "2026-11-25T02:30", id="every night"),
        pytest.param("*/20 * * * *", "2026-11-25T11:40", id="steps"),
        pytest.param("5,50 9-10 * * *", "2026-11-25T10:50", id="lists and ranges"),
        pytest.param("0 6 * * 1-2", "2026-11-24T06:00", id="weekdays"),
        pytest.param("0 6 * * 0", "2026-11-22T06:00", id="sunday as 0"),
        pytest.param("0 6 * * 7", "2026-11-22T06:00", id="sunday as 7"),
        pytest.param("0 6 1 11 *", "2026-11-01T06:00", id="a date"),
        pytest.param("0 6 1 * 2", "2026-11-24T06:00", id="a date or a weekday"),
        pytest.param("59 11 * * *", "2026-11-25T11:59", id="this very minute"),
    ],
)
def test_last_due_is_the_latest_minute_that_is_named(cron: str, due: str) -> None:
    until = at("2026-11-25T11:59") + timedelta(seconds=40)
    assert last_due(cron, BERLIN, until - 40 * DAY, until) == at(due)


def test_last_due_looks_only_after_a_moment() -> None:
    due = at("2026-11-25T02:30")
    assert last_due("30 2 * * *", BERLIN, due, due + timedelta(hours=3)) is None
    assert last_due("30 2 * * *", BERLIN, due - timedelta(minutes=1), due) == due


def test_time_that_comes_twice_is_due_once_and_one_that_is_skipped_is_not() -> None:
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert last_due("30 2 * * *", BERLIN, first - DAY / 2, first + DAY / 2) == first
    spring = datetime(2026, 3, 29, 0, 0, tzinfo=UTC)
    assert last_due("30 2 * * *", BERLIN, spring, spring + DAY / 2) is None


@pytest.mark.parametrize(
    "text", ["", "* * * *", "60 * * * *", "a * * * *", "*/0 * * * *", "5-1 * * * *", "* * 0 * *", "* * * * 8", 7]
)
def test_cron_that_cannot_be_read_is_refused(text: object) -> None:
    with pytest.raises(ValidationError, match="see the faults"):
        TypeAdapter(Cron).validate_python(text)
