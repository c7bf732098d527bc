from datetime import datetime

import pytest

from models.calendars import Calendars, Closure
from models.enums import RuleType
from models.problem import Problem
from models.timegrid import instant, minute_of
from tests.models.weeks import ANA, EVERY_DAY, TUESDAY, WEEK, Json, calendars, closing, hours_rule, open_daily, shown


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
