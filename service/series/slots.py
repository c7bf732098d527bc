"""The starts that a schedule template stands for."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from models.enums import ScheduleType
from models.records import ScheduleTemplate
from models.records.templates import minutes_between
from models.rules import Recurrence
from models.timegrid import wall_minute
from service.series.pattern import Pattern

_A_DAY = 24 * 60


def slots_of_day(template: ScheduleTemplate) -> list[int]:
    """List where the appointments of one day begin: one after the other, none of them into the break.

    Parameters
    ----------
    template
        From its start to its end, or to the next day's if that is not later.

    Returns
    -------
    Minutes after the template's start time, on the wall.
    """
    span = minutes_between(template.start_time, template.end_time)
    length = template.duration_minutes or span
    parts = [(0, span)]
    if template.break_start_time is not None and template.break_duration_minutes:
        pause = minutes_between(template.start_time, template.break_start_time) % _A_DAY
        parts = [(0, pause), (pause + template.break_duration_minutes, span)]
    return [start for low, high in parts for start in range(low, high - length + 1, length)]


def rule_of(template: ScheduleTemplate, until: date | None = None, count: int | None = None) -> Recurrence:
    """Write on which days a template holds as a rule.

    Parameters
    ----------
    template
        Its type, interval, days and dates count; dates are of custom schedules alone.
    until, count
        The last day, and how many days at most.

    Returns
    -------
    The rule, to be followed from some first day.
    """
    if template.schedule_type is ScheduleType.CUSTOM:
        dates = tuple(sorted(set(template.recurrence_dates)))
        return Recurrence(dates=tuple(day for day in dates if until is None or day <= until)[:count] or dates[:1])
    return Recurrence(
        frequency=template.schedule_type,
        interval=template.recurrence_interval,
        days=tuple(sorted(set(template.recurrence_days))),
        until=until,
        count=count,
    )


def days_of(template: ScheduleTemplate, first: date, last: date, zone: ZoneInfo) -> list[date]:
    """List the days on which a template holds.

    Parameters
    ----------
    template
        Which; intervals are counted from the first day, and a monthly or yearly one without days is of its date.
    first, last
        Local days, both included.
    zone
        Of the organization.

    Returns
    -------
    Days in order.
    """
    if template.schedule_type is ScheduleType.CUSTOM:
        return sorted({day for day in template.recurrence_dates if first <= day <= last})
    noon = wall_minute(first, time(12), zone)
    pattern = Pattern(rule_of(template), noon, zone)
    days = [pattern.day_of(start) for start in pattern.starts(noon, wall_minute(last, time(12), zone) + 1)]
    # The first day is one of the pattern's in any case; here it has to fit as well.
    return [day for day in days if day != first or fits(template, first)]


def fits(template: ScheduleTemplate, day: date) -> bool:
    """Tell whether a day is one of those on which a template that begins there holds."""
    if template.schedule_type is ScheduleType.CUSTOM:
        return day in template.recurrence_dates
    return not template.recurrence_days or day.isoweekday() in template.recurrence_days


def starts_on(template: ScheduleTemplate, day: date, zone: ZoneInfo) -> Iterator[int]:
    """Go through the starts of a day.

    Yields
    ------
    Epoch minutes; a slot after midnight is the next day's.
    """
    for offset in slots_of_day(template):
        wall = datetime.combine(day, template.start_time) + timedelta(minutes=offset)
        yield wall_minute(wall.date(), wall.time(), zone)
