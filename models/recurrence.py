"""The local days on which a rule holds."""

from collections.abc import Iterator
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from models.enums import ScheduleType
from models.rrule import rrule_parts
from models.rules import Recurrence, Rule

_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
CALENDAR_CYCLE_DAYS = 146_097  # 400 Gregorian years, after which dates and weekdays repeat
_SIMPLE = {"FREQ", "BYDAY", "WKST", "INTERVAL"}
_PERIOD_DAYS = {"DAILY": 1, "WEEKLY": 7}


def days_between(first: date, last: date) -> Iterator[date]:
    """Go through the days from the first to the last, both included."""
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        yield date.fromordinal(ordinal)


def rule_days(rule: Rule, first: date, last: date, zone: ZoneInfo) -> list[date]:
    """List the local days on which a rule holds.

    Parameters
    ----------
    rule
        Its dates and its recurrence count; its times of day do not.
    first, last
        The days that matter, both included.
    zone
        Whose days they are; an `UNTIL` in UTC is read on its wall.

    Returns
    -------
    Days in order.
    """
    start, end = rule.start_date or date.min, rule.end_date or date.max
    low, high = max(first, start), min(last, end)
    if low > high:
        return []
    recurrence = rule.recurrence_rule
    if recurrence is None:
        return list(days_between(low, high))
    if isinstance(recurrence, Recurrence):
        if recurrence.dates:
            return sorted({day for day in recurrence.dates if low <= day <= high})
        if recurrence.until is not None:
            high = min(high, recurrence.until)
        parts = _parts_of(recurrence)
    else:
        parts = rrule_parts(recurrence)
    return _expand(parts, rule.start_date or low, low, high, zone)


def _parts_of(recurrence: Recurrence) -> dict[str, str]:
    frequency = recurrence.frequency or ScheduleType.DAILY
    parts = {"FREQ": frequency.upper(), "INTERVAL": str(recurrence.interval)}
    if recurrence.days:
        parts["BYDAY"] = ",".join(_WEEKDAYS[day - 1] for day in recurrence.days)
    if recurrence.count is not None:
        parts["COUNT"] = str(recurrence.count)
    return parts


def _expand(parts: dict[str, str], start: date, low: date, high: date, zone: ZoneInfo) -> list[date]:
    if parts["FREQ"] in _PERIOD_DAYS and parts.keys() <= _SIMPLE and parts.get("INTERVAL", "1") == "1":
        # The rules people write are a set of weekdays: no need to wake dateutil for them.
        chosen = _weekdays(parts, start)
        return [day for day in days_between(low, high) if day.weekday() in chosen]
    from dateutil.rrule import rrule, rrulestr

    end = datetime.combine(high, time(23, 59, 59))
    if "UNTIL" in parts:
        end = min(end, _until(parts["UNTIL"], zone))
    if end.date() < start:
        return []
    count = int(parts["COUNT"]) if "COUNT" in parts else None
    if count is None:
        start = _advance(parts, start, low)
    text = ";".join(f"{name}={value}" for name, value in parts.items() if name not in ("UNTIL", "COUNT"))
    # dateutil seeks a pattern that never comes until the year 9999: moved there by whole cycles, it gives up soon.
    later = timedelta(days=(date.max - high).days // CALENDAR_CYCLE_DAYS * CALENDAR_CYCLE_DAYS)
    expanded = rrulestr(text, dtstart=datetime.combine(start + later, time(0)))
    assert isinstance(expanded, rrule)
    found = {(moment - later).date() for moment in islice(expanded.replace(until=end + later), count)}
    return sorted(day for day in found if low <= day <= high)


def _weekdays(parts: dict[str, str], start: date) -> set[int]:
    if "BYDAY" in parts:
        return {_WEEKDAYS.index(day[-2:]) for day in parts["BYDAY"].split(",")}
    return set(range(7)) if parts["FREQ"] == "DAILY" else {start.weekday()}


def _advance(parts: dict[str, str], start: date, low: date) -> date:
    """Begin a long-running daily or weekly rule near the days that matter, in step with where it began."""
    period = _PERIOD_DAYS.get(parts["FREQ"], 0) * int(parts.get("INTERVAL", "1"))
    behind = (low - start).days
    return start + timedelta(days=behind // period * period) if period and behind > period else start


def _until(text: str, zone: ZoneInfo) -> datetime:
    day, clock = date.fromisoformat(text[:8]), time.fromisoformat(text[9:15] or "000000")
    moment = datetime.combine(day, clock)
    if not text.endswith("Z") or day.year in (MINYEAR, MAXYEAR):
        return moment
    return moment.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)
