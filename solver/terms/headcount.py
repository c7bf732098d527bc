"""`headcount`: users with at least one appointment."""

from typing import TYPE_CHECKING

from models.plan import TermCost
from models.problem import Problem
from solver.instance import Instance
from solver.terms.price import priced

if TYPE_CHECKING:
    from solver.reading import Reading

NAME = "headcount"


def lower(problem: Problem, instance: Instance) -> None:
    """Note the weight of every user who comes."""
    instance.headcount_weight = problem.weights.headcount


def cost(reading: "Reading") -> TermCost:
    """Count the users who come."""
    return priced(reading, NAME, len(reading.by_user))


def shares(reading: "Reading") -> dict[str, int]:
    """Divide nothing: it belongs to no single appointment."""
    return {}
