"""Periods of whole local days, and the ones before them."""

from dataclasses import dataclass
from datetime import UTC, date, timedelta
from zoneinfo import ZoneInfo

from models.enums import PeriodType
from models.errors import Fault
from models.fields import FIRST_YEAR, LAST_YEAR
from models.records.base import InvalidRecord
from models.timegrid import day_start, instant
from service.snapshot.weeks import Span

LONGEST_DAYS = 366
_DAY = timedelta(days=1)
_MONTHS = {PeriodType.MONTHLY: 1, PeriodType.QUARTERLY: 3, PeriodType.YEARLY: 12}


@dataclass(frozen=True, slots=True)
class Period:
    """Local days from the first to the last, both included.

    Parameters
    ----------
    first, last
        Its days.
    kind
        What it is; None for days of somebody's choice.
    """

    first: date
    last: date
    kind: PeriodType | None = None

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    def before(self) -> "Period":
        """The period before: the month before a month, else as many days."""
        if self.kind is not None and self == period_of(self.kind, self.first):
            return period_of(self.kind, self.first - _DAY)
        return Period(self.first - self.days * _DAY, self.first - _DAY, self.kind)

    def span(self, zone: ZoneInfo) -> Span:
        """From the first midnight to the last, by the clock of a zone, in UTC."""
        edges = (day_start(day, zone) for day in (self.first, self.last + _DAY))
        return Span(*(instant(minute, ZoneInfo("UTC")).astimezone(UTC) for minute in edges))


def period_of(kind: PeriodType, day: date) -> Period:
    """Find the period that a day lies in: a day, an ISO week, a month, a quarter or a year.

    Parameters
    ----------
    kind
        Which of them.
    day
        Any day in it.

    Returns
    -------
    The period.
    """
    if kind is PeriodType.DAILY:
        return Period(day, day, kind)
    if kind is PeriodType.WEEKLY:
        monday = day - day.weekday() * _DAY
        return Period(monday, monday + 6 * _DAY, kind)
    months = _MONTHS[kind]
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    later = first.month + months
    following = date(first.year + (later > 12), (later - 1) % 12 + 1, 1)
    return Period(first, following - _DAY, kind)


def ensure_sane(first: date, last: date) -> None:
    """Refuse a period that ends before it starts, is too long, or lies where no calendar goes.

    Raises
    ------
    InvalidRecord
        With what is wrong.
    """
    if last < first:
        raise InvalidRecord([Fault("period_end", str(last), f"a date from {first} on", "Swap the two.")])
    if (last - first).days >= LONGEST_DAYS:
        expected = f"a period of at most {LONGEST_DAYS} days from {first} on"
        raise InvalidRecord([Fault("period_end", str(last), expected, "Ask for less.")])
    ensure_known_year(first)
    ensure_known_year(last)


def ensure_known_year(day: date) -> None:
    """Refuse a day too far from the present for periods around it.

    Raises
    ------
    InvalidRecord
        If it is.
    """
    if not FIRST_YEAR + 2 <= day.year <= LAST_YEAR - 2:
        expected = f"a date in the years {FIRST_YEAR + 2} to {LAST_YEAR - 2}"
        raise InvalidRecord([Fault("period_start", str(day), expected)])
