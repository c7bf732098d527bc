"""The way of a user through a shift."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from models.intervals import Interval
from models.people import User
from models.problem import Problem
from solver.placed import Placed


class Leg(NamedTuple):
    """A way between two places: `origin` None is where the shift starts, `destination` None where it ends.

    `free` minutes are there for it: the services and buffers of the unlocated appointments `between` are taken off.
    """

    origin: Placed | None
    destination: Placed | None
    minutes: int
    free: int
    between: tuple[Placed, ...] = ()


@dataclass(frozen=True, slots=True)
class Route:
    """The appointments of a user that start in a shift, sorted by start with buffer, and the ways among them."""

    user: str
    shift: Interval
    stops: list[Placed]
    legs: tuple[Leg, ...]


def routes_of(user: User, shifts: Sequence[Interval], stops: Sequence[Placed], problem: Problem) -> list[Route]:
    """Divide the appointments of a user among shifts and find the ways in each.

    Parameters
    ----------
    user
        Whose route it is, with the places where shifts start and end.
    shifts
        Sorted and disjoint, in epoch minutes.
    stops
        What the user serves, sorted by start with buffer.
    problem
        For the travel times.

    Returns
    -------
    One route for every shift that holds the start of a service; services outside all shifts are on no route.
    """
    starts = [start for start, _ in shifts]
    by_shift: dict[int, list[Placed]] = {}
    for placed in stops:
        index = bisect_right(starts, placed.start) - 1
        if index >= 0 and placed.start < shifts[index][1]:
            by_shift.setdefault(index, []).append(placed)
    return [
        Route(user.id, shifts[index], held, tuple(_legs(user, shifts[index], held, problem)))
        for index, held in sorted(by_shift.items())
    ]


def _legs(user: User, shift: Interval, stops: list[Placed], problem: Problem) -> Iterator[Leg]:
    located = [index for index, placed in enumerate(stops) if placed.location is not None]
    if problem.travel is None or not located:
        return
    minutes = problem.travel_times.minutes
    first, last = stops[located[0]], stops[located[-1]]
    if user.start_location is not None:
        yield Leg(None, first, minutes(user.start_location, first.location), first.busy_start - shift[0])
    for index, following in pairwise(located):
        before, after = stops[index], stops[following]
        between = tuple(
            placed
            for placed in stops[index + 1 : following]
            if before.busy_end <= placed.busy_start and placed.busy_end <= after.busy_start
        )
        free = after.busy_start - before.busy_end - sum(placed.busy_end - placed.busy_start for placed in between)
        yield Leg(before, after, minutes(before.location, after.location), free, between)
    if user.end_location is not None:
        yield Leg(last, None, minutes(last.location, user.end_location), shift[1] - last.busy_end)
