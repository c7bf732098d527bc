"""The clinic family's side of supply: doctors and nurses of a campus, rooms, devices and what closes them."""

from __future__ import annotations

from collections import Counter
from datetime import date
from random import Random
from zoneinfo import ZoneInfo

from benchmarks.families.calendar import Days, Json, clock

# Tuesday is a public holiday in Austria.
DAYS = Days(date(2026, 12, 7), ZoneInfo("Europe/Vienna"))
WEEKDAYS = {0: "monday", 2: "wednesday", 3: "thursday", 4: "friday"}
WORKDAYS = (*WEEKDAYS,)
OPENS, CLOSES, FRIDAY_CLOSES = 7 * 60 + 30, 18 * 60, 15 * 60

DEPARTMENTS = ("cardiology", "orthopaedics", "dermatology")
DEVICES = ("ultrasound", "x-ray", "ecg")
SHIFT_STARTS, SHIFT_MINUTES, LUNCH_MINUTES = (OPENS, 8 * 60, 9 * 60), 8 * 60, 30
USER_WEEK_MINUTES = 3 * (SHIFT_MINUTES - LUNCH_MINUTES) + FRIDAY_CLOSES - 8 * 60 - LUNCH_MINUTES
ROOM_WEEK_MINUTES = 3 * (CLOSES - OPENS) + FRIDAY_CLOSES - OPENS
SECOND_DEPARTMENT_CHANCE, SECOND_HOUSE_CHANCE, PART_TIME_CHANCE = 0.4, 0.1, 0.25
DEVICE_CHANCE, THEATRE_CHANCE = 0.6, 0.4
CHAIRS = 6
# Share of the opening hours that a room or device may be needed for.
ROOM_LOADS = {"consulting": 0.75, "theatre": 0.7, **dict.fromkeys(DEVICES, 0.7)}


def house(number: int) -> str:
    """Name a house of the campus: a skill of who works there, a feature of what stands there."""
    return f"house{number}"


def doctors(random: Random, count: int, houses: int) -> list[Json]:
    """Draw doctors, spread evenly over houses and, within each, over departments.

    Parameters
    ----------
    random
        Where chance comes from.
    count
        How many.
    houses
        Of the campus.

    Returns
    -------
    Users `d0`, `d1`, ...
    """
    rows = []
    for i in range(count):
        skills = [DEPARTMENTS[i // houses % len(DEPARTMENTS)]]
        if random.random() < SECOND_DEPARTMENT_CHANCE:
            skills.append(random.choice([name for name in DEPARTMENTS if name not in skills]))
        rows.append(_user(random, f"d{i}", [*skills, "doctor", *_houses(random, i, houses)]))
    return rows


def nurses(random: Random, count: int, houses: int) -> list[Json]:
    """Draw nurses, of whom some operate devices and some are certified for the theatre.

    Parameters
    ----------
    random
        Where chance comes from.
    count
        How many.
    houses
        Of the campus.

    Returns
    -------
    Users `n0`, `n1`, ...
    """
    rows = []
    for i in range(count):
        # The first ones of each house can do everything, so that nothing is out of reach.
        able = [name for name in DEVICES if i < houses or random.random() < DEVICE_CHANCE]
        row = _user(random, f"n{i}", [*able, "nurse", *_houses(random, i, houses)])
        if i < houses or random.random() < THEATRE_CHANCE:
            row["certifications"] = ["theatre"]
        rows.append(row)
    return rows


def _houses(random: Random, number: int, houses: int) -> list[str]:
    own = number % houses
    also = houses > 1 and random.random() < SECOND_HOUSE_CHANCE
    return [house(own), house((own + 1) % houses)] if also else [house(own)]


def _user(random: Random, ident: str, skills: list[str]) -> Json:
    opens = random.choice(SHIFT_STARTS)
    off = random.choice(WORKDAYS) if random.random() < PART_TIME_CHANCE else None
    return {
        "id": ident,
        "skills": skills,
        "availability": {
            name: [{"start": clock(opens), "end": clock(opens + SHIFT_MINUTES)}]
            for day, name in WEEKDAYS.items()
            if day != off
        },
        "max_hours_per_week": 30 if off is not None else 40,
    }


def rooms(needs: Counter[tuple[str, int]], houses: int) -> list[Json]:
    """Count rooms, theatres and devices after the minutes that are asked of them, and give each house a lounge.

    Parameters
    ----------
    needs
        Minutes with buffers by feature and house.
    houses
        Of the campus.

    Returns
    -------
    Resources; the lounges are used by the chair, the others whole.
    """
    rows: list[Json] = []
    for number in range(houses):
        for feature, load in ROOM_LOADS.items():
            count = max(1, round(needs[feature, number] / (load * ROOM_WEEK_MINUTES)))
            kind = "equipment" if feature in DEVICES else "room"
            rows += [
                {"id": f"{feature}{number}-{i}", "resource_type": kind, "features": [feature, house(number)]}
                for i in range(count)
            ]
        lounge = {"resource_type": "room", "capacity": CHAIRS, "features": ["infusion", house(number)]}
        rows.append({"id": f"lounge{number}", **lounge})
    return rows


def rules(users: list[Json], resources: list[Json]) -> list[Json]:
    """State opening hours, holiday, lunches, meetings, maintenance and limits.

    Parameters
    ----------
    users, resources
        Some of whom are named.

    Returns
    -------
    Rules.
    """
    staff = [row["id"] for row in users]
    physicians = [key for key in staff if key.startswith("d")]
    devices = [row["id"] for row in resources if row["resource_type"] == "equipment"]
    theatres = [row["id"] for row in resources if "theatre" in row["features"]]
    weekdays = {"frequency": "weekly", "days": [1, 2, 3, 4]}
    return [
        _rule("hours", "working_hours", OPENS, CLOSES, is_global=True, recurrence_rule=weekdays),
        _rule("friday", "working_hours", OPENS, FRIDAY_CLOSES, is_global=True, recurrence_rule="FREQ=WEEKLY;BYDAY=FR"),
        _rule("holiday", "holiday", is_global=True, parameters={"country": "AT"}),
        _rule("early lunch", "break_time", 12 * 60, 12 * 60 + LUNCH_MINUTES, applies_to_users=staff[::2]),
        _rule("late lunch", "break_time", 12 * 60 + 30, 12 * 60 + 30 + LUNCH_MINUTES, applies_to_users=staff[1::2]),
        _closed("rounds", "blackout", OPENS, 8 * 60 + 30, "MO", applies_to_users=physicians),
        _closed("calibration", "maintenance", OPENS, 9 * 60 + 30, "WE", applies_to_resources=devices[::3]),
        _closed("deep clean", "maintenance", 16 * 60, CLOSES, "TH", applies_to_resources=theatres),
        _rule("patients", "capacity_limit", applies_to_users=physicians, parameters={"max_per_day": 18}),
        _rule("at rest", "capacity_limit", applies_to_users=staff[::5], parameters={"max_minutes_per_day": 360}),
    ]


def _rule(ident: str, kind: str, start: int | None = None, end: int | None = None, **more: object) -> Json:
    times = {} if start is None or end is None else {"start_time": clock(start), "end_time": clock(end)}
    return {"id": ident, "rule_type": kind, **times, **more}


def _closed(ident: str, kind: str, start: int, end: int, day: str, **more: object) -> Json:
    return _rule(ident, kind, start, end, recurrence_rule=f"FREQ=WEEKLY;BYDAY={day}", **more)
