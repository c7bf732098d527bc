from datetime import datetime
from typing import Any

import pytest

from models.calendars import Calendars, Closure
from models.enums import RuleType
from models.problem import Problem
from models.timegrid import instant, minute_of

EVERY_DAY = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Json = dict[str, Any]


def calendars(first: str, last: str, zone: str = "UTC", **fields: Any) -> Calendars:
    problem = Problem.parse({"timezone": zone, "horizon": {"start": first, "end": last}, **fields})
    return Calendars(problem, minute_of(problem.horizon.start), minute_of(problem.horizon.end))


def shown(found: Calendars, intervals: list[tuple[int, int]] | None, zone: str | None = None) -> list[str] | None:
    """Intervals cut to the range, on the wall of the problem."""
    if intervals is None:
        return None
    wall = found.problem.zone if zone is None else found.problem.subject_zone("user", zone)
    cut = [(max(s, found.first), min(e, found.last)) for s, e in intervals if s < found.last and found.first < e]
    return [f"{instant(s, wall):%a %H:%M%z}/{instant(e, wall):%a %H:%M%z}" for s, e in cut]


def open_daily(start: str, end: str, *days: str) -> Json:
    return {day: [{"start": start, "end": end}] for day in days or EVERY_DAY}


def hours_rule(**fields: Any) -> Json:
    return {"id": "h", "rule_type": "working_hours", "is_global": True, **fields}


def closing(rule_type: str = "blackout", **fields: Any) -> Json:
    return {"id": "c", "rule_type": rule_type, "is_global": True, **fields}


ANA: Json = {"id": "ana"}
WEEK = ("2026-11-23T00:00:00Z", "2026-11-30T00:00:00Z")
TUESDAY = ("2026-11-24T00:00:00Z", "2026-11-25T00:00:00Z")


@pytest.mark.parametrize(
    ("zone", "first", "last", "expected"),
    [
        pytest.param(
            "America/Los_Angeles",
            "2026-03-07T00:00:00-08:00",
            "2026-03-10T00:00:00-07:00",
            ["Sat 01:30-0800/Sat 10:00-0800", "Sun 01:30-0800/Sun 10:00-0700", "Mon 01:30-0700/Mon 10:00-0700"],
            id="gap",
        ),
        pytest.param(
            "America/Los_Angeles",
            "2026-10-31T00:00:00-07:00",
            "2026-11-03T00:00:00-08:00",
            ["Sat 01:30-0700/Sat 10:00-0700", "Sun 01:30-0700/Sun 10:00-0800", "Mon 01:30-0800/Mon 10:00-0800"],
            id="fold",
        ),
        pytest.param(
            "Europe/Berlin",
            "2026-03-28T00:00:00+01:00",
            "2026-03-30T00:00:00+02:00",
            ["Sat 01:30+0100/Sat 10:00+0100", "Sun 01:30+0100/Sun 10:00+0200"],
            id="berlin",
        ),
        pytest.param(
            "Australia/Lord_Howe",
            "2026-04-04T00:00:00+11:00",
            "2026-04-06T00:00:00+10:30",
            ["Sat 01:30+1100/Sat 10:00+1100", "Sun 01:30+1100/Sun 10:00+1030"],
            id="half-an-hour",
        ),
    ],
)
def test_hours_stay_on_the_wall_across_a_clock_change(zone: str, first: str, last: str, expected: list[str]) -> None:
    found = calendars(first, last, zone, users=[{"id": "ana", "availability": open_daily("01:30", "10:00")}])
    assert shown(found, found.hours("user", "ana")) == expected


def test_span_inside_a_gap_moves_with_it_and_a_span_across_it_can_vanish() -> None:
    first, last, zone = "2026-03-08T00:00:00-08:00", "2026-03-09T00:00:00-07:00", "America/Los_Angeles"
    people = [
        {"id": "ana", "availability": open_daily("02:10", "02:40")},
        {"id": "bo", "availability": open_daily("02:30", "03:10")},
    ]
    found = calendars(first, last, zone, users=people)
    assert shown(found, found.hours("user", "ana")) == ["Sun 03:10-0700/Sun 03:40-0700"]
    assert shown(found, found.hours("user", "bo")) == []


def test_overnight_availability_begins_the_day_before() -> None:
    found = calendars(
        *TUESDAY, users=[{"id": "ana", "availability": open_daily("22:00", "06:00", "monday", "tuesday")}]
    )
    assert shown(found, found.hours("user", "ana")) == [
        "Tue 00:00+0000/Tue 06:00+0000",
        "Tue 22:00+0000/Wed 00:00+0000",
    ]


