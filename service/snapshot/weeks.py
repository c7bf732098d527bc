"""The stretch of time that has to be known to judge what lies in another: whole ISO weeks, and a day around them."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from models.timegrid import day_start, instant, local_date, minute_of
from models.zones import zone_of

_DAY = timedelta(days=1)
_ONE_DAY_MINUTES = 1440


class Span(NamedTuple):
    """Two instants in UTC, half-open."""

    start: datetime
    end: datetime


def weeks_around(times: Iterable[datetime], zones: Iterable[str]) -> Span:
    """Find the ISO weeks of some instants on the walls of some zones.

    A day is added on either side, since shifts and breaks that belong to a week reach beyond it.

    Parameters
    ----------
    times
        At least one instant.
    zones
        IANA names, at least one.

    Returns
    -------
    From the earliest Monday to the latest Sunday, a day wider on both sides.
    """
    minutes = [minute_of(moment) for moment in times]
    first, last = min(minutes), max(minutes)
    edges: list[int] = []
    for name in set(zones):
        zone = zone_of(name)
        edges += (_monday(first, zone, 0), _monday(last, zone, 7))
    wide = min(edges) - _ONE_DAY_MINUTES, max(edges) + _ONE_DAY_MINUTES
    return Span(*(instant(minute, ZoneInfo("UTC")).astimezone(UTC) for minute in wide))


def _monday(minute: int, zone: ZoneInfo, days: int) -> int:
    day = local_date(minute, zone)
    return day_start(day - day.weekday() * _DAY + days * _DAY, zone)
