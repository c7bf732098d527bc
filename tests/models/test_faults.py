"""Every way to write a problem wrong has a place and plain words."""

import copy
import json
from typing import Any

import pytest

from models.errors import InvalidProblem
from models.problem import Problem, load_problem

GONE = object()
A = "appointments"

SOUND: dict[str, Any] = {
    "name": "clinic",
    "timezone": "Europe/Berlin",
    "horizon": {"start": "2026-11-23T00:00:00+01:00", "end": "2026-11-28T00:00:00+01:00"},
    "step_minutes": 15,
    "users": [
        {"id": "ana", "skills": ["care", {"name": "wound", "level": 2}], "start_location": "depot"},
        {"id": "bo", "availability": {"monday": {"start": "08:00", "end": "16:00"}}, "max_hours_per_week": 37.5},
    ],
    "teams": [{"id": "alpha", "members": ["ana", "bo"], "lead": "ana"}],
    "resources": [{"id": "van", "resource_type": "vehicle", "capacity": 2}],
    "locations": [
        {"id": "depot", "latitude": 52.5, "longitude": 13.4},
        {"id": "home", "latitude": 52.4, "longitude": 13},
    ],
    "travel": {},
    "rules": [
        {"id": "hours", "rule_type": "working_hours", "is_global": True, "start_time": "08:00", "end_time": "18:00"}
    ],
    "appointments": [
        {
            "id": "first",
            "duration_minutes": 60,
            "windows": [{"start": "2026-11-23T08:00:00+01:00", "end": "2026-11-23T12:00:00+01:00"}],
            "crew": [{"skills": ["care"]}],
            "users": {"allowed": ["ana"], "excluded": ["bo"], "preferred": ["ana"]},
            "team": {"any_of": ["alpha"]},
            "resources": [{"resource": "van", "units": 1}],
            "location": "home",
        },
        {
            "id": "second",
            "duration_minutes": 30,
            "after": [{"appointment": "first", "min_gap_minutes": 10}],
            "current": {"start": "2026-11-23T13:00:00+01:00", "users": ["bo"], "resources": [{"resource": "van"}]},
        },
    ],
    "weights": {"travel": 2, "unassigned": {"low": 1}},
}

MATRIX = {"locations": ["depot", "home"], "minutes": [[0, 5], [6, 0]]}


def changed(path: list[str | int], value: object) -> dict[str, Any]:
    document = copy.deepcopy(SOUND)
    node: Any = document
    for step in path[:-1]:
        node = node[step]
    if value is GONE:
        del node[path[-1]]
    elif isinstance(node, list) and path[-1] == len(node):
        node.append(value)
    else:
        node[path[-1]] = value
    return document


def rule(**fields: object) -> dict[str, object]:
    return {"id": "extra", "rule_type": "blackout", **fields}


RULE: list[str | int] = ["rules", 1]
FIRST: list[str | int] = [A, 0]
SECOND: list[str | int] = [A, 1]

