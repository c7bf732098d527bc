"""Where random problems take their numbers from: a calendar frame, features, and draws that fit them."""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from tests.factories import Json

Item = TypeVar("Item")
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe")
FIRST_DAYS = (
    ("UTC", date(2026, 11, 23)),
    ("Europe/Berlin", date(2026, 10, 23)),  # summer time ends on the 25th
    ("Europe/Berlin", date(2026, 10, 25)),
    ("Europe/Berlin", date(2026, 3, 28)),  # and begins on the 29th
    ("America/New_York", date(2026, 11, 1)),
    ("America/New_York", date(2026, 3, 7)),
    ("Australia/Lord_Howe", date(2026, 4, 4)),  # by half an hour
    ("Europe/Berlin", date(2026, 12, 24)),  # public holidays follow
    ("Asia/Kathmandu", date(2026, 12, 31)),  # the ISO week runs into the next year
)
FEATURES = (
    "now",
    "locations",
    "depots",
    "teams",
    "resources",
    "levels",
    "certificates",
    "leave",
    "zones",
    "weekly_hours",
    "labor",
    "buffers",
    "own_weight",
    "windows",
    "due",
    "user_lists",
    "clients",
    "mandatory",
    "current",
    "pinned",
    "links",
    "max_lateness",
    "waiting",
    "max_waiting",
    "workload_balance",
    "continuity",
    "headcount",
    "labor_cost",
    "working_hours",
    "holiday",
    "blackout",
    "maintenance",
    "fixed_break",
    "flexible_break",
    "capacity_limit",
    "advance_booking",
)


class Shape(NamedTuple):
    """How much of everything a size has, each from … to."""

    appointments: tuple[int, int]
    users: tuple[int, int]
    teams: tuple[int, int]
    resources: tuple[int, int]
    days: tuple[int, int]
    steps: tuple[int, ...]


SIZES = {
    "tiny": Shape((2, 4), (1, 3), (1, 2), (1, 2), (1, 2), (15, 30, 60)),
    "small": Shape((5, 14), (2, 5), (1, 3), (1, 4), (1, 4), (5, 10, 15, 30, 60)),
    "medium": Shape((20, 60), (4, 10), (1, 4), (2, 6), (2, 8), (5, 10, 15, 30, 60)),
}


class Draw:
    """Draws of one problem, all from one seed.

    Parameters
    ----------
    seed
        Seed of everything drawn.
    size
        Name of a size, or a number of appointments.
    features
        What the problem has in any case.
    """

    def __init__(self, seed: int, size: str | int, features: Collection[str] = ()) -> None:
        self.rng = random.Random(seed)
        if isinstance(size, int):
            size = "tiny" if size <= 4 else "small" if size <= 14 else "medium"
        self.size = size
        shape = SIZES[size]
        density = self.pick(0.1, 0.25, 0.45, 0.75)
        self.features = {name for name in FEATURES if self.chance(density)} | set(features)
        self.zone, day = self.pick(*FIRST_DAYS)
        self.day = day
        self.days = self.between(*shape.days)
        self.step = self.pick(*shape.steps)
        self.night = self.chance(0.2)
        self.opening, self.closing = (20, 30) if self.night else (8, 17)
        first = 0 if self.chance(0.5) else self.opening - self.pick(0, 1)
        self.start = self.local(day, first * 60)
        self.end = self.local(day + timedelta(days=self.days - 1), (self.closing + self.pick(0, 1, 7)) * 60)
        self.now = self.start + self.pick(-1440, -90, 0, 125, 300)

    def has(self, feature: str) -> bool:
        """Whether the problem has a feature."""
        return feature in self.features

    def chance(self, probability: float) -> bool:
        """True with a probability."""
        return self.rng.random() < probability

    def between(self, low: int, high: int) -> int:
        """A number from low to high."""
        return self.rng.randint(low, high)

    def pick(self, *items: Item) -> Item:
        """One of the items."""
        return self.rng.choice(items)

    def sample(self, items: Sequence[Item], count: int) -> list[Item]:
        """Some different items."""
        return self.rng.sample(list(items), count)

    def local(self, day: date, minute: int) -> int:
        """Epoch minute of so many minutes of wall time after a local midnight."""
        wall = datetime.combine(day, time(0), tzinfo=ZoneInfo(self.zone)) + timedelta(minutes=minute)
        return int(wall.astimezone(UTC).timestamp()) // 60

    def moment(self, minute: int) -> str:
        """An epoch minute as RFC 3339, in the organization's zone or in UTC."""
        zone = ZoneInfo(self.zone) if self.chance(0.8) else UTC
        return datetime.fromtimestamp(minute * 60, zone).isoformat()

    def date(self) -> date:
        """A local day of the horizon."""
        return self.day + timedelta(days=self.between(0, self.days - 1))

    def worktime(self) -> int:
        """An epoch minute in opening hours, mostly on the grid."""
        minute = self.between(self.opening * 60, self.closing * 60 - 60)
        minute -= minute % self.step
        return self.local(self.date(), minute) + (self.pick(5, 7) if self.chance(0.1) else 0)

    def midday(self) -> int:
        """An epoch minute on the grid, well inside opening hours."""
        minute = self.between(self.opening * 60 + 60, self.closing * 60 - 240)
        return self.local(self.date(), minute - minute % self.step)

    def duration(self) -> int:
        """Minutes of a service, long enough that a day fills up."""
        if self.size == "tiny":
            return self.pick(60, 90, 120, 150)
        return self.pick(self.step, 2 * self.step, 45, 60, 90, 120)

    def clock(self, minute: int) -> str:
        """Minutes of the day as a wall time; the next day's wrap around."""
        return f"{minute // 60 % 24:02}:{minute % 60:02}"

    def availability(self, presence: float) -> Json | None:
        """Opening hours on most days, or null."""
        if self.chance(0.15):
            return None
        hours: Json = {}
        for day in DAYS:
            if not self.chance(presence):
                continue
            start = self.opening * 60 + self.pick(0, 0, 30, 60)
            end = self.closing * 60 - self.pick(0, 0, 60, 120)
            if self.chance(0.2):
                middle = (start + end) // 2 // 30 * 30
                halves = [(start, middle), (middle + 60, end)]
                hours[day] = [{"start": self.clock(low), "end": self.clock(high)} for low, high in halves]
            else:
                one = {"start": self.clock(start), "end": self.clock(end)}
                hours[day] = one if self.chance(0.3) else [one]
        return hours

    def closure(self) -> Json:
        """A leave of an hour to half a day."""
        start = self.worktime()
        return {"start": self.moment(start), "end": self.moment(start + self.pick(60, 120, 300))}

    def other_zone(self) -> str:
        """A zone for a subject: near enough that its hours meet the horizon, or any."""
        return self.pick(self.zone, "Europe/Berlin" if self.zone == "UTC" else "UTC", *ZONES)
