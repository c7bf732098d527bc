"""The figures of days whose appointments go: computed before, and never from what is left."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.enums import PeriodType
from models.records import Appointment, Organization, ScheduleAnalytics
from models.zones import zone_of
from service.analytics.figures import figures_of
from service.analytics.keeping import store, values_of
from service.analytics.periods import Period, period_of
from service.archive.choosing import archivable
from service.callers import the_service
from service.database import Database


def keep_figures(database: Database, organization: Organization, day: date) -> int:
    """Compute the figures of every period in which something lies that can be archived, where they are missing.

    Parameters
    ----------
    database, organization
        Whose.
    day
        As for `archivable`.

    Returns
    -------
    How many records were made.
    """
    caller, made = the_service(organization.id), 0
    with database.session(caller, writes=False) as reading:
        for period in _missing(reading, _days(reading, organization, day)):
            values = values_of(figures_of(reading, period), figures_of(reading, period.before()))
            assert period.kind is not None
            with database.session(caller) as session:
                store(session, period, period.kind, values)
                session.commit()
            made += 1
    return made


def _days(session: Session, organization: Organization, day: date) -> Iterable[date]:
    """The days on which something begins that can be archived."""
    zone = zone_of(organization.timezone)
    keys = archivable(organization, day)
    starts = select(Appointment.start_datetime).where(
        Appointment.id.in_(keys), Appointment.start_datetime.is_not(None), Appointment.hidden_at.is_(None)
    )
    return {start.astimezone(zone).date() for start in session.scalars(starts) if start is not None}


def _missing(session: Session, days: Iterable[date]) -> list[Period]:
    wanted = {period_of(kind, day) for day in days for kind in PeriodType}
    table = ScheduleAnalytics
    rows = session.execute(select(table.period_type, table.period_start, table.period_end)).all()
    known = {(row[0], row[1], row[2]) for row in rows}
    missing = [each for each in wanted if (each.kind, each.first, each.last) not in known]
    return sorted(missing, key=lambda each: (each.first, each.last))
