"""The sentences that planners read."""

from __future__ import annotations

from models.plan import Plan
from models.problem import Problem
from models.suggestion import SlotQuery, SlotRequest
from solver.suggest import SuggestIndex
from tests.factories import Json, appointment, at, current, hours, position, problem, resource, span, team, user
from tests.solver.plans import placed, use


def sentences(document: Json, request: Json, *standing: Json, **query: object) -> list[str]:
    """What is said of the slots of a request."""
    index = SuggestIndex(Problem.parse(document), Plan.parse({"assignments": list(standing)}))
    found = index.suggest(SlotRequest.parse(request), SlotQuery.parse({"spread_minutes": 0, **query}))
    return [slot.why for slot in found.suggestions] or [found.reason]


def test_a_slot_says_when_with_whom_and_what_speaks_for_it() -> None:
    document = problem(
        users=[user("u3", name="Ana", availability=hours("09:00", "12:00"))],
        resources=[resource("van 2", "vehicle")],
        weights={"preferred_time": 1},
    )
    request = {
        "duration_minutes": 60, "crew": [{}], "resources": [{"resource_type": "vehicle"}],
        "preferred_start": at("mon 09:45"),
    }  # fmt: skip
    assert sentences(document, request) == [
        "Monday 23 November 10:00–11:00 with Ana (u3) and van 2: 15 min after the preferred start",
        "Monday 23 November 09:00–10:00 with Ana (u3) and van 2: 45 min before the preferred start",
        "Monday 23 November 11:00–12:00 with Ana (u3) and van 2: 75 min after the preferred start",
    ]


def test_the_weightiest_point_comes_first() -> None:
    document = problem(
        users=[user("ana", availability=hours("09:00", "10:00")), user("bo", availability=hours("11:00", "12:00"))],
        weights={"preferred_time": 1, "preferred_users": 30, "lateness": 1},
    )
    request = {
        "duration_minutes": 60, "crew": [{}], "preferred_start": at("mon 09:00"), "due": at("mon 11:00"),
        "users": {"preferred": ["ana"]},
    }  # fmt: skip
    assert sentences(document, request) == [
        "Monday 23 November 09:00–10:00 with ana: at the preferred start, with a preferred person",
        "Monday 23 November 11:00–12:00 with bo: 2 h after the preferred start, 60 min late, not a preferred person",
    ]


def test_travel_is_told_as_what_it_adds() -> None:
    matrix = {"locations": ["x", "y"], "minutes": [[0, 20], [20, 0]]}
    document = problem(
        users=[user("ana", availability=hours("09:00", "13:00"))], travel=matrix, weights={"travel": 1},
        appointments=[appointment("a", location="x", crew=[position()])],
    )  # fmt: skip
    stands = placed("a", "mon 09:00", "ana")
    there = {"duration_minutes": 60, "crew": [{}], "location": "x"}
    elsewhere = there | {"location": "y"}
    assert sentences(document, there, stands, limit=1) == ["Monday 23 November 10:00–11:00 with ana: no extra travel"]
    assert sentences(document, elsewhere, stands, limit=1) == [
        "Monday 23 November 11:00–12:00 with ana: 20 min more travel"
    ]


def test_a_whole_team_is_named_as_one_and_a_member_with_its_team() -> None:
    document = problem(
        users=[user("ana", availability=hours("09:00", "10:00")), user("bo", availability=hours("09:00", "10:00"))],
        teams=[team("red", "ana", "bo")],
    )
    whole = {"duration_minutes": 60, "team": {"any_of": ["red"]}}
    assert sentences(document, whole) == ["Monday 23 November 09:00–10:00 with team red: no extra cost"]
    assert sentences(document, whole | {"crew": [{}]}) == [
        "Monday 23 November 09:00–10:00 with ana of team red: no extra cost"
    ]


def test_a_night_says_when_it_ends() -> None:
    document = problem(
        horizon=span("mon 20:00", "tue 08:00"), users=[user("ana", availability=hours("23:00", "01:00"))]
    )
    assert sentences(document, {"duration_minutes": 120, "crew": [{}]}) == [
        "Monday 23 November 23:00–01:00 (Tuesday 24 November) with ana: no extra cost"
    ]


def test_times_are_told_on_the_wall_that_is_asked_for() -> None:
    document = problem(users=[user("ana", availability=hours("09:00", "10:00"))])
    request = {"duration_minutes": 60, "crew": [{}]}
    assert sentences(document, request, time_zone="Asia/Kathmandu") == [
        "Monday 23 November 14:45–15:45 with ana: no extra cost"
    ]


def test_a_move_says_what_goes_where() -> None:
    document = problem(
        users=[user("ana", availability=hours("09:00", "11:00")), user("bo", availability=hours("10:00", "11:00"))],
        appointments=[
            appointment("a", client="Alvarez", crew=[position()], current=current("mon 09:00", "ana"),
                        users={"allowed": ["ana"]}, windows=[span("mon 09:00", "mon 11:00")]),
        ],
        weights={"moved": 30},
    )  # fmt: skip
    request = {"duration_minutes": 60, "crew": [{}], "windows": [span("mon 09:00", "mon 10:00")]}
    stands = placed("a", "mon 09:00", "ana")
    told = "if a (Alvarez) moves from 09:00–10:00 to 10:00–11:00: 1 other at another time than today"
    assert sentences(document, request, stands, with_moves=1) == [f"Monday 23 November 09:00–10:00 with ana, {told}"]


def test_a_move_to_somebody_else_names_them() -> None:
    document = problem(
        users=[
            user("ana", "s", availability=hours("09:00", "10:00")),
            user("bo", availability=hours("09:00", "10:00")),
        ],
        appointments=[appointment("a", crew=[position()])],
    )
    request = {"duration_minutes": 60, "crew": [{"skills": ["s"]}]}
    assert sentences(document, request, placed("a", "mon 09:00", "ana"), with_moves=1) == [
        "Monday 23 November 09:00–10:00 with ana, if a stays at 09:00–10:00 but goes to bo: no extra cost"
    ]


def test_resources_in_use_are_listed() -> None:
    document = problem(
        users=[user("ana", availability=hours("09:00", "11:00"))], resources=[resource("r1"), resource("r2")],
        appointments=[appointment("a", resources=[{"resource": "r1"}])],
    )  # fmt: skip
    request = {"duration_minutes": 60, "crew": [{}], "resources": [{"resource_type": "room"}]}
    assert sentences(document, request, placed("a", "mon 09:00", resources=[use("r1")])) == [
        "Monday 23 November 09:00–10:00 with ana and r2: no extra cost",
        "Monday 23 November 10:00–11:00 with ana and r1: no extra cost",
    ]
