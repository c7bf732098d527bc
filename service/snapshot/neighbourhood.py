"""The small part of an organization that is enough to judge some appointments."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select, true, union
from sqlalchemy.orm import Session

from models.enums import RuleType
from models.fields import MAX_DAYS
from models.problem import Rule, TravelMatrix
from models.records import Appointment, Location
from service.schemas import organization
from service.snapshot.bookings import Booking
from service.snapshot.ids import RESOURCE, TEAM, USER
from service.snapshot.places import Places, Travel
from service.snapshot.reading import bookings_of, bookings_where, linked_with, standing_in, taking
from service.snapshot.subjects import Wanted, cast_of, rules_of, subjects_of
from service.snapshot.weeks import Span, weeks_around
from service.snapshot.whole import Parts, Snapshot
from service.snapshot.work import closed_appointment

_DAY = timedelta(days=1)


class Judged(NamedTuple):
    """How the judged ones and the others enter a neighbourhood.

    Parameters
    ----------
    fresh
        The judged ones are about to be booked: bound by notice, and by everything that what is pinned may break.
        Otherwise they stand already, as everything else does: pinned only if they are settled.
    now
        What fresh ones start after, and notice is counted from.
    """

    fresh: bool
    now: datetime | None = None


def neighbourhood_of(session: Session, bookings: Sequence[Booking], how: Judged) -> Snapshot:
    """Read what can share a violation with some appointments, and nothing else.

    That is who and what they take, whatever else takes the same in the ISO weeks that they touch, what is linked with
    them, and, where a rule counts the whole organization, everything in the time that it counts. The number of
    queries does not depend on how much that is.

    Parameters
    ----------
    session
        Bound to the organization.
    bookings
        What is judged, each with a start: stored ones stand here as they are given, not as they are stored.
    how
        Whether they stand already or are about to.

    Returns
    -------
    A problem and a plan whose violations that involve a judged appointment are those of the whole organization; the
    other violations mean nothing.
    """
    ids = [booking.id for booking in bookings if booking.id]
    linked = _linked(session, bookings, ids, how.now)
    partners = [booking for booking in linked if booking.start is not None]
    own, wanted = Wanted.of(bookings), Wanted.of([*bookings, *partners])
    subjects = subjects_of(session, wanted)
    owner = organization(session)
    span = weeks_around(_times(bookings), {owner.timezone, *subjects.zones()})
    rules = rules_of(session, wanted)
    others = _sharing(session, own, _times(bookings), span, rules, how.now, ids)
    places = Places(owner.travel, _locations(session, owner.travel, subjects.places()))
    cast = cast_of(session, subjects, span, places)
    parts = Parts(places)
    for booking in bookings:
        parts.stand(booking, free=not how.fresh and not booking.settled, fresh=how.fresh)
    taken = {*ids}
    for booking in (*partners, *(each.within(*own) for each in others)):
        if booking.id not in taken:
            taken.add(booking.id)
            parts.stand(booking, free=not how.fresh and not booking.settled)
    for booking in linked:
        if booking.start is None:
            parts.wait(closed_appointment(booking, places))
    # What lasts longer than a horizon may be is judged all the same: calendars reach as far as what is placed.
    horizon = Span(span.start, min(span.end, span.start + timedelta(days=MAX_DAYS)))
    return parts.snapshot(owner, horizon, cast, rules, how.now)


def _sharing(
    session: Session,
    own: Wanted,
    times: list[datetime],
    span: Span,
    rules: Sequence[Rule],
    now: datetime | None,
    ids: list[int],
) -> list[Booking]:
    """Read what else stands with the same subjects, as far away in time as a rule can reach.

    Hours and breaks of users reach over weeks; teams and resources meet only what is near, unless a limit counts.
    """
    reaches = {kind: _reach(kind, rules, times, span) for kind in (TEAM, RESOURCE)} | {USER: span}
    parts = [
        taking(kind, keys, reaches[kind], now)
        for kind, keys in ((USER, own.users), (TEAM, own.teams), (RESOURCE, own.resources))
    ]
    statements = [part for part in parts if part is not None]
    counted = _counted(rules, times, span)
    if counted is not None:
        statements.append(select(Appointment.id).where(standing_in(counted, now)))
    if not statements:
        return []
    return bookings_where(session, Appointment.id.in_(union(*statements)), Appointment.id.not_in(ids))


def _reach(kind: str, rules: Sequence[Rule], times: list[datetime], span: Span) -> Span:
    """Find how far away something can be that matters to teams or resources: what is counted is counted by weeks."""
    limits = [rule for rule in rules if rule.rule_type is RuleType.CAPACITY_LIMIT]
    if any(rule.applies_to_teams if kind == TEAM else rule.applies_to_resources for rule in limits):
        return span
    return Span(min(times) - _DAY, max(times) + _DAY)


def _linked(session: Session, bookings: Sequence[Booking], ids: list[int], now: datetime | None) -> list[Booking]:
    """Read what is linked with the judged ones; what stands nowhere has no start."""
    numbers = {key for booking in bookings for key in booking.follows}
    if ids:
        numbers |= linked_with(session, ids)
    return bookings_of(session, numbers.difference(ids), now)


def _counted(rules: Sequence[Rule], times: list[datetime], span: Span) -> Span | None:
    """Find the time in which limits count everything in the organization; None where none does."""
    limits = [rule.limits for rule in rules if rule.rule_type is RuleType.CAPACITY_LIMIT and rule.is_global]
    if not limits:
        return None
    if any(limit.max_per_week is not None or limit.max_minutes_per_week is not None for limit in limits):
        return span
    return Span(min(times) - 2 * _DAY, max(times) + 2 * _DAY)


def _times(bookings: Sequence[Booking]) -> list[datetime]:
    return [moment for booking in bookings for moment in (booking.start, booking.end) if moment is not None]


def _locations(session: Session, travel: Travel, keys: set[int]) -> list[Location]:
    """Read the locations at which people start and end, or all that a table of travel may know."""
    if travel is None or not (keys or isinstance(travel, TravelMatrix)):
        return []
    chosen = true() if isinstance(travel, TravelMatrix) else Location.id.in_(keys)
    return list(session.scalars(select(Location).where(chosen)))
