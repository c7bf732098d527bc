"""Changes of many occurrences at once: of a whole series, or of an occurrence and all that follow it."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from models.enums import AppointmentStatus as Status
from models.lifecycle import BUSY
from models.records import Appointment
from models.records.base import now
from models.timegrid import minute_of
from service.booking import book, change, free
from service.booking.changing import hide
from service.booking.refusals import wished_override
from service.handlers.notifying import speak_for_series
from service.linking import ensure_known
from service.schemas import organization
from service.series.asked import Asked, asked_of
from service.series.clashing import store_clash
from service.series.loading import (
    Series,
    lead,
    load_series,
    moment_of,
    original_minute,
    reload,
    write_pattern,
)
from service.series.materializing import made_until, make_all, new_status
from service.series.occurrences import attempt
from service.series.refusing import ensure_all_booked
from service.series.rematching import Place, Rematch, rematch
from service.series.reshaping import end, lock_all, new_pattern, split, stays
from service.series.shared import SETTLED, Values, for_day, note_series, own_changes
from service.series.suggesting import look_around
from service.series.wishes import OnConflict, Outcome, Scope, report


def change_many(session: Session, source: Appointment, values: Values, scope: Scope, on_conflict: OnConflict) -> None:
    """Change an occurrence and others of its series alike.

    What others have changed for themselves stays as it is, and so does what is over or under way. A new rule, time or
    day keeps the occurrences of days that remain, removes those of days that do not, unless they were changed by
    themselves or lie in the past, and makes those that are missing.

    Parameters
    ----------
    session
        Bound to a caller.
    source
        The occurrence whose new values are given.
    values
        By API name; what is as before is no change.
    scope
        `all`, or `this_and_following`, which makes a series of its own of those.
    on_conflict
        What becomes of occurrences that cannot be booked as they would be: `skip` leaves them as they are, `suggest`
        makes requests of them.

    Raises
    ------
    InvalidRecord
        If values do not fit, or are of one occurrence alone.
    SlotTaken, RuleViolated
        If one cannot be booked and `on_conflict` is `fail`.
    """
    ensure_known(session, Appointment, values)
    series = load_series(session, source)
    speak_for_series(session, source)
    asked = asked_of(series, source, values)
    if not asked:
        return
    following = scope is Scope.THIS_AND_FOLLOWING and source is not series.rows[0]
    if following:
        series = split(session, series, source)
    lock_all(session, series, asked.shared)
    if asked.ends:
        end(session, series, asked)
        return
    new = new_pattern(series, source, asked)
    if new == series.pattern:
        same = Rematch({row.id: original_minute(row) for row in series.rows})
        _apply(session, series, source, asked, same, on_conflict)
        ensure_all_booked(session)
        return
    reach = timedelta(days=organization(session).policies.materialize_days)
    until = minute_of(made_until(session, series.head, max(now(), moment_of(new.start)), reach))
    places = [Place(row.id, original_minute(row), row is source or stays(row)) for row in series.rows]
    found = rematch(series.pattern, new, places, series.excluded, new_from=minute_of(now()), until=until)
    for row in [row for row in series.rows if row.id in found.removed]:
        assert row.original_start is not None
        report(session, row.original_start, Outcome.REMOVED, row.id, None)
        hide(session, row)
    _apply(session, series, source, asked, found, on_conflict)
    rows = sorted((row for row in series.rows if row.id in found.originals), key=original_minute)
    head = lead(session, series, rows)
    assert head is not None
    write_pattern(head, new, found.excluded)
    session.flush()
    make_all(session, head, new, found.missing, new_status(head), on_conflict)


def _apply(
    session: Session, series: Series, source: Appointment, asked: Asked, found: Rematch, on_conflict: OnConflict
) -> None:
    """Give every remaining occurrence what it takes over: first all are freed, so that none is in another's way."""
    rows = [row for row in series.rows if row.id in found.originals]
    zone, at = series.pattern.zone, original_minute(source)
    plans: list[tuple[Appointment, int, Values, dict[str, Any]]] = []
    for row in rows:
        days = series.pattern.day_of(original_minute(row)) - series.pattern.day_of(at)
        shared = for_day(asked.shared, source, days, row, zone)
        original = found.originals[row.id]
        own = dict(shared) if row is source else own_changes(row, shared)
        own |= _times(row, source, original, asked)
        plans.append((row, original, shared, own))
    for row, _, _, own in plans:
        if "start_datetime" in own and row.status in BUSY:
            free(session, row)
    for row, original, shared, own in plans:
        _write(session, row, own, on_conflict)
        row.original_start = moment_of(original)
        note_series(row, shared)
    session.flush()


def _times(row: Appointment, source: Appointment, original: int, asked: Asked) -> dict[str, Any]:
    if row.status in SETTLED or row.start_datetime is None:
        return {}
    if row is source and asked.start is not None:
        return {"start_datetime": moment_of(asked.start)}
    if row.start_datetime == row.original_start and original != original_minute(row):
        return {"start_datetime": moment_of(original)}
    return {}


def _write(session: Session, row: Appointment, own: dict[str, Any], on_conflict: OnConflict) -> None:
    """Write what an occurrence takes over, or, if it cannot be booked so, what was wished for that."""
    assert row.original_start is not None
    original = row.original_start
    if not own:
        report(session, original, Outcome.KEPT, row.id, None)
        return
    if "start_datetime" in own:
        own.setdefault("duration_minutes", row.duration_minutes)
    booked = row.status in BUSY
    override = wished_override(session)
    error = attempt(session, lambda: change(session, row, own, override=override))
    if error is None:
        report(session, original, Outcome.CHANGED, row.id, None)
        return
    reload(session, row)
    if on_conflict is OnConflict.FAIL:
        report(session, original, Outcome.REFUSED, row.id, error)
        return
    outcome = Outcome.SKIPPED
    if on_conflict is OnConflict.SUGGEST or (
        booked and attempt(session, lambda: book(session, row, stood=row.start_datetime)) is not None
    ):
        reload(session, row)
        look_around(session, error)
        rest = {name: value for name, value in own.items() if name != "start_datetime"}
        change(session, row, {**(rest if on_conflict is OnConflict.SUGGEST else {}), "status": Status.REQUESTED})
        store_clash(session, row, error)
        outcome = Outcome.REQUESTED
    report(session, original, outcome, row.id, error)
