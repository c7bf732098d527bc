"""From a breach of a rule to the violation that is reported: its kind, impact and times, for all rules in one place."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from models.appointments import Appointment
from models.enums import ConflictType, ImpactLevel, Priority
from models.plan import Violation
from models.timegrid import instant
from solver.placed import Placed

if TYPE_CHECKING:
    from solver.reading import Reading

CONFLICT_TYPES = {
    "complete": ConflictType.TIME_CONFLICT,
    "duration": ConflictType.TIME_CONFLICT,
    "horizon": ConflictType.TIME_CONFLICT,
    "window": ConflictType.TIME_CONFLICT,
    "step": ConflictType.TIME_CONFLICT,
    "past": ConflictType.TIME_CONFLICT,
    "crew": ConflictType.TEAM_CONFLICT,
    "team": ConflictType.TEAM_CONFLICT,
    "overlap": ConflictType.DOUBLE_BOOKING,
    "travel": ConflictType.LOCATION_CONFLICT,
    "capacity": ConflictType.CAPACITY_EXCEEDED,
    "availability": ConflictType.TIME_CONFLICT,
    "working_hours": ConflictType.TIME_CONFLICT,
    "holiday": ConflictType.TIME_CONFLICT,
    "blackout": ConflictType.TIME_CONFLICT,
    "maintenance": ConflictType.RESOURCE_CONFLICT,
    "break_time": ConflictType.TIME_CONFLICT,
    "capacity_limit": ConflictType.CAPACITY_EXCEEDED,
    "weekly_hours": ConflictType.CAPACITY_EXCEEDED,
    "advance_booking": ConflictType.TIME_CONFLICT,
    "links": ConflictType.TIME_CONFLICT,
    "mandatory": ConflictType.TIME_CONFLICT,
    "pinned": ConflictType.TIME_CONFLICT,
}

SHORT_MINUTES, LONG_MINUTES = 15, 60
LOW, MEDIUM, HIGH, CRITICAL = ImpactLevel.LOW, ImpactLevel.MEDIUM, ImpactLevel.HIGH, ImpactLevel.CRITICAL
IMPACT: dict[Priority, tuple[ImpactLevel, ImpactLevel, ImpactLevel]] = {
    # shorter than SHORT_MINUTES, in between, LONG_MINUTES and longer
    Priority.LOW: (LOW, LOW, MEDIUM),
    Priority.NORMAL: (LOW, MEDIUM, HIGH),
    Priority.HIGH: (MEDIUM, HIGH, CRITICAL),
    Priority.URGENT: (HIGH, CRITICAL, CRITICAL),
}
RANK = list(Priority)


def impact_of(appointments: Iterable[Appointment], minutes: int) -> ImpactLevel:
    """Grade a breach by the most important appointment in it and its length.

    Parameters
    ----------
    appointments
        Those involved, at least one.
    minutes
        How long the breach lasts.

    Returns
    -------
    An entry of `IMPACT`.
    """
    priority = max((appointment.priority for appointment in appointments), key=RANK.index)
    return IMPACT[priority][(minutes >= SHORT_MINUTES) + (minutes >= LONG_MINUTES)]


def breach(
    reading: "Reading",
    rule: str,
    involved: Sequence[Placed],
    message: str,
    *,
    start: int | None = None,
    end: int | None = None,
    amount: int = 1,
    users: Iterable[str] = (),
    teams: Iterable[str] = (),
    resources: Iterable[str] = (),
    conflict_type: ConflictType | None = None,
) -> Violation:
    """Report what a plan breaks.

    Parameters
    ----------
    reading, rule
        The plan beside its problem, and the name of the rule.
    involved
        The appointments that break it together, at least one.
    message
        A sentence for people.
    start, end
        Of the breach in epoch minutes; by default of the services involved.
    amount
        By how much, in the unit of the rule.
    users, teams, resources
        Ids of the subjects involved.
    conflict_type
        By default that of the rule.

    Returns
    -------
    The violation, with appointments in the order of time.
    """
    ordered = sorted(dict.fromkeys(involved), key=lambda placed: (placed.start, placed.id))
    start = min(placed.start for placed in ordered) if start is None else start
    end = max(placed.end for placed in ordered) if end is None else end
    zone = reading.problem.zone
    return Violation(
        rule=rule,
        conflict_type=conflict_type or CONFLICT_TYPES[rule],
        impact_level=impact_of((placed.appointment for placed in ordered), end - start),
        appointments=tuple(placed.id for placed in ordered),
        users=tuple(users),
        resources=tuple(resources),
        teams=tuple(teams),
        start=instant(start, zone),
        end=instant(max(start, end), zone),
        amount=amount,
        message=message,
    )


def absence(reading: "Reading", rule: str, appointment: Appointment, message: str) -> Violation:
    """Report what a plan breaks by leaving an appointment out.

    Parameters
    ----------
    reading, rule, message
        As for `breach`.
    appointment
        What has no time.

    Returns
    -------
    The violation; it lasts as long as the appointment would.
    """
    return Violation(
        rule=rule,
        conflict_type=CONFLICT_TYPES[rule],
        impact_level=impact_of([appointment], appointment.duration_minutes),
        appointments=(appointment.id,),
        amount=1,
        message=message,
    )


def moment(reading: "Reading", minute: int) -> str:
    """Write an epoch minute as people of the organization read it."""
    return instant(minute, reading.problem.zone).strftime("%Y-%m-%d %H:%M")


def names(involved: Iterable[Placed], most: int = 5) -> str:
    """List appointments by id, the first few."""
    ids = [placed.id for placed in involved]
    return ", ".join(ids[:most]) + (f" and {len(ids) - most} more" if len(ids) > most else "")
