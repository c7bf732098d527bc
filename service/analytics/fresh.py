"""Keeping the figures of what is current fresh."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from models.enums import PeriodType
from models.records import ScheduleAnalytics
from models.records.base import now
from models.zones import zone_of
from service.analytics.figures import Figures, figures_of
from service.analytics.keeping import store, values_of
from service.analytics.periods import Period, period_of
from service.analytics.wholeness import is_whole
from service.jobs.job import Job
from service.schemas import organization

SETTLED = timedelta(days=2)
"""So long after its end a period is computed again: what was done is often noted later."""


def due(session: Session) -> list[Period]:
    """List the periods whose figures are to be made now.

    Parameters
    ----------
    session
        Bound to an organization.

    Returns
    -------
    The current period of each type, and the last one of each where its record is missing or was made before it was
    settled.
    """
    moment, zone = now(), zone_of(organization(session).timezone)
    current = [period_of(kind, moment.astimezone(zone).date()) for kind in PeriodType]
    last = [period.before() for period in current]
    table = ScheduleAnalytics
    keys = [(each.kind, each.first, each.last) for each in last]
    statement = select(table.period_type, table.updated_at).where(
        tuple_(table.period_type, table.period_start, table.period_end).in_(keys)
    )
    made = dict(session.execute(statement).all())
    return current + [each for each in last if _is_due(each, made.get(each.kind or PeriodType.DAILY), moment, zone)]


def refresh(session: Session) -> list[ScheduleAnalytics]:
    """Compute and keep the figures of all periods that are due.

    Parameters
    ----------
    session
        A writing session, bound to an organization.

    Returns
    -------
    Their records.
    """
    return [store(session, period, kind, values) for period, kind, values in _computed(session)]


def refresh_regularly(job: Job) -> None:
    """Do so as a job: what takes long only reads, and each record is written by itself."""
    with job.reading() as reading:
        for period, kind, values in _computed(reading):
            job.check()
            with job.transaction() as session:
                store(session, period, kind, values)


def _computed(session: Session) -> Iterator[tuple[Period, PeriodType, dict[str, Any]]]:
    known: dict[Period, Figures] = {}

    def figures(period: Period) -> Figures:
        if period not in known:
            known[period] = figures_of(session, period)
        return known[period]

    for period in due(session):
        if not is_whole(session, period):
            continue
        assert period.kind is not None
        yield period, period.kind, values_of(figures(period), figures(period.before()))


def _is_due(period: Period, made: datetime | None, moment: datetime, zone: ZoneInfo) -> bool:
    settled = period.span(zone).end.astimezone(UTC) + SETTLED
    return made is None or made < min(moment, settled)
