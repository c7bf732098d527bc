"""Appointments day by day and hour by hour, for pictures."""

import pandas as pd
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.records import Appointment
from models.zones import zone_of
from service.analytics.periods import Period
from service.schemas import organization


def starts_of(session: Session, period: Period) -> pd.DataFrame:
    """Count the appointments of a period by their start and status; the database adds up what starts together.

    Parameters
    ----------
    session
        Bound to an organization.
    period
        Which days.

    Returns
    -------
    A table with `start` on the organization's clock, `status` and `count`.
    """
    zone = zone_of(organization(session).timezone)
    span = period.span(zone)
    statement = (
        select(Appointment.start_datetime, Appointment.status, func.count(Appointment.id))
        .where(Appointment.start_datetime >= span.start, Appointment.start_datetime < span.end)
        .group_by(Appointment.start_datetime, Appointment.status)
    )
    rows = [(start, status.value, count) for start, status, count in session.execute(statement)]
    frame = pd.DataFrame(rows, columns=["start", "status", "count"])
    frame["start"] = pd.to_datetime(frame["start"], utc=True).dt.tz_convert(zone.key)
    return frame


def by_day(frame: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Count by day, or by week where there are many days, a column for each status.

    Parameters
    ----------
    frame
        As `starts_of` gives it.
    period
        All of its days are there.

    Returns
    -------
    A row for each day, or for each week by its Monday.
    """
    wall = frame["start"].dt.tz_localize(None).dt.normalize()
    counts = frame.assign(day=wall).pivot_table(index="day", columns="status", values="count", aggfunc="sum")
    days = pd.date_range(str(period.first), str(period.last))
    found = counts.reindex(days).fillna(0)
    return found.resample("W-MON", label="left", closed="left").sum() if len(days) > 62 else found


def by_hour(frame: pd.DataFrame) -> pd.DataFrame:
    """Count by weekday, Monday first, and hour of the start: seven rows, 24 columns."""
    hours = frame.assign(weekday=frame["start"].dt.day_of_week, hour=frame["start"].dt.hour)
    counts = hours.pivot_table(index="weekday", columns="hour", values="count", aggfunc="sum")
    return counts.reindex(index=range(7), columns=range(24)).fillna(0)
