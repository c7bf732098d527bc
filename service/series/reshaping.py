"""The shape of a series: split in two, moved, given another rule, or dissolved."""

from dataclasses import replace

from sqlalchemy.orm import Session

from models.errors import Fault
from models.records import Appointment
from models.records.base import InvalidRecord, now
from models.records.occupancy import SubjectKind, subject_key
from models.rules import Recurrence
from models.timegrid import minute_of, wall_minute
from service.booking import change
from service.booking.changing import hide
from service.booking.refusals import wished_override
from service.locks import globally_limited, lock_subjects
from service.series.asked import Asked
from service.series.loading import Series, clear_pattern, moment_of, original_minute, write_pattern
from service.series.materializing import ensure_rule
from service.series.pattern import Pattern
from service.series.rewriting import moved
from service.series.shared import SETTLED, Values

_LOOK_AHEAD = 10 * 366 * 1440


def split(session: Session, series: Series, source: Appointment) -> Series:
    """Make a series of its own of an occurrence and all that follow it.

    Parameters
    ----------
    session
        Bound to a caller.
    series
        The whole; it ends before the occurrence.
    source
        Not the first of it.

    Returns
    -------
    What follows.
    """
    at = original_minute(source)
    rows = [row for row in series.rows if original_minute(row) >= at]
    old, excluded = series.pattern, series.excluded
    later = [minute for minute in excluded if minute >= at]
    coming = old.starts(at, at + _LOOK_AHEAD)
    only = Recurrence(dates=(old.day_of(at),))
    new = old.since(coming[0]) if coming else replace(old, rule=only, start=at)
    write_pattern(series.head, old.before(at), [minute for minute in excluded if minute < at])
    write_pattern(source, new, later)
    for row in rows:
        if row is not source:
            row.parent_appointment_id = source.id
    session.flush()
    return Series(source, rows, new)


def lock_all(session: Session, series: Series, shared: Values | None = None) -> None:
    """Lock all that any occurrence takes or is to take, in the one order, before the first is booked."""
    keys = {subject_key(SubjectKind.ORGANIZATION, key) for key in globally_limited(session)}
    told = shared or {}
    keys |= {subject_key(SubjectKind.USER, key) for key in told.get("assigned_users", ())}
    keys |= {subject_key(SubjectKind.RESOURCE, key) for key in told.get("required_resources", ())}
    if told.get("assigned_team") is not None:
        keys.add(subject_key(SubjectKind.TEAM, told["assigned_team"]))
    for row in series.rows:
        keys |= {subject_key(SubjectKind.USER, key) for key in row.assigned_user_ids}
        keys |= {subject_key(SubjectKind.RESOURCE, key) for key in row.required_resource_ids}
        if row.assigned_team_id is not None:
            keys.add(subject_key(SubjectKind.TEAM, row.assigned_team_id))
    lock_subjects(session, keys)


def end(session: Session, series: Series, asked: Asked) -> None:
    """Let the first occurrence be an appointment of its own, and the others go, or stay as they are by themselves."""
    for row in series.rows:
        if row is series.head:
            clear_pattern(row)
        elif not stays(row):
            hide(session, row)
            continue
        row.is_recurring, row.parent_appointment_id, row.original_start = False, None, None
        row.series_values = {}
    session.flush()
    times = {} if asked.start is None else {"start_datetime": moment_of(asked.start)}
    if times or asked.shared:
        change(session, series.head, asked.shared | times, override=wished_override(session))


def stays(row: Appointment) -> bool:
    """Tell whether an occurrence stays even if its series no longer wants it."""
    if row.status in SETTLED or row.series_values:
        return True
    start = row.start_datetime
    return start is not None and (start != row.original_start or start < now())


def new_pattern(series: Series, source: Appointment, asked: Asked) -> Pattern:
    """Find when a series is to take place.

    Parameters
    ----------
    series, source, asked
        The series as it is, the occurrence whose new values are given, and what they ask for.

    Returns
    -------
    The series moved by as many days as the occurrence, and, if that changed, to its time of day.

    Raises
    ------
    InvalidRecord
        If its rule names days in a way that does not move, or cannot be followed.
    """
    pattern = series.pattern
    start = pattern.start
    if asked.start is not None and source.start_datetime is not None:
        was = minute_of(source.start_datetime)
        days = pattern.day_of(asked.start) - pattern.day_of(was)
        told = replace(pattern, start=asked.start)
        clock = told.clock if told.clock != replace(pattern, start=was).clock else pattern.clock
        day = pattern.first_day + days
        start = asked.start if (day, clock) == (told.first_day, told.clock) else wall_minute(day, clock, pattern.zone)
    if asked.rule is not None:
        ensure_rule(asked.rule, moment_of(start))
        return replace(pattern, rule=asked.rule, start=start)
    if start == pattern.start:
        return pattern
    found = moved(pattern, start)
    if found is None:
        advice = "Give the recurrence_rule for the new day as well."
        raise InvalidRecord([Fault("start_datetime", "another day", "a day that the rule of the series names", advice)])
    return found
