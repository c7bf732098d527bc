"""Tiny problems in which one appointment, `x`, is left out: why, in pairs and in words, and what would make room."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.factories import Json, appointment, at, hours, link, position, problem, resource, rule, span, team, user
from tests.solver.plans import placed, use

NINE_TO_ONE: Json = {"windows": [span("mon 09:00", "mon 13:00")]}
MORNING: Json = {"windows": [span("mon 09:00", "mon 11:00")]}


@dataclass
class Case:
    """A problem with an appointment `x` left out, why, and a change that makes room for it."""

    raw: Json
    expected: list[tuple[str, str, bool]]
    message: str
    mend: Callable[[Json], Any]
    plan: list[Json] = field(default_factory=list)


def edited(part: str, index: int, **fields: Any) -> Callable[[Json], Any]:
    """A change of some fields of one part of a problem."""
    return lambda raw: raw[part][index].update(fields)


def without(part: str, index: int = 0) -> Callable[[Json], Any]:
    """A change that leaves out one part of a problem."""
    return lambda raw: raw[part].pop(index)


def week(**parts: Any) -> Json:
    """The usual problem with its defaults, in which two places are an hour apart."""
    places = [{"id": "here", "latitude": 0, "longitude": 0}, {"id": "away", "latitude": 1, "longitude": 0}]
    travel = {"locations": ["here", "away"], "minutes": [[0, 60], [60, 0]]}
    return problem(**{"locations": places, "travel": travel, **parts})


ANA = user("ana", "clean", name="Ana")
BO = user("bo", "clean", name="Bo")
X = appointment("x", 60, crew=[position("clean")], priority="normal", **MORNING)
CASES = {
    "nobody has the skill": Case(
        problem(users=[ANA], appointments=[X | {"crew": [{"skills": [{"name": "window", "level": 2}]}]}]),
        [("crew", "appointment:x", True)],
        "Nobody has window level 2.",
        edited("users", 0, skills=[{"name": "window", "level": 2}]),
    ),
    "the able are excluded": Case(
        problem(users=[ANA, user("bo", "lift")], appointments=[X | {"users": {"excluded": ["ana"]}}]),
        [("crew", "appointment:x", True)],
        "Nobody with clean may come: Ana (ana) is not allowed.",
        edited("appointments", 0, users={}),
    ),
    "nobody in the team is able": Case(
        problem(users=[ANA, user("bo")], teams=[team("t", "bo")], appointments=[X | {"team": {"any_of": ["t"]}}]),
        [("crew", "appointment:x", True)],
        "Nobody in team t has clean.",
        edited("teams", 0, members=["ana"]),
    ),
    "too few are able": Case(
        problem(users=[ANA, user("bo")], appointments=[X | {"crew": [position("clean", count=2)]}]),
        [("crew", "appointment:x", True)],
        "It needs 2 different people with clean, and there are not enough who may come.",
        edited("users", 1, skills=["clean"]),
    ),
    "a member of the whole team may not come": Case(
        problem(
            users=[ANA, BO],
            teams=[team("t", "ana", "bo")],
            appointments=[appointment("x", team={"any_of": ["t"]}, users={"excluded": ["bo"]}, **MORNING)],
        ),
        [("crew", "appointment:x", True)],
        "No team that is offered may come whole: Bo (bo) may not come.",
        edited("teams", 0, members=["ana"]),
    ),
    "no resource fits": Case(
        problem(resources=[resource("r")], appointments=[appointment("x", resources=[{"resource_type": "vehicle"}])]),
        [("capacity", "appointment:x", True)],
        "There is no vehicle.",
        edited("resources", 0, resource_type="vehicle"),
    ),
    "no resource is large enough": Case(
        problem(
            resources=[resource("r", capacity=3)],
            appointments=[appointment("x", resources=[{"resource": "r", "units": 4}])],
        ),
        [("capacity", "appointment:x", True)],
        "It needs 4 units of r, and there are at most 3.",
        edited("resources", 0, capacity=4),
    ),
    "no window is long enough": Case(
        problem(users=[ANA], appointments=[X | {"duration_minutes": 180}]),
        [("window", "appointment:x", True)],
        "None of its windows is long enough for 3 hours.",
        edited("appointments", 0, windows=[span("mon 09:00", "mon 12:00")]),
    ),
    "the window leaves the horizon": Case(
        problem(users=[ANA], appointments=[X | {"windows": [span("tue 09:00", "tue 11:00")]}]),
        [("window", "appointment:x", True)],
        "None of its windows offers 60 minutes inside the horizon.",
        edited("appointments", 0, **MORNING),
    ),
    "the horizon is too short": Case(
        problem(users=[ANA], horizon=span("mon 09:00", "mon 10:00"), appointments=[appointment("x", 120)]),
        [("horizon", "appointment:x", True)],
        "It takes 2 hours, and the horizon has 60 minutes.",
        lambda raw: raw.update(horizon=span("mon 09:00", "mon 11:00")),
    ),
    "no start lies on the grid": Case(
        problem(users=[ANA], appointments=[X | {"windows": [span("mon 09:05", "mon 10:05")]}]),
        [("step", "appointment:x", True)],
        "None of its windows holds a start on the grid of 60 minutes.",
        lambda raw: raw.update(step_minutes=5),
    ),
    "all starts are past": Case(
        problem(users=[ANA], now=at("mon 12:00"), appointments=[X]),
        [("past", "appointment:x", True)],
        "All its starts lie before now, Monday 23 November at 12:00.",
        lambda raw: raw.update(now=at("mon 09:00")),
    ),
    "the only one who could is on leave": Case(
        problem(users=[ANA | {"unavailable": [span("mon 00:00", "mon 24:00")]}], appointments=[X]),
        [("availability", "user:ana", True)],
        "Ana (ana) is on leave on Monday 23 November.",
        edited("users", 0, unavailable=[]),
    ),
    "nobody is at work in the window": Case(
        problem(
            users=[one | {"availability": hours("14:00", "18:00")} for one in (ANA, BO)],
            appointments=[X],
        ),
        [("availability", "user:ana", False)],
        "Ana (ana) does not work on Monday 23 November 09:00–10:00. "
        "Nobody who could come is available at any of its starts.",
        edited("users", 0, availability=None),
    ),
    "the room is unavailable": Case(
        problem(
            resources=[resource("r", unavailable=[span("mon 08:00", "mon 12:00")])],
            appointments=[appointment("x", resources=[{"resource": "r"}], **MORNING)],
        ),
        [("availability", "resource:r", True)],
        "r is unavailable on Monday 23 November 08:00–12:00.",
        edited("resources", 0, unavailable=[]),
    ),
    "no working hours": Case(
        problem(users=[ANA], rules=[rule("working_hours", start_time="14:00", end_time="18:00")], appointments=[X]),
        [("working_hours", "user:ana", True)],
        "Ana (ana) has no working hours on Monday 23 November 09:00–10:00.",
        without("rules"),
    ),
    "a holiday": Case(
        problem(
            users=[ANA],
            rules=[rule("holiday", name="Founders' Day", start_date="2026-11-23", end_date="2026-11-23")],
            appointments=[X],
        ),
        [("holiday", "user:ana", True)],
        "Ana (ana) has a holiday on Monday 23 November: Founders' Day.",
        without("rules"),
    ),
    "a blackout of everything": Case(
        problem(
            rules=[rule("blackout", start_date="2026-11-23", end_date="2026-11-23", start_time="08:00")],
            appointments=[appointment("x", **MORNING)],
        ),
        [("blackout", "organization", True)],
        "The organization is closed on Monday 23 November 08:00–24:00 by a blackout.",
        without("rules"),
    ),
    "maintenance": Case(
        problem(
            resources=[resource("r", name="Van 1")],
            rules=[
                rule(
                    "maintenance",
                    name="oil change",
                    start_date="2026-11-23",
                    end_date="2026-11-23",
                    start_time="08:00",
                    end_time="12:00",
                    applies_to_resources=["r"],
                )
            ],
            appointments=[appointment("x", resources=[{"resource": "r"}], **MORNING)],
        ),
        [("maintenance", "resource:r", True)],
        "Van 1 (r) is in maintenance on Monday 23 November 08:00–12:00: oil change.",
        without("rules"),
    ),
    "a fixed break": Case(
        problem(users=[ANA], rules=[rule("break_time", start_time="09:30", end_time="10:30")], appointments=[X]),
        [("break_time", "user:ana", True)],
        "Ana (ana) has a break on Monday 23 November 09:30–10:30.",
        without("rules"),
    ),
    "no room for a flexible break": Case(
        problem(
            users=[ANA],
            rules=[rule("break_time", start_time="09:00", end_time="11:00", parameters={"duration_minutes": 90})],
            appointments=[X],
        ),
        [("break_time", "user:ana", True)],
        "Ana (ana) would have no 90 minutes left for the break on Monday 23 November 09:00–11:00.",
        edited("rules", 0, parameters={"duration_minutes": 60}),
    ),
    "the only one is busy": Case(
        problem(users=[ANA], appointments=[X, appointment("a", 120, crew=[position()], priority="high")]),
        [("overlap", "user:ana", True)],
        "Ana (ana) is busy with a (high) 09:00–11:00 on Monday 23 November.",
        without("appointments", 1),
        [placed("a", "mon 09:00", "ana", minutes=120)],
    ),
    "everybody is taken, by what matters less first": Case(
        problem(
            users=[ANA, BO, user("cy", "clean", availability=hours("14:00", "18:00"))],
            appointments=[
                X,
                appointment("a", 120, crew=[position()], priority="high"),
                appointment("b", 120, crew=[position()], priority="low"),
            ],
        ),
        [("overlap", "user:bo", False)],
        "Bo (bo) is busy with b (low) 09:00–11:00 on Monday 23 November. "
        "Ana (ana) is taken and cy is not at work then.",
        lambda raw: raw["appointments"].pop(2),
        [placed("a", "mon 09:00", "ana", minutes=120), placed("b", "mon 09:00", "bo", minutes=120)],
    ),
    "both scrubbers are taken": Case(
        problem(
            resources=[resource("s1"), resource("s2")],
            appointments=[
                appointment("x", resources=[{"resource_type": "room"}], **NINE_TO_ONE),
                appointment("a17", 240, resources=[{"resource": "s1"}], priority="high"),
                appointment("a31", 240, resources=[{"resource": "s2"}], priority="urgent"),
            ],
        ),
        [("capacity", "resource:s1", False)],
        "s1 is taken by a17 (high) 09:00–13:00 on Monday 23 November. s2 is taken then.",
        without("appointments", 1),
        [
            placed("a17", "mon 09:00", minutes=240, resources=[use("s1")]),
            placed("a31", "mon 09:00", minutes=240, resources=[use("s2")]),
        ],
    ),
    "too few units are free": Case(
        problem(
            resources=[resource("r", capacity=5)],
            appointments=[
                appointment("x", 120, resources=[{"resource": "r", "units": 4}], **MORNING),
                appointment("a", 60, resources=[{"resource": "r", "units": 2}]),
            ],
        ),
        [("capacity", "resource:r", True)],
        "r has 3 of 5 units free and 4 are needed: a (normal) 10:00–11:00 on Monday 23 November.",
        edited("resources", 0, capacity=6),
        [placed("a", "mon 10:00", resources=[use("r", units=2)])],
    ),
    "the team is taken": Case(
        problem(
            users=[ANA, BO],
            teams=[team("t", "ana", "bo", name="Alpha")],
            appointments=[
                X | {"team": {"any_of": ["t"]}},
                appointment("a", 120, crew=[position()], team={"any_of": ["t"]}),
            ],
        ),
        [("team", "team:t", True)],
        "Team Alpha (t) is taken by a (normal) 09:00–11:00 on Monday 23 November.",
        edited("teams", 0, max_concurrent=2),
        [placed("a", "mon 09:00", "bo", minutes=120, team="t")],
    ),
    "too many at once": Case(
        problem(
            rules=[rule("capacity_limit", parameters={"max_concurrent": 1})],
            appointments=[appointment("x", **MORNING), appointment("a", 120)],
        ),
        [("capacity_limit", "organization", True)],
        "The organization serves at most 1 at once: a (normal) 09:00–11:00 on Monday 23 November.",
        edited("rules", 0, parameters={"max_concurrent": 2}),
        [placed("a", "mon 09:00", minutes=120)],
    ),
    "too many a day": Case(
        problem(
            users=[ANA],
            rules=[rule("capacity_limit", parameters={"max_per_day": 1}, applies_to_users=["ana"])],
            appointments=[X, appointment("a", crew=[position()])],
        ),
        [("capacity_limit", "user:ana", True)],
        "Ana (ana) serves at most 1 appointment on Monday 23 November, and has 1.",
        edited("rules", 0, parameters={"max_per_day": 2}),
        [placed("a", "mon 14:00", "ana")],
    ),
    "the week is full": Case(
        problem(users=[ANA | {"max_hours_per_week": 3}], appointments=[X, appointment("a", 150, crew=[position()])]),
        [("weekly_hours", "user:ana", True)],
        "Ana (ana) serves at most 3 hours in the week of Monday 23 November: "
        "2 h 30 min are taken, and 60 minutes more are too many.",
        edited("users", 0, overtime_hours_per_week=1),
        [placed("a", "mon 14:00", "ana", minutes=150)],
    ),
    "booked too late": Case(
        problem(
            users=[ANA],
            now=at("mon 08:00"),
            rules=[rule("advance_booking", parameters={"min_hours": 24}, applies_to_users=["ana"])],
            appointments=[X],
        ),
        [("advance_booking", "user:ana", True)],
        "Ana (ana) takes new bookings only from Tuesday 24 November at 08:00 on.",
        without("rules"),
    ),
    "what it follows is left out": Case(
        problem(
            users=[ANA],
            appointments=[X | {"after": [link("a")]}, appointment("a", crew=[position("lift")], priority="low")],
        ),
        [("links", "appointment:x", True)],
        "It follows a (low), which is left out.",
        edited("appointments", 0, after=[]),
    ),
    "what it follows ends too late": Case(
        problem(
            users=[ANA],
            appointments=[X | {"after": [link("a", min_gap_minutes=30, max_gap_minutes=90)]}, appointment("a")],
        ),
        [("links", "appointment:x", True)],
        "It has to start 30 minutes to 90 minutes after the end of a (normal), Monday 23 November at 11:00.",
        edited("appointments", 0, after=[]),
        [placed("a", "mon 10:00")],
    ),
    "it needs the same people": Case(
        problem(
            users=[ANA, BO | {"skills": []}],
            appointments=[X | {"after": [link("a", same_users=True)]}, appointment("a", crew=[position()])],
        ),
        [("links", "appointment:x", True)],
        "It needs the same people as a (normal): Bo (bo).",
        edited("users", 1, skills=["clean"]),
        [placed("a", "mon 08:00", "bo")],
    ),
    "too far to travel": Case(
        week(
            users=[ANA],
            appointments=[
                X | {"location": "here"},
                appointment("a", crew=[position()], location="away"),
                appointment("b", crew=[position()], location="away"),
            ],
        ),
        [("travel", "user:ana", True)],
        "Ana (ana) could not be there by 09:00 on Monday 23 November: "
        "the way from a takes 60 minutes, and 0 minutes are left.",
        lambda raw: raw.update(travel=None),
        [placed("a", "mon 08:00", "ana"), placed("b", "mon 11:00", "ana")],
    ),
    "busy somewhere else": Case(
        week(
            users=[ANA],
            appointments=[X | {"location": "here"}, appointment("a", 120, crew=[position()], location="away")],
        ),
        [("overlap", "user:ana", True), ("travel", "user:ana", True)],
        "Ana (ana) is busy with a (normal) 09:00–11:00 on Monday 23 November.",
        without("appointments", 1),
        [placed("a", "mon 09:00", "ana", minutes=120)],
    ),
    "two things are missing": Case(
        problem(
            users=[ANA],
            resources=[resource("r", unavailable=[span("mon 00:00", "mon 24:00")])],
            appointments=[
                X | {"resources": [{"resource": "r"}]},
                appointment("a", 120, crew=[position()]),
            ],
        ),
        [("overlap", "user:ana", True), ("availability", "resource:r", True)],
        "Ana (ana) is busy with a (normal) 09:00–11:00 on Monday 23 November.",
        lambda raw: (raw["appointments"].pop(1), raw["resources"][0].update(unavailable=[])),
        [placed("a", "mon 09:00", "ana", minutes=120)],
    ),
}
