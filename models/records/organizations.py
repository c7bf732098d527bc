"""An organization: the tenant that everything else belongs to, and what it has decided for all of it."""

from typing import Annotated

from pydantic import Field
from sqlalchemy.orm import Mapped

from models.cron import Cron
from models.enums import ImpactLevel, RunMode
from models.fields import Day, Flag, Part, ReadBy
from models.people import WallSpan, Zone
from models.problem import Weights, read_step
from models.records.base import Versioned
from models.records.fields import Access, Currency, Name, field
from models.records.runs import TimeLimit
from models.travel import Travel

Days = Annotated[int, Field(strict=True, ge=1, le=36_500)]
Hours = Annotated[int, Field(strict=True, ge=1, le=8_760)]


class Retention(Part):
    """After how many days what is over may be archived; None keeps it."""

    appointments_days: Days | None = None
    notifications_days: Days | None = None
    analytics_days: Days | None = None


class AutoSchedule(Part):
    """Runs by the clock: when, on the organization's wall, and over which days, counted from that day."""

    cron: Annotated[Cron, Field(examples=["30 2 * * *"])]
    mode: RunMode = RunMode.FILL
    first_day: Annotated[int, Field(strict=True, ge=0, le=60)] = 1
    days: Annotated[int, Field(strict=True, ge=1, le=60)] = 7
    time_limit_seconds: TimeLimit = 60.0
    publishes: Flag = False


class Policies(Part):
    """What is done without asking.

    With `auto_resolve_conflicts` the best way out of a conflict is applied, up to the impact `auto_resolve_up_to`, if
    it moves nothing that is confirmed; what is pending for `escalate_conflicts_after_hours` is escalated.
    """

    auto_resolve_conflicts: Flag = False
    auto_resolve_up_to: ImpactLevel = ImpactLevel.MEDIUM
    escalate_conflicts_after_hours: Hours | None = None
    reminder_hours: Hours = 24
    hold_minutes: Annotated[int, Field(strict=True, ge=1, le=1440)] = 5
    materialize_days: Annotated[int, Field(strict=True, ge=1, le=400)] = 90
    auto_schedule: AutoSchedule | None = None
    tells_clients: Flag = True
    quiet_hours: WallSpan | None = None


class Organization(Versioned):
    """A tenant with its clock, currency, weights, travel, retention and policies; before a day it may be archived."""

    __tablename__ = "organizations"

    name: Mapped[Name]
    timezone: Mapped[Zone] = field("UTC")
    currency: Mapped[Currency] = field("USD")
    step_minutes: Mapped[Annotated[int, ReadBy(read_step, int)]] = field(5)
    weights: Mapped[Weights] = field(Weights)
    travel: Mapped[Travel | None] = field()
    retention: Mapped[Retention] = field(Retention)
    policies: Mapped[Policies] = field(Policies)
    archived_before: Mapped[Day | None] = field(access=Access.READ_ONLY)
