"""What is said where there is no slot."""

from __future__ import annotations

from typing import Any

import pytest

from models.plan import Plan
from models.problem import Problem
from models.suggestion import SlotQuery, SlotRequest
from solver.suggest import SuggestIndex
from tests.factories import Json, appointment, at, hours, link, position, problem, resource, rule, span, team, user
from tests.solver.plans import placed

ONE_HOUR = {"duration_minutes": 60, "crew": [{}]}
ANA = user("ana", "windows", name="Ana", certifications=["ladder"], availability=hours("09:00", "10:00"))
ASK = "Others may be able to make way: ask with moves."
HORIZON = "the horizon, Monday 23 November 00:00 to Tuesday 24 November 00:00"


def reason(request: Json, *standing: Json, query: Json | None = None, **parts: Any) -> str:
    """Why a request has no slot in a problem of some parts."""
    document = problem(**{"users": [ANA], **parts})
    index = SuggestIndex(Problem.parse(document), Plan.parse({"assignments": list(standing)}))
    found = index.suggest(SlotRequest.parse(ONE_HOUR | request), SlotQuery.parse(query or {}))
    assert found.suggestions == ()
    return found.reason


@pytest.mark.parametrize(
    ("request_", "told"),
    [
        ({"crew": [{"skills": ["widows"]}]}, 'Nobody has the skill "widows". Did you mean "windows"?'),
        (
            {"crew": [{"skills": [{"name": "windows", "level": 3}]}]},
            'Nobody has the skill "windows" at level 3: the highest is 1.',
        ),
        (
            {"crew": [{"certifications": ["lader"]}]},
            'Nobody has the certification "lader". Did you mean "ladder"?',
        ),
        ({"crew": [{"count": 2}]}, "Only 1 person can do what it asks for; it needs 2."),
        ({"users": {"excluded": ["ana"]}}, "Nobody can do what it asks for and is allowed; it needs 1."),
        (
            {"resources": [{"resource_type": "vehicle", "features": ["lift"], "units": 2}]},
            "There is no resource of type vehicle with lift that gives 2 units.",
        ),
        ({"windows": [span("tue 09:00", "tue 12:00")]}, f"None of its windows holds 60 minutes inside {HORIZON}."),
        ({"duration_minutes": 1441}, f"1441 minutes exceed {HORIZON}."),
    ],
)
def test_what_nobody_and_nothing_can_give_is_named(request_: Json, told: str) -> None:
    assert reason(request_) == told


def test_people_who_are_away_or_busy_are_named() -> None:
    free = "at work and free, with time to travel"
    away = f"Ana (ana), who alone could come, is not {free}, at any of the 3 starts. {ASK}"
    assert reason({"windows": [span("mon 12:00", "mon 15:00")]}) == away
    busy = f"Ana (ana), who alone could come, is not {free}, at the only start. {ASK}"
    taken = appointment("a", crew=[position()])
    request = {"windows": [span("mon 09:00", "mon 10:00")]}
    assert reason(request, placed("a", "mon 09:00", "ana"), appointments=[taken]) == busy


def test_a_crew_that_cannot_be_filled_says_how_large_it_is() -> None:
    people = [ANA, user("bo", availability=hours("11:00", "12:00"))]
    told = (
        "Ana (ana) and bo cannot make a crew of 2: too few are at work and free, with time to travel, at any of the 24 "
        f"starts. {ASK}"
    )
    assert reason({"crew": [{"count": 2}]}, users=people) == told


def test_things_that_are_taken_are_named() -> None:
    told = f"What it needs is not free at the only start: r. {ASK}"
    request = {"resources": [{"resource": "r"}], "windows": [span("mon 09:00", "mon 10:00")]}
    away = resource("r", unavailable=[span("mon 08:00", "mon 12:00")])
    assert reason(request, resources=[away]) == told


def test_an_organization_that_is_full_says_so() -> None:
    limit = rule("capacity_limit", parameters={"max_per_day": 1})
    told = f"The organization is closed, has reached a limit, or takes no bookings then, at any of the 24 starts. {ASK}"
    standing = placed("a", "mon 15:00")
    assert reason({}, standing, rules=[limit], appointments=[appointment("a")]) == told


def test_time_that_has_passed_is_told() -> None:
    request = {"windows": [span("mon 08:00", "mon 10:00")]}
    assert reason(request, now=at("mon 12:00")) == "All its time lies before now, Monday 23 November 12:00."


def test_time_outside_the_horizon_is_told() -> None:
    query = {"from": at("wed 08:00"), "until": at("wed 18:00")}
    assert reason({}, query=query) == f"The time asked for lies outside {HORIZON}."


def test_time_that_is_too_short_is_told() -> None:
    query = {"from": at("mon 09:00"), "until": at("mon 09:30")}
    told = "No start leaves 60 minutes in the time asked for: Monday 23 November 09:00 to Monday 23 November 09:30."
    assert reason({}, query=query) == told


def test_what_it_follows_must_have_a_place() -> None:
    told = "It follows a, which has no place yet. Place that first."
    assert reason({"after": [link("a")]}, appointments=[appointment("a")]) == told


def test_links_that_leave_no_start_are_told() -> None:
    links = [link("a", min_gap_minutes=0, max_gap_minutes=0), link("b", min_gap_minutes=0, max_gap_minutes=0)]
    told = "No start keeps the gaps to the appointments that it follows and that follow it."
    both = [appointment("a"), appointment("b")]
    stand = [placed("a", "mon 09:00"), placed("b", "mon 12:00")]
    assert reason({"after": links}, *stand, appointments=both) == told


def test_crews_that_cannot_be_the_same_are_told() -> None:
    told = "It must have the same crew as appointments that have different ones."
    both = [appointment("a", crew=[position()]), appointment("b", crew=[position()])]
    stand = [placed("a", "mon 09:00", "ana"), placed("b", "mon 12:00", "bo")]
    links = [link("a", same_users=True), link("b", same_users=True)]
    assert reason({"after": links}, *stand, users=[ANA, user("bo")], appointments=both) == told


def test_a_team_that_cannot_come_whole_is_told() -> None:
    told = "No team of red can come whole: some members may not serve it."
    request = {"crew": [], "team": {"any_of": ["red"]}, "users": {"excluded": ["ana"]}}
    assert reason(request, teams=[team("red", "ana")]) == told


def test_moves_that_do_not_help_are_told() -> None:
    taken = appointment("a", crew=[position()])
    request = {"windows": [span("mon 09:00", "mon 10:00")]}
    told = reason(
        request, placed("a", "mon 09:00", "ana"), appointments=[taken], query={"with_moves": 1, "seconds": 60.0}
    )
    assert told.endswith("Nor would it fit if one other moved.")
