"""An original UHHC file: caregivers with shifts, patients with windows and one or two services, weights or "HARD"."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from benchmarks.generate import Json

HARD = "HARD"
SIMULTANEOUS, SEQUENTIAL = "simultaneous", "sequential"


@dataclass(frozen=True)
class Caregiver:
    """Who serves; `leaves` and `arrives` are rows of the matrix, `lunch` says whether one is due."""

    id: str
    skills: tuple[str, ...]
    leaves: int
    arrives: int
    starts: int
    ends: int
    lunch: bool


@dataclass(frozen=True)
class Service:
    """One of the services of a patient; what is said of the patient holds for each."""

    id: str
    patient: str
    row: int
    skill: str
    duration: int
    windows: tuple[tuple[int, int], ...]
    optional: bool
    preferred: tuple[str, ...] | None
    excluded: tuple[str, ...]


@dataclass(frozen=True)
class Pair:
    """Two services whose starts depend on each other: minutes from the first to the second."""

    first: Service
    second: Service
    least: int
    most: int


@dataclass(frozen=True)
class Lunch:
    """When a lunch may begin and end, and how long it is."""

    opens: int
    closes: int
    minutes: int


class Original:
    """An instance as its file says it.

    Parameters
    ----------
    raw
        Content of the file.
    """

    def __init__(self, raw: Json) -> None:
        about = raw["metadata"]
        self.origin: str = about["origin"]
        self.weights: dict[str, int | str] = about["cost_components"]
        self.window_at_end: bool = about["time_window_met"] == "at_service_end"
        self.distances: list[list[int]] = raw["distances"]
        self.terminals: dict[str, int] = {one["id"]: one["distance_matrix_index"] for one in raw["terminal_points"]}
        self.caregivers = {one["id"]: self._caregiver(one) for one in raw["caregivers"]}
        spec = raw.get("lunch_breaks")
        self.lunch = Lunch(spec["start"], spec["end"], spec["min_duration"]) if spec else None
        self.patients: dict[str, tuple[Service, ...]] = {one["id"]: _services(one) for one in raw["patients"]}
        self.pairs = [
            _pair(self.patients[one["id"]], one["synchronization"])
            for one in raw["patients"]
            if len(one["required_services"]) == 2 and one["synchronization"]["type"] in (SIMULTANEOUS, SEQUENTIAL)
        ]

    def _caregiver(self, raw: Json) -> Caregiver:
        shift = raw["working_shift"]
        leaves, arrives = (self.terminals[raw[end]] for end in ("departing_point", "arrival_point"))
        lunch = bool(raw.get("lunch_break"))
        return Caregiver(raw["id"], tuple(raw["abilities"]), leaves, arrives, shift["start"], shift["end"], lunch)

    @cached_property
    def services(self) -> tuple[Service, ...]:
        """All services of all patients."""
        return tuple(chain.from_iterable(self.patients.values()))

    @cached_property
    def places(self) -> list[str]:
        """A name for each row of the matrix."""
        names = {row: name for name, row in self.terminals.items()} | {one.row: one.patient for one in self.services}
        return [names[row] for row in range(len(self.distances))]

    def weight(self, component: str) -> int:
        """Look up the weight of a component; 0 where the instance has none or it is hard."""
        weight = self.weights.get(component, 0)
        return weight if isinstance(weight, int) else 0

    def lateness(self, service: Service, start: int) -> int:
        """Compute by how much a start misses the latest window that is open then.

        Parameters
        ----------
        service
            What begins.
        start
            When.

        Returns
        -------
        Minutes; the file says whether a window is met at the start or at the end of a service.
        """
        closes = [last for first, last in service.windows if first <= start]
        met = start + service.duration if self.window_at_end else start
        return max(0, met - closes[-1]) if closes else 0


def _services(raw: Json) -> tuple[Service, ...]:
    return tuple(
        Service(
            f"{raw['id']}/{asked['service']}",
            raw["id"],
            raw["distance_matrix_index"],
            asked["service"],
            asked["duration"],
            tuple(sorted((int(window["start"]), int(window["end"])) for window in raw["time_windows"])),
            bool(raw.get("optional")),
            None if raw.get("preferred_caregivers") is None else tuple(raw["preferred_caregivers"]),
            tuple(raw.get("incompatible_caregivers") or ()),
        )
        for asked in raw["required_services"]
    )


def _pair(services: tuple[Service, ...], rule: Json) -> Pair:
    least, most = (0, 0) if rule["type"] == SIMULTANEOUS else (rule["distance"]["min"], rule["distance"]["max"])
    return Pair(services[0], services[1], least, most)
