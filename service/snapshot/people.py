"""People, teams and resources as a problem has them.

Whoever is inactive takes nothing: an empty `availability` has no open hour, so that whatever still stands there shows
as a violation.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from models.enums import Weekday
from models.people import Availability, Period, WallSpan
from models.problem import Resource, Skill, Team, User
from models.records import Absence, Resource as ResourceRecord, Team as TeamRecord, TeamMember, User as UserRecord
from service.snapshot.ids import RESOURCE, TEAM, USER, key_of, keys_of
from service.snapshot.places import Places

NEVER: Availability = {}


def user_of(record: UserRecord, memberships: Sequence[TeamMember], absences: Iterable[Absence], places: Places) -> User:
    """Read a user.

    Parameters
    ----------
    record
        Of the user.
    memberships
        The active ones: each adds skills, certifications and availability, and the smallest hours a week win.
    absences
        Added to the user's own `unavailable`.
    places
        Where shifts start and end.

    Returns
    -------
    The user of a problem.
    """
    weekly = [record.availability, *(each.availability_schedule for each in memberships)]
    hours = [record.max_hours_per_week, *(each.max_hours_per_week for each in memberships)]
    certified = [*record.certifications, *(name for each in memberships for name in each.certifications)]
    return User(
        id=key_of(USER, record.id),
        name=record.name,
        skills=_best((record.skills, *(each.skills for each in memberships))),
        certifications=tuple(dict.fromkeys(certified)),
        availability=joined(weekly) if record.is_active else NEVER,
        unavailable=away(record.unavailable, absences),
        timezone=record.timezone,
        max_hours_per_week=_least(hours),
        overtime_hours_per_week=record.overtime_hours_per_week,
        hourly_cost=record.hourly_cost,
        start_location=places.of_record(record.start_location_id),
        end_location=places.of_record(record.end_location_id),
    )


def team_of(record: TeamRecord, members: Iterable[int]) -> Team:
    """Read a team.

    Parameters
    ----------
    record
        Of the team.
    members
        Ids of the active users whose membership is active.

    Returns
    -------
    The team of a problem.
    """
    return Team(
        id=key_of(TEAM, record.id),
        name=record.name,
        members=keys_of(USER, members),
        skills=record.skills,
        availability=record.availability_schedule if record.is_active else NEVER,
        timezone=record.timezone,
        max_concurrent=record.max_concurrent,
    )


def resource_of(record: ResourceRecord, absences: Iterable[Absence]) -> Resource:
    """Read a resource.

    Parameters
    ----------
    record
        Of the resource.
    absences
        Added to its own `unavailable`, maintenance included.

    Returns
    -------
    The resource of a problem.
    """
    usable = record.is_active and record.is_available
    return Resource(
        id=key_of(RESOURCE, record.id),
        name=record.name,
        resource_type=record.resource_type,
        capacity=record.capacity,
        features=record.specifications.features,
        availability=record.availability_schedule if usable else NEVER,
        unavailable=away(record.unavailable, absences),
        timezone=record.timezone,
        location=record.location or None,
        hourly_rate=record.hourly_rate,
    )


def joined(weekly: Iterable[Availability | None]) -> Availability | None:
    """Unite weekly hours; None says nothing about them, and if all say nothing they are always."""
    said = [each for each in weekly if each is not None]
    if not said:
        return None
    if len(said) == 1:
        return said[0]
    days: dict[Weekday, dict[tuple[object, object], WallSpan]] = {}
    for each in said:
        for day, spans in each.items():
            days.setdefault(day, {}).update({(span.start, span.end): span for span in spans})
    return {day: tuple(spans.values()) for day, spans in days.items()}


def away(own: Sequence[Period], absences: Iterable[Absence]) -> tuple[Period, ...]:
    """Put a subject's own unavailable times and its absences together."""
    return (*own, *(Period(start=absence.start, end=absence.end) for absence in absences))


def _best(lists: Iterable[Iterable[Skill]]) -> tuple[Skill, ...]:
    best: dict[str, Skill] = {}
    for skills in lists:
        for skill in skills:
            if skill.name not in best or best[skill.name].level < skill.level:
                best[skill.name] = skill
    return tuple(best.values())


def _least(hours: Iterable[Decimal | None]) -> Decimal | None:
    return min((each for each in hours if each is not None), default=None)
