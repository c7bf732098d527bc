"""A small week with one of everything that a picture shows, and a plan for it made by hand."""

from typing import Any

from tests.factories import (
    Json,
    appointment,
    at,
    current,
    hours,
    position,
    problem,
    resource,
    rule,
    span,
    team,
    user,
)

PLACES = [
    {"id": "depot", "latitude": 0, "longitude": 0},
    {"id": "north", "latitude": 0.1, "longitude": 0},
]


def week(**parts: Any) -> Json:
    """Two people, a van and four appointments on Monday and Tuesday; 10 minutes from the depot to the north."""
    return problem(
        name="Test week",
        horizon=span("mon 00:00", "sun 24:00"),
        users=[
            user("ana", "clean", name="Ana Reyes", availability=hours("08:00", "16:00"), start_location="depot"),
            user(
                "bo", "clean", name="Bo Lind", availability=hours("09:00", "17:00"),
                max_hours_per_week=2, overtime_hours_per_week=10,
            ),
        ],
        teams=[team("both", "ana", "bo", name="Both of them")],
        resources=[resource("van", "vehicle", name="Van", capacity=2)],
        rules=[rule("maintenance", applies_to_resources=["van"], start_date="2026-11-23", end_date="2026-11-23",
                    start_time="12:00", end_time="15:00")],
        locations=PLACES,
        travel={"speed_kmh": 66.72, "detour_factor": 1},
        appointments=[
            appointment("solo", 60, title="Weekly clean", client="Alvarez", crew=[position("clean")], location="north",
                        buffer_after_minutes=15, due=at("mon 09:30"), priority="high"),
            appointment("pair", 120, title="Deep clean", client="Becker", crew=[position("clean", count=2)]),
            appointment("fixed", 60, title="Keys", crew=[position()], pinned=True, current=current("tue 10:00", "bo")),
            appointment("hall", 60, title="Hall", team={"any_of": ["both"]}, resources=[{"resource": "van"}]),
            appointment("out", 60, title="Party prep", client="Chang", priority="urgent",
                        windows=[span("mon 08:00", "mon 09:00")], crew=[position("clean")]),
        ],
        **parts,
    )  # fmt: skip


def plan(**parts: Any) -> Json:
    """The plan: Monday alone and together, Tuesday pinned and with the whole team, one left out."""
    return {
        "version": 1,
        "problem": "Test week",
        "status": "feasible",
        "assignments": [
            placed("solo", "mon 09:00", "mon 10:00", "ana"),
            placed("pair", "mon 11:00", "mon 13:00", "ana", "bo"),
            placed("fixed", "tue 10:00", "tue 11:00", "bo"),
            placed("hall", "tue 12:00", "tue 13:00", "ana", "bo", team="both",
                   resources=[{"resource": "van", "demand": 0}]),
        ],
        "unassigned": [
            {"appointment": "out", "reasons": [{"rule": "overlap", "subject": "user:ana", "message": "Ana is busy"}],
             "remedies": [{"change": "open an hour earlier", "cost_delta": -1000}]}
        ],
        **parts,
    }  # fmt: skip


def placed(key: str, start: str, end: str, *users: str, **fields: Any) -> Json:
    """An assignment of the test week."""
    return {"appointment": key, "start": at(start), "end": at(end), "users": list(users), **fields}
