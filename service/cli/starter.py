"""The problem to start from: small, but with one of everything that most problems need."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

ZONE = "America/Los_Angeles"

WALK_THROUGH = (
    ("name", "What the plan is called."),
    ("timezone", "Where the clocks hang. Opening hours are wall times there; it takes care of clock changes."),
    ("horizon", "The time that is planned. Instants have an offset, such as 2026-11-30T00:00:00-08:00."),
    ("step_minutes", "Appointments start on a grid of so many minutes. It divides 60."),
    ("locations", "Places with coordinates. People start their shifts there, and appointments take place there."),
    ("travel", "How fast people get around; leave it out if nobody has to travel."),
    ("users", "Who does the work."),
    ("  skills", "Names, or a name and a level. A position asks for a skill at a level or better."),
    ("  availability", "Opening hours by weekday. A day that is missing is closed; without any, always open."),
    ("  unavailable", "Leave and other absences, from one instant to another."),
    ("  max_hours_per_week", "Hours of service in a week; overtime_hours_per_week come on top, at a cost."),
    ("teams", "Users who can be asked for together."),
    ("resources", "Rooms, vehicles and machines; capacity says how many units there are."),
    ("rules", "What the company has agreed on: working hours, breaks, holidays, closures, limits."),
    ("appointments", "What there is to do."),
    ("  duration_minutes", "How long it takes; buffers before and after keep the crew and the resources busy too."),
    ("  windows", "When it may take place: inside one of them. Without any, whenever it fits."),
    ("  preferred_start, due", "What would be nice: every minute away from it, or later, costs a little."),
    ("  priority", "low, normal, high or urgent: what it costs to leave it out."),
    ("  crew", "The people it takes: one entry per position, with the skills that it needs."),
    ("  resources", "What it takes besides people: by name, or any of a type with the features it needs."),
    ("  after", "That it follows another one, and how closely."),
    ("  mandatory", "That it must not be left out."),
    ("  current, pinned", "Where it stands today, and that it stays there."),
    ("weights", "What matters more or less than usual, such as {\"travel\": 2}."),
)  # fmt: skip


def starter(today: date) -> dict[str, Any]:
    """Make up a problem for the week after a day.

    Parameters
    ----------
    today
        Any date.

    Returns
    -------
    A problem.json of five appointments, all of which can be planned.
    """
    zone = ZoneInfo(ZONE)
    monday = today + timedelta(7 - today.weekday())

    def at(day: int, hour: int) -> str:
        return datetime.combine(monday + timedelta(day), time(hour), tzinfo=zone).isoformat()

    def window(day: int, start: int, end: int) -> dict[str, str]:
        return {"start": at(day, start), "end": at(day, end)}

    week = {name: [{"start": "08:00", "end": "16:30"}] for name in ("monday", "tuesday", "wednesday")}
    return {
        "version": 1,
        "name": "My first week",
        "timezone": ZONE,
        "horizon": {"start": at(0, 0), "end": at(7, 0)},
        "step_minutes": 15,
        "locations": [
            {"id": "depot", "latitude": 37.7410, "longitude": -122.3900},
            {"id": "noe-valley", "latitude": 37.7502, "longitude": -122.4337},
            {"id": "rockridge", "latitude": 37.8440, "longitude": -122.2518},
        ],
        "travel": {"speed_kmh": 40, "detour_factor": 1.3},
        "users": [
            {
                "id": "ana",
                "name": "Ana",
                "skills": [{"name": "cleaning", "level": 3}, "floors"],
                "availability": week,
                "max_hours_per_week": 20,
                "overtime_hours_per_week": 4,
                "start_location": "depot",
                "end_location": "depot",
            },
            {
                "id": "bo",
                "name": "Bo",
                "skills": ["cleaning"],
                "availability": week,
                "unavailable": [window(1, 12, 17)],
            },
        ],
        "teams": [{"id": "both", "name": "Ana and Bo", "members": ["ana", "bo"]}],
        "resources": [
            {"id": "machine-1", "name": "Floor machine", "resource_type": "equipment", "features": ["scrubber"]}
        ],
        "rules": [
            {
                "id": "lunch",
                "name": "Half an hour of lunch",
                "rule_type": "break_time",
                "is_global": True,
                "start_time": "11:30",
                "end_time": "14:00",
                "parameters": {"duration_minutes": 30},
            }
        ],
        "appointments": [
            {
                "id": "one-person",
                "title": "Weekly clean, one person, in the morning",
                "client": "Alvarez",
                "duration_minutes": 120,
                "windows": [window(0, 8, 12)],
                "preferred_start": at(0, 9),
                "crew": [{"skills": ["cleaning"]}],
                "location": "noe-valley",
            },
            {
                "id": "two-people",
                "title": "Deep clean, two people, one of them experienced",
                "client": "Becker",
                "duration_minutes": 180,
                "buffer_after_minutes": 10,
                "priority": "high",
                "windows": [window(0, 8, 17), window(1, 8, 17)],
                "due": at(1, 12),
                "crew": [{"skills": [{"name": "cleaning", "level": 3}]}, {"skills": ["cleaning"]}],
                "location": "rockridge",
            },
            {
                "id": "strip",
                "title": "Strip the floor, with the machine",
                "client": "Chang",
                "duration_minutes": 90,
                "crew": [{"skills": ["floors"]}],
                "resources": [{"resource_type": "equipment", "features": ["scrubber"]}],
                "location": "noe-valley",
            },
            {
                "id": "wax",
                "title": "Wax it after a night, by the same person",
                "client": "Chang",
                "duration_minutes": 60,
                "crew": [{"skills": ["floors"]}],
                "after": [{"appointment": "strip", "min_gap_minutes": 720, "same_users": True}],
                "location": "noe-valley",
            },
            {
                "id": "whole-team",
                "title": "Hall turnover, the whole team, must not be left out",
                "client": "Dogpatch Hall",
                "duration_minutes": 120,
                "mandatory": True,
                "windows": [window(2, 8, 16)],
                "team": {"any_of": ["both"]},
                "location": "depot",
            },
        ],
        "weights": {"travel": 2},
    }
