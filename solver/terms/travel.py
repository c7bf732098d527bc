"""`travel`: travel minutes of every user in every shift: from its start, between located appointments, to its end."""

from typing import TYPE_CHECKING

from models.plan import TermCost
from models.problem import Problem
from solver.instance import Instance
from solver.terms.price import priced, shared

if TYPE_CHECKING:
    from solver.reading import Reading

NAME = "travel"


def lower(problem: Problem, instance: Instance) -> None:
    """Note the weight of a minute on the way."""
    instance.travel_weight = problem.weights.travel


def cost(reading: "Reading") -> TermCost:
    """Add up all ways."""
    return priced(reading, NAME, sum(leg.minutes for route in reading.routes for leg in route.legs))


def shares(reading: "Reading") -> dict[str, int]:
    """Charge every way to the appointment it leads to, and the last one to where it comes from."""
    amounts: dict[str, int] = {}
    for route in reading.routes:
        for leg in route.legs:
            payer = leg.destination or leg.origin
            if payer is not None:
                amounts[payer.id] = amounts.get(payer.id, 0) + leg.minutes
    return shared(reading, NAME, amounts)