# What is wrong: the place that is changed, its new value, where the fault is, what it says.
CASES: dict[str, tuple[list[str | int], object, str, str]] = {
    "horizon-missing": (["horizon"], GONE, "horizon", "found nothing; expected a value for horizon. Add it."),
    "horizon-null": (["horizon"], None, "horizon", "found null; expected an object"),
    "horizon-backwards": (
        ["horizon", "end"],
        "2026-11-22T00:00:00+01:00",
        "horizon.end",
        "expected a time after the start 2026-11-23T00:00:00+01:00. Swap start and end.",
    ),
    "horizon-empty": (["horizon", "end"], "2026-11-22T23:00:00Z", "horizon.end", "expected a time after the start"),
    "horizon-too-long": (["horizon", "end"], "2027-12-29T00:00:00+01:00", "horizon.end", "at most 400 days after"),
    "version-2": (["version"], 2, "version", "found 2; expected 1."),
    "unknown-field": (["horzon"], 1, "horzon", 'found the unknown field "horzon"; expected one of version, name,'),
    "unknown-field-hint": (["step_minute"], 5, "step_minute", 'Did you mean "step_minutes"?'),
    "unknown-nested-field": ([*FIRST, "durations"], 5, f"{A}[0].durations", "the unknown field"),
    "unknown-nested-hint": ([*FIRST, "crew", 0, "skill"], [], f"{A}[0].crew[0].skill", 'Did you mean "skills"?'),
    "unknown-link-field-hint": (
        [*SECOND, "after", 0, "max_gap"],
        1,
        f"{A}[1].after[0].max_gap",
        'Did you mean "max_gap_minutes"?',
    ),
    "unknown-availability-field": (
        ["users", 1, "availability", "monday", "from"],
        "08:00",
        "users[1].availability.monday[0].from",
        "expected one of start, end. Leave it out.",
    ),
    "odd-field-name": (["a b"], 1, '["a b"]', "the unknown field"),
    "zone-unknown": (["timezone"], "Europe/Berlim", "timezone", 'Did you mean "Europe/Berlin"?'),
    "zone-city": (["users", 0, "timezone"], "los angeles", "users[0].timezone", 'Did you mean "America/Los_Angeles"?'),
    "zone-nonsense": (["timezone"], "Zzyzx", "timezone", "The names are those of the IANA time zone database."),
    "zone-path": (["timezone"], "../../etc/passwd", "timezone", "the IANA name of a time zone"),
    "zone-number": (["timezone"], 1, "timezone", "found 1; expected the IANA name"),
    "naive-time": (["now"], "2026-11-23T00:00:00", "now", "expected a time with an offset. Add the offset"),
    "seconds": (["now"], "2026-11-23T00:00:30Z", "now", "expected a time in whole minutes. Leave the seconds at 00."),
    "microseconds": (["now"], "2026-11-23T00:00:00.5Z", "now", "expected a time in whole minutes"),
    "no-such-day": (["now"], "2026-02-30T00:00:00Z", "now", "There is no such day or time."),
    "hour-24": (["now"], "2026-02-20T24:00:00Z", "now", "There is no such day or time."),
    "date-for-time": (["now"], "2026-11-23", "now", "expected a time with an offset"),
    "number-for-time": (["now"], 1795392000, "now", "found 1795392000; expected a time with an offset"),
    "year-1": (["now"], "0001-01-01T00:00:00Z", "now", "a time in the years 1970 to 2199"),
    "year-9999": (["now"], "9999-12-31T23:59:00-14:00", "now", "a time in the years 1970 to 2199"),
    "step-7": (["step_minutes"], 7, "step_minutes", "found 7; expected one of 1, 2, 3, 4, 5, 6, 10"),
    "step-120": (["step_minutes"], 120, "step_minutes", "The nearest is 60."),
    "step-0": (["step_minutes"], 0, "step_minutes", "found 0"),
    "step-true": (["step_minutes"], True, "step_minutes", "found true; expected a whole number of minutes"),
    "step-text": (["step_minutes"], "15", "step_minutes", 'found "15"'),
    "users-object": (["users"], {}, "users", "found {}; expected a list"),
    "user-text": (["users", 2], "cy", "users[2]", 'found "cy"; expected an object'),
    "id-number": (["users", 2], {"id": 3}, "users[2].id", "found 3; expected text. Put it in quotes."),
    "id-empty": (["users", 2], {"id": ""}, "users[2].id", 'found ""; expected text of at least 1 characters'),
    "id-missing": (["users", 2], {}, "users[2].id", "found nothing"),
    "id-twice": (["users", 2], {"id": "ana"}, "users[2].id", 'found "ana" again; expected an id of its own among the'),
    "appointment-twice": (
        [A, 2],
        {"id": "first", "duration_minutes": 5},
        f"{A}[2].id",
        "appointments[0] has it already",
    ),
    "rule-twice": (RULE, rule(id="hours"), "rules[1].id", "again"),
    "location-twice": (["locations", 2], {"id": "depot", "latitude": 1, "longitude": 1}, "locations[2].id", "again"),
    "surrogate": (["name"], "\ud800", "name", 'found "\\ud800"; expected valid Unicode text'),
    "long-text": (["name"], "x" * 10_001, "name", "(10001 characters); expected text of at most 10000 characters"),
    "weekday": (
        ["users", 1, "availability"],
        {"mondy": []},
        "users[1].availability.mondy",
        'expected one of monday, tuesday, wednesday, thursday, friday, saturday, sunday. Did you mean "monday"?',
    ),
    "wall-24": (
        ["users", 1, "availability", "monday", "end"],
        "24:00",
        "users[1].availability.monday[0].end",
        'Write "00:00"',
    ),
    "wall-seconds": (
        ["users", 1, "availability", "monday", "end"],
        "16:00:01",
        "users[1].availability.monday[0].end",
        "a wall time in whole minutes",
    ),
    "wall-offset": (
        ["users", 1, "availability", "monday", "end"],
        "16:00Z",
        "users[1].availability.monday[0].end",
        "a wall time without offset, such as 09:00",
    ),
    "wall-hour": (
        ["users", 1, "availability", "monday", "start"],
        "25:00",
        "users[1].availability.monday[0].start",
        "a wall time",
    ),
    "leave-backwards": (
        ["users", 1, "unavailable"],
        [{"start": "2026-11-24T00:00:00Z", "end": "2026-11-23T00:00:00Z"}],
        "users[1].unavailable[0].end",
        "a time after the start",
    ),
    "hours-negative": (["users", 1, "max_hours_per_week"], -1, "users[1].max_hours_per_week", "from 0 to 1000000"),
    "hours-nan": (["users", 1, "max_hours_per_week"], float("nan"), "users[1].max_hours_per_week", "found NaN"),
    "cost-words": (["users", 1, "hourly_cost"], "much", "users[1].hourly_cost", "a number, such as 37.5"),
    "cost-exponent": (["users", 1, "hourly_cost"], "1e-999999", "users[1].hourly_cost", "at most 6 decimals"),
    "cost-huge": (["users", 1, "hourly_cost"], "1e999999", "users[1].hourly_cost", "from 0 to 1000000"),
    "skill-level": (
        ["users", 0, "skills", 1, "level"],
        "2",
        "users[0].skills[1].level",
        'found "2"; expected a whole number. Write it without quotes.',
    ),
    "start-location": (["users", 0, "start_location"], "depo", "users[0].start_location", 'Did you mean "depot"?'),
    "member-unknown": (["teams", 0, "members", 1], "boo", "teams[0].members[1]", 'Did you mean "bo"?'),
    "member-twice": (["teams", 0, "members", 1], "ana", "teams[0].members[1]", 'found "ana" again'),
    "lead-unknown": (["teams", 0, "lead"], "cy", "teams[0].lead", "expected the id of a known user"),
    "team-concurrency": (["teams", 0, "max_concurrent"], 0, "teams[0].max_concurrent", "a number of at least 1"),
    "resource-type": (
        ["resources", 0, "resource_type"],
        "vehicel",
        "resources[0].resource_type",
        'expected one of room, equipment, vehicle, person, service, other. Did you mean "vehicle"?',
    ),
    "capacity-0": (
        ["resources", 0, "capacity"],
        0,
        "resources[0].capacity",
        "found 0; expected a number of at least 1",
    ),
    "capacity-float": (
        ["resources", 0, "capacity"],
        2.0,
        "resources[0].capacity",
        "found 2.0; expected a whole number. Write 2.",
    ),
    "capacity-huge": (["resources", 0, "capacity"], 10**40, "resources[0].capacity", "found a number of 133 bits"),
    "latitude": (["locations", 0, "latitude"], 91, "locations[0].latitude", "a number of at most 90"),
    "longitude": (["locations", 0, "longitude"], -181, "locations[0].longitude", "a number of at least -180"),
    "longitude-infinite": (["locations", 0, "longitude"], float("inf"), "locations[0].longitude", "found Infinity"),
    "speed-0": (["travel"], {"speed_kmh": 0}, "travel.speed_kmh", "a number of at least 0.1"),
    "speed-unknown": (["travel"], {"speed": 9}, "travel.speed", 'Did you mean "speed_kmh"?'),
    "travel-list": (["travel"], [], "travel", "found []; expected null, an object"),
    "matrix-rows": (["travel"], {**MATRIX, "minutes": [[0, 1]]}, "travel.minutes", "found 1 rows; expected 2 rows"),
    "matrix-columns": (
        ["travel"],
        {**MATRIX, "minutes": [[0, 1], [1]]},
        "travel.minutes[1]",
        "found 1 numbers; expected 2 numbers",
    ),
    "matrix-negative": (
        ["travel"],
        {**MATRIX, "minutes": [[0, -1], [1, 0]]},
        "travel.minutes[0][1]",
        "found -1; expected a number of at least 0",
    ),
    "matrix-float": (["travel"], {**MATRIX, "minutes": [[0, 1.5], [1, 0]]}, "travel.minutes[0][1]", "a whole number"),
    "matrix-lacks": (
        ["travel"],
        {"locations": ["depot"], "minutes": [[0]]},
        f"{A}[0].location",
        'found "home"; expected a location of the travel matrix. Add its row and column to travel.',
    ),
    "matrix-alone": (["travel"], {"locations": ["depot", "home"]}, "travel.minutes", "found nothing"),
    "duration-missing": ([*FIRST, "duration_minutes"], GONE, f"{A}[0].duration_minutes", "found nothing"),
    "duration-0": ([*FIRST, "duration_minutes"], 0, f"{A}[0].duration_minutes", "a number of at least 1"),
    "duration-huge": ([*FIRST, "duration_minutes"], 576_001, f"{A}[0].duration_minutes", "a number of at most 576000"),
    "duration-true": (
        [*FIRST, "duration_minutes"],
        True,
        f"{A}[0].duration_minutes",
        "found true; expected a whole number",
    ),
    "duration-nan": ([*FIRST, "duration_minutes"], float("nan"), f"{A}[0].duration_minutes", "found NaN"),
    "buffer": ([*FIRST, "buffer_before_minutes"], -5, f"{A}[0].buffer_before_minutes", "found -5"),
    "priority": (
        [*FIRST, "priority"],
        "hihg",
        f"{A}[0].priority",
        'one of low, normal, high, urgent. Did you mean "high"?',
    ),
    "own-weight": ([*FIRST, "unassigned_weight"], -1, f"{A}[0].unassigned_weight", "a number of at least 0"),
    "window-backwards": (
        [*FIRST, "windows", 0, "end"],
        "2026-11-23T07:00:00+01:00",
        f"{A}[0].windows[0].end",
        "found 2026-11-23T07:00:00+01:00; expected a time after the start 2026-11-23T08:00:00+01:00. Swap",
    ),
    "window-naive": ([*FIRST, "windows", 0, "end"], "2026-11-23T09:00", f"{A}[0].windows[0].end", "Add the offset"),
    "count-0": ([*FIRST, "crew", 0, "count"], 0, f"{A}[0].crew[0].count", "a number of at least 1"),
    "team-nobody": ([*FIRST, "team", "any_of"], [], f"{A}[0].team.any_of", "found []; expected a list of at least 1"),
    "team-unknown": ([*FIRST, "team", "any_of", 0], "alhpa", f"{A}[0].team.any_of[0]", 'Did you mean "alpha"?'),
    "allowed-unknown": ([*FIRST, "users", "allowed", 0], "zed", f"{A}[0].users.allowed[0]", "Add it to the users"),
    "excluded-unknown": ([*FIRST, "users", "excluded", 0], "zed", f"{A}[0].users.excluded[0]", 'found "zed"'),
    "preferred-unknown": ([*FIRST, "users", "preferred", 0], "zed", f"{A}[0].users.preferred[0]", 'found "zed"'),
    "location-unknown": ([*FIRST, "location"], "hone", f"{A}[0].location", 'Did you mean "home"?'),
    "demand-neither": ([*FIRST, "resources", 0], {}, f"{A}[0].resources[0].resource", "a resource or a resource_type"),
    "demand-both": (
        [*FIRST, "resources", 0],
        {"resource": "van", "resource_type": "vehicle"},
        f"{A}[0].resources[0].resource_type",
        "either a resource or a resource_type. Leave one out.",
    ),
    "demand-unknown": ([*FIRST, "resources", 0, "resource"], "vna", f"{A}[0].resources[0].resource", 'mean "van"?'),
    "units-0": ([*FIRST, "resources", 0, "units"], 0, f"{A}[0].resources[0].units", "a number of at least 1"),
    "units-excess": (
        [*FIRST, "resources", 0, "units"],
        3,
        f"{A}[0].resources[0].units",
        'found 3; expected at most 2, the capacity of "van"',
    ),
    "link-unknown": ([*SECOND, "after", 0, "appointment"], "frist", f"{A}[1].after[0].appointment", 'mean "first"?'),
    "link-self": (
        [*SECOND, "after", 0, "appointment"],
        "second",
        f"{A}[1].after[0].appointment",
        "the appointment itself",
    ),
    "link-cycle": (
        [*FIRST, "after"],
        [{"appointment": "second"}],
        f"{A}[0].after",
        'found the cycle "first" after "second" after "first"; expected links without a cycle',
    ),
    "link-gaps": (
        [*SECOND, "after", 0, "max_gap_minutes"],
        5,
        f"{A}[1].after[0].max_gap_minutes",
        "found 5; expected at least the min_gap_minutes 10",
    ),
    "link-from": ([*SECOND, "after", 0, "from"], "middle", f"{A}[1].after[0].from", "expected one of end, start"),
    "link-both-crews": (
        [*SECOND, "after", 0],
        {"appointment": "first", "same_users": True, "different_users": True},
        f"{A}[1].after[0].same_users",
        "one of them",
    ),
    "pinned-nowhere": ([*FIRST, "pinned"], True, f"{A}[0].current", "where the pinned appointment stands. Add current"),
    "pinned-text": ([*SECOND, "pinned"], "yes", f"{A}[1].pinned", "expected true or false"),
    "current-user": ([*SECOND, "current", "users", 0], "b", f"{A}[1].current.users[0]", "the id of a known user"),
    "current-twice": ([*SECOND, "current", "users"], ["bo", "bo"], f"{A}[1].current.users[1]", 'found "bo" again'),
    "current-team": ([*SECOND, "current", "team"], "beta", f"{A}[1].current.team", "the id of a known team"),
    "current-resource": (
        [*SECOND, "current", "resources", 0, "resource"],
        "bus",
        f"{A}[1].current.resources[0].resource",
        "the id of a known resource",
    ),
    "weight-unknown": (["weights", "latenes"], 1, "weights.latenes", 'Did you mean "lateness"?'),
    "weight-negative": (["weights", "travel"], -1, "weights.travel", "found -1; expected a number of at least 0"),
    "weight-float": (["weights", "travel"], 0.5, "weights.travel", "found 0.5; expected a whole number"),
    "weight-huge": (["weights", "travel"], 10**13, "weights.travel", "a number of at most 1000000000000"),
    "weight-priority": (
        ["weights", "unassigned", "top"],
        1,
        "weights.unassigned.top",
        "one of low, normal, high, urgent",
    ),
    "rule-type": (RULE, rule(rule_type="blakout"), "rules[1].rule_type", 'Did you mean "blackout"?'),
    "rule-dates": (
        RULE,
        rule(start_date="2026-11-24", end_date="2026-11-23"),
        "rules[1].end_date",
        "found 2026-11-23; expected a date from 2026-11-24 on. Swap start_date and end_date.",
    ),
    "rule-date": (RULE, rule(start_date="2026-11-31"), "rules[1].start_date", "There is no such day."),
    "rule-date-time": (RULE, rule(start_date="2026-11-23T00:00:00Z"), "rules[1].start_date", "a date, such as"),
    "rule-user": (RULE, rule(applies_to_users=["anna"]), "rules[1].applies_to_users[0]", 'Did you mean "ana"?'),
    "rule-team": (RULE, rule(applies_to_teams=["beta"]), "rules[1].applies_to_teams[0]", "the id of a known team"),
    "rule-resource": (RULE, rule(applies_to_resources=["cab"]), "rules[1].applies_to_resources[0]", "a known resource"),
    "rrule-frequency": (RULE, rule(recurrence_rule="FREQ=HOURLY"), "rules[1].recurrence_rule", "found FREQ=HOURLY"),
    "rrule-part": (RULE, rule(recurrence_rule="FREQ=DAILY;BYDY=MO"), "rules[1].recurrence_rule", 'mean "BYDAY"?'),
    "rrule-weekday": (
        RULE,
        rule(recurrence_rule="FREQ=WEEKLY;BYDAY=XX"),
        "rules[1].recurrence_rule",
        "found BYDAY=XX; expected weekdays such as MO,WE or 1MO",
    ),
    "rrule-range": (
        RULE,
        rule(recurrence_rule="FREQ=MONTHLY;BYMONTHDAY=32"),
        "rules[1].recurrence_rule",
        "from -31 to 31",
    ),
    "rrule-until": (
        RULE,
        rule(recurrence_rule="FREQ=DAILY;UNTIL=2026"),
        "rules[1].recurrence_rule",
        "found UNTIL=2026",
    ),
    "rrule-lines": (
        RULE,
        rule(recurrence_rule="FREQ=DAILY\nEXDATE=1"),
        "rules[1].recurrence_rule",
        "one RRULE in one line",
    ),
    "rrule-words": (
        RULE,
        rule(recurrence_rule="every day"),
        "rules[1].recurrence_rule",
        'Such as "FREQ=WEEKLY;BYDAY=MO,WE".',
    ),
    "rrule-empty": (RULE, rule(recurrence_rule=""), "rules[1].recurrence_rule", 'found ""'),
    "rrule-both-ends": (
        RULE,
        rule(start_date="2026-11-01", recurrence_rule="FREQ=DAILY;COUNT=2;UNTIL=20261231"),
        "rules[1].recurrence_rule",
        "found both UNTIL and COUNT",
    ),
    "rrule-interval-unstarted": (
        RULE,
        rule(recurrence_rule="FREQ=DAILY;INTERVAL=2"),
        "rules[1].start_date",
        "found null with an interval above 1; expected a date. Add the date on which the recurrence starts.",
    ),
    "rrule-count-unstarted": (
        RULE,
        rule(recurrence_rule="FREQ=DAILY;COUNT=2"),
        "rules[1].start_date",
        "null with a count",
    ),
    "count-from-antiquity": (
        RULE,
        rule(start_date="0001-01-01", recurrence_rule="FREQ=DAILY;COUNT=2"),
        "rules[1].start_date",
        "found 0001-01-01; expected a date from 1970 on",
    ),
    "rrule-weekly-unstarted": (RULE, rule(recurrence_rule="FREQ=WEEKLY"), "rules[1].start_date", "without BYDAY"),
    "recurrence-number": (RULE, rule(recurrence_rule=3), "rules[1].recurrence_rule", "an RRULE string or an object"),
    "recurrence-day": (
        RULE,
        rule(recurrence_rule={"frequency": "weekly", "days": [0]}),
        "rules[1].recurrence_rule.days[0]",
        "found 0; expected a number of at least 1",
    ),
    "recurrence-frequency": (
        RULE,
        rule(recurrence_rule={"frequency": "hourly"}),
        "rules[1].recurrence_rule.frequency",
        "one of daily, weekly, monthly, yearly, custom",
    ),
    "recurrence-empty": (
        RULE,
        rule(recurrence_rule={}),
        "rules[1].recurrence_rule.frequency",
        "daily, weekly, monthly",
    ),
    "recurrence-custom": (
        RULE,
        rule(recurrence_rule={"frequency": "custom"}),
        "rules[1].recurrence_rule.dates",
        "List them",
    ),
    "recurrence-dates-and-count": (
        RULE,
        rule(recurrence_rule={"dates": ["2026-11-23"], "count": 2}),
        "rules[1].recurrence_rule.count",
        "either dates or a pattern",
    ),
    "recurrence-interval-unstarted": (
        RULE,
        rule(recurrence_rule={"frequency": "weekly", "days": [1], "interval": 2}),
        "rules[1].start_date",
        "null with an interval above 1",
    ),
    "recurrence-unknown-field": (
        RULE,
        rule(recurrence_rule={"frequency": "weekly", "day": [1]}),
        "rules[1].recurrence_rule.day",
        'Did you mean "days"?',
    ),
    "parameter-foreign": (
        RULE,
        rule(parameters={"max_per_day": 3}),
        "rules[1].parameters.max_per_day",
        'found the unknown field "max_per_day"; expected no fields. Leave it out.',
    ),
    "parameter-unknown": (
        RULE,
        rule(rule_type="capacity_limit", parameters={"max_per_dya": 3}),
        "rules[1].parameters.max_per_dya",
        'Did you mean "max_per_day"?',
    ),
    "parameter-negative": (
        RULE,
        rule(rule_type="capacity_limit", parameters={"max_per_day": -3}),
        "rules[1].parameters.max_per_day",
        "a number of at least 0",
    ),
    "parameters-list": (RULE, rule(rule_type="capacity_limit", parameters=[]), "rules[1].parameters", "an object"),
    "break-0": (
        RULE,
        rule(rule_type="break_time", parameters={"duration_minutes": 0}),
        "rules[1].parameters.duration_minutes",
        "a number of at least 1",
    ),
    "holiday-country": (
        RULE,
        rule(rule_type="holiday", parameters={"country": "Atlantis"}),
        "rules[1].parameters.country",
        'an ISO country code that the holidays package knows. Such as "US" or "DE".',
    ),
    "holiday-subdivision": (
        RULE,
        rule(rule_type="holiday", parameters={"country": "DE", "subdivision": "XX"}),
        "rules[1].parameters.subdivision",
        'found "XX"; expected a subdivision of DE. There are: BB,',
    ),
    "holiday-subdivision-alone": (
        RULE,
        rule(rule_type="holiday", parameters={"subdivision": "BB"}),
        "rules[1].parameters.subdivision",
        "Add the country.",
    ),
    "fee": (
        RULE,
        rule(rule_type="cancellation", parameters={"fee_percent": 101}),
        "rules[1].parameters.fee_percent",
        "a percentage from 0 to 100",
    ),
    "notice": (
        RULE,
        rule(rule_type="advance_booking", parameters={"min_hours": "soon"}),
        "rules[1].parameters.min_hours",
        'found "soon"',
    ),
}


