"""Tiny problems in one line: plain `problem.json` dictionaries with defaults that do not get in the way."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

Json = dict[str, Any]

MONDAY = datetime(2026, 11, 23)
"""First day of the usual test week: no clock change, no holiday near."""

ORDINARY_TERMS = ("preferred_time", "preferred_users", "lateness", "overtime", "travel", "moved", "reassigned")
"""Terms with a default weight above zero, unassigned left out."""

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def at(when: str, zone: str = "UTC", week: int = 0) -> str:
    """An instant of the test week as RFC 3339.

    Parameters
    ----------
    when
        Weekday and wall time, such as `mon 09:00`; `24:00` is the next midnight.
    zone
        IANA name of the wall clock.
    week
        Weeks after the test week.

    Returns
    -------
    The instant with the offset of the zone.
    """
    name, clock = when.split()
    hours, minutes = clock.split(":")
    day = MONDAY + timedelta(days=WEEKDAYS.index(name) + 7 * week, hours=int(hours), minutes=int(minutes))
    return day.replace(tzinfo=ZoneInfo(zone)).isoformat()


def span(start: str, end: str, zone: str = "UTC") -> Json:
    """An interval of instants, such as a window or a leave, from two times of the test week."""
    return {"start": at(start, zone), "end": at(end, zone)}


def hours(start: str, end: str, days: str = "mon tue wed thu fri sat sun") -> Json:
    """An availability: the same wall times on each of the days."""
    names = {d.strftime("%a").lower(): d.strftime("%A").lower() for d in (MONDAY + timedelta(days=k) for k in range(7))}
    return {names[day]: [{"start": start, "end": end}] for day in days.split()}


def user(ident: str, *skills: str, **fields: Any) -> Json:
    """A user with skills by name; further fields as in problem.json."""
    return {"id": ident, "skills": list(skills), **fields}


def team(ident: str, *members: str, **fields: Any) -> Json:
    """A team of user ids."""
    return {"id": ident, "members": list(members), **fields}


def resource(ident: str, resource_type: str = "room", **fields: Any) -> Json:
    """A resource, a room unless said otherwise."""
    return {"id": ident, "name": ident, "resource_type": resource_type, **fields}


def appointment(ident: str, minutes: int = 60, **fields: Any) -> Json:
    """An appointment of some minutes; without a crew unless `crew` is given."""
    return {"id": ident, "duration_minutes": minutes, **fields}


def position(*skills: str, **fields: Any) -> Json:
    """One position of a crew with its skills."""
    return {"skills": list(skills), **fields}


def rule(rule_type: str, **fields: Any) -> Json:
    """An active rule; global unless it names a subject."""
    named = any(fields.get(f"applies_to_{kind}") for kind in ("users", "teams", "resources"))
    return {"id": rule_type, "rule_type": rule_type, "is_active": True, "is_global": not named, **fields}


def link(before: str, **fields: Any) -> Json:
    """A link to the appointment that goes before."""
    return {"appointment": before, **fields}


def current(start: str, *users: str, **fields: Any) -> Json:
    """Where an appointment stands today; `start` as `at` reads it."""
    return {"start": at(start), "users": list(users), **fields}


def problem(**parts: Any) -> Json:
    """A problem of one Monday in hourly steps without soft terms but those that `weights` switch on.

    Parameters
    ----------
    parts
        Fields of problem.json; they replace the defaults.

    Returns
    -------
    A `problem.json` dictionary.
    """
    quiet = dict.fromkeys(ORDINARY_TERMS, 0)
    weights = quiet | parts.pop("weights", {})
    return {
        "version": 1,
        "timezone": "UTC",
        "horizon": span("mon 00:00", "mon 24:00"),
        "step_minutes": 60,
        "users": [],
        "teams": [],
        "resources": [],
        "locations": [],
        "rules": [],
        "appointments": [],
        "weights": weights,
        **parts,
    }
