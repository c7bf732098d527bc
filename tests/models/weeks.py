"""Calendars of small problems over a week or a day, and how to show them."""

from typing import Any

from models.calendars import Calendars
from models.problem import Problem
from models.timegrid import instant, minute_of

EVERY_DAY = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Json = dict[str, Any]


def calendars(first: str, last: str, zone: str = "UTC", **fields: Any) -> Calendars:
    problem = Problem.parse({"timezone": zone, "horizon": {"start": first, "end": last}, **fields})
    return Calendars(problem, minute_of(problem.horizon.start), minute_of(problem.horizon.end))


def shown(found: Calendars, intervals: list[tuple[int, int]] | None, zone: str | None = None) -> list[str] | None:
    """Intervals cut to the range, on the wall of the problem."""
    if intervals is None:
        return None
    wall = found.problem.zone if zone is None else found.problem.subject_zone("user", zone)
    cut = [(max(s, found.first), min(e, found.last)) for s, e in intervals if s < found.last and found.first < e]
    return [f"{instant(s, wall):%a %H:%M%z}/{instant(e, wall):%a %H:%M%z}" for s, e in cut]


def open_daily(start: str, end: str, *days: str) -> Json:
    return {day: [{"start": start, "end": end}] for day in days or EVERY_DAY}


def hours_rule(**fields: Any) -> Json:
    return {"id": "h", "rule_type": "working_hours", "is_global": True, **fields}


def closing(rule_type: str = "blackout", **fields: Any) -> Json:
    return {"id": "c", "rule_type": rule_type, "is_global": True, **fields}


ANA: Json = {"id": "ana"}
WEEK = ("2026-11-23T00:00:00Z", "2026-11-30T00:00:00Z")
TUESDAY = ("2026-11-24T00:00:00Z", "2026-11-25T00:00:00Z")
