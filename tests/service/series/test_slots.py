from datetime import date, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from models.enums import ScheduleType
from models.records import ScheduleTemplate
from models.timegrid import instant
from service.series.costs import added, hire
from service.series.slots import days_of, slots_of_day, starts_on
from service.series.template_limits import most_at_once

ZONE = ZoneInfo("America/Los_Angeles")


def template(**more: Any) -> ScheduleTemplate:
    made = ScheduleTemplate(**{"name": "t", "start_time": time(9), "end_time": time(12), "duration_minutes": 60} | more)
    assert made.check() == []
    return made


SLOTS: dict[str, tuple[dict[str, Any], list[int]]] = {
    "one after the other": ({}, [0, 60, 120]),
    "one": ({"duration_minutes": None}, [0]),
    "rest is too short": ({"duration_minutes": 50}, [0, 50, 100]),
    "around a break": ({"break_start_time": time(10), "break_duration_minutes": 30}, [0, 90]),
    "break first": (
        {"break_start_time": time(9), "break_duration_minutes": 15, "duration_minutes": 40},
        [15, 55, 95, 135],
    ),
    "break last": ({"break_start_time": time(11, 30), "break_duration_minutes": 30}, [0, 60]),
    "no break": ({"break_start_time": time(10)}, [0, 60, 120]),
    "overnight": ({"start_time": time(23), "end_time": time(2)}, [0, 60, 120]),
}


@pytest.mark.parametrize(("fields", "expected"), SLOTS.values(), ids=SLOTS.keys())
def test_slots_of_a_day(fields: dict[str, Any], expected: list[int]) -> None:
    assert slots_of_day(template(**fields)) == expected


# 2026-11-23 is a Monday.
DAYS: dict[str, tuple[dict[str, Any], list[int]]] = {
    "daily": ({"schedule_type": ScheduleType.DAILY}, [23, 24, 25, 26, 27, 28, 29, 30]),
    "every third day": ({"schedule_type": ScheduleType.DAILY, "recurrence_interval": 3}, [23, 26, 29]),
    "weekdays": ({"recurrence_days": (2, 5)}, [24, 27]),
    "same weekday": ({}, [23, 30]),
    "every second week": ({"recurrence_interval": 2, "recurrence_days": (1, 7)}, [23, 29]),
    "monthly": ({"schedule_type": ScheduleType.MONTHLY}, [23]),
    "dates": (
        {"schedule_type": ScheduleType.CUSTOM, "recurrence_dates": (date(2026, 11, 25), date(2026, 12, 1))},
        [25],
    ),
    "dates are of custom schedules": ({"recurrence_days": (2,), "recurrence_dates": (date(2026, 11, 25),)}, [24]),
}


@pytest.mark.parametrize(("fields", "expected"), DAYS.values(), ids=DAYS.keys())
def test_days_of_a_template(fields: dict[str, Any], expected: list[int]) -> None:
    found = days_of(template(**fields), date(2026, 11, 23), date(2026, 11, 30), ZONE)
    assert [day.day for day in found] == expected


def test_slots_after_midnight_are_the_next_days() -> None:
    found = starts_on(template(start_time=time(23), end_time=time(1)), date(2026, 10, 31), ZONE)
    assert [instant(each, ZONE).isoformat() for each in found] == [
        "2026-10-31T23:00:00-07:00",
        "2026-11-01T00:00:00-07:00",
    ]


@pytest.mark.parametrize(
    ("minutes", "hourly", "daily", "expected"),
    [
        pytest.param(90, "50", None, "75", id="by the hour"),
        pytest.param(90, None, "300", "300", id="a day begun"),
        pytest.param(1500, None, "300", "600", id="two days begun"),
        pytest.param(300, "50", "300", "250", id="hours are cheaper"),
        pytest.param(480, "50", "300", "300", id="the day is cheaper"),
        pytest.param(1500, "50", "300", "350", id="a day and an hour"),
        pytest.param(60, None, None, None, id="free"),
    ],
)
def test_hire_takes_the_cheaper_rate(minutes: int, hourly: str | None, daily: str | None, expected: str | None) -> None:
    rates = [None if each is None else Decimal(each) for each in (hourly, daily)]
    assert hire(minutes, *rates) == (None if expected is None else Decimal(expected))


def test_currencies_are_never_summed() -> None:
    parts = [("EUR", Decimal("1.005")), ("USD", Decimal(3)), ("EUR", Decimal(2))]
    assert added(parts) == {"EUR": Decimal("3.01"), "USD": Decimal(3)}


def test_most_at_once_lets_touching_spans_follow_each_other() -> None:
    hour = [instant(60 * each, ZONE) for each in range(5)]
    assert most_at_once([]) == 0
    assert most_at_once([(hour[0], hour[2]), (hour[2], hour[3]), (hour[1], hour[3])]) == 2