def test_availability_is_on_the_subjects_own_wall() -> None:
    ana = {"id": "ana", "timezone": "Asia/Kathmandu", "availability": open_daily("09:00", "10:00")}
    found = calendars(*TUESDAY, users=[ana])
    assert shown(found, found.hours("user", "ana")) == ["Tue 03:15+0000/Tue 04:15+0000"]


def test_nobody_without_rules_is_always_open() -> None:
    found = calendars(*TUESDAY, users=[ANA], rules=[hours_rule(start_time="09:00", end_time="10:00", is_active=False)])
    assert found.hours("user", "ana") is None
    assert shown(found, found.available("user", "ana")) == ["Tue 00:00+0000/Wed 00:00+0000"]
    assert found.shifts("ana") == [(found.first, found.last)]


def test_empty_availability_is_never_open() -> None:
    found = calendars(*TUESDAY, users=[{"id": "ana", "availability": {}}])
    assert found.available("user", "ana") == []
    assert found.shifts("ana") == []


def test_working_hours_that_name_a_subject_replace_the_global_ones() -> None:
    rules = [
        hours_rule(start_time="08:00", end_time="16:00"),
        {
            "id": "a",
            "rule_type": "working_hours",
            "applies_to_users": ["ana"],
            "start_time": "10:00",
            "end_time": "11:00",
        },
        {
            "id": "b",
            "rule_type": "working_hours",
            "applies_to_users": ["ana"],
            "start_time": "10:30",
            "end_time": "12:00",
        },
    ]
    found = calendars(*TUESDAY, users=[ANA, {"id": "bo"}], teams=[{"id": "t"}], resources=[{"id": "r"}], rules=rules)
    assert shown(found, found.hours("user", "ana")) == ["Tue 10:00+0000/Tue 12:00+0000"]
    assert shown(found, found.hours("user", "bo")) == ["Tue 08:00+0000/Tue 16:00+0000"]
    assert shown(found, found.hours("team", "t")) == ["Tue 08:00+0000/Tue 16:00+0000"]
    assert shown(found, found.hours("none", None)) == ["Tue 08:00+0000/Tue 16:00+0000"]
    assert found.hours("resource", "r") is None


def test_hours_are_own_and_working_hours() -> None:
    ana = {"id": "ana", "availability": open_daily("06:00", "10:00")}
    found = calendars(*TUESDAY, users=[ana], rules=[hours_rule(start_time="08:00", end_time="16:00")])
    assert shown(found, found.own("user", "ana")) == ["Tue 06:00+0000/Tue 10:00+0000"]
    assert shown(found, found.working("user", "ana")) == ["Tue 08:00+0000/Tue 16:00+0000"]
    assert shown(found, found.hours("user", "ana")) == ["Tue 08:00+0000/Tue 10:00+0000"]


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


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param({}, [], id="always-closed"),
        pytest.param({"start_date": "2026-11-24"}, ["Mon 00:00+0000/Tue 00:00+0000"], id="from-a-date-on"),
        pytest.param({"end_date": "2026-11-28"}, ["Sun 00:00+0000/Mon 00:00+0000"], id="up-to-a-date"),
        pytest.param(
            {"start_date": "2026-11-24", "start_time": "12:00"}, ["Mon 00:00+0000/Tue 12:00+0000"], id="from-noon-on"
        ),
        pytest.param(
            {"end_date": "2026-11-29", "end_time": "06:00"}, ["Sun 06:00+0000/Mon 00:00+0000"], id="until-six"
        ),
        pytest.param(
            {"start_date": "2026-11-24", "start_time": "12:00", "end_date": "2026-11-28", "end_time": "06:00"},
            ["Mon 00:00+0000/Tue 12:00+0000", "Sat 06:00+0000/Mon 00:00+0000"],
            id="one-closure-over-days",
        ),
        pytest.param(
            {"start_date": "2026-11-24", "start_time": "22:00", "end_date": "2026-11-24", "end_time": "06:00"},
            ["Mon 00:00+0000/Tue 22:00+0000", "Wed 06:00+0000/Mon 00:00+0000"],
            id="overnight",
        ),
        pytest.param(
            {"start_date": "2026-11-24", "end_date": "2026-11-24", "end_time": "00:00"},
            ["Mon 00:00+0000/Tue 00:00+0000", "Wed 00:00+0000/Mon 00:00+0000"],
            id="midnight-to-midnight",
        ),
        pytest.param({"start_date": "2027-01-01"}, ["Mon 00:00+0000/Mon 00:00+0000"], id="later"),
        pytest.param({"end_date": "2026-01-01"}, ["Mon 00:00+0000/Mon 00:00+0000"], id="earlier"),
        pytest.param(
            {"end_date": "9999-12-31", "start_date": "2026-11-25"}, ["Mon 00:00+0000/Wed 00:00+0000"], id="for-ever"
        ),
        pytest.param(
            {"start_time": "12:00", "end_time": "13:00", "recurrence_rule": {"frequency": "weekly", "days": [3]}},
            ["Mon 00:00+0000/Wed 12:00+0000", "Wed 13:00+0000/Mon 00:00+0000"],
            id="recurring",
        ),
    ],
)
def test_blackout_closes(fields: Json, expected: list[str]) -> None:
    found = calendars(*WEEK, users=[ANA], rules=[closing(**fields)])
    assert shown(found, found.available("user", "ana")) == expected
    assert shown(found, found.available("none", None)) == expected