@pytest.mark.parametrize(("path", "value", "where", "words"), CASES.values(), ids=CASES.keys())
def test_fault_of_one_change_is_the_only_one(path: list[str | int], value: object, where: str, words: str) -> None:
    with pytest.raises(InvalidProblem) as caught:
        Problem.parse(changed(path, value))
    assert [fault.where for fault in caught.value.faults] == [where]
    assert words in str(caught.value.faults[0])


def test_sound_document_has_no_fault() -> None:
    assert Problem.parse(SOUND).appointments[1].after[0].from_ == "end"


TEXTS: dict[str, tuple[bytes | str, str, str]] = {
    "empty": (b"", "", "found nothing; expected a JSON object. The file is empty."),
    "blank": (" \n ", "", "found nothing"),
    "list": ("[]", "", "found []; expected an object"),
    "number": ("7", "", "found 7; expected an object"),
    "null": ("null", "", "found null"),
    "comma": ('{\n "a": 1,\n}', "line 3, column 1", "expected JSON"),
    "cut": ('{"name": "x"', "line 1, column 13", "found the end of the text; expected JSON. Expecting ',' delimiter."),
    "quote": ("{'a': 1}", "line 1, column 2", "expected JSON"),
    "latin": (b'{"name": "\xfc"}', "", "found 0xfc at byte 10; expected UTF-8"),
    "utf-16": ('{"a": 1}'.encode("utf-16"), "", "found 0xff at byte 0; expected UTF-8"),
    "key-twice": ('{"name": "a", "name": "b"}', "", 'the key "name" twice in one object; expected every key once'),
    "deep-lists": ("[" * 100_000, "", "nested hundreds deep"),
    "deep-objects": ('{"a":' * 100_000, "", "nested hundreds deep"),
}


