from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from service.calendars import reading
from service.calendars.events import Occurrence, Window
from service.calendars.reading import read
from service.calendars.vetting import MOST_BYTES, Unreadable
from tests.service.calendars.diaries import calendar_of, vevent

# Clocks go back on 25 October 2026 in Berlin, and on 1 November in Los Angeles.
WINDOW = Window(datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC))
LA = ZoneInfo("America/Los_Angeles")
BERLIN_BY_RULES = (
    "BEGIN:VTIMEZONE\r\nTZID:Office\r\n"
    "BEGIN:STANDARD\r\nDTSTART:16010101T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\n"
    "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\nEND:STANDARD\r\n"
    "BEGIN:DAYLIGHT\r\nDTSTART:16010101T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\n"
    "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\n"
)


def occurrences(*parts: str, email: str | None = None) -> tuple[Occurrence, ...]:
    found = read(calendar_of(*parts).encode(), WINDOW, LA, email)
    assert found.refused == []
    (series,) = found.series
    return series.occurrences


def times(*parts: str) -> list[str]:
    return [f"{each.start:%m-%d %H:%M}/{each.end:%m-%d %H:%M}" for each in occurrences(*parts)]


def refusal(*lines: str) -> str:
    found = read(calendar_of(vevent("a", *lines)).encode(), WINDOW, LA)
    assert found.series == []
    (refused,) = found.refused
    return refused.why


WEEKLY = ("DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=3")
AROUND_THE_CHANGE = ["10-18 07:00/10-18 08:00", "10-25 08:00/10-25 09:00", "11-01 08:00/11-01 09:00"]


@pytest.mark.parametrize("zone", ["Europe/Berlin", "W. Europe Standard Time", "Office"])
def test_series_stays_on_the_wall_of_its_zone_when_clocks_change(zone: str) -> None:
    event = vevent("a", f"DTSTART;TZID={zone}:20261018T090000", *WEEKLY)
    assert times(BERLIN_BY_RULES, event) == AROUND_THE_CHANGE


def test_zone_of_one_file_is_unknown_to_the_next() -> None:
    event = vevent("a", "DTSTART;TZID=Office:20261018T090000", *WEEKLY)
    assert times(BERLIN_BY_RULES, event) == AROUND_THE_CHANGE
    why = refusal("DTSTART;TZID=Office:20261018T090000", "DURATION:PT1H")
    assert why.startswith('The time zone "Office" of DTSTART is unknown, and the file does not define it')
    eastward = BERLIN_BY_RULES.replace("+0200", "+0900").replace("+0100", "+0900")
    assert times(eastward, event)[0] == "10-18 00:00/10-18 01:00"


def test_floating_time_and_whole_day_are_meant_on_the_wall_of_the_reader() -> None:
    event = vevent("a", "DTSTART:20261025T090000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=2")
    assert times(event) == ["10-25 16:00/10-25 17:00", "11-01 17:00/11-01 18:00"]
    # The day of the change has 25 hours.
    assert times(vevent("a", "DTSTART;VALUE=DATE:20261101")) == ["11-01 07:00/11-02 08:00"]
    assert times("X-WR-TIMEZONE:Europe/Berlin\r\n", vevent("a", "DTSTART;VALUE=DATE:20261101")) == [
        "10-31 23:00/11-01 23:00"
    ]


def test_wall_time_that_does_not_exist_moves_on_and_one_that_comes_twice_is_the_first() -> None:
    gap = vevent("a", "DTSTART;TZID=America/Los_Angeles:20270314T023000", "DURATION:PT1H")
    assert times(gap) == ["03-14 10:30/03-14 11:30"]
    twice = vevent("a", "DTSTART;TZID=America/Los_Angeles:20261101T013000", "DURATION:PT30M")
    assert times(twice) == ["11-01 08:30/11-01 09:00"]


def test_seconds_are_rounded_outward() -> None:
    assert times(vevent("a", "DTSTART:20261101T100030Z", "DTEND:20261101T105930Z")) == ["11-01 10:00/11-01 11:00"]


