"""How times, lengths and amounts are written for people."""

from datetime import date
from zoneinfo import ZoneInfo

from models.timegrid import instant


def day_name(day: date) -> str:
    """Write a date in short, such as Thu 3 Dec."""
    return f"{day:%a} {day.day} {day:%b}"


def date_range(first: date, last: date) -> str:
    """Write the dates from the first to the last, without saying twice what they share."""
    end = f"{last.day} {last:%B} {last.year}"
    if first == last:
        return end
    if first.year != last.year:
        return f"{first.day} {first:%B} {first.year} – {end}"
    return f"{first.day} – {end}" if first.month == last.month else f"{first.day} {first:%B} – {end}"


def span(start: int, end: int, zone: ZoneInfo) -> str:
    """Write a stretch of epoch minutes in wall time, with both dates only where they differ."""
    begin, finish = instant(start, zone), instant(end, zone)
    second = "" if begin.date() == finish.date() else f"{day_name(finish.date())} "
    return f"{day_name(begin.date())} {begin:%H:%M}–{second}{finish:%H:%M}"


def hours(minutes: int) -> str:
    """Write minutes as hours, such as 6.5 h."""
    return f"{minutes / 60:.1f}".removesuffix(".0") + " h"


def count(number: int, one: str, many: str = "") -> str:
    """Write a number with its noun, such as 1 visit or 2,000 visits."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def number(value: int) -> str:
    """Write a whole number with its thousands apart."""
    return f"{value:,}"
