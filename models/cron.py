"""Cron expressions of five fields, on the wall of a time zone: minute, hour, day of the month, month, weekday."""

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Annotated
from zoneinfo import ZoneInfo

from models.faults import refuse
from models.fields import ReadBy

_RANGES = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
_EXAMPLE = "five fields, such as 30 2 * * 1-5: minute, hour, day of the month, month, weekday"
_MINUTE = timedelta(minutes=1)
Fields = tuple[frozenset[int], ...]


def read_cron(value: object) -> str:
    """Read a cron expression."""
    text = " ".join(value.split()) if isinstance(value, str) else ""
    if len(text) > 200:
        raise refuse(value, _EXAMPLE)
    try:
        _fields(text)
    except ValueError:
        raise refuse(value, _EXAMPLE, "Use numbers, *, lists, ranges and steps; Sunday is 0 or 7.") from None
    return text


Cron = Annotated[str, ReadBy(read_cron, str)]


def last_due(cron: str, zone: ZoneInfo, after: datetime, until: datetime) -> datetime | None:
    """Find when something was due last.

    Parameters
    ----------
    cron
        A valid expression.
    zone
        On whose wall it is read; a time that comes twice counts the first time, one that does not exist is passed over.
    after, until
        Aware; the first is not looked at, the last is.

    Returns
    -------
    The latest minute between them that it names, None if there is none.
    """
    minute = until.replace(second=0, microsecond=0)
    while minute > after:
        wall = minute.astimezone(zone)
        if wall.fold == 0 and _names(_fields(cron), wall):
            return minute
        minute -= _MINUTE
    return None


def _names(fields: Fields, wall: datetime) -> bool:
    minutes, hours, days, months, weekdays = fields
    if wall.minute not in minutes or wall.hour not in hours or wall.month not in months:
        return False
    of_month, of_week = wall.day in days, wall.isoweekday() in weekdays
    # As cron does: where both are limited, either will do.
    if len(days) < 31 and len(weekdays) < 7:
        return of_month or of_week
    return of_month and of_week


@lru_cache(maxsize=256)
def _fields(text: str) -> Fields:
    parts = text.split(" ")
    if len(parts) != len(_RANGES):
        raise ValueError(text)
    read = [_numbers(part, *limits) for part, limits in zip(parts, _RANGES, strict=True)]
    read[4] = frozenset(7 if day == 0 else day for day in read[4])
    return tuple(read)


def _numbers(text: str, least: int, most: int) -> frozenset[int]:
    found: set[int] = set()
    for part in text.split(","):
        span, _, step = part.partition("/")
        if span == "*":
            first, last = least, most
        else:
            begin, dash, end = span.partition("-")
            first = int(begin)
            last = int(end) if dash else (most if step else first)
        if not least <= first <= last <= most or not (pace := int(step or 1)) > 0:
            raise ValueError(text)
        found.update(range(first, last + 1, pace))
    return frozenset(found)
