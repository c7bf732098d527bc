"""`waiting`: minutes a user is idle between two appointments of a shift, travel taken off."""

from itertools import pairwise
from typing import TYPE_CHECKING

from models.plan import TermCost
from models.problem import Problem
from solver.instance import Instance
from solver.terms.price import priced, shared

if TYPE_CHECKING:
    from solver.reading import Reading
    from solver.routes import Route

NAME = "waiting"


def lower(problem: Problem, instance: Instance) -> None:
    """Note the weight of an idle minute."""
    instance.waiting_weight = problem.weights.waiting


def waits(route: "Route", reading: "Reading") -> dict[str, int]:
    """Find the idle minutes of a shift; the way between two located appointments is taken off all gaps between them.

    Parameters
    ----------
    route
        The appointments of a user in a shift.
    reading
        For the travel times.

    Returns
    -------
    Minutes by the id of the located appointment that ends the wait, or of the last appointment of the shift.
    """
    idle: dict[str, int] = {}
    gap = 0
    last: str | None = None
    for before, after in pairwise(route.stops):
        if before.location is not None:
            last = before.location
        gap += max(0, after.busy_start - before.busy_end)
        if after.location is not None:
            idle[after.id] = max(0, gap - reading.travel_minutes(last, after.location))
            gap = 0
    if gap:
        idle[route.stops[-1].id] = gap
    return idle


def cost(reading: "Reading") -> TermCost:
    """Add up the idle minutes of all users and shifts."""
    return priced(reading, NAME, sum(sum(waits(route, reading).values()) for route in reading.routes))


def shares(reading: "Reading") -> dict[str, int]:
    """Charge every wait to the appointment that ends it."""
    amounts: dict[str, int] = {}
    for route in reading.routes:
        for key, minutes in waits(route, reading).items():
            amounts[key] = amounts.get(key, 0) + minutes
    return shared(reading, NAME, amounts)
