"""Every way to write a rule wrong has a place and plain words."""

import pytest

from tests.models.sound import RULE, Case, assert_only_fault, rule

# What is wrong: the place that is changed, its new value, where the fault is, what it says.
CASES: dict[str, Case] = {
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


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_fault_of_one_change_is_the_only_one(case: Case) -> None:
    assert_only_fault(case)
