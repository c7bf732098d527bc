"""`max_waiting`: the largest sum of waiting of a user and shift."""

from typing import TYPE_CHECKING

from models.plan import TermCost
from models.problem import Problem
from solver.instance import Instance
from solver.terms.price import priced
from solver.terms.waiting import waits

if TYPE_CHECKING:
    from solver.reading import Reading

NAME = "max_waiting"


def lower(problem: Problem, instance: Instance) -> None:
    """Note the weight of the longest waiting."""
    instance.max_waiting_weight = problem.weights.max_waiting


def cost(reading: "Reading") -> TermCost:
    """Find the longest waiting of a user in a shift."""
    return priced(reading, NAME, max((sum(waits(route, reading).values()) for route in reading.routes), default=0))


def shares(reading: "Reading") -> dict[str, int]:
    """Divide nothing: it belongs to no single appointment."""
    return {}