@pytest.mark.parametrize(("text", "where", "words"), TEXTS.values(), ids=TEXTS.keys())
def test_text_that_is_no_object_is_one_fault(text: bytes | str, where: str, words: str) -> None:
    with pytest.raises(InvalidProblem) as caught:
        Problem.parse(text)
    assert [fault.where for fault in caught.value.faults] == [where]
    assert words in str(caught.value.faults[0])


def test_number_of_many_digits_is_a_fault_of_its_field() -> None:
    text = json.dumps(changed(["step_minutes"], 424242)).replace("424242", "9" * 5000)
    with pytest.raises(InvalidProblem) as caught:
        Problem.parse(text)
    assert [(fault.where, fault.found) for fault in caught.value.faults] == [
        ("step_minutes", "a number of 5000 digits")
    ]


def test_lone_surrogate_in_every_id_can_be_printed() -> None:
    text = json.dumps(SOUND).replace('"ana"', '"\\ud800"')
    with pytest.raises(InvalidProblem) as caught:
        Problem.parse(text)
    assert str(caught.value).encode()
    assert "users[0].id" in [fault.where for fault in caught.value.faults]


def test_faults_of_all_kinds_come_at_once() -> None:
    document = changed(["step_minutes"], 7)
    document["nonsense"] = 1
    document["users"][0]["id"] = 5
    document["teams"][0]["members"] = ["bo", "cy"]
    document["teams"][0]["lead"] = "bo"
    document["appointments"][0]["windows"][0]["end"] = "2026-11-20T00:00:00Z"
    document["appointments"][0]["duration_minutes"] = 0
    document["appointments"][0]["location"] = "nowhere"
    document["appointments"][1]["after"].append({"appointment": "third"})
    del document["appointments"][0]["users"]
    with pytest.raises(InvalidProblem) as caught:
        Problem.parse(document)
    assert {fault.where for fault in caught.value.faults} == {
        "step_minutes",
        "nonsense",
        "users[0].id",
        "teams[0].members[1]",
        "appointments[0].windows[0].end",
        "appointments[0].duration_minutes",
        "appointments[0].location",
        "appointments[1].after[1].appointment",
    }


