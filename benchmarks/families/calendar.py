"""Instants and shares that the generated families draw from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

Json = dict[str, Any]
T = TypeVar("T")


@dataclass(frozen=True)
class Days:
    """A stretch of days from a first one on, in wall time of one zone."""

    first: date
    zone: ZoneInfo

    def at(self, day: int, minute: int) -> datetime:
        """Find the instant of a wall time.

        Parameters
        ----------
        day
            Days after the first.
        minute
            After midnight, 1440 for the next one.

        Returns
        -------
        With the offset of that day.
        """
        wall = datetime.combine(self.first, time()) + timedelta(days=day, minutes=minute)
        return wall.replace(tzinfo=self.zone)

    def instant(self, day: int, minute: int = 0) -> str:
        """Write the instant of a wall time as the file states it."""
        return self.at(day, minute).isoformat()

    def span(self, day: int, start: int, end: int) -> Json:
        """Write a stretch of one day."""
        return {"start": self.instant(day, start), "end": self.instant(day, end)}

    def date(self, day: int) -> str:
        """Write a date."""
        return (self.first + timedelta(days=day)).isoformat()


def clock(minute: int) -> str:
    """Write a wall time, minutes after midnight."""
    return f"{minute // 60 % 24:02}:{minute % 60:02}"


def drawn(random: Random, shares: Mapping[T, int]) -> T:
    """Draw a key by its share."""
    return random.choices(list(shares), weights=list(shares.values()))[0]
