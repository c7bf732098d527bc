"""How much time is available: the calendars of people, teams and resources over a span."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from models.calendars import Calendars
from models.intervals import intersect, length
from models.problem import Horizon, Problem, Resource, Team, User
from models.timegrid import minute_of
from service.schemas import organization
from service.snapshot.ids import number_of
from service.snapshot.places import Places
from service.snapshot.rules import bound_to
from service.snapshot.subjects import Wanted, cast_of, rules_of, subjects_of
from service.snapshot.weeks import Span


@dataclass(frozen=True, slots=True)
class Open:
    """One subject and its time.

    Parameters
    ----------
    name
        What people call it.
    minutes
        In which it can serve, within the span.
    at_once
        How many appointments it may have at a time.
    bounded
        Whether anything says when it works; who has no calendar is always open.
    """

    name: str
    minutes: int
    at_once: int
    bounded: bool


@dataclass(frozen=True, slots=True)
class Capacity:
    """The available time of a span, by id of the record."""

    users: dict[int, Open]
    teams: dict[int, Open]
    resources: dict[int, Open]


def capacity_of(session: Session, span: Span, needed: Wanted, only: Wanted | None = None) -> Capacity:
    """Read calendars and count what they leave open.

    Parameters
    ----------
    session
        Bound to an organization.
    span
        Whole local days of the organization.
    needed
        Who is counted even if out of service: nothing is available of them.
    only
        Whom to look at; None is all who are in service.

    Returns
    -------
    The minutes of everybody.
    """
    owner = organization(session)
    subjects = subjects_of(session, only).without_retired(needed)
    cast = cast_of(session, subjects, span, Places(None, ()))
    problem = Problem(
        timezone=owner.timezone,
        horizon=Horizon(start=span.start, end=span.end),
        users=cast.users,
        teams=cast.teams,
        resources=cast.resources,
        rules=bound_to(rules_of(session, only), cast),
    )
    calendars = Calendars(problem, minute_of(span.start), minute_of(span.end))
    return Capacity(
        _opened(calendars, "user", cast.users),
        _opened(calendars, "team", cast.teams),
        _opened(calendars, "resource", cast.resources),
    )


def _opened(calendars: Calendars, kind: str, subjects: Iterable[User | Team | Resource]) -> dict[int, Open]:
    inside = [(calendars.first, calendars.last)]
    known: dict[int, int] = {}  # those who agree share one list
    opened: dict[int, Open] = {}
    for subject in subjects:
        intervals = calendars.available(kind, subject.id)
        if id(intervals) not in known:
            known[id(intervals)] = length(intersect(intervals, inside))
        at_once = subject.max_concurrent if isinstance(subject, Team) else 1
        bounded = calendars.hours(kind, subject.id) is not None
        opened[number_of(subject.id)] = Open(subject.name, known[id(intervals)], at_once, bounded)
    return opened
