"""The made-up cleaning company of bay-area-week.json: its people, teams, things, rules and the places it drives to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("America/Los_Angeles")
MONDAY = date(2026, 11, 30)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MON, TUE, WED, THU, FRI, SAT = range(6)
WEEK = (MON, TUE, WED, THU, FRI)
Json = dict[str, Any]

DEPOTS = {"sf": (37.7410, -122.3900), "east": (37.8085, -122.2940), "peninsula": (37.5475, -122.3065)}

PLACES = {
    "sf": {
        "Noe Valley": (37.7502, -122.4337), "Mission": (37.7599, -122.4148), "Bernal Heights": (37.7389, -122.4152),
        "Glen Park": (37.7331, -122.4338), "Castro": (37.7609, -122.4350), "Hayes Valley": (37.7759, -122.4245),
        "Pacific Heights": (37.7925, -122.4382), "Russian Hill": (37.7990, -122.4194), "SoMa": (37.7785, -122.4056),
        "Mission Bay": (37.7706, -122.3935), "Potrero Hill": (37.7605, -122.4009), "Inner Sunset": (37.7625, -122.4660),
        "Outer Sunset": (37.7554, -122.4930), "Inner Richmond": (37.7806, -122.4648), "Excelsior": (37.7244, -122.4272),
        "West Portal": (37.7405, -122.4656),
    },
    "east": {
        "Rockridge": (37.8440, -122.2518), "Temescal": (37.8330, -122.2640), "Piedmont": (37.8244, -122.2316),
        "Adams Point": (37.8125, -122.2545), "Uptown": (37.8090, -122.2690), "Montclair": (37.8260, -122.2120),
        "Glenview": (37.8020, -122.2190), "Fruitvale": (37.7800, -122.2210), "Emeryville": (37.8370, -122.2850),
        "Berkeley": (37.8703, -122.2680), "Elmwood": (37.8570, -122.2520), "North Berkeley": (37.8800, -122.2780),
        "Albany": (37.8870, -122.2950), "Alameda": (37.7650, -122.2430), "San Leandro": (37.7250, -122.1560),
    },
    "peninsula": {
        "South San Francisco": (37.6547, -122.4140), "San Bruno": (37.6260, -122.4170),
        "Millbrae": (37.5985, -122.3920),
        "Burlingame": (37.5790, -122.3520), "Hillsborough": (37.5690, -122.3660), "San Mateo": (37.5630, -122.3230),
        "Foster City": (37.5560, -122.2700), "Belmont": (37.5180, -122.2850), "San Carlos": (37.5030, -122.2650),
        "Redwood City": (37.4850, -122.2320), "Menlo Park": (37.4520, -122.1820), "Palo Alto": (37.4440, -122.1600),
    },
}  # fmt: skip

SHIFTS = {
    "early": ("07:00", "15:30", WEEK),
    "day": ("08:00", "16:30", WEEK),
    "late": ("13:00", "21:30", WEEK),
    "short": ("09:00", "14:00", WEEK),
    "three days": ("08:00", "17:00", (MON, WED, THU)),
    "with saturday": ("08:00", "16:30", (TUE, WED, THU, FRI, SAT)),
}

# id, name, region, shift, skills with levels, certifications, hours and overtime a week, hourly cost
PEOPLE: list[tuple[str, str, str, str, dict[str, int], list[str], int, int, str]] = [
    ("ana", "Ana Reyes", "sf", "early", {"home": 3, "deep": 3, "sanitize": 2}, ["bloodborne"], 40, 4, "31"),
    ("bo", "Bo Lindqvist", "sf", "day", {"home": 2, "windows": 2, "deep": 1}, ["lift"], 40, 4, "28.5"),
    ("carmen", "Carmen Ortiz", "sf", "day", {"home": 3, "deep": 2, "inspect": 2}, [], 40, 4, "30"),
    ("devon", "Devon Brooks", "sf", "early", {"home": 1, "deep": 1, "floors": 1}, [], 32, 4, "24"),
    ("esther", "Esther Kim", "sf", "short", {"home": 2, "deep": 1}, [], 24, 2, "26"),
    ("farid", "Farid Haidari", "sf", "with saturday", {"home": 2, "floors": 2, "carpet": 2}, ["driver"], 40, 4, "29"),
    ("grace", "Grace Okafor", "sf", "three days", {"home": 2, "deep": 2}, [], 24, 2, "27"),
    ("henry", "Henry Tran", "sf", "late", {"office": 3, "home": 1, "floors": 2}, ["driver"], 40, 4, "28"),
    ("imani", "Imani Walker", "sf", "late", {"office": 2, "home": 1, "sanitize": 1}, [], 36, 4, "26"),
    ("jorge", "Jorge Salas", "east", "early", {"home": 2, "deep": 2, "sanitize": 2}, ["bloodborne"], 40, 4, "30"),
    ("kavya", "Kavya Nair", "east", "day", {"home": 3, "deep": 2, "inspect": 2}, [], 40, 4, "30"),
    ("leon", "Leon Fischer", "east", "day", {"home": 1, "windows": 2, "deep": 1}, ["lift"], 40, 4, "27.5"),
    ("maria", "Maria Castillo", "east", "day", {"home": 2, "deep": 2, "carpet": 2}, [], 36, 4, "27"),
    ("nina", "Nina Petrova", "east", "short", {"home": 2, "deep": 1}, [], 24, 2, "25.5"),
    ("omar", "Omar Aziz", "east", "with saturday", {"home": 2, "floors": 3, "carpet": 1}, ["driver"], 40, 4, "30"),
    ("priya", "Priya Shah", "east", "three days", {"home": 1, "deep": 1}, [], 24, 2, "24"),
    ("quincy", "Quincy Hall", "east", "late", {"office": 3, "floors": 2}, ["driver"], 40, 4, "28"),
    ("rosa", "Rosa Delgado", "east", "late", {"office": 2, "home": 1}, [], 32, 4, "25.5"),
    ("sam", "Sam Whitfield", "peninsula", "early", {"home": 2, "deep": 2, "sanitize": 3}, ["bloodborne"], 40, 4, "30"),
    ("tala", "Tala Santos", "peninsula", "day", {"home": 3, "deep": 3, "inspect": 1}, [], 40, 4, "30.5"),
    ("uma", "Uma Krishnan", "peninsula", "day", {"home": 2, "deep": 1, "windows": 1}, [], 40, 4, "27"),
    ("victor", "Victor Mendes", "peninsula", "day", {"home": 1, "windows": 2, "floors": 2}, ["lift"], 40, 4, "28"),
    ("wendy", "Wendy Liu", "peninsula", "with saturday", {"home": 2, "deep": 2, "carpet": 2}, ["driver"], 36, 4, "28"),
    ("ximena", "Ximena Flores", "peninsula", "short", {"home": 2}, [], 24, 2, "25"),
    ("yusuf", "Yusuf Demir", "peninsula", "late", {"office": 3, "home": 1, "floors": 1}, ["driver"], 40, 4, "27.5"),
]

TEAMS = [
    ("golden-gate", "Golden Gate", "carmen", ["ana", "bo", "carmen", "devon", "farid"]),
    ("east-bay", "East Bay", "kavya", ["jorge", "kavya", "leon", "maria", "omar"]),
    ("peninsula", "Peninsula", "tala", ["sam", "tala", "uma", "victor", "wendy"]),
]
TEAM_OF = {"sf": "golden-gate", "east": "east-bay", "peninsula": "peninsula"}


def at(day: int, wall: str) -> str:
    """The instant of a wall time on a day of the week, as the files write it."""
    return datetime.combine(MONDAY + timedelta(day), time.fromisoformat(wall), tzinfo=ZONE).isoformat()


def span(day: int, start: str, end: str) -> Json:
    """A window within one day."""
    return {"start": at(day, start), "end": at(day, end)}


def later(wall: str, minutes: int) -> str:
    """A wall time of the same day, some minutes on."""
    return (datetime.combine(MONDAY, time.fromisoformat(wall)) + timedelta(minutes=minutes)).strftime("%H:%M")


def users() -> Iterator[Json]:
    """The people, with their week, leave and depots."""
    leave = {
        "grace": [{"start": at(MON, "00:00"), "end": at(TUE, "00:00")}],
        "maria": [{"start": at(THU, "12:00"), "end": at(SAT, "00:00")}],
        "uma": [{"start": at(TUE, "08:00"), "end": at(TUE, "12:00")}],
        "rosa": [{"start": at(FRI, "00:00"), "end": at(SAT, "00:00")}],
    }
    for key, name, region, shift, skills, certifications, hours, overtime, cost in PEOPLE:
        start, end, days = SHIFTS[shift]
        user: Json = {
            "id": key,
            "name": name,
            "skills": [{"name": k, "level": v} for k, v in skills.items()],
            "certifications": certifications,
            "availability": {WEEKDAYS[d]: [{"start": start, "end": end}] for d in days},
            "max_hours_per_week": hours,
            "overtime_hours_per_week": overtime,
            "hourly_cost": cost,
        }
        if key in leave:
            user["unavailable"] = leave[key]
        if shift not in ("short", "three days"):  # part-timers come straight from home
            user |= {"start_location": f"depot-{region}", "end_location": f"depot-{region}"}
        yield user


def resources() -> list[Json]:
    """Vans, machines and ladders."""
    return [
        {"id": "van-1", "name": "Van 1", "resource_type": "vehicle", "capacity": 6, "features": ["shelves"]},
        {"id": "van-2", "name": "Van 2", "resource_type": "vehicle", "capacity": 6, "features": ["shelves"]},
        {
            "id": "van-3",
            "name": "Van 3",
            "resource_type": "vehicle",
            "capacity": 3,
            "features": ["shelves", "lift gate"],
        },
        {"id": "scrubber-1", "name": "Scrubber 1", "resource_type": "equipment", "features": ["scrubber"]},
        {"id": "scrubber-2", "name": "Scrubber 2", "resource_type": "equipment", "features": ["scrubber", "burnisher"]},
        {"id": "burnisher", "name": "Burnisher", "resource_type": "equipment", "features": ["burnisher"]},
        {"id": "extractor-1", "name": "Carpet extractor 1", "resource_type": "equipment", "features": ["extractor"]},
        {"id": "extractor-2", "name": "Carpet extractor 2", "resource_type": "equipment", "features": ["extractor"]},
        {"id": "ladders", "name": "Ladder pool", "resource_type": "equipment", "capacity": 4, "features": ["ladder"]},
        {"id": "boom-lift", "name": "Boom lift", "resource_type": "equipment", "features": ["lift"]},
    ]


def rules() -> list[Json]:
    """What the company has agreed on."""
    return [
        {
            "id": "opening-hours", "name": "Mondays to Saturdays, 6 to 22", "rule_type": "working_hours",
            "is_global": True, "start_time": "06:00", "end_time": "22:00", "is_recurring": True,
            "recurrence_rule": {"frequency": "weekly", "days": [1, 2, 3, 4, 5, 6]},
        },
        {
            "id": "lunch", "name": "Half an hour of lunch", "rule_type": "break_time", "is_global": True,
            "start_time": "11:00", "end_time": "14:00", "parameters": {"duration_minutes": 30},
        },
        {
            "id": "public-holidays", "name": "Public holidays", "rule_type": "holiday", "is_global": True,
            "parameters": {"country": "US", "subdivision": "CA"},
        },
        {
            "id": "winter-party", "name": "Company winter party", "rule_type": "holiday", "is_global": True,
            "start_date": "2026-12-04", "end_date": "2026-12-04", "start_time": "15:00", "end_time": "23:00",
        },
        {
            "id": "scrubber-service", "name": "Scrubber 1 at the workshop", "rule_type": "maintenance",
            "applies_to_resources": ["scrubber-1"], "start_date": "2026-12-01", "end_date": "2026-12-02",
            "start_time": "12:00", "end_time": "18:00",
        },
        {
            "id": "apprentices", "name": "Apprentices: three visits a day", "rule_type": "capacity_limit",
            "applies_to_users": ["devon", "priya"], "parameters": {"max_per_day": 3},
        },
        {
            "id": "day-length", "name": "Seven and a half hours of service a day", "rule_type": "capacity_limit",
            "applies_to_users": [p[0] for p in PEOPLE], "parameters": {"max_minutes_per_day": 450},
        },
        {
            "id": "notice", "name": "New visits with twelve hours' notice", "rule_type": "advance_booking",
            "is_global": True, "parameters": {"min_hours": 12},
        },
    ]  # fmt: skip
