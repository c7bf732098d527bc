"""The local days and ISO weeks of a time zone, numbered."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from models.timegrid import day_start, local_date
from solver.instance import PeriodTable

MARGIN_DAYS = 15  # a full week stays beside any minute, whatever its weekday


def period_table(zone: str, period: str, origin: int, first: int, last: int) -> PeriodTable:
    """Number the days or weeks of a zone around a stretch of time.

    Parameters
    ----------
    zone
        IANA name.
    period
        "day" or "week"; weeks begin on the local midnight of a Monday.
    origin
        Epoch minute that all others count from.
    first, last
        The stretch, in minutes since `origin`; at least a full week is added on both sides.

    Returns
    -------
    Their first minutes, since `origin`.
    """
    clock = ZoneInfo(zone)
    day = local_date(origin + first, clock) - timedelta(MARGIN_DAYS)
    end = local_date(origin + last, clock) + timedelta(MARGIN_DAYS)
    step = timedelta(1)
    if period == "week":
        day -= timedelta(day.weekday())
        step = timedelta(7)
    starts = []
    while day <= end:
        starts.append(day_start(day, clock) - origin)
        day += step
    return PeriodTable(starts)
