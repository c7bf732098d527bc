"""`travel`: within a shift there is time to travel between located appointments, and from and to its own places."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from models.plan import Violation
from models.problem import Problem
from models.travel import EARTH_RADIUS_KM, TravelMatrix
from solver.instance import NOWHERE, Instance, Interval
from solver.routes import Leg
from solver.rules.breach import breach
from solver.rules.pinned import held_of

if TYPE_CHECKING:
    from solver.reading import Reading

NAME = "travel"
MOST_CHECKED = 800  # locations: the test takes their number to the third
ROUNDING = 1e-9  # a way this much longer than a whole minute still takes that minute


def travel_matrix(problem: Problem, places: list[str]) -> NDArray[np.int32]:
    """Measure the ways between all pairs of some locations.

    Parameters
    ----------
    problem
        Its travel: a table, or a speed and coordinates, of which the haversine distance is taken.
    places
        Ids of n locations.

    Returns
    -------
    n × n whole minutes, rows by origin, zero on the diagonal.
    """
    travel = problem.travel
    if travel is None:
        return np.zeros((0, 0), np.int32)
    if isinstance(travel, TravelMatrix):
        row_of = {place: row for row, place in enumerate(travel.locations)}
        rows = [row_of[place] for place in places]
        table = np.asarray(travel.minutes, np.int32).reshape(len(row_of), -1)[np.ix_(rows, rows)]
    else:
        coordinates = {place.id: (place.latitude, place.longitude) for place in problem.locations}
        latitude, longitude = np.radians(np.array([coordinates[place] for place in places])).T
        rise = np.sin((latitude[None, :] - latitude[:, None]) / 2) ** 2
        turn = np.sin((longitude[None, :] - longitude[:, None]) / 2) ** 2
        half = rise + np.cos(latitude)[:, None] * np.cos(latitude)[None, :] * turn
        distance_km = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(1.0, half))) * travel.detour_factor
        table = np.ceil(distance_km / travel.speed_kmh * 60 - ROUNDING).astype(np.int32)
    np.fill_diagonal(table, 0)
    return table


def is_triangular(problem: Problem, table: NDArray[np.int32]) -> bool:
    """Tell whether no detour is shorter than the direct way.

    Parameters
    ----------
    problem
        Where travel comes from: rounded up distances on the globe are triangular, a table may not be.
    table
        n × n whole minutes.

    Returns
    -------
    True only where it is so; a large table counts as not triangular, unread.
    """
    if len(table) > MOST_CHECKED:
        return not isinstance(problem.travel, TravelMatrix)
    return all(bool((table[:, [via]] + table[[via], :] >= table).all()) for via in range(len(table)))


def lower(problem: Problem, instance: Instance) -> None:
    """Number the locations that matter, measure the ways between them, and give every user their shifts."""
    _shifts(problem, instance)
    if problem.travel is None or not any(appointment.location for appointment in problem.appointments):
        return
    used = dict.fromkeys(appointment.location for appointment in problem.appointments if appointment.location)
    for user in problem.users:
        used.update(dict.fromkeys(place for place in (user.start_location, user.end_location) if place))
    instance.locations = list(used)
    instance.location_index = {place: index for index, place in enumerate(instance.locations)}
    instance.travel = travel_matrix(problem, instance.locations)
    instance.triangular = is_triangular(problem, instance.travel)
    for task, appointment in zip(instance.tasks, problem.appointments, strict=True):
        if appointment.location:
            task.location = instance.location_index[appointment.location]
    for subject, user in zip(instance.users, problem.users, strict=True):
        subject.start_location = instance.location_index[user.start_location] if user.start_location else NOWHERE
        subject.end_location = instance.location_index[user.end_location] if user.end_location else NOWHERE


def _shifts(problem: Problem, instance: Instance) -> None:
    """Keep the shifts that touch the horizon or hold something pinned; equal lists are one object."""
    pinned = held_of(problem, instance)
    shared: dict[tuple[Interval, ...], list[Interval]] = {}
    for subject in instance.users:
        held = pinned.get(subject.id, ())
        shifts = [
            (start, end)
            for start, end in instance.spans(instance.calendars.shifts(subject.id))
            if (start < instance.end and instance.start < end) or any(start <= entry.start < end for entry in held)
        ]
        subject.shifts = shared.setdefault(tuple(shifts), shifts)


def violations(reading: "Reading") -> Iterator[Violation]:
    """Find ways for which there is not enough time."""
    for route in reading.routes:
        for leg in route.legs:
            if leg.free < leg.minutes:
                yield _late(reading, route.user, leg)


def _late(reading: "Reading", user: str, leg: Leg) -> Violation:
    ends = [stop for stop in (leg.origin, leg.destination) if stop is not None]
    origin = "the start of the shift" if leg.origin is None else leg.origin.id
    destination = "the end of the shift" if leg.destination is None else leg.destination.id
    message = (
        f"{reading.label('user', user)} needs {leg.minutes} minutes to travel from {origin} to {destination} "
        f"and has {max(0, leg.free)}."
    )
    # Unpinned work that eats the time between two pinned appointments is part of what it breaks.
    eaters = [stop for stop in leg.between if not stop.pinned]
    if leg.free + sum(stop.busy_end - stop.busy_start for stop in eaters) < leg.minutes:
        eaters = []
    start = ends[0].busy_end if leg.origin is not None else ends[0].busy_start - max(0, leg.free)
    end = ends[-1].busy_start if leg.destination is not None else start + max(0, leg.free)
    return breach(
        reading, NAME, [*ends, *eaters], message,
        start=min(start, end), end=max(start, end), amount=leg.minutes - leg.free, users=[user],
    )  # fmt: skip
