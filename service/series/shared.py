"""What all occurrences of a series have in common, and what one of them has changed for itself."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from models.enums import AppointmentStatus
from models.lifecycle import FINAL
from models.records import Appointment
from models.records.fields import Access
from models.records.requirements import Requirements
from models.records.stored import adapter_of, stored_fields
from models.timegrid import instant, local_date, minute_of, wall_minute

OWN = frozenset(
    {
        "start_datetime",
        "end_datetime",
        "status",
        "is_recurring",
        "recurrence_rule",
        "actual_cost",
        "reminder_datetime",
        "completion_notes",
        "completion_rating",
        "completion_feedback",
        "external_id",
        "external_url",
    }
)
"""What every occurrence has for itself."""

SHARED = tuple(
    name for name, each in stored_fields(Appointment).items() if each.access is Access.OPEN and name not in OWN
)
"""What occurrences have in common, by API name."""

SETTLED = FINAL | {AppointmentStatus.IN_PROGRESS}
"""What no change of a series reaches."""

Values = Mapping[str, Any]


def value_of(appointment: Appointment, name: str) -> Any:
    """The value of a field of an appointment, by API name; linked ids as a sorted list."""
    field = stored_fields(Appointment)[name]
    value = getattr(appointment, field.attribute)
    return sorted(value) if field.rows is not None else value


def differs(appointment: Appointment, name: str, value: Any) -> bool:
    """Tell whether a value is another one than that of an appointment."""
    field = stored_fields(Appointment)[name]
    return bool((sorted(set(value)) if field.rows is not None else value) != value_of(appointment, name))


def series_value(appointment: Appointment, name: str) -> Any:
    """What the series of an occurrence says, whether the occurrence has it or not."""
    if name in appointment.series_values:
        return adapter_of(Appointment, name).validate_python(appointment.series_values[name])
    return value_of(appointment, name)


def series_values(appointment: Appointment) -> dict[str, Any]:
    """All that the series of an occurrence says, in terms of that occurrence's day."""
    return {name: series_value(appointment, name) for name in SHARED}


def own_changes(appointment: Appointment, changes: Values) -> dict[str, Any]:
    """What an occurrence takes over of a change of its series: not what is over, nor what it changed for itself.

    Parameters
    ----------
    appointment
        The occurrence.
    changes
        Of the series, by API name.

    Returns
    -------
    Those it takes over.
    """
    if appointment.status in SETTLED:
        return {}
    return {name: value for name, value in changes.items() if name not in appointment.series_values}


def note_series(appointment: Appointment, values: Values) -> None:
    """Keep in mind what the series says where an occurrence, as it is now, says something else.

    Parameters
    ----------
    appointment
        The occurrence, changed.
    values
        What its series says, by API name.
    """
    known = dict(appointment.series_values)
    for name, value in values.items():
        if differs(appointment, name, value):
            known[name] = adapter_of(Appointment, name).dump_python(value, mode="json", exclude_unset=True)
        else:
            known.pop(name, None)
    if known != appointment.series_values:
        appointment.series_values = known


def for_day(values: Values, source: Appointment, days: timedelta, target: Appointment | None, zone: ZoneInfo) -> Values:
    """Put what one occurrence says in terms of another's day: the times in its requirements move with it.

    Parameters
    ----------
    values
        By API name, in terms of the source.
    source, target
        The occurrence they are from, and the one they are for; None for a new one.
    days
        From the one to the other.
    zone
        On whose wall the times of day stay.

    Returns
    -------
    The values; what an appointment comes after is not among what is shared.
    """
    required = values.get("requirements")
    if target is source or not isinstance(required, Requirements):
        return values
    own = target.requirements if target is not None else None
    return {**values, "requirements": moved_requirements(required, days, zone, own.after if own else ())}


def moved_requirements(required: Requirements, days: timedelta, zone: ZoneInfo, after: tuple[Any, ...]) -> Requirements:
    """Write requirements with all times some days later, on the wall of a zone."""

    def later(moment: datetime) -> datetime:
        return moved_moment(moment, days, zone)

    changes: dict[str, Any] = {}
    if required.windows:
        changes["windows"] = tuple(
            each.model_copy(update={"start": later(each.start), "end": later(each.end)}) for each in required.windows
        )
    for name in ("due", "preferred_start"):
        if (moment := getattr(required, name)) is not None:
            changes[name] = later(moment)
    if required.after != after:
        changes["after"] = after
    return required.model_copy(update=changes)


def moved_moment(moment: datetime, days: timedelta, zone: ZoneInfo) -> datetime:
    """Find the same time of day some days later, on the wall of a zone."""
    minute = minute_of(moment)
    clock = instant(minute, zone).time()
    return instant(wall_minute(local_date(minute, zone) + days, clock, zone), zone)
