"""Occurrences, made ahead of time: when a series begins, and day by day as time goes on."""

from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.enums import AppointmentStatus as Status
from models.errors import Fault
from models.lifecycle import BUSY, FINAL
from models.records import Appointment, Organization, ScheduleTemplate
from models.records.base import InvalidRecord, now
from models.timegrid import minute_of
from models.zones import zone_of
from service.booking.refusals import wished_override
from service.linking import load_links
from service.schemas import organization
from service.series.loading import moment_of, pattern_of, write_pattern
from service.series.occurrences import make
from service.series.pattern import Pattern, RecurrenceRule
from service.series.refusing import ensure_all_booked
from service.series.rematching import missing_starts
from service.series.rewriting import rule_faults
from service.series.wishes import OnConflict, Outcome, report, report_of

DAY = 24 * 60


def ensure_rule(rule: RecurrenceRule, start: datetime | None) -> None:
    """Refuse a rule that no series can have.

    Raises
    ------
    InvalidRecord
        With what is wrong.
    """
    faults = rule_faults(rule)
    if start is None:
        faults.append(Fault("start_datetime", "null", "the start of the first occurrence", "Add it."))
    if faults:
        raise InvalidRecord(faults)


def begin(session: Session, head: Appointment, on_conflict: OnConflict) -> None:
    """Let a stored appointment with a rule be the first of a series, and make the others.

    Parameters
    ----------
    session
        Bound to a caller.
    head
        Flushed, with its linking rows loaded.
    on_conflict
        What becomes of occurrences that cannot be booked.

    Raises
    ------
    InvalidRecord
        If its rule cannot be followed.
    SlotTaken, RuleViolated
        If one cannot be booked and `on_conflict` is `fail`, with `occurrences` among its members.
    """
    rule, start = head.recurrence_rule, head.start_datetime
    assert rule is not None
    ensure_rule(rule, start)
    assert start is not None
    pattern = Pattern(rule, minute_of(start), zone_of(organization(session).timezone))
    write_pattern(head, pattern, [])
    head.original_start = start
    session.flush()
    report(session, start, Outcome.CREATED, head.id, None)
    reach = timedelta(days=organization(session).policies.materialize_days)
    low, high = now() - reach, made_until(session, head, max(now(), start), reach)
    starts = [each for each in pattern.starts(minute_of(low), minute_of(high)) if each != pattern.start]
    make_all(session, head, pattern, starts, new_status(head), on_conflict)


def make_all(
    session: Session, head: Appointment, pattern: Pattern, starts: list[int], status: Status, on_conflict: OnConflict
) -> None:
    """Make occurrences at some starts of a series.

    Parameters
    ----------
    session, head, pattern
        Bound to a caller; the series.
    starts
        Epoch minutes without an occurrence.
    status, on_conflict
        Of the new ones, and what becomes of those that cannot be booked: those left out are excluded for good.

    Raises
    ------
    SlotTaken, RuleViolated
        If one cannot be booked and `on_conflict` is `fail`.
    """
    override = wished_override(session)
    left_out = [
        start
        for start in starts
        if make(session, head, pattern, start, status, on_conflict=on_conflict, override=override) is None
    ]
    ensure_all_booked(session)
    if left_out:
        excluded = {*head.excluded_starts, *(moment_of(start) for start in left_out)}
        head.excluded_starts = tuple(sorted(excluded))
        session.flush()


def extend(session: Session, organization: Organization) -> int:
    """Make the occurrences that have come within reach, of all series of an organization.

    What cannot be booked becomes a request without a time, with a conflict.

    Parameters
    ----------
    session
        Bound to a caller of the organization, with the right to write. It is flushed, not committed.
    organization
        Its time zone and its `materialize_days` count.

    Returns
    -------
    How many were made.
    """
    reach = timedelta(days=organization.policies.materialize_days)
    return sum(extend_series(session, key, reach) for key in heads_of(session))


def heads_of(session: Session) -> list[int]:
    """The ids of the first occurrences of all series of an organization."""
    heads = select(Appointment.id).where(Appointment.recurrence_start.is_not(None)).order_by(Appointment.id)
    return list(session.scalars(heads))


def extend_series(session: Session, key: int, reach: timedelta) -> int:
    """Make the occurrences of one series that have come within reach.

    Parameters
    ----------
    session
        Bound to a caller of the organization.
    key
        The id of its first occurrence.
    reach
        How far ahead.

    Returns
    -------
    How many were made.
    """
    statement = select(Appointment).where(Appointment.id == key, Appointment.recurrence_start.is_not(None))
    statement = statement.options(*load_links(Appointment)).with_for_update(of=Appointment, key_share=True)
    head = session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if head is None:
        return 0
    pattern = pattern_of(session, head)
    own = select(Appointment.original_start).where(
        or_(Appointment.id == key, Appointment.parent_appointment_id == key), Appointment.original_start.is_not(None)
    )
    originals = [minute_of(each) for each in session.scalars(own) if each is not None]
    excluded = [minute_of(each) for each in head.excluded_starts]
    starts = missing_starts(
        pattern, originals, excluded, minute_of(now()), minute_of(made_until(session, head, now(), reach))
    )
    for start in starts:
        make(session, head, pattern, start, new_status(head), on_conflict=OnConflict.SUGGEST, alternatives=False)
    report_of(session).clear()
    return len(starts)


def new_status(head: Appointment) -> Status:
    """The status of a new occurrence: a series of requests stays one, and what is over says nothing about others."""
    if head.status is Status.CONFIRMED:
        return head.status
    asks = head.status not in BUSY | FINAL and head.start_datetime is not None
    return Status.REQUESTED if asks else Status.SCHEDULED


def made_until(session: Session, head: Appointment, since: datetime, reach: timedelta) -> datetime:
    """Find until when occurrences are made ahead: as far as the organization looks, and its template lets book.

    Parameters
    ----------
    session, head
        Bound to the organization; the first of the series.
    since, reach
        From when it looks ahead, and how far.

    Returns
    -------
    The end, exclusive.
    """
    if head.schedule_template_id is None:
        return since + reach
    template = session.get(ScheduleTemplate, head.schedule_template_id)
    days = template.max_advance_booking_days if template is not None else None
    return since + reach if days is None else min(since + reach, now() + timedelta(days=days))
