"""What a way does, in sentences for those who plan: on the organization's wall, with the names of people and things."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from models.plan import Assignment
from models.problem import Problem
from models.timegrid import instant, minute_of
from service.snapshot.ids import APPOINTMENT, number_of


def name_of(problem: Problem, key: str) -> str:
    """Name an appointment by its title and number."""
    item = problem.appointments_by_id.get(key)
    title = item.title if item is not None and item.title else "Appointment"
    return f"{title} ({number_of(key)})" if key.startswith(APPOINTMENT) else title


def subject_name(problem: Problem, key: str) -> str:
    """Name a user, a team or a resource."""
    for known in (problem.users_by_id, problem.teams_by_id, problem.resources_by_id):
        if key in known:
            return known[key].name or f"number {number_of(key)}"
    return f"number {number_of(key)}"


def listed(names: Sequence[str]) -> str:
    """Join names as one says them."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else "nobody"


def when(problem: Problem, start: datetime, end: datetime) -> str:
    """Day and hours, such as Tuesday 2 March 09:00–10:00."""
    first, last = (_wall(problem, moment) for moment in (start, end))
    until = f"{last:%H:%M}" if first.date() == last.date() else f"{last:%A} {last.day} {last:%B} {last:%H:%M}"
    return f"{first:%A} {first.day} {first:%B} {first:%H:%M}–{until}"


def clock(problem: Problem, moment: datetime) -> str:
    """The time of day."""
    return f"{_wall(problem, moment):%H:%M}"


def moved(problem: Problem, before: Assignment, after: Assignment) -> str:
    """Say where an appointment goes, and to whom.

    Parameters
    ----------
    problem
        For the names, and the zone.
    before, after
        Two places of it.

    Returns
    -------
    A command without a full stop, such as: Move Windows (12) from 09:00 to Tuesday 2 March 10:00–11:00.
    """
    name, instead = name_of(problem, after.appointment), _instead(problem, before, after)
    if before.start != after.start:
        same_day = _wall(problem, before.start).date() == _wall(problem, after.start).date()
        since = clock(problem, before.start) if same_day else when(problem, before.start, before.end)
        to = f"{clock(problem, after.start)}–{clock(problem, after.end)}" if same_day else _at(problem, after)
        return f"Move {name} from {since} to {to}" + (f", and {instead}" if instead else "")
    return f"{instead[:1].upper()}{instead[1:]} for {name}" if instead else f"Leave {name} where it is"


def placed(problem: Problem, at: Assignment) -> str:
    """Say where an appointment gets a place, and with whom."""
    who = [subject_name(problem, key) for key in (*at.users, *(use.resource for use in at.resources))]
    company = f" with {listed(who)}" if who else ""
    return f"Book {name_of(problem, at.appointment)} on {_at(problem, at)}{company}"


def shortened(problem: Problem, before: Assignment, after: Assignment) -> str:
    """Say by how much an appointment is shorter, and at which end."""
    name = name_of(problem, before.appointment)
    if before.start != after.start:
        minutes = minute_of(after.start) - minute_of(before.start)
        return f"Start {name} {minutes} minutes later, at {clock(problem, after.start)}, and end as planned"
    minutes = minute_of(before.end) - minute_of(after.end)
    return f"End {name} {minutes} minutes earlier, at {clock(problem, after.end)}"


def lifted(problem: Problem, subject: str, absence: str, at: Assignment) -> str:
    """Say that somebody comes, or something is there, although it was to be away."""
    name, hours = subject_name(problem, subject), when(problem, at.start, at.end)
    verb = "come in" if subject in problem.users_by_id else "be used"
    return f"Let {name} {verb} on {hours} despite the {absence}"


def _at(problem: Problem, at: Assignment) -> str:
    return when(problem, at.start, at.end)


def _instead(problem: Problem, before: Assignment, after: Assignment) -> str:
    parts = []
    if before.team != after.team and after.team is not None:
        parts.append(f"give it to {subject_name(problem, after.team)}")
    elif set(before.users) != set(after.users):
        new, old = _differing(problem, after.users, before.users), _differing(problem, before.users, after.users)
        parts.append(f"send {listed(new)}" + (f" instead of {listed(old)}" if old else "") if new else "")
    things = [tuple(use.resource for use in each.resources) for each in (before, after)]
    if set(things[0]) != set(things[1]):
        new, old = _differing(problem, things[1], things[0]), _differing(problem, things[0], things[1])
        parts.append(f"take {listed(new)}" + (f" instead of {listed(old)}" if old else ""))
    return " and ".join(part for part in parts if part)


def _differing(problem: Problem, keys: Iterable[str], others: Iterable[str]) -> list[str]:
    known = set(others)
    return [subject_name(problem, key) for key in keys if key not in known]


def _wall(problem: Problem, moment: datetime) -> datetime:
    return instant(minute_of(moment), problem.zone)
