"""PyVRP on the routing part of a problem.

A vehicle type is a shift of a user, a client a visit, and leaving out costs its prize. Starts lie on the grid, so time
is counted in its steps: a way lasts from the start of one service to the start of the next, rounded up once. Whoever
lacks a skill has a profile of ways in which the client is too far to be reached in time.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyvrp import (
    Client,
    Depot,
    IteratedLocalSearchCallbacks,
    IteratedLocalSearchParams,
    Location,
    ProblemData,
    SolveParams,
    VehicleType,
    solve,
)
from pyvrp.stop import MaxRuntime

from benchmarks.engine import EngineResult, Json
from benchmarks.peers.answer import Diary, Notes, Placed, answer
from benchmarks.peers.routing_problem import RoutingProblem, Shift, Visit
from models.plan import SolverInfo
from models.problem import Problem

NAME = "pyvrp"
Matrix = NDArray[np.int64]


class PyVrp:
    """PyVRP's iterated local search with its default parameters, on one core."""

    def solve(self, document: Json, seconds: float, workers: int, seed: int) -> EngineResult:
        """Plan a problem; see `Engine.solve`."""
        diary = Diary()
        problem = Problem.parse(document)
        routing = RoutingProblem(NAME, problem)
        info = SolverInfo(method="PyVRP", seed=seed, workers=1)
        lost = sum(problem.unassigned_weight(problem.appointments_by_id[key]) for key in routing.hopeless)
        if not routing.visits or not routing.shifts:
            return answer(problem, {}, diary, info, notes={"method": info.method})
        fleet = Fleet(routing)
        params = SolveParams(ils=IteratedLocalSearchParams(callbacks=NoteCosts(diary, lost)))
        built = round(diary.seconds, 3)
        found = solve(fleet.data, MaxRuntime(diary.left(seconds)), seed, collect_stats=False, params=params)
        placed = fleet.read(found.best) if found.is_feasible() else None
        notes: Notes = {"method": info.method, "build_seconds": built, "iterations": found.num_iterations}
        return answer(problem, placed, diary, info, notes=notes)


class NoteCosts(IteratedLocalSearchCallbacks):
    """Writes the cost of every feasible solution that is the best into a diary."""

    def __init__(self, diary: Diary, lost: int) -> None:
        self.diary, self.lost = diary, lost

    def on_start(self, ils: Any) -> None:
        """Note the first solution."""
        self.on_best(ils.initial_solution)

    def on_best(self, best: Any) -> None:
        """Note travel and the prizes of what is left out."""
        if best.is_feasible():
            self.diary.note(best.distance_cost() + best.uncollected_prizes() + self.lost)


class Fleet:
    """The PyVRP data of a problem.

    Parameters
    ----------
    routing
        What is to be planned, with at least one visit and one shift.
    """

    def __init__(self, routing: RoutingProblem) -> None:
        self.routing, self.step = routing, routing.grid.step
        self.origin = routing.grid.floor(min(routing.grid.start, *(shift.start for shift in routing.shifts)))
        ends = [place for shift in routing.shifts for place in (shift.origin, shift.destination)]
        self.depots: list[str | None] = list(dict.fromkeys(ends))
        horizon = max(routing.grid.end, *(shift.end for shift in routing.shifts)) - self.origin
        self.too_far = 2 * (horizon // self.step + 1)
        self.distance, self.duration = self._ways()
        self.profiles: list[tuple[bool, ...]] = []
        vehicles = [self._vehicle(shift) for shift in routing.shifts]
        self.data = ProblemData(
            [Location(0, 0) for _ in range(len(self.depots) + len(routing.visits))],
            [self._client(len(self.depots) + index, visit) for index, visit in enumerate(routing.visits)],
            [Depot(place) for place in range(len(self.depots))],
            vehicles,
            [self._without(self.distance, profile) for profile in self.profiles],
            [self._without(self.duration, profile) for profile in self.profiles],
        )

    def _ways(self) -> tuple[Matrix, Matrix]:
        """Travel minutes, and steps from the start of a service to the start of the next, depots first."""
        times = self.routing.problem.travel_times
        places = [*self.depots, *(visit.location for visit in self.routing.visits)]
        service = np.array([0] * len(self.depots) + [visit.minutes for visit in self.routing.visits], np.int64)
        distance = np.array([[times.minutes(origin, to) for to in places] for origin in places], np.int64)
        duration = -(-(distance + service[:, None]) // self.step)
        np.fill_diagonal(duration, 0)
        return distance, duration

    def _without(self, ways: Matrix, profile: tuple[bool, ...]) -> Matrix:
        """Put the clients of which a profile has False too far away."""
        ways = ways.copy()
        closed = len(self.depots) + np.flatnonzero(~np.array(profile))
        ways[:, closed] = np.maximum(ways[:, closed], self.too_far)
        np.fill_diagonal(ways, 0)
        return ways

    def _vehicle(self, shift: Shift) -> Any:
        profile = tuple(shift.user in visit.users for visit in self.routing.visits)
        if profile not in self.profiles:
            self.profiles.append(profile)
        return VehicleType(
            start_depot=self.depots.index(shift.origin),
            end_depot=self.depots.index(shift.destination),
            tw_early=-((self.origin - shift.start) // self.step),
            tw_late=(shift.end - self.origin) // self.step,
            unit_distance_cost=self.routing.problem.weights.travel,
            profile=self.profiles.index(profile),
            name=shift.user,
        )

    def _client(self, place: int, visit: Visit) -> Any:
        return Client(
            place,
            tw_early=(visit.first - self.origin) // self.step,
            tw_late=(visit.last - self.origin) // self.step,
            prize=visit.prize,
            required=visit.required,
        )

    def read(self, solution: Any) -> dict[str, Placed]:
        """Read a solution.

        Parameters
        ----------
        solution
            Of PyVRP, feasible.

        Returns
        -------
        Where the visits stand that are on a route, by appointment id.
        """
        placed = {}
        for route in solution.routes():
            shift = self.routing.shifts[route.vehicle_type()]
            for stop in route:
                if stop.is_client():
                    visit = self.routing.visits[stop.idx]
                    placed[visit.id] = Placed(self.origin + self.step * stop.start_time, ((shift.user, 0),))
        return placed
