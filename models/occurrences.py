"""When a rule holds: its occurrences as stretches of time, each with the words people know it by."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from models.enums import RuleType
from models.intervals import Interval
from models.public_holidays import public_holidays
from models.recurrence import rule_days
from models.rules import Rule
from models.timegrid import MIDNIGHT, day_start, local_date, span_of_day, wall_minute

PAD_DAYS = 2
_ONE_DAY = timedelta(days=1)
Occurrence = tuple[int, int, str]


def padded_days(reach: Interval, zone: ZoneInfo) -> tuple[date, date]:
    """Find the first and the last local day that can matter to a range of time: overnight spans begin the day before.

    Parameters
    ----------
    reach
        Epoch minutes.
    zone
        Whose days.

    Returns
    -------
    Both included, two days wider than the range on each side.
    """
    pad = timedelta(days=PAD_DAYS)
    return local_date(reach[0], zone) - pad, local_date(reach[1], zone) + pad


def occurrences(rule: Rule, zone: ZoneInfo, reach: Interval, forever: Interval) -> list[Occurrence]:
    """Expand a rule on the wall of a zone.

    Parameters
    ----------
    rule
        Of any type that has dates and times.
    zone
        Whose wall times they are.
    reach
        The range of epoch minutes in which occurrences matter.
    forever
        A wider range; where a closure is open it extends to its ends.

    Returns
    -------
    (start, end, label) by start; those of an overnight rule may overlap.
    """
    label = rule.name or str(rule.rule_type).replace("_", " ")
    if rule.rule_type in (RuleType.BLACKOUT, RuleType.MAINTENANCE) and rule.recurrence_rule is None:
        start, end = _one_closure(rule, zone, reach, forever)
        return [(start, end, label)] if start < end else []
    days = rule_days(rule, *padded_days(reach, zone), zone)
    names: dict[date, str] = {}
    if rule.country is not None and days:
        names = public_holidays(rule.country, rule.subdivision, days[0].year, days[-1].year)
        days = [day for day in days if day in names]
    spans = ((*span_of_day(day, rule.start_time, rule.end_time, zone), names.get(day, label)) for day in days)
    return [span for span in spans if span[0] < span[1]]


def _one_closure(rule: Rule, zone: ZoneInfo, reach: Interval, forever: Interval) -> Interval:
    """From the start of the first day to the end of the last; a missing date leaves it open on that side."""
    low, high = forever
    first, last = padded_days(reach, zone)
    start, end = low, high
    if rule.start_date is not None:
        if rule.start_date > last:
            return high, high
        if rule.start_date >= first:
            start = wall_minute(rule.start_date, rule.start_time or MIDNIGHT, zone)
    if rule.end_date is not None:
        if rule.end_date < first:
            return low, low
        if rule.end_date <= last:
            end = _closing(rule, rule.end_date, zone)
    return start, end


def _closing(rule: Rule, day: date, zone: ZoneInfo) -> int:
    if rule.end_time is None:
        return day_start(day + _ONE_DAY, zone)
    overnight = rule.start_date == day and rule.end_time <= (rule.start_time or MIDNIGHT)
    return wall_minute(day + _ONE_DAY if overnight else day, rule.end_time, zone)