def test_message_counts_and_lists_the_faults() -> None:
    with pytest.raises(InvalidProblem) as caught:
        Problem.parse({"step_minutes": 7})
    assert str(caught.value).splitlines()[0] == "The problem has 2 faults:"
    assert len(str(caught.value).splitlines()) == 3


def test_long_cycle_is_shortened() -> None:
    ring = [{"id": f"a{i}", "duration_minutes": 1, "after": [{"appointment": f"a{(i + 1) % 500}"}]} for i in range(500)]
    with pytest.raises(InvalidProblem) as caught:
        Problem.parse({**SOUND, "appointments": ring})
    assert [fault.where for fault in caught.value.faults] == ["appointments[0].after"]
    assert caught.value.faults[0].found.startswith(
        'the cycle "a0" after "a1" after "a2" after "a3" after … after "a498"'
    )


def test_diamond_of_links_is_no_cycle() -> None:
    links = {"a": "", "b": "a", "c": "a", "d": "bc"}
    work = [
        {"id": key, "duration_minutes": 1, "after": [{"appointment": other} for other in before]}
        for key, before in links.items()
    ]
    assert len(Problem.parse({**SOUND, "appointments": work}).appointments) == 4


def test_load_problem_reads_a_file_with_a_byte_order_mark(tmp_path: Any) -> None:
    path = tmp_path / "problem.json"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(SOUND).encode())
    assert load_problem(path) == Problem.parse(SOUND)
