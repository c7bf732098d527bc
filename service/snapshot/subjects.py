"""Who and what can be taken, and the rules that bind them: read once, for some subjects or for all."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import Session, selectinload

from models.problem import Resource, Rule, Team, User
from models.records import (
    Absence,
    Resource as ResourceRecord,
    Role,
    ScheduleRule,
    Team as TeamRecord,
    TeamMember,
    User as UserRecord,
)
from models.records.rules import RuleResource, RuleTeam, RuleUser
from service.snapshot.bookings import Booking
from service.snapshot.people import resource_of, team_of, user_of
from service.snapshot.places import Places
from service.snapshot.rules import rule_of
from service.snapshot.weeks import Span


class Wanted(NamedTuple):
    """Ids of subjects."""

    users: frozenset[int]
    teams: frozenset[int]
    resources: frozenset[int]

    @classmethod
    def of(cls, bookings: Iterable[Booking]) -> "Wanted":
        """Collect who and what some bookings take."""
        users, teams, resources = set[int](), set[int](), set[int]()
        for booking in bookings:
            users.update(booking.users)
            teams.update(() if booking.team is None else (booking.team,))
            resources.update(use.resource for use in booking.uses)
        return cls(frozenset(users), frozenset(teams), frozenset(resources))


@dataclass(frozen=True, slots=True)
class Subjects:
    """Records of users, teams and resources, with the active memberships of both.

    Parameters
    ----------
    wanted
        Which ones were asked for; None is all.
    """

    wanted: Wanted | None
    users: list[UserRecord]
    teams: list[TeamRecord]
    resources: list[ResourceRecord]
    by_user: dict[int, list[TeamMember]] = field(default_factory=lambda: defaultdict(list))
    members: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))

    def without_retired(self, needed: Wanted) -> "Subjects":
        """Leave out who and what is out of service, or does not serve, and is not needed."""
        return replace(
            self,
            users=[each for each in self.users if self._serves(each) or each.id in needed.users],
            teams=[each for each in self.teams if each.is_active or each.id in needed.teams],
            resources=[
                each for each in self.resources if (each.is_active and each.is_available) or each.id in needed.resources
            ],
        )

    def _serves(self, user: UserRecord) -> bool:
        """Whether a user takes appointments: who only plans or looks does not, unless a team or hours say so."""
        asked = user.role is Role.MEMBER or user.availability is not None or user.id in self.by_user
        return user.is_active and asked

    def zones(self) -> set[str]:
        """List the time zones of their own."""
        subjects: list[UserRecord | TeamRecord | ResourceRecord] = [*self.users, *self.teams, *self.resources]
        return {each.timezone for each in subjects if each.timezone is not None}

    def places(self) -> set[int]:
        """List the stored locations at which people start and end."""
        both = (key for user in self.users for key in (user.start_location_id, user.end_location_id))
        return {key for key in both if key is not None}


class Cast(NamedTuple):
    """Users, teams and resources of a problem."""

    users: tuple[User, ...]
    teams: tuple[Team, ...]
    resources: tuple[Resource, ...]


def needed_by(bookings: Iterable[Booking]) -> Wanted:
    """Collect whom and what some bookings take or name in their requirements."""
    known = list(bookings)
    taken = Wanted.of(known)
    named: dict[str, set[int]] = defaultdict(set)
    for booking in known:
        for _, table, text in booking.requirements.references() if booking.requirements is not None else ():
            named[table].update((int(text),) if text.isdecimal() else ())
    return Wanted(taken.users | named["users"], taken.teams | named["teams"], taken.resources | named["resources"])


def subjects_of(session: Session, wanted: Wanted | None = None) -> Subjects:
    """Read subjects, with at most four queries.

    Parameters
    ----------
    session
        Bound to an organization.
    wanted
        Which ones; None is all.

    Returns
    -------
    Those that there are.
    """
    some = Wanted(frozenset(), frozenset(), frozenset()) if wanted is None else wanted
    found = Subjects(
        wanted,
        _all(session, UserRecord, wanted, some.users),
        _all(session, TeamRecord, wanted, some.teams),
        _all(session, ResourceRecord, wanted, some.resources),
    )
    if wanted is not None and not some.users and not some.teams:
        return found
    statement = (
        select(TeamMember, TeamRecord.is_active, UserRecord.is_active)
        .join(TeamRecord, TeamRecord.id == TeamMember.team_id)
        .join(UserRecord, UserRecord.id == TeamMember.user_id)
        .where(TeamMember.is_active)
        .order_by(TeamMember.user_id, TeamMember.id)
    )
    if wanted is not None:
        statement = statement.where(or_(TeamMember.user_id.in_(some.users), TeamMember.team_id.in_(some.teams)))
    for member, team_works, user_works in session.execute(statement):
        if team_works:
            found.by_user[member.user_id].append(member)
        if user_works:
            found.members[member.team_id].append(member.user_id)
    return found


def cast_of(session: Session, subjects: Subjects, span: Span, places: Places) -> Cast:
    """Read subjects as a problem has them, with one query for absences.

    Parameters
    ----------
    session
        Bound to an organization.
    subjects
        Who and what.
    span
        Absences outside of it are left out.
    places
        Where the places of users are noted.

    Returns
    -------
    Users, teams and resources in the order of their ids.
    """
    of_users: dict[int, list[Absence]] = defaultdict(list)
    of_resources: dict[int, list[Absence]] = defaultdict(list)
    if subjects.users or subjects.resources:
        statement = select(Absence).where(Absence.start < span.end, Absence.end > span.start).order_by(Absence.start)
        if subjects.wanted is not None:
            named = subjects.wanted
            statement = statement.where(or_(Absence.user_id.in_(named.users), Absence.resource_id.in_(named.resources)))
        for absence in session.scalars(statement):
            if absence.user_id is not None:
                of_users[absence.user_id].append(absence)
            elif absence.resource_id is not None:
                of_resources[absence.resource_id].append(absence)
    return Cast(
        tuple(user_of(each, subjects.by_user[each.id], of_users[each.id], places) for each in subjects.users),
        tuple(team_of(each, subjects.members[each.id]) for each in subjects.teams),
        tuple(resource_of(each, of_resources[each.id]) for each in subjects.resources),
    )


def rules_of(session: Session, wanted: Wanted | None = None) -> tuple[Rule, ...]:
    """Read the active rules that are global or name a subject.

    Parameters
    ----------
    session
        Bound to an organization.
    wanted
        Which subjects; None is all.

    Returns
    -------
    The rules in the order of their ids.
    """
    statement = select(ScheduleRule).where(ScheduleRule.is_active, _binds(wanted)).order_by(ScheduleRule.id)
    links = (ScheduleRule.user_links, ScheduleRule.team_links, ScheduleRule.resource_links)
    statement = statement.options(*(selectinload(each) for each in links))
    return tuple(rule_of(record) for record in session.scalars(statement))


def _binds(wanted: Wanted | None) -> ColumnElement[bool]:
    if wanted is None:
        return true()
    named = [
        ScheduleRule.id.in_(select(row.rule_id).where(key.in_(keys)))
        for row, key, keys in (
            (RuleUser, RuleUser.user_id, wanted.users),
            (RuleTeam, RuleTeam.team_id, wanted.teams),
            (RuleResource, RuleResource.resource_id, wanted.resources),
        )
        if keys
    ]
    return or_(ScheduleRule.is_global, *named)


def _all(session: Session, record: Any, wanted: Wanted | None, keys: frozenset[int]) -> list[Any]:
    if wanted is not None and not keys:
        return []
    statement = select(record).order_by(record.id)
    if wanted is not None:
        statement = statement.where(record.id.in_(keys))
    return list(session.scalars(statement))
