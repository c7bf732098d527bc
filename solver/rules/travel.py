"""`travel`: within a shift there is time to travel between located appointments, and from and to its own places."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from models.appointments import Appointment
from models.plan import Violation
from models.problem import Problem
from models.travel import EARTH_RADIUS_KM, TravelMatrix, TravelSpeed
from solver.instance import NOWHERE, Instance, Interval, Task, TaskWriter
from solver.routes import Leg
from solver.rules.breach import breach
from solver.rules.pinned import held_of

if TYPE_CHECKING:
    from solver.reading import Reading

NAME = "travel"
MOST_CHECKED = 800  # locations: the test takes their number to the third
ROWS_AT_ONCE = 32  # of a travel table
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
        degrees = np.array([coordinates[place] for place in places]).reshape(-1, 2)
        table = np.zeros((len(places), len(places)), np.int32)
        for first in range(0, len(places), ROWS_AT_ONCE):  # as many as stay in the processor's cache
            some = slice(first, first + ROWS_AT_ONCE)
            table[some, first:] = ways(travel, degrees[some], degrees[first:])
            table[first:, some] = table[some, first:].T
    np.fill_diagonal(table, 0)
    return table


def ways(travel: TravelSpeed, origins: NDArray[np.float64], destinations: NDArray[np.float64]) -> NDArray[np.int32]:
    """Measure the ways from some coordinates to others by the haversine formula.

    Parameters
    ----------
    travel
        Speed and detour factor.
    origins, destinations
        n × 2 and m × 2 degrees, latitude first.

    Returns
    -------
    n × m whole minutes, rounded up.
    """
    north, west = np.radians(origins).T[:, :, None]
    south, east = np.radians(destinations).T[:, None, :]
    turn = np.cos(north) * np.cos(south) * np.sin((east - west) / 2) ** 2
    half = np.minimum(1.0, np.sin((south - north) / 2) ** 2 + turn)
    distance_km = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(half)) * travel.detour_factor
    minutes: NDArray[np.float64] = np.ceil(distance_km / travel.speed_kmh * 60 - ROUNDING)
    return minutes.astype(np.int32)


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
    if not isinstance(problem.travel, TravelMatrix):
        return True
    if len(table) > MOST_CHECKED:
        return False
    return all(bool((table[:, [via]] + table[[via], :] >= table).all()) for via in range(len(table)))


def lower(problem: Problem, instance: Instance) -> TaskWriter | None:
    """Number the locations that matter, measure the ways between them, and give every user their shifts."""
    _shifts(problem, instance)
    if problem.travel is None or not any(appointment.location for appointment in problem.appointments):
        return None
    used = dict.fromkeys(appointment.location for appointment in problem.appointments if appointment.location)
    for user in problem.users:
        used.update(dict.fromkeys(place for place in (user.start_location, user.end_location) if place))
    instance.locations = list(used)
    instance.location_index = {place: index for index, place in enumerate(instance.locations)}
    instance.travel = travel_matrix(problem, instance.locations)
    instance.triangular = is_triangular(problem, instance.travel)
    for subject, user in zip(instance.users, problem.users, strict=True):
        subject.start_location = instance.location_index[user.start_location] if user.start_location else NOWHERE
        subject.end_location = instance.location_index[user.end_location] if user.end_location else NOWHERE

    def write(task: Task, appointment: Appointment) -> None:
        if appointment.location:
            task.location = instance.location_index[appointment.location]

    return write


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
