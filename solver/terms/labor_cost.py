"""`labor_cost`: hourly cost × hours, in whole currency units, summed before rounding half up."""

from fractions import Fraction
from math import floor, lcm
from typing import TYPE_CHECKING

from models.plan import TermCost
from models.problem import Problem
from solver.instance import Instance
from solver.terms.price import priced

if TYPE_CHECKING:
    from solver.reading import Reading

NAME = "labor_cost"


def lower(problem: Problem, instance: Instance) -> None:
    """Give users their rates as integers over one common unit."""
    instance.labor_weight = problem.weights.labor_cost
    if not instance.labor_weight:
        return
    hourly = [Fraction(user.hourly_cost or 0) for user in problem.users]
    unit = lcm(*(rate.denominator for rate in hourly))
    instance.rate_unit = 60 * unit
    for subject, rate in zip(instance.users, hourly, strict=True):
        subject.rate = int(rate * unit)


def cost(reading: "Reading") -> TermCost:
    """Add up hours times hourly cost exactly, then round half up."""
    total = Fraction(0)
    for user, stops in reading.by_user.items():
        total += Fraction(reading.users[user].hourly_cost or 0) * sum(placed.minutes for placed in stops) / 60
    return priced(reading, NAME, floor(total + Fraction(1, 2)))


def shares(reading: "Reading") -> dict[str, int]:
    """Divide nothing: it belongs to no single appointment."""
    return {}
