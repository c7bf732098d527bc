"""Occurrences that are deleted or cancelled, one or many, and the end of a series."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from models.records import Appointment
from models.records.base import now
from service.booking.changing import hide
from service.handlers.notifying import speak_for_series
from service.series.loading import Series, clear_pattern, lead, load_series, original_minute, write_pattern
from service.series.reshaping import lock_all
from service.series.shared import SETTLED
from service.series.wishes import Outcome, Scope, report


def remove_many(session: Session, source: Appointment, scope: Scope) -> None:
    """Delete an occurrence, and others of its series.

    Of the others, what is over or under way stays. A deleted occurrence does not come back; if it was the first, the
    next one leads the series.

    Parameters
    ----------
    session
        Bound to a caller.
    source
        The occurrence.
    scope
        Which are meant.
    """
    series = load_series(session, source)
    speak_for_series(session, source)
    lock_all(session, series)
    if scope is Scope.THIS:
        series.exclude([original_minute(source)])
        gone = [source]
    else:
        gone = [row for row in _meant(series, source, scope) if row is source or row.status not in SETTLED]
        _stop(series, source, scope)
        # A series always starts with its first start: unless that is excluded, it would come back.
        series.exclude([minute for row in gone if (minute := original_minute(row)) == series.pattern.start])
    rows = [row for row in series.rows if row not in gone]
    leading = lead(session, series, rows)
    for row in gone:
        if leading is None:
            clear_pattern(row)
        hide(session, row)


def cancel_many(session: Session, source: Appointment, scope: Scope, cancel: Callable[[Appointment], None]) -> None:
    """Cancel an occurrence and others of its series, which makes no more of them.

    Of the others, what is over, under way or past stays.

    Parameters
    ----------
    session
        Bound to a caller.
    source
        The occurrence.
    scope
        `all` or `this_and_following`.
    cancel
        What cancels one.
    """
    series = load_series(session, source)
    speak_for_series(session, source)
    lock_all(session, series)
    _stop(series, source, scope)
    session.flush()
    for row in _meant(series, source, scope):
        start = row.start_datetime
        if row is source or (row.status not in SETTLED and (start is None or start >= now())):
            cancel(row)
            assert row.original_start is not None
            report(session, row.original_start, Outcome.CHANGED, row.id, None)


def _meant(series: Series, source: Appointment, scope: Scope) -> list[Appointment]:
    if scope is Scope.ALL:
        return series.rows
    return [row for row in series.rows if original_minute(row) >= original_minute(source)]


def _stop(series: Series, source: Appointment, scope: Scope) -> None:
    """Let the series want nothing more from where the meant occurrences begin; its first start stays."""
    at = series.pattern.start if scope is Scope.ALL else original_minute(source)
    series.pattern = series.pattern.before(at)
    write_pattern(series.head, series.pattern, series.excluded)
