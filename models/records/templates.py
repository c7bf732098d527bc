"""A template from which appointments and series are made."""

from datetime import time
from decimal import Decimal

from sqlalchemy.orm import Mapped

from models.enums import ScheduleType
from models.errors import Fault
from models.fields import Amount, Clock, Day, Duration, Flag, Minutes, Positive
from models.records.base import Entity
from models.records.fields import Currency, Name, Prose, field
from models.rules import Interval, IsoDay

_A_DAY = 24 * 60


def minutes_between(start: time, end: time) -> int:
    """Count the minutes from one wall time to the next occurrence of another; a whole day if they are equal."""
    gap = (end.hour - start.hour) * 60 + end.minute - start.minute
    return gap if gap > 0 else gap + _A_DAY


class ScheduleTemplate(Entity):
    """A pattern of days, with a span of the day that appointments and a break divide."""

    __tablename__ = "schedule_templates"
    FILTERS = ("name", "schedule_type", "is_active", "is_default")
    SEARCHED = ("name", "description")

    name: Mapped[Name]
    description: Mapped[Prose] = field("")
    schedule_type: Mapped[ScheduleType] = field(ScheduleType.WEEKLY)
    recurrence_interval: Mapped[Interval] = field(1)
    recurrence_days: Mapped[tuple[IsoDay, ...]] = field(tuple)
    recurrence_dates: Mapped[tuple[Day, ...]] = field(tuple)
    start_time: Mapped[Clock]
    end_time: Mapped[Clock]
    duration_minutes: Mapped[Duration | None] = field()
    break_duration_minutes: Mapped[Minutes] = field(0)
    break_start_time: Mapped[Clock | None] = field()
    max_capacity: Mapped[Positive] = field(1)
    min_advance_booking_hours: Mapped[Minutes] = field(0)
    max_advance_booking_days: Mapped[Positive | None] = field()
    base_price: Mapped[Amount] = field(Decimal(0))
    currency: Mapped[Currency] = field("USD", inherits="currency")
    is_active: Mapped[Flag] = field(True)
    is_default: Mapped[Flag] = field(False)

    def check(self) -> list[Fault]:
        """Derive the duration from the times, and find times that do not fit."""
        faults = []
        span = minutes_between(self.start_time, self.end_time)
        if self.duration_minutes is None:
            self.duration_minutes = span
        if self.duration_minutes > span:
            expected = f"at most the {span} minutes from start_time to end_time"
            faults.append(Fault("duration_minutes", str(self.duration_minutes), expected, "Shorten it."))
        if self.break_start_time is not None:
            offset = minutes_between(self.start_time, self.break_start_time) % _A_DAY
            if offset + self.break_duration_minutes > span:
                expected = f"a break inside {self.start_time:%H:%M} to {self.end_time:%H:%M}"
                faults.append(Fault("break_start_time", f"{self.break_start_time:%H:%M}", expected, "Move the break."))
        if self.schedule_type is ScheduleType.CUSTOM and not self.recurrence_dates:
            faults.append(Fault("recurrence_dates", "[]", "the dates of a custom schedule", "List them."))
        return faults
