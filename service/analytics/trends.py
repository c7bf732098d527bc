"""How the figures of a period compare with those of the period before."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from models.enums import AppointmentStatus as Status
from service.analytics.figures import Figures, hours, percent, rounded

MEASURES: Mapping[str, Callable[[Figures], Decimal | int]] = {
    "total_appointments": lambda each: each.appointments,
    "completed_appointments": lambda each: each.statuses.get(Status.COMPLETED, 0),
    "cancelled_appointments": lambda each: each.statuses.get(Status.CANCELLED, 0),
    "no_show_appointments": lambda each: each.statuses.get(Status.NO_SHOW, 0),
    "total_scheduled_hours": lambda each: hours(each.total.scheduled),
    "total_available_hours": lambda each: hours(each.total.available),
    "utilization_rate": lambda each: each.utilization,
    "completion_rate": lambda each: each.share(Status.COMPLETED),
    "no_show_rate": lambda each: each.share(Status.NO_SHOW),
    "total_conflicts": lambda each: sum(each.conflicts.values()),
    "total_revenue": lambda each: each.earned.amount,
}
"""What is compared: key of the record, or of its metrics, to the figure."""


def trends(now: Figures, before: Figures) -> dict[str, Any]:
    """Compare two periods.

    Parameters
    ----------
    now, before
        Their figures.

    Returns
    -------
    By measure `previous`, `change`, and `change_percent`, which is None where there was nothing before.
    """
    found: dict[str, Any] = {}
    for name, measure in MEASURES.items():
        new, old = measure(now), measure(before)
        found[name] = {
            "previous": _number(old),
            "change": _number(new - old),
            "change_percent": float(percent(new - old, old)) if old else None,
        }
    return found


def _number(value: Decimal | int) -> int | float:
    return value if isinstance(value, int) else float(rounded(value))
