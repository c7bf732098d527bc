"""What somebody wants to see first in the morning."""

from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from models.enums import AppointmentStatus, ConflictStatus, ConflictType, ImpactLevel, Priority
from models.records.base import now
from models.zones import zone_of
from service.analytics import Period, figures_of, overview
from service.analytics.views import UsageOut, usages
from service.api.appointments import overdue, today, upcoming
from service.api.conflicts import UNRESOLVED
from service.api.summary import DEFAULT_DAYS, readable
from service.dependencies import Transaction, allowed
from service.output import DecimalText
from service.routing import BASE, FAULTS
from service.schemas import organization

MOST_USED = 10

router = APIRouter(prefix=f"{BASE}/dashboard", tags=["dashboard"], responses=dict(FAULTS))


class AppointmentRow(BaseModel):
    """The little of an appointment that a list shows."""

    id: int
    title: str
    client_name: str
    status: AppointmentStatus
    priority: Priority
    start_datetime: datetime | None
    end_datetime: datetime | None
    assigned_team: int | None
    updated_at: datetime


class ConflictRow(BaseModel):
    """The little of a conflict that a list shows."""

    id: int
    conflict_type: ConflictType
    status: ConflictStatus
    impact_level: ImpactLevel
    conflict_datetime: datetime
    conflict_description: str
    primary_appointment: int


class Appointments(BaseModel):
    """How many there are, and the first of them."""

    count: int
    results: list[AppointmentRow]


class Conflicts(BaseModel):
    """How many there are, by impact, and the latest of them."""

    count: int
    by_impact: dict[str, int]
    results: list[ConflictRow]


class Totals(BaseModel):
    """How much there is of everything."""

    appointments: int
    requested: Annotated[int, Field(description="That have no time yet.")]
    by_status: dict[str, int]
    users: int
    teams: int
    resources: int


class Utilization(BaseModel):
    """How busy people, teams and resources were in the last days; the busiest of each."""

    start_date: str
    end_date: str
    utilization_rate: DecimalText
    scheduled_hours: DecimalText
    available_hours: DecimalText
    users: list[UsageOut]
    teams: list[UsageOut] | None
    resources: list[UsageOut] | None


class Dashboard(BaseModel):
    """An overview of now; rates are percentages of the last 30 days, today included.

    A member sees its own appointments; conflicts, teams and resources are null to those who may not read them.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "generated_at": "2026-11-23T16:00:00Z",
                    "timezone": "America/Los_Angeles",
                    "currency": "USD",
                    "totals": {
                        "appointments": 1204,
                        "requested": 12,
                        "by_status": {"requested": 12, "scheduled": 92, "completed": 1100},
                        "users": 14,
                        "teams": 3,
                        "resources": 9,
                    },
                    "today": {"count": 0, "results": []},
                    "upcoming": {"count": 0, "results": []},
                    "overdue": {"count": 0, "results": []},
                    "unresolved_conflicts": {"count": 0, "by_impact": {}, "results": []},
                    "utilization": {
                        "start_date": "2026-10-25",
                        "end_date": "2026-11-23",
                        "utilization_rate": "62.86",
                        "scheduled_hours": "603.50",
                        "available_hours": "960.00",
                        "users": [],
                        "teams": [],
                        "resources": [],
                    },
                    "completion_rate": "85.44",
                    "no_show_rate": "2.18",
                    "recent": {"count": 1204, "results": []},
                }
            ]
        }
    )

    generated_at: datetime
    timezone: str
    currency: str
    totals: Totals
    today: Appointments
    upcoming: Appointments
    overdue: Appointments
    unresolved_conflicts: Conflicts | None
    utilization: Utilization
    completion_rate: DecimalText
    no_show_rate: DecimalText
    recent: Annotated[Appointments, Field(description="What was changed last.")]


@router.get("/", response_model=Dashboard, dependencies=[allowed("dashboard", "read")], summary="Get the dashboard")
def read(session: Transaction) -> dict[str, Any]:
    """Show what there is to do, what is wrong, and how busy everybody is, with a fixed number of queries."""
    owner, moment, sees = organization(session), now(), readable(session)
    day = moment.astimezone(zone_of(owner.timezone)).date()
    period = Period(day - timedelta(days=DEFAULT_DAYS - 1), day)
    figures = figures_of(session, period)
    whole = "analytics" in sees
    statuses = overview.statuses(session)
    lists = {"today": today, "upcoming": upcoming, "overdue": overdue}
    return {
        "generated_at": moment,
        "timezone": owner.timezone,
        "currency": owner.currency,
        "totals": {
            "appointments": sum(statuses.values()),
            "requested": statuses.get(AppointmentStatus.REQUESTED, 0),
            "by_status": {status.value: count for status, count in statuses.items()},
            **overview.totals(session),
        },
        **{name: overview.appointments(session, *conditions(session, None)) for name, conditions in lists.items()},
        "unresolved_conflicts": overview.conflicts(session, UNRESOLVED) if "conflicts" in sees else None,
        "utilization": {
            "start_date": period.first.isoformat(),
            "end_date": period.last.isoformat(),
            "utilization_rate": figures.utilization,
            "scheduled_hours": figures.total.scheduled / 60,
            "available_hours": figures.total.available / 60,
            "users": usages(figures.users)[:MOST_USED],
            "teams": usages(figures.teams)[:MOST_USED] if whole else None,
            "resources": usages(figures.resources)[:MOST_USED] if whole else None,
        },
        "completion_rate": figures.share(AppointmentStatus.COMPLETED),
        "no_show_rate": figures.share(AppointmentStatus.NO_SHOW),
        "recent": overview.appointments(session, latest=True),
    }
