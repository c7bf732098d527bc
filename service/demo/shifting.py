"""The same week at another time: dates and times of a problem moved by whole weeks, on the wall of its zone."""

import re
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def shifted(value: Any, weeks: int, zone: ZoneInfo) -> Any:
    """Move all dates and times of a document.

    Parameters
    ----------
    value
        A document as JSON has it, or a part of one.
    weeks
        By how many.
    zone
        On whose wall clocks stay as they are.

    Returns
    -------
    The same with other dates.
    """
    if isinstance(value, dict):
        return {key: shifted(item, weeks, zone) for key, item in value.items()}
    if isinstance(value, list):
        return [shifted(item, weeks, zone) for item in value]
    if isinstance(value, str) and _INSTANT.fullmatch(value):
        wall = datetime.fromisoformat(value).astimezone(zone).replace(tzinfo=None)
        return (wall + timedelta(weeks=weeks)).replace(tzinfo=zone).isoformat()
    if isinstance(value, str) and _DATE.fullmatch(value):
        return (date.fromisoformat(value) + timedelta(weeks=weeks)).isoformat()
    return value


def weeks_until(start: datetime, end: datetime, now: datetime) -> int:
    """Count the weeks by which a stretch of time has to move so as not to be over.

    Parameters
    ----------
    start, end
        The stretch.
    now
        The present.

    Returns
    -------
    0 if it is not over; else so many that it starts next.
    """
    return 0 if end > now else -((start - now) // timedelta(weeks=1))
