"""Free and busy times of users and teams."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, NamedTuple

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.calendars import Calendars
from models.intervals import Interval, intersect, subtract, union
from models.records import Absence, Appointment, Team, TeamMember, User
from models.records.occupancy import SubjectKind, subject_key
from models.timegrid import minute_of
from service.availability.loads import stacked
from service.availability.reading import Taken, calendars_of, stretch, taken_in
from service.booking.subjects import moment_of
from service.lists import QueryMoment
from service.own import own_condition
from service.schemas import organization
from service.snapshot.ids import TEAM, USER, key_of
from service.snapshot.subjects import Wanted
from service.snapshot.weeks import Span
from service.tenancy import caller_of

ABSENCE, BUSY = "absence", "busy"
_WEEK = timedelta(days=7)


class WhenQuery(BaseModel):
    """From when to when somebody asks."""

    model_config = ConfigDict(extra="forbid")

    start: Annotated[QueryMoment | None, Field(alias="from", description="By default now.")] = None
    end: Annotated[QueryMoment | None, Field(alias="until", description="By default seven days later.")] = None

    def span(self) -> Span:
        """Read the stretch of time, or say what is wrong with it."""
        return stretch(self.start, self.end, ("from", "until"), _WEEK)


class Free(BaseModel):
    """A stretch of time that can be booked."""

    start: datetime
    end: datetime


class Busy(BaseModel):
    """A stretch of time that cannot be booked, and why."""

    start: datetime
    end: datetime
    kind: Annotated[
        str,
        Field(
            description="appointment, hold, absence, holiday, blackout, maintenance, break_time, "
            "or busy where the caller may not know more."
        ),
    ]
    appointment: Annotated[int | None, Field(description="Which one, for an appointment or a hold.")] = None
    reason: str = ""


class Agenda(BaseModel):
    """When somebody is free and busy; what is neither is outside of the hours."""

    id: int
    name: str
    timezone: str
    free: list[Free]
    busy: list[Busy]


class UserAvailability(Agenda):
    """When a user is free and busy, from one time to another."""

    start: Annotated[datetime, Field(serialization_alias="from")]
    end: Annotated[datetime, Field(serialization_alias="until")]


class TeamAvailability(UserAvailability):
    """When a team and each of its members are free and busy.

    A team is free when it can take one more appointment and a member is free.
    """

    all_free: Annotated[list[Free], Field(description="When all members are free at once.")]
    members: list[Agenda]


class _Stretch(NamedTuple):
    """A busy stretch in epoch minutes; without an appointment, 0."""

    start: int
    end: int
    kind: str
    appointment: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Reader:
    """What is known of all subjects that are asked about."""

    calendars: Calendars
    taken: dict[int, list[Taken]]
    span: Span
    shows: Callable[[int | None], bool]

    @property
    def edges(self) -> list[Interval]:
        return [(minute_of(self.span.start), minute_of(self.span.end))]

    def busy(self, kind: str, key: str, taken: Sequence[Taken], *, openly: bool) -> list[Busy]:
        found = [
            _Stretch(each.start, each.end, "hold" if each.held else "appointment", each.appointment) for each in taken
        ]
        found += [
            _Stretch(each.start, each.end, ABSENCE if each.rule == "availability" else each.rule, 0, each.label)
            for each in self.calendars.closures(kind, key)
        ]
        ((first, last),) = self.edges
        return [
            Busy(
                start=moment_of(max(each.start, first)),
                end=moment_of(min(each.end, last)),
                kind=each.kind if openly else BUSY,
                appointment=(each.appointment or None) if openly else None,
                reason=each.reason if openly else "",
            )
            for each in sorted(found)
            if each.start < last and each.end > first
        ]


def availability_of_user(session: Session, user: User, span: Span) -> UserAvailability:
    """Find when a user is free and busy.

    Parameters
    ----------
    session
        Bound to a caller, who is told details of what it may see.
    user
        Whose.
    span
        From when to when.

    Returns
    -------
    The free and busy times.
    """
    reader = _read(session, [user.id], None, span)
    agenda, _ = _of_user(session, reader, user.id, user.name)
    return UserAvailability(**dict(agenda), start=span.start, end=span.end)


def availability_of_team(session: Session, team: Team, span: Span) -> TeamAvailability:
    """Find when a team and each of its active members are free and busy.

    Parameters
    ----------
    session
        Bound to a caller, who is told details of what it may see.
    team
        Which.
    span
        From when to when.

    Returns
    -------
    The free and busy times.
    """
    statement = (
        select(User.id, User.name)
        .join(TeamMember, TeamMember.user_id == User.id)
        .where(TeamMember.team_id == team.id, TeamMember.is_active, User.is_active)
        .order_by(User.id)
    )
    people = session.execute(statement).all()
    reader = _read(session, [person.id for person in people], team.id, span)
    both = [_of_user(session, reader, person.id, person.name) for person in people]
    own = reader.taken.get(subject_key(SubjectKind.TEAM, team.id), [])
    full = stacked(((each.start, each.end, 1) for each in own), team.max_concurrent)
    hours = intersect(reader.calendars.available("team", key_of(TEAM, team.id)), reader.edges)
    open_hours = subtract(hours, full)
    everybody = hours if both else []
    for _, free in both:
        everybody = intersect(everybody, free)
    return TeamAvailability(
        id=team.id,
        name=team.name,
        timezone=team.timezone or organization(session).timezone,
        start=span.start,
        end=span.end,
        free=_moments(intersect(open_hours, union(each for _, free in both for each in free))),
        all_free=_moments(intersect(open_hours, everybody)),
        busy=reader.busy("team", key_of(TEAM, team.id), own, openly=reader.shows(None)),
        members=[agenda for agenda, _ in both],
    )


def _read(session: Session, users: list[int], team: int | None, span: Span) -> _Reader:
    teams = [] if team is None else [team]
    subjects = [subject_key(SubjectKind.USER, key) for key in users]
    subjects += [subject_key(SubjectKind.TEAM, key) for key in teams]
    caller = caller_of(session)
    limited = own_condition(caller, Appointment) is not None or own_condition(caller, Absence) is not None
    return _Reader(
        calendars_of(session, Wanted(frozenset(users), frozenset(teams), frozenset()), span),
        taken_in(session, subjects, span),
        span,
        lambda user: not limited or (user is not None and user == caller.user_id),
    )


def _of_user(session: Session, reader: _Reader, user: int, name: str) -> tuple[Agenda, list[Interval]]:
    key = key_of(USER, user)
    taken = reader.taken.get(subject_key(SubjectKind.USER, user), [])
    hours = intersect(reader.calendars.available("user", key), reader.edges)
    free = subtract(hours, union((each.start, each.end) for each in taken))
    agenda = Agenda(
        id=user,
        name=name,
        timezone=reader.calendars.problem.subject_zone("user", key).key,
        free=_moments(free),
        busy=reader.busy("user", key, taken, openly=reader.shows(user)),
    )
    return agenda, free


def _moments(intervals: Sequence[Interval]) -> list[Free]:
    return [Free(start=moment_of(start), end=moment_of(end)) for start, end in intervals]