def test_every_closing_rule_binds_its_own_kinds() -> None:
    kinds = [("user", "ana"), ("team", "t"), ("resource", "r"), ("none", None)]
    subjects: Json = {"users": [ANA], "teams": [{"id": "t"}], "resources": [{"id": "r"}]}
    closed = {}
    for rule_type in ("holiday", "blackout", "maintenance", "break_time"):
        found = calendars(*TUESDAY, **subjects, rules=[closing(rule_type)])
        closed[rule_type] = [kind for kind, key in kinds if not shown(found, found.available(kind, key))]
    assert closed == {
        "holiday": ["user", "team", "resource", "none"],
        "blackout": ["user", "team", "resource", "none"],
        "maintenance": ["resource"],
        "break_time": ["user"],
    }


def test_rule_that_names_a_team_leaves_its_members_alone() -> None:
    rule = {"id": "c", "rule_type": "holiday", "applies_to_teams": ["t"]}
    found = calendars(*TUESDAY, users=[ANA], teams=[{"id": "t", "members": ["ana"]}], rules=[rule])
    assert shown(found, found.available("team", "t")) == []
    assert shown(found, found.available("user", "ana")) == ["Tue 00:00+0000/Wed 00:00+0000"]
    assert shown(found, found.available("none", None)) == ["Tue 00:00+0000/Wed 00:00+0000"]


def test_public_holidays_close_their_local_days() -> None:
    christmas = ("2026-12-24T00:00:00+01:00", "2026-12-28T00:00:00+01:00", "Europe/Berlin")
    found = calendars(*christmas, users=[ANA], rules=[closing("holiday", parameters={"country": "DE"})])
    assert shown(found, found.available("user", "ana")) == [
        "Thu 00:00+0100/Fri 00:00+0100",
        "Sun 00:00+0100/Mon 00:00+0100",
    ]
    assert [closure.label for closure in found.closures("user", "ana")] == [
        "Christmas Day",
        "Second Day of Christmas",
    ]


def test_public_holidays_of_a_subdivision_for_part_of_the_day() -> None:
    # Epiphany, 6 January, is a holiday in Bavaria and not in Berlin.
    week = ("2027-01-04T00:00:00Z", "2027-01-08T00:00:00Z")
    for part, expected in (("BY", ["Wed 12:00+0000/Wed 18:00+0000"]), ("BE", [])):
        rule = closing(
            "holiday", start_time="12:00", end_time="18:00", parameters={"country": "DE", "subdivision": part}
        )
        found = calendars(*week, users=[ANA], rules=[rule])
        closed = [(closure.start, closure.end) for closure in found.closures("user", "ana")]
        assert shown(found, closed) == expected


def test_holiday_without_country_closes_its_dates() -> None:
    rule = closing("holiday", start_date="2026-11-24", end_date="2026-11-25", start_time="12:00")
    found = calendars(*WEEK, users=[ANA], rules=[rule])
    closed = [(closure.start, closure.end) for closure in found.closures("user", "ana")]
    assert shown(found, closed) == ["Tue 12:00+0000/Wed 00:00+0000", "Wed 12:00+0000/Thu 00:00+0000"]


def test_global_rule_holds_on_the_wall_of_each_subject() -> None:
    people = [{"id": "ana", "timezone": "Asia/Tokyo"}, {"id": "bo"}]
    rule = closing("holiday", start_date="2026-11-24", end_date="2026-11-24")
    found = calendars(*WEEK, users=people, rules=[rule])
    assert [f"{instant(c.start, found.problem.zone):%a %H:%M}" for c in found.closures("user", "ana")] == ["Mon 15:00"]
    assert [f"{instant(c.start, found.problem.zone):%a %H:%M}" for c in found.closures("user", "bo")] == ["Tue 00:00"]


