"""`overtime`: service minutes beyond `max_hours_per_week`, per user and ISO week."""

from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING

from models.plan import TermCost
from models.problem import Problem
from solver.instance import Instance
from solver.terms.price import priced

if TYPE_CHECKING:
    from solver.reading import Reading

NAME = "overtime"


def lower(problem: Problem, instance: Instance) -> None:
    """Set the threshold of the counters of weekly hours, and what lies above it costs."""
    weight = problem.weights.overtime
    if not weight:
        return
    for subject, user in zip(instance.users, problem.users, strict=True):
        if user.max_hours_per_week is not None:
            threshold = ceil(Fraction(user.max_hours_per_week) * 60)
            subject.counters = [
                counter._replace(threshold=threshold, weight=weight) if counter.rule == "weekly_hours" else counter
                for counter in subject.counters
            ]


def cost(reading: "Reading") -> TermCost:
    """Add up the whole minutes beyond the contracts, per user and week."""
    amount = 0
    for user, weeks in reading.weeks.items():
        contract = reading.users[user].max_hours_per_week
        if contract is not None:
            amount += sum(
                max(0, floor(sum(placed.minutes for placed in week) - Fraction(contract) * 60)) for week in weeks
            )
    return priced(reading, NAME, amount)


def shares(reading: "Reading") -> dict[str, int]:
    """Divide nothing: it belongs to no single appointment."""
    return {}
