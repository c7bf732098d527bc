"""Figures as the API shows them."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from models.enums import AppointmentStatus as Status, ConflictStatus
from service.analytics.figures import Figures, Takings, Usage, hours
from service.analytics.trends import trends
from service.output import DecimalText


class UsageOut(BaseModel):
    """How much of the available time somebody or something is scheduled."""

    id: int
    name: str
    appointments: Annotated[int, Field(description="That start in the period.")]
    scheduled_hours: DecimalText
    available_hours: DecimalText
    utilization_rate: Annotated[DecimalText | None, Field(description="Percent; null where nothing is available.")]


class TakingsOut(BaseModel):
    """Money of one currency."""

    currency: str
    total: DecimalText
    average: DecimalText | None
    appointments: int


class ConflictsOut(BaseModel):
    """Conflicts whose time lies in the period."""

    total: int
    resolved: int
    unresolved: int
    by_type: dict[str, int]
    average_resolution_minutes: DecimalText | None


class TrendOut(BaseModel):
    """One figure against the period before."""

    previous: float
    change: float
    change_percent: Annotated[float | None, Field(description="Null where there was nothing before.")]


class FiguresOut(BaseModel):
    """The figures of a period; rates are percentages.

    Conflicts, revenue, teams and resources are null to those who may not read them.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "start_date": "2026-11-01",
                    "end_date": "2026-11-30",
                    "timezone": "America/Los_Angeles",
                    "currency": "USD",
                    "total_appointments": 412,
                    "by_status": {"confirmed": 31, "completed": 352, "cancelled": 20, "no_show": 9},
                    "completion_rate": "85.44",
                    "cancellation_rate": "4.85",
                    "no_show_rate": "2.18",
                    "total_scheduled_hours": "603.50",
                    "total_available_hours": "960.00",
                    "utilization_rate": "62.86",
                    "users": [
                        {
                            "id": 2,
                            "name": "Ana Ruiz",
                            "appointments": 96,
                            "scheduled_hours": "118.00",
                            "available_hours": "160.00",
                            "utilization_rate": "73.75",
                        }
                    ],
                    "teams": [],
                    "resources": [],
                    "revenue": [{"currency": "USD", "total": "42240.00", "average": "120.00", "appointments": 352}],
                    "cancellation_fees": [],
                    "conflicts": {
                        "total": 7,
                        "resolved": 6,
                        "unresolved": 1,
                        "by_type": {"time_conflict": 7},
                        "average_resolution_minutes": "41.00",
                    },
                    "average_rating": "4.62",
                    "trends": {"total_appointments": {"previous": 398, "change": 14, "change_percent": 3.52}},
                }
            ]
        }
    )

    start_date: date
    end_date: date
    timezone: str
    currency: str
    total_appointments: int
    by_status: dict[str, int]
    completion_rate: DecimalText
    cancellation_rate: DecimalText
    no_show_rate: DecimalText
    total_scheduled_hours: DecimalText
    total_available_hours: DecimalText
    utilization_rate: DecimalText
    users: list[UsageOut]
    teams: list[UsageOut] | None
    resources: list[UsageOut] | None
    revenue: list[TakingsOut] | None
    cancellation_fees: list[TakingsOut] | None
    conflicts: ConflictsOut | None
    average_rating: DecimalText | None
    trends: dict[str, TrendOut]


_SENSITIVE = {"total_revenue": "analytics", "total_conflicts": "conflicts"}


def shown(now: Figures, before: Figures, timezone: str, readable: frozenset[str]) -> dict[str, Any]:
    """Write figures for somebody.

    Parameters
    ----------
    now, before
        Of the period and the one before.
    timezone
        By whose clock its days are.
    readable
        Which of "analytics" and "conflicts" the reader may read.

    Returns
    -------
    The values of `FiguresOut`.
    """
    whole = "analytics" in readable
    compared = trends(now, before)
    for name, needs in _SENSITIVE.items():
        if needs not in readable:
            del compared[name]
    return {
        "start_date": now.period.first,
        "end_date": now.period.last,
        "timezone": timezone,
        "currency": now.currency,
        "total_appointments": now.appointments,
        "by_status": {status.value: count for status, count in now.statuses.items()},
        "completion_rate": now.share(Status.COMPLETED),
        "cancellation_rate": now.share(Status.CANCELLED),
        "no_show_rate": now.share(Status.NO_SHOW),
        "total_scheduled_hours": hours(now.total.scheduled),
        "total_available_hours": hours(now.total.available),
        "utilization_rate": now.utilization,
        "users": usages(now.users),
        "teams": usages(now.teams) if whole else None,
        "resources": usages(now.resources) if whole else None,
        "revenue": _takings(now.revenue) if whole else None,
        "cancellation_fees": _takings(now.fees) if whole else None,
        "conflicts": _conflicts(now) if "conflicts" in readable else None,
        "average_rating": now.rating,
        "trends": compared,
    }


def usages(found: Any) -> list[dict[str, Any]]:
    """List usages, the busiest first."""
    ranked: list[tuple[int, Usage]] = sorted(found.items(), key=lambda each: (-(each[1].rate or Decimal(-1)), each[0]))
    return [
        {
            "id": key,
            "name": usage.name,
            "appointments": usage.appointments,
            "scheduled_hours": hours(usage.scheduled),
            "available_hours": hours(usage.available),
            "utilization_rate": usage.rate,
        }
        for key, usage in ranked
    ]


def _takings(found: Any) -> list[dict[str, Any]]:
    known: list[tuple[str, Takings]] = sorted(found.items())
    return [
        {"currency": currency, "total": each.amount, "average": each.average, "appointments": each.count}
        for currency, each in known
    ]


def _conflicts(figures: Figures) -> dict[str, Any]:
    counts = figures.conflicts
    return {
        "total": sum(counts.values()),
        "resolved": counts.get(ConflictStatus.RESOLVED, 0),
        "unresolved": counts.get(ConflictStatus.PENDING, 0) + counts.get(ConflictStatus.ESCALATED, 0),
        "by_type": dict(figures.conflict_kinds),
        "average_resolution_minutes": figures.resolution_minutes,
    }
