"""Figures as the record of their period, made or brought up to date."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.enums import AppointmentStatus as Status, ConflictStatus, PeriodType
from models.events import AnalyticsSaved
from models.records import ScheduleAnalytics
from models.records.base import now
from service.analytics.figures import Figures, Takings, Usage, hours
from service.analytics.periods import Period
from service.analytics.trends import trends
from service.bus import emit
from service.output import decimal_text


def values_of(figures: Figures, before: Figures) -> dict[str, Any]:
    """Write figures as fields of their record.

    Parameters
    ----------
    figures, before
        Of the period and the one before it.

    Returns
    -------
    The fields by name, without those that name the period; rates of totals follow when they are saved.
    """
    conflicts = figures.conflicts
    return {
        "total_appointments": figures.appointments,
        "completed_appointments": figures.statuses.get(Status.COMPLETED, 0),
        "cancelled_appointments": figures.statuses.get(Status.CANCELLED, 0),
        "no_show_appointments": figures.statuses.get(Status.NO_SHOW, 0),
        "total_scheduled_hours": hours(figures.total.scheduled),
        "total_available_hours": hours(figures.total.available),
        "utilization_rate": figures.utilization,
        "resource_utilization": _usages(figures.resources),
        "team_utilization": _usages(figures.teams),
        "total_conflicts": sum(conflicts.values()),
        "resolved_conflicts": conflicts.get(ConflictStatus.RESOLVED, 0),
        "conflict_resolution_time": figures.resolution_minutes,
        "total_revenue": figures.earned.amount,
        "average_appointment_value": figures.earned.average,
        "metrics": {
            "statuses": {status.value: count for status, count in figures.statuses.items()},
            "average_rating": None if figures.rating is None else float(figures.rating),
            "currency": figures.currency,
            "revenue": _takings(figures.revenue),
            "cancellation_fees": _takings(figures.fees),
            "user_utilization": _usages(figures.users),
            "conflicts_by_status": {status.value: count for status, count in sorted(conflicts.items())},
            "conflicts_by_type": dict(sorted(figures.conflict_kinds.items())),
            "trends": trends(figures, before),
        },
    }


def store(session: Session, period: Period, kind: PeriodType, values: Mapping[str, Any]) -> ScheduleAnalytics:
    """Write the record of a period, whether there is one or not.

    Parameters
    ----------
    session
        A writing session.
    period
        Whose record.
    kind
        How the record calls it.
    values
        As `values_of` gives them.

    Returns
    -------
    The record, flushed.
    """
    found = _present(session, period, kind)
    if found is None:
        made = ScheduleAnalytics(period_start=period.first, period_end=period.last, period_type=kind, **values)
        try:
            with session.begin_nested():
                session.add(made)
        except IntegrityError:
            found = _present(session, period, kind)  # somebody else made it meanwhile
            if found is None:
                raise
        else:
            emit(session, AnalyticsSaved(made.id))
            return made
    found.assign(values)
    found.updated_at = now()  # also says when it was computed
    emit(session, AnalyticsSaved(found.id))
    return found


def _present(session: Session, period: Period, kind: PeriodType) -> ScheduleAnalytics | None:
    table = ScheduleAnalytics
    same = (table.period_type == kind, table.period_start == period.first, table.period_end == period.last)
    return session.scalars(select(table).where(*same).with_for_update(key_share=True)).one_or_none()


def _usages(usages: Mapping[int, Usage]) -> dict[str, Any]:
    return {str(key): usage.document() for key, usage in usages.items()}


def _takings(takings: Mapping[str, Takings]) -> dict[str, Any]:
    return {
        currency: {
            "total": decimal_text(each.amount),
            "average": None if each.average is None else decimal_text(each.average),
            "appointments": each.count,
        }
        for currency, each in takings.items()
    }
