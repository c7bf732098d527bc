"""Figures of a period."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field
from sqlalchemy.orm import Mapped

from models.enums import PeriodType
from models.errors import Fault
from models.fields import Amount, Day
from models.records.base import Entity
from models.records.fields import JsonObject, Money, field

Count = Annotated[int, Field(strict=True, ge=0, lt=2**31)]
Total = Money
"""Hours and minutes of a whole organization are more than those of anything in it."""


class ScheduleAnalytics(Entity):
    """What happened from `period_start` to `period_end`, both included; rates are percentages, times minutes."""

    __tablename__ = "schedule_analytics"
    FILTERS = ("period_start", "period_end", "period_type")
    UNIQUE = (("period_type", "period_start", "period_end"),)

    period_start: Mapped[Day]
    period_end: Mapped[Day]
    period_type: Mapped[PeriodType]
    total_appointments: Mapped[Count] = field(0)
    completed_appointments: Mapped[Count] = field(0)
    cancelled_appointments: Mapped[Count] = field(0)
    no_show_appointments: Mapped[Count] = field(0)
    total_scheduled_hours: Mapped[Total] = field(Decimal(0))
    total_available_hours: Mapped[Total] = field(Decimal(0))
    utilization_rate: Mapped[Amount] = field(Decimal(0))
    resource_utilization: Mapped[JsonObject] = field(dict)
    team_utilization: Mapped[JsonObject] = field(dict)
    total_conflicts: Mapped[Count] = field(0)
    resolved_conflicts: Mapped[Count] = field(0)
    conflict_resolution_time: Mapped[Total | None] = field()
    total_revenue: Mapped[Money] = field(Decimal(0))
    average_appointment_value: Mapped[Amount | None] = field()
    metrics: Mapped[JsonObject] = field(dict)

    def check(self) -> list[Fault]:
        """Find a period that ends before it starts."""
        if self.period_end < self.period_start:
            expected = f"a date from {self.period_start} on"
            return [Fault("period_end", str(self.period_end), expected, "Swap the two.")]
        return []
