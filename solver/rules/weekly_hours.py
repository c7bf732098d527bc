"""`weekly_hours`: the service minutes of a user in an ISO week stay within the contract and its overtime."""

from collections.abc import Iterator
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING

from models.people import User
from models.plan import Violation
from models.problem import Problem
from models.timegrid import iso_week
from solver.instance import Counter, Instance
from solver.rules.breach import breach

if TYPE_CHECKING:
    from solver.reading import Reading

NAME = "weekly_hours"


def most_minutes(user: User) -> int | None:
    """Count what a user may serve in a week at most.

    Parameters
    ----------
    user
        With hours per week and overtime.

    Returns
    -------
    Whole minutes, None without a limit.
    """
    if user.max_hours_per_week is None:
        return None
    return floor((Fraction(user.max_hours_per_week) + Fraction(user.overtime_hours_per_week or 0)) * 60)


def lower(problem: Problem, instance: Instance) -> None:
    """Give every user with a limit a counter of minutes per week."""
    for subject, user in zip(instance.users, problem.users, strict=True):
        limit = most_minutes(user)
        if limit is not None:
            zone = user.timezone or problem.timezone
            subject.counters.append(Counter(NAME, "week", zone, "minutes", limit))


def violations(reading: "Reading") -> Iterator[Violation]:
    """Find users who serve more in a week than contract and overtime allow."""
    for user, weeks in reading.weeks.items():
        most = most_minutes(reading.users[user])
        if most is None:
            continue
        for group in weeks:
            minutes = sum(placed.minutes for placed in group)
            if minutes > most:
                year, week = iso_week(group[0].start, reading.zone("user", user))
                who = reading.label("user", user)
                message = f"{who} serves {minutes} minutes in week {week} of {year}, of at most {most}."
                yield breach(reading, NAME, group, message, amount=minutes - most, users=[user])
