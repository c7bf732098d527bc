"""What is enough to look for slots for one appointment: whoever could serve it, and what takes their time."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from models.enums import RuleType
from models.problem import Appointment as ProblemAppointment, TeamChoice, UserChoice
from models.records import Appointment, Location
from models.records.requirements import Requirements
from service.schemas import organization
from service.snapshot.bookings import Booking
from service.snapshot.ids import RESOURCE, TEAM, USER, keys_of, number_of
from service.snapshot.places import Places
from service.snapshot.reading import bookings_of, bookings_where, linked_with, standing_in, taking
from service.snapshot.subjects import Cast, Wanted, cast_of, needed_by, rules_of, subjects_of
from service.snapshot.weeks import Span, weeks_around
from service.snapshot.whole import Parts, Snapshot
from service.snapshot.work import appointment_of, closed_appointment
from solver.rules.capacity import fits
from solver.rules.crew import Qualified, requirement_of


def surroundings_of(session: Session, booking: Booking, start: datetime, end: datetime, now: datetime) -> Snapshot:
    """Read what decides where an appointment can be within a horizon.

    That is everybody who could fill a position of it, the teams it may have, the resources that meet its demands, what
    stands with any of them in the ISO weeks that touch the horizon, pinned, what it is linked with, and, where a rule
    counts the whole organization, everything.

    Parameters
    ----------
    session
        Bound to the organization; it only reads.
    booking
        Stored or not; one with a start stands there and may move.
    start, end
        The horizon.
    now
        Before which nothing starts, and from which notice is counted.

    Returns
    -------
    A problem with the appointment, under the id that `key_of` gives it, and where the others stand.
    """
    everybody = subjects_of(session)
    owner = organization(session)
    span = weeks_around((start, end), {owner.timezone, *everybody.zones()})
    places = Places(owner.travel, session.scalars(select(Location)) if owner.travel is not None else ())
    item = appointment_of(booking, places, stands=booking.start is not None)
    linked = _linked(session, booking, now)
    cast = cast_of(session, everybody.without_retired(needed_by([booking, *linked])), span, places)
    partners = frozenset(user for other in linked for user in other.users)
    cast = able_for(item, cast, frozenset(keys_of(USER, partners)))
    own = Wanted(*(frozenset(number_of(each.id) for each in subjects) for subjects in cast))
    parts = Parts(places)
    for other in linked:
        if other.start is None:
            parts.wait(closed_appointment(other, places))
        else:
            parts.stand(bare(other.within(*own), keeps={booking.id}))
    rules = rules_of(session, own)
    limited = any(rule.rule_type is RuleType.CAPACITY_LIMIT and rule.is_global for rule in rules)
    known = {booking.id, *(other.id for other in linked)}
    for other in around(session, own, span, now, everything=limited):
        if other.id not in known:
            parts.stand(bare(other.within(*own), keeps={booking.id}))
    parts.seek(known_only(item, cast), booking)
    return parts.snapshot(owner, Span(start, end), cast, rules, now)


def able_for(item: ProblemAppointment, cast: Cast, besides: frozenset[str] = frozenset()) -> Cast:
    """Keep the users, teams and resources that an appointment could have.

    Parameters
    ----------
    item
        What is asked for.
    cast
        Everybody.
    besides
        Ids of users who are known all the same: the crews of what it is linked with.

    Returns
    -------
    Those who could be part of it; the teams keep all their members that are left.
    """
    teams = tuple(team for team in cast.teams if item.team is not None and team.id in item.team.any_of)
    members = {user for team in teams for user in team.members}
    able = members if item.team is not None and not item.crew else set[str]()
    qualified = Qualified(cast.users)
    for role in item.crew:
        holders = {cast.users[index].id for index in qualified.holders(requirement_of(role))}
        able |= holders if item.team is None else holders & members
    if item.users.allowed is not None and item.crew:
        able &= set(item.users.allowed)
    standing = besides.union(item.current.users if item.current is not None else ())
    users = tuple(user for user in cast.users if user.id in able or user.id in standing)
    there = {user.id for user in users}
    held = {use.resource for use in item.current.resources} if item.current is not None else set()
    if item.current is not None and item.current.team is not None:
        teams += tuple(team for team in cast.teams if team.id == item.current.team and team not in teams)
    return Cast(
        users,
        tuple(
            team.model_copy(update={"members": tuple(user for user in team.members if user in there)}) for team in teams
        ),
        tuple(
            resource
            for resource in cast.resources
            if resource.id in held or any(fits(resource, need) for need in item.resources)
        ),
    )


def known_only(item: ProblemAppointment, cast: Cast) -> ProblemAppointment:
    """Let an appointment name only those who are there; nobody else could come anyway."""
    users, teams = {user.id for user in cast.users}, {team.id for team in cast.teams}
    wanted = item.users
    choice = UserChoice(
        allowed=None if wanted.allowed is None else tuple(key for key in wanted.allowed if key in users),
        excluded=tuple(key for key in wanted.excluded if key in users),
        preferred=tuple(key for key in wanted.preferred if key in users),
    )
    team: TeamChoice | None = item.team
    if team is not None:
        team = TeamChoice.model_construct(any_of=tuple(key for key in team.any_of if key in teams))
    return item.model_copy(update={"users": choice, "team": team})


def _linked(session: Session, booking: Booking, now: datetime) -> list[Booking]:
    numbers = set(booking.follows)
    if booking.id:
        numbers |= linked_with(session, [booking.id])
    return bookings_of(session, numbers - {booking.id}, now)


def around(session: Session, own: Wanted, span: Span, now: datetime, *, everything: bool) -> Sequence[Booking]:
    """Read what stands with any of the candidates, or everything."""
    if everything:
        return bookings_where(session, standing_in(span, now))
    named = ((USER, own.users), (TEAM, own.teams), (RESOURCE, own.resources))
    parts = [part for kind, keys in named if (part := taking(kind, keys, span, now)) is not None]
    return bookings_where(session, Appointment.id.in_(union(*parts))) if parts else []


def bare(booking: Booking, keeps: Collection[int]) -> Booking:
    """Forget what somebody else asks for, as it is not sought: but for buffers, and links with what is."""
    known = {str(key) for key in keeps if key}
    asked = booking.requirements
    if asked is None:
        return booking
    return replace(
        booking,
        requirements=Requirements(
            buffer_before_minutes=asked.buffer_before_minutes,
            buffer_after_minutes=asked.buffer_after_minutes,
            after=tuple(link for link in asked.after if link.appointment in known),
            client=asked.client,
        ),
    )
