from typing import Any

import pytest

from models.timegrid import instant
from tests.models.weeks import WEEK, Json, calendars, hours_rule


def days_of(rule: Json, first: str = WEEK[0], last: str = WEEK[1], zone: str = "UTC") -> list[str]:
    found = calendars(first, last, zone, rules=[hours_rule(start_time="09:00", end_time="10:00", **rule)])
    spans = found.spans(found.problem.rules[0], found.problem.zone)
    return [f"{instant(s, found.problem.zone):%m-%d}" for s, _ in spans if found.first <= s < found.last]


ALL = "23 24 25 26 27 28 29"

# What a rule recurs by, its first and last date, its days in the week from the 23rd to the 29th.
DAYS: dict[str, tuple[Any, str | None, str | None, str]] = {
    "none": (None, None, None, ALL),
    "from": (None, "2026-11-28", None, "28 29"),
    "to": (None, None, "2026-11-23", "23"),
    "ever": (None, "0001-01-01", "9999-12-31", ALL),
    "rrule": ("FREQ=WEEKLY;BYDAY=MO,FR", None, None, "23 27"),
    "lower-case": ("rrule:freq=weekly;byday=mo,fr", None, None, "23 27"),
    "object": ({"frequency": "weekly", "days": [1, 5]}, None, None, "23 27"),
    "dates": ({"dates": ["2026-11-29", "2026-11-24", "2026-12-24"]}, None, None, "24 29"),
    "until": ({"frequency": "daily", "until": "2026-11-24"}, None, None, "23 24"),
    "rrule-until": ("FREQ=DAILY;UNTIL=20261124", None, None, "23 24"),
    "rrule-until-wall-time": ("FREQ=DAILY;UNTIL=20261124T120000", None, None, "23 24"),
    "rrule-until-ancient": ("FREQ=DAILY;UNTIL=00010101T000000Z", None, None, ""),
    "rrule-until-never": ("FREQ=DAILY;UNTIL=99991231T235959Z", None, "2026-11-23", "23"),
    "count": ("FREQ=DAILY;COUNT=3", "2026-11-22", None, "23 24"),
    "object-count": ({"frequency": "daily", "count": 3, "interval": 2}, "2026-11-22", None, "24 26"),
    # 2020-01-01 is 2518 days before the 23rd, one more than a multiple of three.
    "interval-long-ago": ("FREQ=DAILY;INTERVAL=3", "2020-01-01", None, "25 28"),
    "fortnight": ("FREQ=WEEKLY;INTERVAL=2", "2026-11-12", None, "26"),
    "weekday-of-start": ("FREQ=WEEKLY", "2026-11-19", None, "26"),
    "week-from-monday": ("FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;WKST=MO", "2026-11-15", None, "23 29"),
    "week-from-sunday": ("FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;WKST=SU", "2026-11-15", None, "29"),
    "last-friday": ("FREQ=MONTHLY;BYDAY=-1FR", None, None, "27"),
    "yearly": ("FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=25", None, None, "25"),
    "never": ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", None, None, ""),
    "never-three-times": ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=3", "2026-01-01", None, ""),
}


@pytest.mark.parametrize(("recurrence", "start", "end", "expected"), DAYS.values(), ids=DAYS.keys())
def test_days_of_a_rule(recurrence: Any, start: str | None, end: str | None, expected: str) -> None:
    found = days_of({"recurrence_rule": recurrence, "start_date": start, "end_date": end})
    assert found == [f"11-{day}" for day in expected.split()]


def test_recurrence_counts_whatever_the_flag_says() -> None:
    assert days_of({"is_recurring": False, "recurrence_rule": "FREQ=WEEKLY;BYDAY=MO"}) == ["11-23"]
    assert days_of({"is_recurring": True, "end_date": "2026-11-24"}) == ["11-23", "11-24"]


def test_rrule_and_object_agree_on_every_day_of_a_year() -> None:
    year = ("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z")
    text = days_of({"start_date": "2025-12-30", "recurrence_rule": "FREQ=WEEKLY;INTERVAL=3;BYDAY=TU,SA"}, *year)
    seed = {"frequency": "weekly", "interval": 3, "days": [2, 6]}
    assert days_of({"start_date": "2025-12-30", "recurrence_rule": seed}, *year) == text
    assert len(text) == 35


def test_until_in_utc_is_read_on_the_wall() -> None:
    # 2026-11-25T07:30Z is still the 24th in Los Angeles, 23:30.
    week = ("2026-11-23T00:00:00-08:00", "2026-11-28T00:00:00-08:00", "America/Los_Angeles")
    assert days_of({"recurrence_rule": "FREQ=DAILY;UNTIL=20261125T073000Z"}, *week) == ["11-23", "11-24"]
    assert days_of({"recurrence_rule": "FREQ=DAILY;UNTIL=20261125T080000Z"}, *week) == ["11-23", "11-24", "11-25"]
