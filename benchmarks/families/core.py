"""The core family: crews with skills, shifts, lunches, vehicles and machines in one working week, without travel.

The work is drawn first; people and resources are then counted so that it fills nine tenths of the people's time and
eight tenths of the resources' working days. It is a little more than fits; with a load of 1.2 it is far more. A mix
other than the usual one has other work and more weeks.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

Json = dict[str, Any]

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
STEP_MINUTES = 15
SKILLS = ("s0", "s1", "s2", "s3", "s4", "s5")

SKILLS_OF_USER = (2, 3, 4)
SHIFT_STARTS, SHIFT_HOURS = (8, 9, 10), 8
LUNCH_STARTS, LUNCH_MINUTES = (12 * 60, 12 * 60 + 30, 13 * 60), 30
WEEKLY_HOURS = (32, 38, 40)
DAY_OFF_CHANCE = 0.1
USER_WEEK_MINUTES = len(DAYS) * (SHIFT_HOURS * 60 - LUNCH_MINUTES)
USER_LOAD, CROWDED_LOAD, LONG_LOAD = 0.9, 1.2, 0.8

DURATIONS = {30: 1, 45: 1, 60: 2, 90: 2, 120: 1, 180: 1}
PRIORITIES = {"normal": 3, "high": 1, "urgent": 1}
SKILLS_ASKED = {0: 1, 1: 2, 2: 1}
CREW_SIZES = {1: 4, 2: 1}
DEMANDS = {"": 2, "vehicle": 1, "equipment": 1}
# Days offered, opening and closing hour; half days are offered alone.
WINDOWS = {(1, 8, 12): 9, (1, 12, 18): 9, (1, 8, 18): 24, (2, 8, 18): 10, (3, 8, 18): 10, (5, 8, 18): 10}
PREFERRED_HOURS = 6  # into the window; in a morning some fall behind its end and can only be approached

RESOURCE_NAMES = {"vehicle": "vehicle", "equipment": "machine"}
RESOURCE_WEEK_MINUTES = len(DAYS) * 10 * 60
RESOURCE_LOAD = 0.8

WEIGHTS = {
    "unassigned": {"low": 15000, "normal": 15000, "high": 45000, "urgent": 150000},
    "preferred_time": 1,
    "travel": 0,
    "overtime": 0,
}


@dataclass(frozen=True)
class Mix:
    """What the work is like: shares of durations in minutes and of crew sizes, and how many weeks it spans."""

    durations: Mapping[int, int]
    crew_sizes: Mapping[int, int]
    weeks: int = 1

    @property
    def workdays(self) -> list[int]:
        """The days after the first Monday that are no weekend."""
        return [7 * week + day for week in range(self.weeks) for day in range(len(DAYS))]


USUAL = Mix(DURATIONS, CREW_SIZES)
LONG = Mix({120: 3, 180: 4, 240: 2}, {1: 3, 2: 4, 3: 3}, weeks=4)


def core(appointments: int, seed: int, load: float = USER_LOAD, mix: Mix = USUAL) -> Json:
    """Draw a problem of the core family.

    Parameters
    ----------
    appointments
        How many; users and resources follow from their work.
    seed
        Of the random numbers: the same arguments give the same problem.
    load
        Share of the people's time that the work would fill; the resources' share grows with it. Above 1 the plan is
        over-booked: 1.2 is a fifth more than the people can do.
    mix
        Another one draws other work over more weeks.

    Returns
    -------
    A problem.json dictionary.
    """
    random = Random(seed)
    work = [_appointment(random, f"a{i}", mix) for i in range(appointments)]
    crew_minutes = sum(row["duration_minutes"] * row["crew"][0]["count"] for row in work)
    users = max(2, round(crew_minutes / (load * USER_WEEK_MINUTES * mix.weeks)))
    fill = RESOURCE_LOAD * load / USER_LOAD * RESOURCE_WEEK_MINUTES * mix.weeks
    return {
        "version": 1,
        "name": f"core-{appointments}-seed-{seed}",
        "timezone": "UTC",
        "step_minutes": STEP_MINUTES,
        "horizon": {"start": _instant(0, 0), "end": _instant(mix.workdays[-1] + 1, 0)},
        "users": [_user(random, f"u{i}", mix) for i in range(users)],
        "resources": [row for kind in RESOURCE_NAMES for row in _resources(kind, work, fill)],
        "appointments": work,
        "weights": deepcopy(WEIGHTS),
    }


def crowded(appointments: int, seed: int) -> Json:
    """Draw a problem of the core family that is over-booked by a fifth.

    Parameters
    ----------
    appointments, seed
        As `core` takes them.

    Returns
    -------
    A problem.json dictionary.
    """
    return core(appointments, seed, CROWDED_LOAD) | {"name": f"crowded-{appointments}-seed-{seed}"}


def long(appointments: int, seed: int) -> Json:
    """Draw jobs of hours and larger crews over four weeks: 20 000 of them take about a thousand users.

    Parameters
    ----------
    appointments, seed
        As `core` takes them.

    Returns
    -------
    A problem.json dictionary.
    """
    return core(appointments, seed, LONG_LOAD, LONG) | {"name": f"long-{appointments}-seed-{seed}"}


def _drawn(random: Random, shares: Mapping[Any, int]) -> Any:
    return random.choices(list(shares), weights=list(shares.values()))[0]


def _instant(day: int, minute: int) -> str:
    return (MONDAY + timedelta(days=day, minutes=minute)).isoformat()


def _span(day: int, start: int, end: int) -> Json:
    return {"start": _instant(day, start), "end": _instant(day, end)}


def _appointment(random: Random, ident: str, mix: Mix) -> Json:
    offered, opens, closes = _drawn(random, WINDOWS)
    days = sorted(random.sample(mix.workdays, offered))
    preferred = random.choice(days), (opens + random.randrange(PREFERRED_HOURS)) * 60
    row: Json = {
        "id": ident,
        "duration_minutes": _drawn(random, mix.durations),
        "priority": _drawn(random, PRIORITIES),
        "windows": [_span(day, opens * 60, closes * 60) for day in days],
        "preferred_start": _instant(*preferred),
        "crew": [
            {"skills": random.sample(SKILLS, _drawn(random, SKILLS_ASKED)), "count": _drawn(random, mix.crew_sizes)},
        ],
    }
    demand = _drawn(random, DEMANDS)
    return row | {"resources": [{"resource_type": demand}]} if demand else row


def _user(random: Random, ident: str, mix: Mix) -> Json:
    opens = random.choice(SHIFT_STARTS)
    shift = {"start": f"{opens:02}:00", "end": f"{opens + SHIFT_HOURS:02}:00"}
    off = random.choice(DAYS) if random.random() < DAY_OFF_CHANCE else None
    lunches = [(day, random.choice(LUNCH_STARTS)) for day in mix.workdays]
    return {
        "id": ident,
        "skills": random.sample(SKILLS, random.choice(SKILLS_OF_USER)),
        "max_hours_per_week": random.choice(WEEKLY_HOURS),
        "availability": {day: [dict(shift)] for day in DAYS if day != off},
        "unavailable": [_span(day, start, start + LUNCH_MINUTES) for day, start in lunches],
    }


def _resources(kind: str, work: list[Json], fill: float) -> list[Json]:
    minutes = sum(row["duration_minutes"] for row in work if row.get("resources") == [{"resource_type": kind}])
    count = max(1, round(minutes / fill))
    return [{"id": f"{RESOURCE_NAMES[kind]}{i}", "resource_type": kind, "capacity": 1} for i in range(count)]
