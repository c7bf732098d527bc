"""HHCRSP: home care routes with skills, soft windows and double services (Mankowska, Meisel, Bierwirth 2014).

Every service of a patient is an appointment; the two of a double service are linked and have different users. They stay
apart even where they begin together, because the tardiness of both counts. Distances have three decimals: times are
counted in tenths and travel is rounded up, so that what is feasible here is feasible there, and never dearer.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import pairwise
from pathlib import Path

from benchmarks.case import Case, Published, Suite
from benchmarks.generate import Json
from benchmarks.sets.clock import instant, span
from benchmarks.sets.folder import Folder
from models.plan import Plan

FAMILY = "hhcrsp"
SCALE = 10  # of a problem's minute to the set's
SPARE_MINUTES = 600  # after the last window; the best known plans end their last visit much sooner
EPSILON = 1e-6
DEPOT = "depot"


@dataclass(frozen=True)
class Service:
    """A service of a patient; `row` is the patient's in the matrix."""

    id: str
    patient: str
    row: int
    skill: str
    duration: float
    opens: float
    closes: float


@dataclass(frozen=True)
class Pair:
    """Two services of a patient: minutes from the start of the first to the start of the second."""

    first: Service
    second: Service
    least: float
    most: float


class Instance:
    """An original file.

    Parameters
    ----------
    raw
        Its content.
    """

    def __init__(self, raw: Json) -> None:
        self.skills: dict[str, set[str]] = {one["id"]: set(one["abilities"]) for one in raw["caregivers"]}
        self.distances: list[list[float]] = raw["distances"]
        self.pairs: list[Pair] = []
        defaults = {one["id"]: one.get("default_duration") for one in raw.get("services", ())}
        services: list[Service] = []
        for row, patient in enumerate(raw["patients"], 1):
            opens, closes = patient["time_window"]
            own = [
                Service(
                    f"{patient['id']}/{asked['service']}",
                    patient["id"],
                    row,
                    asked["service"],
                    asked.get("duration", defaults.get(asked["service"])),
                    opens,
                    closes,
                )
                for asked in patient["required_caregivers"]
            ]
            services += own
            if len(own) == 2:
                rule = patient["synchronization"]
                least, most = (0, 0) if rule["type"] == "simultaneous" else rule["distance"]
                self.pairs.append(Pair(own[0], own[1], least, most))
        self.services = {service.id: service for service in services}

    @cached_property
    def horizon(self) -> int:
        """The last minute of a plan, scaled."""
        return _up(max(service.closes for service in self.services.values()) + SPARE_MINUTES)

    def document(self, name: str) -> Json:
        """Write the instance as a problem.json dictionary.

        Parameters
        ----------
        name
            Of the problem.

        Returns
        -------
        The problem. Its cost is three times the published objective in tenths, plus what rounding travel up adds.
        """
        follow = {
            pair.second.id: {
                "appointment": pair.first.id,
                "from": "start",
                "min_gap_minutes": _up(pair.least),
                "max_gap_minutes": _down(pair.most),
                "different_users": True,
            }
            for pair in self.pairs
        }
        places = {service.row: service.patient for service in self.services.values()}
        return {
            "version": 1,
            "name": name,
            "horizon": span(0, self.horizon),
            "step_minutes": 1,
            "users": [
                {"id": user, "skills": sorted(skills), "start_location": DEPOT, "end_location": DEPOT}
                for user, skills in self.skills.items()
            ],
            "appointments": [
                {
                    "id": service.id,
                    "duration_minutes": _up(service.duration),
                    "windows": [span(_up(service.opens), self.horizon)],
                    "due": instant(_down(service.closes) + _up(service.duration)),
                    "crew": [{"skills": [service.skill]}],
                    "location": service.patient,
                    "mandatory": True,
                    "after": [follow[service.id]] if service.id in follow else [],
                }
                for service in self.services.values()
            ],
            "travel": {
                "locations": [places.get(row, DEPOT) for row in range(len(self.distances))],
                "minutes": [[_up(distance) for distance in row] for row in self.distances],
            },
            "weights": {"travel": 1, "lateness": 1, "max_lateness": 1},
        }

    def measure(self, plan: Plan) -> Published:
        """Recompute (distance + total tardiness + largest tardiness) / 3 from who serves what in which order.

        Parameters
        ----------
        plan
            Of this instance's document; its starts only say the order.

        Returns
        -------
        The objective with the original distances, every service as early as the order allows.
        """
        routes, breaches = self._routes(plan)
        for pair in self.pairs:
            users = [user for user, route in routes.items() for one in (pair.first, pair.second) if one in route]
            if len(users) == 2 and len(set(users)) == 1:
                breaches.append(f"{pair.first.patient}: both services are done by {users[0]}")
        starts, fits = self._earliest(routes)
        if not fits:
            breaches.append("no starts fit this order: a double service waits for itself")
        late = [max(0.0, start - service.closes) for service, start in starts.items()]
        stops = [[0, *(service.row for service in route), 0] for route in routes.values() if route]
        distance = sum(self.distances[a][b] for rows in stops for a, b in pairwise(rows))
        total, largest = sum(late), max(late, default=0.0)
        parts = {"distance": distance, "total_tardiness": total, "max_tardiness": largest}
        return Published((distance + total + largest) / 3, parts, tuple(breaches))

    def _routes(self, plan: Plan) -> tuple[dict[str, list[Service]], list[str]]:
        """Read who serves what in which order, and what is wrong with it."""
        breaches: list[str] = []
        routes: dict[str, list[Service]] = defaultdict(list)
        for assignment in sorted(plan.assignments, key=lambda assignment: assignment.start):
            service = self.services.get(assignment.appointment)
            if service is None:
                breaches.append(f"{assignment.appointment}: there is no such service")
                continue
            if len(assignment.users) != 1:
                breaches.append(f"{service.id}: {len(assignment.users)} caregivers instead of one")
            for user in assignment.users:
                if service.skill not in self.skills.get(user, ()):
                    breaches.append(f"{service.id}: {user} is not able to do it")
                routes[user].append(service)
        served = [service.id for route in routes.values() for service in route]
        breaches += [f"{key}: not served" for key in self.services if key not in served]
        return routes, breaches

    def _earliest(self, routes: dict[str, list[Service]]) -> tuple[dict[Service, float], bool]:
        """Push starts as little as routes and double services demand; False where that never ends."""
        starts: dict[Service, float] = {}
        edges: list[tuple[Service, Service, float]] = []
        for route in routes.values():
            for service in route:
                starts[service] = service.opens
            if route:
                starts[route[0]] = max(starts[route[0]], self.distances[0][route[0].row])
            edges += [(a, b, a.duration + self.distances[a.row][b.row]) for a, b in pairwise(route)]
        for pair in self.pairs:
            if pair.first in starts and pair.second in starts:
                edges += [(pair.first, pair.second, pair.least), (pair.second, pair.first, -pair.most)]
        for _ in range(len(starts) + 1):
            moved = False
            for before, after, gap in edges:
                if starts[before] + gap > starts[after] + EPSILON:
                    starts[after] = starts[before] + gap
                    moved = True
            if not moved:
                return starts, True
        return starts, False


def suite(data: Path | None) -> Suite:
    """Open the set.

    Parameters
    ----------
    data
        The folder of the public sets, None for the one that the environment names.

    Returns
    -------
    Its instances.
    """
    folder = Folder(FAMILY, data, ".json", "github.com/iolab-uniud/hhcrsp, instances/mankowska, renamed A1 to G10")
    summary = "home care routes with double services, Mankowska et al. 2014"
    return Suite(FAMILY, summary, folder.names, partial(_load, folder))


def _load(folder: Folder, name: str) -> Case:
    instance = Instance(folder.json(name))
    best, bound = folder.published(name, "best_known", "lower_bound")
    return Case(FAMILY, name, instance.document(name), best, bound, "minutes", instance.measure, exact=False)


def _up(minutes: float) -> int:
    return -(-round(minutes * 1000) * SCALE // 1000)


def _down(minutes: float) -> int:
    return round(minutes * 1000) * SCALE // 1000
