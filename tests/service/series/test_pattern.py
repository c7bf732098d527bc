from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings, strategies as st

from models.rules import Recurrence
from models.timegrid import instant, minute_of
from service.series.pattern import Pattern, RecurrenceRule
from service.series.rewriting import moved, rule_faults

ZONES = ("UTC", "America/Los_Angeles", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu")
FAR = 3 * 366 * 1440


def pattern(rule: RecurrenceRule, start: str, zone: str = "America/Los_Angeles") -> Pattern:
    found = ZoneInfo(zone)
    return Pattern(rule, minute_of(datetime.fromisoformat(start).replace(tzinfo=found)), found)


def walls(found: Pattern, days: int = 100) -> list[str]:
    starts = found.starts(found.start, found.start + days * 1440)
    return [f"{instant(each, found.zone):%m-%d %H:%M}" for each in starts]


def to_utc(local: datetime, zone: ZoneInfo) -> int:
    """What a wall shows, read as RFC 5545 says: by the offset before a gap, and before a clock is set back."""
    offset = min((local.replace(tzinfo=zone, fold=fold) for fold in (0, 1)), key=lambda each: each.fold).utcoffset()
    assert offset is not None
    return int((local - offset).replace(tzinfo=UTC).timestamp() // 60)


def brute_force(text: str, start: int, zone: ZoneInfo, low: int, high: int) -> list[int]:
    """Ask dateutil, day by day, on the wall, and count the first start whether it fits or not."""
    first = datetime.fromtimestamp(start * 60, zone).replace(tzinfo=None, fold=0)
    parts = dict(part.split("=") for part in text.split(";"))
    count, until = parts.pop("COUNT", None), parts.pop("UNTIL", None)
    found = {first: start}
    for moment in rrulestr(";".join(f"{k}={v}" for k, v in parts.items()), dtstart=first):
        minute = to_utc(moment, zone)
        if minute >= high or (count and len(found) >= int(count)):
            break
        if until and len(until) == 8 and moment.date() > date.fromisoformat(until):
            break
        if until and len(until) > 8 and minute * 60 > datetime.fromisoformat(until).timestamp():
            break
        found.setdefault(moment, minute)
    return sorted(minute for minute in found.values() if low <= minute < high)


WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@st.composite
def rules(draw: st.DrawFn) -> str:
    frequency = draw(st.sampled_from(("DAILY", "WEEKLY", "MONTHLY", "YEARLY")))
    parts = {"FREQ": frequency}
    if draw(st.booleans()):
        parts["INTERVAL"] = str(draw(st.integers(1, 4)))
    days = ",".join(sorted(draw(st.sets(st.sampled_from(WEEKDAYS), min_size=1, max_size=3))))
    by = draw(
        st.sampled_from(("", "BYDAY", "BYMONTH", *(("BYMONTHDAY", "BYSETPOS") if frequency == "MONTHLY" else ())))
    )
    if by == "BYDAY":
        parts["BYDAY"] = draw(st.sampled_from(("1MO", "-1FR", "2WE,3WE"))) if frequency == "MONTHLY" else days
    elif by == "BYMONTH":
        parts["BYMONTH"] = draw(st.sampled_from(("1,7", "2", "3,4,10,11")))
        if frequency == "YEARLY":
            parts["BYMONTHDAY"] = draw(st.sampled_from(("1", "29", "31", "-1")))
    elif by == "BYMONTHDAY":
        parts["BYMONTHDAY"] = draw(st.sampled_from(("1", "15,30", "31", "-1")))
    elif by == "BYSETPOS":
        parts |= {"BYDAY": days, "BYSETPOS": draw(st.sampled_from(("1", "-1", "2")))}
    if frequency == "WEEKLY" and draw(st.booleans()):
        parts["WKST"] = draw(st.sampled_from(("SU", "MO", "WE")))
    end = draw(st.sampled_from(("", "COUNT", "UNTIL", "UNTIL date")))
    if end == "COUNT":
        parts["COUNT"] = str(draw(st.integers(1, 40)))
    elif end:
        until = datetime(2026, 3, 1) + timedelta(minutes=draw(st.integers(0, 600 * 1440)))
        parts["UNTIL"] = f"{until:%Y%m%dT%H%M00Z}" if end == "UNTIL" else f"{until:%Y%m%d}"
    return ";".join(f"{name}={value}" for name, value in parts.items())


# Around both clock changes of every zone; times of day that do not exist or come twice included.
STARTS = st.builds(
    lambda day, hour, minute: datetime(2026, 2, 25) + timedelta(days=day, hours=hour, minutes=minute),
    st.integers(0, 400),
    st.integers(0, 23),
    st.sampled_from((0, 15, 30)),
)
SETTINGS = settings(max_examples=150, deadline=None)


@st.composite
def patterns(draw: st.DrawFn) -> Pattern:
    zone = ZoneInfo(draw(st.sampled_from(ZONES)))
    return Pattern(draw(rules()), to_utc(draw(STARTS), zone), zone)


@SETTINGS
@given(patterns(), st.integers(-30, 300), st.integers(0, 800))
def test_starts_are_those_of_dateutil_on_the_wall(found: Pattern, skipped: int, days: int) -> None:
    assert isinstance(found.rule, str)
    low = found.start + skipped * 1440 + 7
    high = low + days * 1440
    assert found.starts(low, high) == brute_force(found.rule, found.start, found.zone, low, high)


@SETTINGS
@given(patterns(), st.integers(0, 60), st.integers(0, 1))
def test_series_is_the_sum_of_its_parts(found: Pattern, chosen: int, late: int) -> None:
    starts = found.starts(found.start, found.start + FAR)
    at = starts[chosen % len(starts)]
    after = found.since(at)
    assert after.starts(0, found.start + FAR) == [each for each in starts if each >= at]
    end = at + late
    ended = found.before(end)
    assert ended.starts(0, found.start + FAR) == [each for each in starts if each < end or each == found.start]
    assert after.before(end).rule == after.before(end).before(end + 1440).rule


@SETTINGS
@given(patterns(), st.integers(-10, 10), st.integers(-600, 600))
def test_moved_series_has_every_start_moved(found: Pattern, days: int, minutes: int) -> None:
    target = to_utc(
        instant(found.start, found.zone).replace(tzinfo=None) + timedelta(days, minutes=minutes), found.zone
    )
    moved_on = moved(found, target)
    assert isinstance(found.rule, str)
    if moved_on is None:
        assert "BYDAY" in found.rule or "BYMONTH" in found.rule
        return
    shift = moved_on.first_day - found.first_day
    old = found.starts(found.start, found.start + FAR)
    new = moved_on.starts(moved_on.start, moved_on.start + FAR)
    short = min(len(old), len(new)) - 10 if len(old) > 20 else max(len(old), len(new))
    if shift and ("MONTHLY" in found.rule or "YEARLY" in found.rule):
        return  # another day of the month is there in other months
    assert [found.day_of(each) + shift for each in old[:short]] == [moved_on.day_of(each) for each in new[:short]]


def test_time_of_day_stays_across_clock_changes() -> None:
    found = pattern("FREQ=DAILY", "2026-10-31T02:30")
    assert [instant(each, found.zone).isoformat() for each in found.starts(found.start, found.start + 3 * 1440)] == [
        "2026-10-31T02:30:00-07:00",
        "2026-11-01T02:30:00-08:00",
        "2026-11-02T02:30:00-08:00",
    ]
    # On 2027-03-14 the clock goes from 02:00 to 03:00.
    assert walls(pattern("FREQ=DAILY;COUNT=3", "2027-03-13T02:30")) == ["03-13 02:30", "03-14 03:30", "03-15 02:30"]


CASES = {
    "infinite": ("FREQ=WEEKLY;BYDAY=MO,WE", "2026-11-23T09:00", "11-23 11-25 11-30 12-02"),
    "first does not fit": ("FREQ=WEEKLY;BYDAY=MO", "2026-11-24T09:00", "11-24 11-30"),
    "first does not fit but counts": ("FREQ=WEEKLY;BYDAY=MO;COUNT=2", "2026-11-24T09:00", "11-24 11-30"),
    "until the minute before": ("FREQ=DAILY;UNTIL=20261124T165900Z", "2026-11-23T09:00", "11-23"),
    "until the minute": ("FREQ=DAILY;UNTIL=20261124T170000Z", "2026-11-23T09:00", "11-23 11-24"),
    "until a wall time": ("FREQ=DAILY;UNTIL=20261124T090000", "2026-11-23T09:00", "11-23 11-24"),
    "until a wall time before": ("FREQ=DAILY;UNTIL=20261124T085959", "2026-11-23T09:00", "11-23"),
    "until before the first": ("FREQ=DAILY;UNTIL=20200101", "2026-11-23T09:00", "11-23"),
    "never again": ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "2026-11-23T09:00", "11-23"),
    "object": (
        Recurrence.model_validate({"frequency": "weekly", "days": [1, 5], "count": 3}),
        "2026-11-23T09:00",
        "11-23 11-27 11-30",
    ),
    "dates": (
        Recurrence.model_validate({"dates": ["2026-11-25", "2026-11-24", "2026-11-01"]}),
        "2026-11-23T09:00",
        "11-23 11-24 11-25",
    ),
    "until far away": ("FREQ=WEEKLY;UNTIL=99991231T235959Z", "2026-11-23T09:00", "11-23 11-30"),
}


@pytest.mark.parametrize(("rule", "start", "expected"), CASES.values(), ids=CASES.keys())
def test_starts_of_a_series(rule: RecurrenceRule, start: str, expected: str) -> None:
    assert walls(pattern(rule, start), 10) == [f"{day} 09:00" for day in expected.split()]


OBJECTS: dict[str, RecurrenceRule] = {
    "days": Recurrence.model_validate({"frequency": "weekly", "days": [1, 5], "until": "2026-12-20"}),
    "count": Recurrence.model_validate({"frequency": "daily", "interval": 2, "count": 9}),
    "dates": Recurrence.model_validate({"dates": ["2026-11-23", "2026-11-30", "2026-12-01"]}),
}


@pytest.mark.parametrize("rule", OBJECTS.values(), ids=OBJECTS.keys())
def test_objects_are_split_and_moved_like_texts(rule: RecurrenceRule) -> None:
    found = pattern(rule, "2026-11-23T09:00")
    starts = found.starts(found.start, found.start + FAR)
    for at in starts:
        assert found.before(at).starts(0, found.start + FAR) == ([s for s in starts if s < at] or starts[:1])
        assert found.since(at).starts(0, found.start + FAR) == [s for s in starts if s >= at]
    later = moved(found, found.start + 1440 + 60)
    assert later is not None
    assert later.starts(0, found.start + FAR) == [each + 1440 + 60 for each in starts]


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        pytest.param("FREQ=MONTHLY;BYDAY=1MO", 1, id="first Monday"),
        pytest.param("FREQ=MONTHLY;BYMONTHDAY=23", 1, id="day of the month"),
        pytest.param(
            Recurrence.model_validate({"frequency": "weekly", "interval": 2, "days": [1, 7]}), 1, id="weeks torn"
        ),
    ],
)
def test_some_rules_move_in_time_of_day_alone(rule: RecurrenceRule, days: int) -> None:
    found = pattern(rule, "2026-11-23T09:00")
    assert moved(found, found.start + days * 1440) is None
    later = moved(found, found.start + 60)
    assert later is not None
    assert walls(later, 1) == ["11-23 10:00"]


@pytest.mark.parametrize("rule", ["FREQ=DAILY;BYHOUR=9", "FREQ=WEEKLY;BYDAY=MO,TU;BYSETPOS=1"])
def test_rules_that_no_series_can_have_are_faults(rule: str) -> None:
    assert [fault.where for fault in rule_faults(rule)] == ["recurrence_rule"]
    assert rule_faults("FREQ=DAILY;BYMONTH=2") == []


def test_range_without_days_is_empty() -> None:
    found = pattern("FREQ=DAILY", "2026-11-23T09:00")
    assert found.starts(0, found.start) == []
    assert found.starts(found.start + 5 * 1440 + 1, found.start + 6 * 1440) == []
    assert found.clock == time(9)
