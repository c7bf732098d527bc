"""Instants, wall clocks and the grid of starts, in whole minutes since the Unix epoch."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from models.problem import Problem

DAY_MINUTES = 1440
MIDNIGHT = time(0)
_ONE_DAY = timedelta(days=1)


def minute_of(moment: datetime) -> int:
    """Convert an aware datetime to epoch minutes.

    Parameters
    ----------
    moment
        An aware datetime; parts of a minute are cut off.

    Returns
    -------
    Whole minutes since 1970-01-01T00:00Z.
    """
    if moment.tzinfo is None:
        raise ValueError(f"the time {moment.isoformat()} has no offset; give it one")
    return int(moment.timestamp() // 60)


def wall_minute(day: date, clock: time, zone: ZoneInfo) -> int:
    """Convert a wall time to epoch minutes.

    Parameters
    ----------
    day, clock
        The local date and time of day.
    zone
        Whose wall the clock hangs on.

    Returns
    -------
    Epoch minutes; a time that does not exist moves forward by the gap, one that exists twice is the first.
    """
    local = datetime(day.year, day.month, day.day, clock.hour, clock.minute, tzinfo=zone)
    return int(local.timestamp() // 60)


def day_start(day: date, zone: ZoneInfo) -> int:
    """Find the epoch minute at which a local day begins.

    Parameters
    ----------
    day, zone
        The local date and its zone.

    Returns
    -------
    Epoch minutes of its midnight.
    """
    return wall_minute(day, MIDNIGHT, zone)


def span_of_day(day: date, start: time | None, end: time | None, zone: ZoneInfo) -> tuple[int, int]:
    """Find the stretch between two wall times that starts on a local day.

    Parameters
    ----------
    day, zone
        The local date and its zone.
    start, end
        Wall times; both None is the whole day, one None is midnight; an end not after the start is the next day's.

    Returns
    -------
    Epoch minutes (start, end); a clock change can make them empty.
    """
    opening, closing = start or MIDNIGHT, end or MIDNIGHT
    last = day if closing > opening else day + _ONE_DAY
    return wall_minute(day, opening, zone), wall_minute(last, closing, zone)


def instant(minute: int, zone: ZoneInfo) -> datetime:
    """Convert epoch minutes to a datetime on the wall of a zone.

    Parameters
    ----------
    minute
        Epoch minutes.
    zone
        The zone whose offset the result carries.

    Returns
    -------
    An aware datetime.
    """
    return datetime.fromtimestamp(minute * 60, UTC).astimezone(zone)


def local_date(minute: int, zone: ZoneInfo) -> date:
    """Find the local date of an epoch minute.

    Parameters
    ----------
    minute, zone
        Epoch minutes and the zone that tells the date.

    Returns
    -------
    The date.
    """
    return datetime.fromtimestamp(minute * 60, zone).date()


def iso_week(minute: int, zone: ZoneInfo) -> tuple[int, int]:
    """Find the ISO week of an epoch minute.

    Parameters
    ----------
    minute, zone
        Epoch minutes and the zone that tells the date.

    Returns
    -------
    ISO year and week number.
    """
    year, week, _ = local_date(minute, zone).isocalendar()
    return year, week


@dataclass(frozen=True, slots=True)
class TimeGrid:
    """The grid on which unpinned appointments start.

    Parameters
    ----------
    origin
        Epoch minutes of the local midnight of the horizon's first day.
    step
        Minutes between two grid points.
    start, end
        The horizon in epoch minutes, half-open.
    """

    origin: int
    step: int
    start: int
    end: int

    @classmethod
    def of(cls, problem: "Problem") -> "TimeGrid":
        """Build the grid of a problem.

        Parameters
        ----------
        problem
            Its horizon, zone and step count.

        Returns
        -------
        The grid.
        """
        zone = problem.zone
        start, end = minute_of(problem.horizon.start), minute_of(problem.horizon.end)
        return cls(day_start(local_date(start, zone), zone), problem.step_minutes, start, end)

    def on_grid(self, minute: int) -> bool:
        """Tell whether an epoch minute is a grid point."""
        return (minute - self.origin) % self.step == 0

    def ceil(self, minute: int) -> int:
        """Find the first grid point not before an epoch minute."""
        return minute + (self.origin - minute) % self.step

    def floor(self, minute: int) -> int:
        """Find the last grid point not after an epoch minute."""
        return minute - (minute - self.origin) % self.step
