"""The rows of a board as the database has them: closed time of users, teams or resources, and the ways of users."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.calendars import Calendars
from models.intervals import Interval
from models.problem import Problem
from models.records import Absence, Location, Role
from models.timegrid import minute_of
from service.board.closed import Closed, closed_times
from service.schemas import organization
from service.snapshot.ids import RESOURCE, USER, key_of, number_of
from service.snapshot.places import Places
from service.snapshot.subjects import cast_of, rules_of, subjects_of
from service.snapshot.weeks import Span
from service.snapshot.whole import Parts, problem_of
from service.tenancy import caller_of
from solver.reading import Reading
from solver.routes import Leg


class By(StrEnum):
    """What the rows of a board are."""

    USER = "user"
    TEAM = "team"
    RESOURCE = "resource"


class Way(NamedTuple):
    """A user on the way, in epoch minutes, from one appointment to another; None is where a shift starts or ends."""

    start: int
    end: int
    origin: int | None
    destination: int | None


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a board, by the id of its record."""

    id: int
    closed: list[Closed]
    travel: list[Way]


def rows_of(session: Session, by: By, start: datetime, end: datetime) -> list[Row]:
    """Find when everybody or everything is closed, and when users are on the way.

    Parameters
    ----------
    session
        Bound to a caller; a member sees the row of nobody else.
    by
        What the rows are.
    start, end
        What is looked at.

    Returns
    -------
    The rows in the order of their ids.
    """
    window = minute_of(start), minute_of(end)
    problem = _people_and_rules(session, start, end)
    calendars = Calendars(problem, *window)
    named = _absences(session, start, end)
    ways = _ways(session, start, end, window) if by is By.USER and organization(session).travel is not None else {}
    rows = []
    for key in _keys(session, problem, by):
        closed = closed_times(calendars, by.value, key, window, named)
        rows.append(Row(number_of(key), closed, ways.get(key, [])))
    return rows


def _people_and_rules(session: Session, start: datetime, end: datetime) -> Problem:
    span = Span(start, end)
    places = Places(organization(session).travel, session.scalars(select(Location)))
    cast = cast_of(session, subjects_of(session), span, places)
    return Parts(places).snapshot(organization(session), span, cast, rules_of(session), None).problem


def _keys(session: Session, problem: Problem, by: By) -> list[str]:
    if by is By.TEAM:
        return [team.id for team in problem.teams]
    if by is By.RESOURCE:
        return [resource.id for resource in problem.resources]
    caller = caller_of(session)
    own = key_of(USER, caller.user_id or 0) if caller.role is Role.MEMBER else None
    return [user.id for user in problem.users if own in (None, user.id)]


def _absences(session: Session, start: datetime, end: datetime) -> dict[tuple[str, int, int], str]:
    """Name absences by what their records say."""
    found = {}
    for away in session.scalars(select(Absence).where(Absence.start < end, Absence.end > start)):
        subject = (USER, away.user_id) if away.user_id is not None else (RESOURCE, away.resource_id)
        name = away.kind.value if not away.reason else f"{away.kind.value}: {away.reason}"
        found[key_of(subject[0], subject[1] or 0), minute_of(away.start), minute_of(away.end)] = name
    return found


def _ways(session: Session, start: datetime, end: datetime, window: Interval) -> dict[str, list[Way]]:
    reading = Reading(*problem_of(session, start, end))
    ways: dict[str, list[Way]] = {}
    for route in reading.routes:
        ways.setdefault(route.user, []).extend(
            way for way in _timed(route.legs) if way.start < window[1] and way.end > window[0]
        )
    return ways


def _timed(legs: tuple[Leg, ...]) -> Iterator[Way]:
    """Set out as late as possible, and go home at once."""
    for leg in legs:
        if not leg.minutes:
            continue
        origin, destination = (None if stop is None else number_of(stop.id) for stop in (leg.origin, leg.destination))
        if leg.destination is not None:
            yield Way(leg.destination.busy_start - leg.minutes, leg.destination.busy_start, origin, destination)
        elif leg.origin is not None:
            yield Way(leg.origin.busy_end, leg.origin.busy_end + leg.minutes, origin, destination)
