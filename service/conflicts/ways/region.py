"""The part of an organization that a way out could touch: who and what might serve some appointments, and when."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.enums import RuleType
from models.plan import Plan
from models.problem import Appointment as ProblemAppointment, Problem
from models.records import Appointment, Location
from models.records.follows import AppointmentLink
from service.conflicts.ways.substitutes import widened
from service.schemas import organization
from service.snapshot import Booking
from service.snapshot.ids import APPOINTMENT, USER, key_of, keys_of, number_of
from service.snapshot.places import Places
from service.snapshot.reading import bookings_of, linked_with
from service.snapshot.subjects import Cast, Wanted, cast_of, needed_by, rules_of, subjects_of
from service.snapshot.surroundings import able_for, around, bare, known_only
from service.snapshot.weeks import Span, weeks_around
from service.snapshot.whole import Parts
from service.snapshot.work import appointment_of, closed_appointment
from service.suggesting.asking import MOVABLE
from solver.check import check
from solver.suggest.room import changed

MOST_OTHERS = 1_000
"""Among more others than that nobody else moves: it would take too long to try."""


@dataclass(frozen=True, slots=True)
class Region:
    """A problem and a plan that are small, and in which the appointments in question may change.

    Parameters
    ----------
    problem, plan
        In which those that stay as they are, are pinned.
    bookings
        By id of the problem, those that may change, as they are stored.
    now
        Before which nothing starts.
    """

    problem: Problem
    plan: Plan
    bookings: Mapping[str, Booking]
    now: datetime


def region_of(
    session: Session,
    judged: Sequence[Booking],
    free: Collection[int],
    horizon: Span,
    now: datetime,
    *,
    concerned: Collection[str] = (),
) -> Region:
    """Read what changes of some appointments could touch.

    Parameters
    ----------
    session
        Bound to the organization; it only reads.
    judged
        The appointments in question; one without a start has no place.
    free
        Which of them may change; the others are there as they are.
    horizon
        In which they may go elsewhere.
    now
        Before which nothing starts.
    concerned
        Ids of resources that may be replaced.

    Returns
    -------
    The region. Others that take nobody and nothing but what is in it may move, too, if they are booked, not confirmed,
    not pinned, and linked with nothing.
    """
    everybody = subjects_of(session)
    owner = organization(session)
    times = [time for each in judged for time in (each.start, each.end) if time is not None]
    span = weeks_around((*horizon, *times), {owner.timezone, *everybody.zones()})
    places = Places(owner.travel, session.scalars(select(Location)) if owner.travel is not None else ())
    ids = {each.id for each in judged if each.id}
    linked = _linked(session, judged, ids, now)
    everyone = cast_of(session, everybody.without_retired(needed_by([*judged, *linked])), span, places)
    whole = _whole_teams(session, ids)
    items: dict[int, ProblemAppointment] = {}
    for each in judged:
        item = appointment_of(each, places, stands=each.start is not None)
        if each.id in free and each.start is not None:
            item = widened(session, item, each, everyone, concerned, whole_team=each.id in whole)
        items[each.id] = item
    partners = frozenset(keys_of(USER, (user for other in linked for user in other.users)))
    cast = _joined(everyone, [able_for(item, everyone, partners) for item in items.values()], judged)
    own = Wanted(*(frozenset(number_of(each.id) for each in subjects) for subjects in cast))
    parts = Parts(places)
    movable: dict[str, Booking] = {}
    for other in linked:
        if other.start is None:
            parts.wait(closed_appointment(other, places))
        else:
            parts.stand(bare(other.within(*own), keeps=ids))
    rules = rules_of(session, own)
    limited = any(rule.rule_type is RuleType.CAPACITY_LIMIT and rule.is_global for rule in rules)
    known = ids | {other.id for other in linked}
    others = [each for each in around(session, own, span, now, everything=limited) if each.id not in known]
    few = [each for each in others if len(others) <= MOST_OTHERS and _may_move(each, own, horizon, now)]
    moving = {each.id for each in few} - _tied(session, [each.id for each in few])
    for other in others:
        if other.id in moving:
            movable[key_of(APPOINTMENT, other.id)] = other
            parts.stand(other, free=True)
        else:
            parts.stand(bare(other.within(*own), keeps=ids))
    for each in judged:
        if each.id in free or each.start is None:
            parts.seek(known_only(items[each.id], cast), each)
            movable[key_of(APPOINTMENT, each.id)] = each
        else:
            parts.stand(bare(each, keeps=ids))
    snapshot = parts.snapshot(owner, horizon, cast, rules, now)
    return _steady(Region(*snapshot, movable, now), {key_of(APPOINTMENT, key) for key in (*free, *ids)})


def _steady(region: Region, judged: Collection[str]) -> Region:
    """Pin the others that break something as they stand: moving them is no way out of this."""
    report = check(region.problem, region.plan)
    broken = {key for each in report.violations for key in each.appointments} - set(judged)
    broken &= set(region.bookings)
    if not broken:
        return region
    problem = changed(
        region.problem,
        appointments=tuple(
            each.model_copy(update={"pinned": True}) if each.id in broken else each
            for each in region.problem.appointments
        ),
    )
    kept = {key: booking for key, booking in region.bookings.items() if key not in broken}
    return Region(problem, region.plan, kept, region.now)


def _linked(session: Session, judged: Sequence[Booking], ids: set[int], now: datetime) -> list[Booking]:
    numbers = {key for each in judged for key in each.follows}
    if ids:
        numbers |= linked_with(session, sorted(ids))
    return bookings_of(session, numbers - ids, now)


def _whole_teams(session: Session, ids: Collection[int]) -> set[int]:
    chosen = select(Appointment.id).where(Appointment.id.in_(sorted(ids)), Appointment.whole_team)
    return set(session.scalars(chosen)) if ids else set()


def _joined(everyone: Cast, parts: Sequence[Cast], judged: Sequence[Booking]) -> Cast:
    """Put together who could serve any of the appointments, and who does."""
    standing = needed_by(judged)
    users = {user.id for part in parts for user in part.users} | set(keys_of(USER, standing.users))
    teams = {team.id for part in parts for team in part.teams}
    things = {thing.id for part in parts for thing in part.resources}
    return Cast(
        tuple(user for user in everyone.users if user.id in users),
        tuple(
            team.model_copy(update={"members": tuple(key for key in team.members if key in users)})
            for team in everyone.teams
            if team.id in teams
        ),
        tuple(thing for thing in everyone.resources if thing.id in things),
    )


def _may_move(other: Booking, own: Wanted, horizon: Span, now: datetime) -> bool:
    start, end = other.start, other.end
    if start is None or end is None or other.pinned or other.status not in MOVABLE:
        return False
    return (
        max(horizon.start, now) <= start and end <= horizon.end and other.within(*own) == other and _named(other, own)
    )


def _named(other: Booking, own: Wanted) -> bool:
    """Tell whether everybody whom it names is in the region."""
    named = needed_by([other])
    return named.users <= own.users and named.teams <= own.teams and named.resources <= own.resources


def _tied(session: Session, numbers: Sequence[int]) -> set[int]:
    """Find those that follow something, or are followed."""
    link = AppointmentLink
    pairs = select(link.appointment_id, link.follows_id).where(
        or_(link.appointment_id.in_(numbers), link.follows_id.in_(numbers))
    )
    return {key for pair in session.execute(pairs) for key in pair} if numbers else set()
