"""Every way to write an appointment wrong has a place and plain words."""

import pytest

from tests.models.sound import FIRST, GONE, SECOND, A, Case, assert_only_fault

# What is wrong: the place that is changed, its new value, where the fault is, what it says.
CASES: dict[str, Case] = {
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
    "team-nobody": ([*FIRST, "team", "any_of"], [], f"{A}[0].team.any_of", "found []; expected something in it"),
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
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_fault_of_one_change_is_the_only_one(case: Case) -> None:
    assert_only_fault(case)
