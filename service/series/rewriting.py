"""Rules of series in other words: moved by days, and what a series cannot say."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

from models.enums import ScheduleType
from models.errors import Fault
from models.rrule import WEEKDAYS, rrule_parts
from models.rules import Recurrence
from models.timegrid import wall_minute
from service.series.pattern import Pattern, RecurrenceRule, written

_FOLLOWS_START = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"}
_DAYS_END = time(23, 59)
_CLOCK_PARTS = ("BYHOUR", "BYMINUTE", "BYSECOND")


def rule_faults(rule: RecurrenceRule) -> list[Fault]:
    """Find what a readable rule cannot say about a series of appointments.

    Parameters
    ----------
    rule
        An RRULE without faults, or the seed's object.

    Returns
    -------
    Faults of `recurrence_rule`.
    """
    if isinstance(rule, Recurrence):
        return []
    parts = rrule_parts(rule)
    faults = [
        Fault("recurrence_rule", f"{name}={parts[name]}", "the time of day of start_datetime", f"Leave {name} out.")
        for name in _CLOCK_PARTS
        if name in parts
    ]
    if "BYSETPOS" in parts and parts["FREQ"] in ("DAILY", "WEEKLY"):
        found, expected = f"BYSETPOS with FREQ={parts['FREQ']}", "BYSETPOS with FREQ=MONTHLY or YEARLY"
        faults.append(Fault("recurrence_rule", found, expected, "Name the weekdays with BYDAY."))
    return faults


def moved(pattern: Pattern, start: int) -> Pattern | None:
    """Move a series as a whole: every start by as many days, and to another time of day.

    Parameters
    ----------
    pattern
        As it is.
    start
        Epoch minute to which its first start moves.

    Returns
    -------
    The series; None if its rule names days in a way that does not move, such as the first Monday of a month.
    """
    days = (pattern.day_of(start) - pattern.first_day).days
    rule = _moved_object(pattern, days) if isinstance(pattern.rule, Recurrence) else _moved_text(pattern, days)
    return None if rule is None else replace(pattern, rule=rule, start=start)


def _moved_text(pattern: Pattern, days: int) -> str | None:
    assert isinstance(pattern.rule, str)
    parts = rrule_parts(pattern.rule)
    named = parts.keys() - _FOLLOWS_START
    if days and named:
        if named != {"BYDAY"} or parts["FREQ"] not in ("DAILY", "WEEKLY"):
            return None
        parts["BYDAY"] = ",".join(_weekday_later(day[-2:], days) for day in parts["BYDAY"].split(","))
        parts["WKST"] = _weekday_later(parts.get("WKST", "MO"), days)
    if (last := pattern.last_day()) is not None:
        end = wall_minute(_later(last, days), _DAYS_END, pattern.zone)
        parts["UNTIL"] = f"{datetime.fromtimestamp(end * 60, UTC):%Y%m%dT%H%M%SZ}"
    return written(parts)


def _moved_object(pattern: Pattern, days: int) -> Recurrence | None:
    rule = pattern.rule
    assert isinstance(rule, Recurrence)
    if days == 0:
        return rule
    if rule.dates:
        return rule.model_copy(update={"dates": tuple(_later(day, days) for day in rule.dates)})
    changes: dict[str, object] = {}
    if rule.until is not None:
        changes["until"] = _later(rule.until, days)
    if rule.days:
        # The object's weeks begin on Mondays: with an interval the days of one week must stay in one.
        weeks = {(day - 1 + days) // 7 for day in rule.days}
        weekly = rule.frequency is ScheduleType.WEEKLY and (rule.interval == 1 or len(weeks) == 1)
        if not weekly and rule.frequency is not ScheduleType.DAILY:
            return None
        changes["days"] = tuple((day - 1 + days) % 7 + 1 for day in rule.days)
    return rule.model_copy(update=changes)


def _weekday_later(name: str, days: int) -> str:
    return WEEKDAYS[(WEEKDAYS.index(name) + days) % 7]


def _later(day: date, days: int) -> date:
    return date.fromordinal(min(max(day.toordinal() + days, date.min.toordinal()), date.max.toordinal()))
