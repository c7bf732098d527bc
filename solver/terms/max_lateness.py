"""`max_lateness`: the largest lateness of the plan."""

from typing import TYPE_CHECKING

from models.plan import TermCost
from models.problem import Problem
from solver.instance import Instance
from solver.terms.lateness import amounts
from solver.terms.price import priced

if TYPE_CHECKING:
    from solver.reading import Reading

NAME = "max_lateness"


def lower(problem: Problem, instance: Instance) -> None:
    """Note the weight of the largest lateness; the due times are those of `lateness`."""
    instance.max_late_weight = problem.weights.max_lateness


def cost(reading: "Reading") -> TermCost:
    """Find the largest lateness."""
    return priced(reading, NAME, max(amounts(reading).values(), default=0))


def shares(reading: "Reading") -> dict[str, int]:
    """Divide nothing: it belongs to no single appointment."""
    return {}
