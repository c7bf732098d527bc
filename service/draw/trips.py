"""When users are on the way: to each appointment as late as possible, and home as soon as the last one is over."""

from collections.abc import Iterable, Iterator

from service.draw.timeline import Trip
from service.report import named
from solver.routes import Leg, Route


def trips_of(routes: Iterable[Route]) -> Iterator[Trip]:
    """Place the ways of a user in time.

    Parameters
    ----------
    routes
        The routes of one user.

    Yields
    ------
    The trips that take any time.
    """
    for route in routes:
        for leg in route.legs:
            if leg.minutes:
                yield _trip(leg)


def _trip(leg: Leg) -> Trip:
    origin = "the start" if leg.origin is None else named(leg.origin.appointment)[0]
    if leg.destination is not None:
        arrival = leg.destination.busy_start
        goal = named(leg.destination.appointment)[0]
        return Trip(arrival - leg.minutes, arrival, f"{leg.minutes} min from {origin} to {goal}")
    departure = 0 if leg.origin is None else leg.origin.busy_end
    return Trip(departure, departure + leg.minutes, f"{leg.minutes} min from {origin} to the end of the shift")
