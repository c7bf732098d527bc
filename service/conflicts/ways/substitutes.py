"""Who and what could take the place of another: an appointment is widened, so that the core may choose."""

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.people import Resource, User
from models.problem import Appointment, Demand, TeamChoice, UserChoice
from models.records import Occupancy
from models.records.base import now
from models.records.occupancy import SubjectKind, subject_key, subject_of
from models.timegrid import minute_of
from service.snapshot import Booking
from service.snapshot.ids import RESOURCE, TEAM, key_of, number_of
from service.snapshot.subjects import Cast
from solver.rules.crew import Qualified, requirement_of

MOST_STAND_INS = 10
MOST_TEAMS = 3


def widened(
    session: Session, item: Appointment, booking: Booking, cast: Cast, concerned: Collection[str], *, whole_team: bool
) -> Appointment:
    """Let an appointment be served by others than those it has.

    Parameters
    ----------
    session
        Bound to the organization; it only reads.
    item, booking
        The appointment, and how it stands.
    cast
        Everybody.
    concerned
        Ids of the resources that are in question: only those may be replaced.
    whole_team
        Whether it takes all members of its team, whoever they are.

    Returns
    -------
    The appointment with a few stand-ins for its crew, the nearest first, other teams for a whole team, and resources of
    the same kind, as capable and as large, for those in question.
    """
    changes: dict[str, object] = {"resources": _demands(item, booking, cast, concerned)}
    asked = booking.requirements
    if whole_team and booking.team is not None and (asked is None or asked.team is None):
        others = [team.id for team in cast.teams if team.id != key_of(TEAM, booking.team) and team.members]
        any_of = (key_of(TEAM, booking.team), *others[:MOST_TEAMS])
        changes |= {"crew": (), "team": TeamChoice(any_of=any_of), "users": UserChoice(excluded=item.users.excluded)}
    elif item.crew:
        stand_ins = _stand_ins(session, item, booking, cast)
        allowed = tuple(dict.fromkeys((*(item.current.users if item.current else ()), *stand_ins)))
        changes["users"] = item.users.model_copy(update={"allowed": allowed})
    return item.model_copy(update=changes)


def _stand_ins(session: Session, item: Appointment, booking: Booking, cast: Cast) -> list[str]:
    """Find who could come: by what is asked for, or, where nothing is, team mates and whoever is as able."""
    asked = booking.requirements
    named = asked is not None and bool(asked.crew)
    if named:
        able = _able(item, cast)
    else:
        present = {user.id: user for user in cast.users if user.id in (item.current.users if item.current else ())}
        mates = _mates(cast, present)
        able = [
            user.id
            for user in cast.users
            if user.id not in item.users.excluded
            and (user.id in mates or any(_as_able(user, other) for other in present.values()))
        ]
    teams = {user for team in cast.teams if item.team and team.id in item.team.any_of for user in team.members}
    able = [key for key in able if item.team is None or key in teams]
    busy = _busy(session, booking, able)
    mates = _mates(cast, item.current.users if item.current else ())
    return sorted(able, key=lambda key: (key in busy, key not in mates, number_of(key)))[:MOST_STAND_INS]


def _able(item: Appointment, cast: Cast) -> list[str]:
    qualified = Qualified(cast.users)
    holders = {index for role in item.crew for index in qualified.holders(requirement_of(role))}
    wanted, able = item.users, [cast.users[index].id for index in sorted(holders)]
    return [key for key in able if (wanted.allowed is None or key in wanted.allowed) and key not in wanted.excluded]


def _mates(cast: Cast, users: Iterable[str]) -> set[str]:
    wanted = set(users)
    return {key for team in cast.teams if not wanted.isdisjoint(team.members) for key in team.members}


def _as_able(user: User, other: User) -> bool:
    levels = {skill.name: skill.level for skill in user.skills}
    return (
        bool(other.skills)
        and all(levels.get(skill.name, 0) >= skill.level for skill in other.skills)
        and set(other.certifications) <= set(user.certifications)
    )


def _busy(session: Session, booking: Booking, users: Sequence[str]) -> set[str]:
    """Tell who is taken while the appointment stands where it does."""
    if booking.start is None or booking.end is None or not users:
        return set()
    by_subject = {subject_key(SubjectKind.USER, number_of(key)): key for key in users}
    rows = select(Occupancy.subject).where(
        Occupancy.subject.in_(by_subject),
        Occupancy.start_minute < minute_of(booking.end),
        Occupancy.end_minute > minute_of(booking.start),
        or_(Occupancy.expires_at.is_(None), Occupancy.expires_at > now()),
    )
    return {by_subject[subject_key(*subject_of(each))] for each in session.scalars(rows)}


def _demands(item: Appointment, booking: Booking, cast: Cast, concerned: Collection[str]) -> tuple[Demand, ...]:
    """Ask for things like those in question instead of by name."""
    if booking.requirements is not None and booking.requirements.resources:
        return item.resources
    by_id = {resource.id: resource for resource in cast.resources}
    return tuple(
        _alike(by_id[need.resource], need)
        if need.resource in concerned and need.resource in by_id and need.resource is not None
        else need
        for need in item.resources
    )


def _alike(resource: Resource, need: Demand) -> Demand:
    return Demand(
        resource_type=resource.resource_type,
        features=resource.features,
        units=need.units,
        min_capacity=resource.capacity if need.units is None else 0,
    )


def resource_keys(numbers: Iterable[int]) -> frozenset[str]:
    """Spell the ids of resources."""
    return frozenset(key_of(RESOURCE, number) for number in numbers)
