"""What a request wants to change of a series, told by the new values of one of its occurrences."""

from dataclasses import dataclass, field
from typing import Any

from models.errors import Fault
from models.records import Appointment
from models.records.base import InvalidRecord
from models.records.stored import stored_fields
from models.timegrid import minute_of
from service.output import in_utc
from service.series.loading import Series
from service.series.pattern import RecurrenceRule
from service.series.shared import OWN, SHARED, Values, differs

_TIMES = ("start_datetime", "end_datetime", "duration_minutes")
_OF_SERIES = frozenset({*_TIMES, "recurrence_rule", "is_recurring"})


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to change.

    Parameters
    ----------
    shared
        By API name, what occurrences have in common, in terms of the day of the occurrence that was changed.
    start
        Where that occurrence moves, in epoch minutes; None if it stays.
    rule
        The new rule; None if it stays.
    ends
        Whether there is to be no rule any more.
    """

    shared: dict[str, Any] = field(default_factory=dict)
    start: int | None = None
    rule: RecurrenceRule | None = None
    ends: bool = False

    def __bool__(self) -> bool:
        return bool(self.shared or self.start is not None or self.rule is not None or self.ends)


def asked_of(series: Series, source: Appointment, values: Values) -> Asked:
    """Find out what is to change.

    Parameters
    ----------
    series, source
        The series, and the occurrence whose new values are given.
    values
        By API name.

    Returns
    -------
    What differs from what is.

    Raises
    ------
    InvalidRecord
        If times do not fit together, or something belongs to one occurrence alone.
    """
    fields = stored_fields(Appointment)
    changed = {
        name: value
        for name, value in values.items()
        if differs(source, name, in_utc(value)) and not (value is None and fields[name].inherits)
    }
    alone = sorted(name for name in changed if name in OWN - _OF_SERIES)
    if alone:
        raise InvalidRecord(
            [
                Fault(name, "a change for many occurrences", "a field that they have in common", "Use scope=this.")
                for name in alone
            ]
        )
    start, duration = _times_of(source, changed)
    shared = {name: value for name, value in changed.items() if name in SHARED and name not in _TIMES}
    if duration is not None:
        shared["duration_minutes"] = duration
    is_head = source is series.head
    rule = changed.get("recurrence_rule")
    if not is_head and rule == series.head.recurrence_rule:
        rule = None
    ends = is_head and (
        ("recurrence_rule" in changed and changed["recurrence_rule"] is None) or changed.get("is_recurring") is False
    )
    return Asked(shared, start, rule, ends)


def _times_of(source: Appointment, changed: Values) -> tuple[int | None, int | None]:
    """Let the third of start, end and duration follow, and give the new start and duration, where they are new."""
    given = {name: in_utc(changed[name]) for name in _TIMES if name in changed}
    if not given:
        return None, None
    trial = Appointment(status=source.status, **{name: getattr(source, name) for name in _TIMES})
    trial.assign(given)
    if faults := trial.check():
        raise InvalidRecord(faults)
    if trial.start_datetime is None:
        return None, trial.duration_minutes
    start = None if trial.start_datetime == source.start_datetime else minute_of(trial.start_datetime)
    same_length = trial.duration_minutes == source.duration_minutes
    return start, None if same_length else trial.duration_minutes
