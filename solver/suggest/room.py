"""A problem with room for what is not in it yet: buffers, units and places that no appointment of it has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from models.appointments import Appointment, Demand
from models.problem import Problem
from models.travel import Location, TravelMatrix
from solver.instance import Instance

MARGIN_MINUTES = 1440  # buffers of a request reach no farther out of the horizon than this
NOBODY = "\0"  # begins the ids of appointments and locations that only make room: no id that is read has it


def with_room(problem: Problem) -> Problem:
    """Add appointments, none of which is ever placed, that ask for all that a request may ask for.

    Parameters
    ----------
    problem
        As it was read.

    Returns
    -------
    The problem whose lowered form knows every location, wide buffers, whole minutes and parts of resources.
    """
    nowhere = (Location.model_construct(id=NOBODY, latitude=0.0, longitude=0.0),)
    apart = problem.travel is None or isinstance(problem.travel, TravelMatrix)
    locations = problem.locations if apart else problem.locations + nowhere
    return changed(problem, locations=locations, appointments=(*problem.appointments, *_makers(problem, locations)))


def changed(problem: Problem, **fields: Any) -> Problem:
    """Copy a problem with some fields changed, unchecked; what it has computed of itself is computed anew."""
    return Problem.model_construct(**{name: getattr(problem, name) for name in Problem.model_fields} | fields)


def _makers(problem: Problem, locations: tuple[Location, ...]) -> Iterator[Appointment]:
    wide = {"buffer_before_minutes": MARGIN_MINUTES, "buffer_after_minutes": MARGIN_MINUTES}
    yield _maker("wide", **wide)
    for resource in problem.resources:
        if resource.capacity > 1:
            yield _maker(f"part of {resource.id}", resources=(Demand(resource=resource.id, units=1),))
    used = {appointment.location for appointment in problem.appointments}
    for place in _places(problem, locations):
        if place not in used:
            yield _maker(f"at {place}", location=place)


def _maker(name: str, **fields: Any) -> Appointment:
    plain = Appointment(id=NOBODY + name, duration_minutes=1, unassigned_weight=0)
    return plain.model_copy(update=fields)


def _places(problem: Problem, locations: tuple[Location, ...]) -> tuple[str, ...]:
    if problem.travel is None:
        return ()
    if isinstance(problem.travel, TravelMatrix):
        return problem.travel.locations
    return tuple(place.id for place in locations)


def add_places(instance: Instance, more: int) -> None:
    """Widen the travel table.

    Parameters
    ----------
    instance
        Its table grows by rows and columns of zeros.
    more
        How many.
    """
    if not instance.travel_exists:
        return
    size = len(instance.travel)
    table = np.zeros((size + more, size + more), instance.travel.dtype)
    table[:size, :size] = instance.travel
    instance.travel = table