@pytest.mark.parametrize(
    "line",
    [
        "TRANSP:TRANSPARENT",
        "STATUS:CANCELLED",
        "ATTENDEE;PARTSTAT=DECLINED:mailto:Ana@example.com",
    ],
)
def test_what_is_free_cancelled_or_declined_takes_no_time(line: str) -> None:
    event = vevent("a", "DTSTART:20261101T100000Z", "DURATION:PT1H", line)
    (found,) = occurrences(event, email="ana@example.com")
    assert not found.blocks


def test_this_and_following_of_a_series_moves_together() -> None:
    series = vevent("a", "DTSTART:20261102T100000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=3")
    later = vevent(
        "a", "RECURRENCE-ID;RANGE=THISANDFUTURE:20261103T100000Z", "DTSTART:20261103T120000Z", "DURATION:PT1H"
    )
    assert times(series, later) == ["11-02 10:00/11-02 11:00", "11-03 12:00/11-03 13:00", "11-04 12:00/11-04 13:00"]


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (["SUMMARY:x"], "It has no DTSTART"),
        (["DTSTART:20261101T100000Z", "DTEND:20261101T090000Z"], "before it starts"),
        (["DTSTART:20261101T100000Z", "DTEND;VALUE=DATE:20261102"], "two of a kind"),
        (["DTSTART:2026110T100000Z"], "It cannot be read: DTSTART"),
        (["DTSTART:00010101T100000Z"], "the year 1;"),
        (["DTSTART;TZID=Mars/Olympus:20261101T100000", "DURATION:PT1H"], 'The time zone "Mars/Olympus"'),
        (["DTSTART:20261101T100000Z", "RRULE:FREQ=SECONDLY"], "It recurs SECONDLY"),
        (["DTSTART:20261101T100000Z", "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"], "No month has the days"),
        (["DTSTART:20261101T100000Z", "RRULE:FREQ=DAILY;BYHOUR=1,2,3;BYMINUTE=1,2,3,4,5,6,7,8,9"], "27 times a day"),
        (["DTSTART:20261101T100000Z", "RRULE:FREQ=DAILY;BYSETPOS=400"], "BYSETPOS"),
        (["DTSTART:20261101T100000Z", "RRULE:FREQ=DAILY", "RRULE:FREQ=WEEKLY"], "more than one RRULE"),
    ],
)
def test_odd_event_is_refused_with_the_reason(lines: list[str], why: str) -> None:
    assert why in refusal(*lines)


def test_rule_of_a_million_times_is_followed_within_the_window_alone() -> None:
    event = vevent("a", "DTSTART:19000101T100000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=1000000")
    assert len(times(event)) == 61


def test_too_many_times_within_the_window_are_refused() -> None:
    dates = ",".join(
        f"{datetime(2026, 10, 1, tzinfo=UTC) + timedelta(hours=n / 2):%Y%m%dT%H%M%SZ}" for n in range(2500)
    )
    assert "expected at most 2000" in refusal("DTSTART:20261001T000000Z", "DURATION:PT1M", f"RDATE:{dates}")


def test_what_takes_too_long_to_follow_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "SECONDS", -1.0)
    assert "takes longer than" in refusal("DTSTART:20261001T000000Z")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "no VCALENDAR"),
        (b"<html></html>", "This is no calendar file"),
        (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", "The file is cut off"),
        (
            b"BEGIN:VCALENDAR\r\nSUMMARY:caf\xe9\r\nEND:VCALENDAR\r\n",
            "byte 28: found the byte 0xE9, which is not UTF-8",
        ),
        (b"BEGIN:VCALENDAR\r\nSUMMARY:\0\r\nEND:VCALENDAR\r\n", "U+0000"),
        (b"BEGIN:VCALENDAR\r\n" * 10, "components in each other"),
        (b"BEGIN:VCALENDAR\r\nEND:VEVENT\r\n", "the end of what was begun last"),
        (b"x" * (MOST_BYTES + 1), f"at most {MOST_BYTES} bytes"),
        (b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\nEND:VEVENT\r\n" * 10_001, "more than 10000 of VEVENT"),
        (
            BERLIN_BY_RULES.join(["BEGIN:VCALENDAR\r\n", "END:VCALENDAR\r\n"]).replace("YEARLY", "SECONDLY").encode(),
            "a time zone that changes by FREQ=YEARLY",
        ),
    ],
)
def test_hostile_file_is_refused_with_where_and_what(data: bytes, why: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read(data, WINDOW, LA)
    assert why in str(refused.value)