def test_closures_say_what_closes() -> None:
    day = {"start": "2026-11-24T10:00:00Z", "end": "2026-11-24T11:00:00Z"}
    dates = {"start_date": "2026-11-24", "end_date": "2026-11-24"}
    noon = {"start_time": "12:00", "end_time": "12:30"}
    rules = [
        {"id": "x", "rule_type": "blackout", "name": "Move", "applies_to_users": ["ana"], **dates},
        {"id": "y", "rule_type": "break_time", "is_global": True, **dates, **noon},
        {"id": "z", "rule_type": "break_time", "is_global": True, "parameters": {"duration_minutes": 30}},
    ]
    found = calendars(*TUESDAY, users=[{"id": "ana", "unavailable": [day]}], rules=rules)
    start = found.first
    assert found.closures("user", "ana") == [
        Closure(start, start + 1440, "blackout", "x", "Move"),
        Closure(start + 600, start + 660, "availability", None, "leave"),
        Closure(start + 720, start + 750, "break_time", "y", "break time"),
    ]


def test_shift_joins_the_hours_of_a_day_before_closures() -> None:
    ana = {
        "id": "ana",
        "availability": {
            day: [{"start": "08:00", "end": "12:00"}, {"start": "22:00", "end": "02:00"}] for day in EVERY_DAY
        },
        "unavailable": [{"start": "2026-11-24T00:00:00Z", "end": "2026-11-25T00:00:00Z"}],
    }
    found = calendars(*WEEK, users=[ana])
    whole = [shift for shift in found.shifts("ana") if found.first <= shift[0] and shift[1] <= found.last]
    assert shown(found, whole[:2]) == ["Mon 08:00+0000/Tue 02:00+0000", "Tue 08:00+0000/Wed 02:00+0000"]


def test_break_spans_are_those_of_flexible_breaks() -> None:
    span = {"start_time": "11:30", "end_time": "13:30"}
    rules = [
        closing("break_time", **span, parameters={"duration_minutes": 30}),
        {"id": "fixed", "rule_type": "break_time", "is_global": True, **span},
        {"id": "others", "rule_type": "break_time", "applies_to_users": ["bo"], "parameters": {"duration_minutes": 5}},
    ]
    found = calendars(*TUESDAY, users=[ANA, {"id": "bo"}], rules=rules)
    inside = [
        (r.id, s - found.first, e - found.first, d)
        for r, s, e, d in found.break_spans("ana")
        if found.first <= s < found.last
    ]
    assert inside == [("c", 690, 810, 30)]
    assert {rule.id for rule, *_ in found.break_spans("bo")} == {"c", "others"}


def test_rules_for_limits_and_bookings() -> None:
    rules = [
        {"id": "all", "rule_type": "capacity_limit", "is_global": True, "parameters": {"max_per_day": 9}},
        {"id": "ana", "rule_type": "capacity_limit", "applies_to_users": ["ana"], "parameters": {"max_per_day": 3}},
        {"id": "soon", "rule_type": "advance_booking", "is_global": True, "applies_to_users": ["ana"]},
    ]
    found = calendars(*TUESDAY, users=[ANA], rules=rules)
    assert [rule.id for rule in found.rules_for("user", "ana", RuleType.CAPACITY_LIMIT)] == ["ana"]
    assert [rule.id for rule in found.rules_for("none", None, RuleType.CAPACITY_LIMIT)] == ["all"]
    assert [rule.id for rule in found.rules_for("user", "ana", RuleType.ADVANCE_BOOKING)] == ["soon"]


def test_subjects_that_agree_share_their_calendar() -> None:
    people = [{"id": key, "availability": open_daily("08:00", "16:00")} for key in ("ana", "bo")]
    people.append({**people[0], "id": "cy", "timezone": "Asia/Tokyo"})
    found = calendars(*WEEK, users=people, rules=[closing(start_date="2026-11-24", end_date="2026-11-24")])
    assert found.available("user", "ana") is found.available("user", "bo")
    assert found.shifts("ana") is found.shifts("bo")
    assert found.available("user", "cy") != found.available("user", "ana")


def test_calendars_reach_beyond_the_horizon_on_request() -> None:
    ana = {"id": "ana", "availability": open_daily("08:00", "09:00")}
    problem = Problem.parse({"horizon": {"start": TUESDAY[0], "end": TUESDAY[1]}, "users": [ana]})
    early = minute_of(datetime.fromisoformat("2026-11-01T00:00:00Z"))
    hours = Calendars(problem, early, minute_of(problem.horizon.end)).hours("user", "ana")
    assert hours is not None
    assert (early + 480, early + 540) in hours
