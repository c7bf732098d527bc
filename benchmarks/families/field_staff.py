"""The field family's side of supply: towns with depots and places, people on shifts, teams, equipment and rules."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from random import Random
from zoneinfo import ZoneInfo

from benchmarks.families.calendar import Days, Json, clock, drawn

# The clocks go back in the night to Sunday, which nobody works.
DAYS = Days(date(2026, 10, 22), ZoneInfo("Europe/Berlin"))
WEEKDAYS = ("thursday", "friday", "saturday", "sunday", "monday", "tuesday", "wednesday")
WORKDAYS = (0, 1, 4, 5, 6)
SATURDAY = 2

CENTRE = (50.05, 8.45)
KM_PER_DEGREE = 111.2
TOWN_DISTANCE_KM, TOWN_RADIUS_KM = 12.0, 3.5

SKILLS = ("carpet", "glass", "disinfection", "floor", "garden", "waste")
SKILLS_OF_USER, LEVELS = {2: 2, 3: 2, 4: 1}, {1: 2, 2: 2, 3: 1}
SHIFT_STARTS, SHIFT_MINUTES, SATURDAY_SHIFT = {7 * 60: 2, 8 * 60: 3, 9 * 60: 1}, 510, (8 * 60, 14 * 60)
DAYS_OF_USER = {5: 3, 4: 1, 3: 1}
SATURDAY_CHANCE, HOME_CHANCE, LEAVE_CHANCE = 0.25, 0.3, 0.05
HOURLY_COSTS = ("21.5", "24", "27.25")
LUNCH_MINUTES = 30
# 4.4 days on average without lunch, and the share of Saturdays.
WEEK_MINUTES = 4.4 * (SHIFT_MINUTES - LUNCH_MINUTES) + SATURDAY_CHANCE * (SATURDAY_SHIFT[1] - SATURDAY_SHIFT[0])
TEAM_SIZE = 4
FEATURES = ("lift", "scrubber")


@dataclass(frozen=True)
class Worker:
    """A user as the file states it, and what is needed to give it something that it can do."""

    row: Json
    town: int
    levels: dict[str, int]
    shifts: dict[int, tuple[int, int]]


def town_locations(random: Random, towns: int) -> list[Json]:
    """Draw the depots of towns on a grid that is shaken a little, one after another.

    Parameters
    ----------
    random
        Where chance comes from.
    towns
        How many.

    Returns
    -------
    Locations, `depot0` being the first town's.
    """
    columns = math.ceil(math.sqrt(towns))
    return [
        _near(random, f"depot{i}", i % columns * TOWN_DISTANCE_KM, i // columns * TOWN_DISTANCE_KM, 1.0)
        for i in range(towns)
    ]


def place(random: Random, ident: str, depot: Json) -> Json:
    """Draw a location around a depot."""
    north, east = (depot["latitude"] - CENTRE[0]), (depot["longitude"] - CENTRE[1])
    return _near(random, ident, east * _km_per_longitude(), north * KM_PER_DEGREE, TOWN_RADIUS_KM)


def _near(random: Random, ident: str, east_km: float, north_km: float, spread_km: float) -> Json:
    north, east = random.gauss(north_km, spread_km), random.gauss(east_km, spread_km)
    return {
        "id": ident,
        "latitude": round(CENTRE[0] + north / KM_PER_DEGREE, 5),
        "longitude": round(CENTRE[1] + east / _km_per_longitude(), 5),
    }


def _km_per_longitude() -> float:
    return KM_PER_DEGREE * math.cos(math.radians(CENTRE[0]))


def workers(random: Random, count: int, depots: list[Json]) -> tuple[list[Worker], list[Json]]:
    """Draw people, spread evenly over the towns.

    Parameters
    ----------
    random
        Where chance comes from.
    count
        How many.
    depots
        One for each town.

    Returns
    -------
    The people, and the homes of those who start there.
    """
    people, homes = [], []
    for i in range(count):
        town = i % len(depots)
        start = depots[town]["id"]
        if random.random() < HOME_CHANCE:
            homes.append(place(random, f"home{i}", depots[town]))
            start = homes[-1]["id"]
        people.append(_worker(random, f"u{i}", town, start))
    return people, homes


def _worker(random: Random, ident: str, town: int, start: str) -> Worker:
    levels = {skill: drawn(random, LEVELS) for skill in random.sample(SKILLS, drawn(random, SKILLS_OF_USER))}
    opens = drawn(random, SHIFT_STARTS)
    number = drawn(random, DAYS_OF_USER)
    shifts = dict.fromkeys(sorted(random.sample(WORKDAYS, number)), (opens, opens + SHIFT_MINUTES))
    if random.random() < SATURDAY_CHANCE:
        shifts[SATURDAY] = SATURDAY_SHIFT
    row: Json = {
        "id": ident,
        "name": f"Worker {ident[1:]}",
        "skills": [{"name": name, "level": level} for name, level in levels.items()],
        "availability": {
            WEEKDAYS[day]: [{"start": clock(first), "end": clock(last)}] for day, (first, last) in shifts.items()
        },
        "max_hours_per_week": 8 * number,
        "overtime_hours_per_week": random.choice((0, 0, 4)),
        "hourly_cost": random.choice(HOURLY_COSTS),
        "start_location": start,
        "end_location": start,
    }
    if random.random() < LEAVE_CHANCE:
        away = random.choice(list(shifts))
        row["unavailable"] = [DAYS.span(away, 0, 24 * 60)]
        shifts = {day: shift for day, shift in shifts.items() if day != away}
    return Worker(row, town, levels, shifts)


def teams(people: list[Worker], towns: int) -> list[Json]:
    """Group the people of each town by fours.

    Parameters
    ----------
    people
        Everybody.
    towns
        How many there are.

    Returns
    -------
    Teams; `t3-0` is the first of town 3.
    """
    local: list[list[str]] = [[] for _ in range(towns)]
    for person in people:
        local[person.town].append(person.row["id"])
    return [
        {
            "id": f"t{town}-{i // TEAM_SIZE}",
            "members": members[i : i + TEAM_SIZE],
            "lead": members[i],
            "max_concurrent": 2,
        }
        for town, members in enumerate(local)
        for i in range(0, len(members), TEAM_SIZE)
    ]


def equipment(towns: int, demands: dict[str, int]) -> list[Json]:
    """Give every town machines of each feature and a store of supplies.

    Parameters
    ----------
    towns
        How many.
    demands
        By feature, how many machines of each a town should have.

    Returns
    -------
    Resources, bound to their town by a feature.
    """
    rows: list[Json] = []
    for town in range(towns):
        for feature in FEATURES:
            rows += [
                {
                    "id": f"{feature}{town}-{i}",
                    "resource_type": "equipment",
                    "features": [feature, f"town{town}"],
                }
                for i in range(max(1, demands[feature]))
            ]
        rows.append({"id": f"supplies{town}", "resource_type": "other", "capacity": 4})
    return rows


def rules(people: list[Worker], resources: list[Json], groups: list[Json]) -> list[Json]:
    """State the working hours, lunch, closures and limits of the company.

    Parameters
    ----------
    people, resources, groups
        Some of whom are named.

    Returns
    -------
    Rules.
    """
    users = [person.row["id"] for person in people]
    lifts = [row["id"] for row in resources if "lift" in row.get("features", ())]
    some_teams = [row["id"] for row in groups[::8]]
    monday, wednesday = DAYS.date(4), DAYS.date(6)
    weekdays = {"frequency": "weekly", "days": [1, 2, 3, 4, 5]}
    saturdays, tuesdays = "FREQ=WEEKLY;BYDAY=SA", "FREQ=WEEKLY;BYDAY=TU"
    return [
        _rule("hours", "working_hours", "07:00", "19:00", recurrence_rule=weekdays),
        _rule("saturday", "working_hours", "08:00", "14:00", recurrence_rule=saturdays),
        _rule("lunch", "break_time", "11:30", "14:00", parameters={"duration_minutes": LUNCH_MINUTES}),
        _rule("stocktaking", "blackout", "17:00", "19:00", start_date=monday, end_date=monday),
        _rule("notice", "advance_booking", parameters={"min_hours": 2}),
        _named("service", "maintenance", "resources", lifts[::5], "07:00", "10:00", recurrence_rule=tuesdays),
        _named("visits", "capacity_limit", "users", users[::5], parameters={"max_per_day": 6}),
        _named("spared", "capacity_limit", "users", users[3::7], parameters={"max_minutes_per_day": 330}),
        _named("outing", "holiday", "teams", some_teams, start_date=wednesday, end_date=wednesday),
    ]


def _rule(ident: str, kind: str, start: str | None = None, end: str | None = None, **more: object) -> Json:
    times = {} if start is None else {"start_time": start, "end_time": end}
    return {"id": ident, "rule_type": kind, "is_global": True, **times, **more}


def _named(
    ident: str,
    kind: str,
    subjects: str,
    named: list[str],
    start: str | None = None,
    end: str | None = None,
    **more: object,
) -> Json:
    return _rule(ident, kind, start, end, **more) | {"is_global": False, f"applies_to_{subjects}": named}
