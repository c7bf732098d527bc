"""What follows when figures of a period are saved: the rates that their totals give."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy.orm import Session

from models.events import AnalyticsSaved
from models.records import ScheduleAnalytics


def add_rates(session: Session, event: AnalyticsSaved) -> None:
    """Write the rates that follow from the totals into the metrics, in percent, whoever set the totals."""
    record = session.get_one(ScheduleAnalytics, event.id)
    rates = {
        name: float(_percent(part, whole))
        for name, part, whole in (
            ("completion_rate", record.completed_appointments, record.total_appointments),
            ("cancellation_rate", record.cancelled_appointments, record.total_appointments),
            ("no_show_rate", record.no_show_appointments, record.total_appointments),
            ("conflict_resolution_rate", record.resolved_conflicts, record.total_conflicts),
        )
    }
    metrics: dict[str, Any] = record.metrics | rates
    if metrics != record.metrics:
        record.metrics = metrics
    if not record.utilization_rate and record.total_available_hours:
        record.utilization_rate = _percent(record.total_scheduled_hours, record.total_available_hours)
    session.flush()


def _percent(part: Decimal | int, whole: Decimal | int) -> Decimal:
    if not whole:
        return Decimal(0)
    return (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.01"), ROUND_HALF_UP)
