"""What is known of one task under a solution: how it could be staffed and equipped, and when."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from models.appointments import Appointment
from solver.explain.causes import BREAK, TRAVEL
from solver.explain.crews import demanded, neighbours, staffing, tied, ties_of
from solver.explain.days import Days
from solver.explain.occupied import Occupied
from solver.explain.rows import Rows, Shape, Span
from solver.explain.starts import Flags, Starts, lifts_of, starts_of
from solver.instance import NEVER, Instance, Interval, Solution


@dataclass(frozen=True)
class Scene:
    """A solution beside its problem, with what many tasks ask for."""

    instance: Instance
    solution: Solution
    occupied: Occupied
    rows: Rows
    days: Days

    @classmethod
    def of(cls, instance: Instance, solution: Solution) -> "Scene":
        """Index a solution."""
        occupied = Occupied(instance, solution)
        return cls(instance, solution, occupied, Rows(instance, occupied), Days(instance, occupied))


@dataclass
class Inquiry:
    """Everything about one task: how it could be staffed and equipped, and when.

    `wished` are its windows as given, relative to the origin; `aim` is the start it would like best.
    `capped` tells that not all of its places were looked at.
    """

    scene: Scene
    index: int
    appointment: Appointment
    wished: Sequence[Interval] = ()
    aim: int | None = None
    capped: bool = False
    _looked: dict[tuple[int, int], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        instance = self.scene.instance
        self.task = instance.tasks[self.index]
        self.shape = Shape.of(instance, self.task)
        self.staff = staffing(instance, self.task, self.appointment)
        self.ties = ties_of(self.task, self.scene.solution)
        self.crews = tied(instance, self.task, self.staff, self.ties)
        self.demands, self.unfit = demanded(self.task)
        self.lifts = lifts_of(instance, self.task, self.wished)
        self.link_range = self._link_range()

    def starts(self, lifted: frozenset[str]) -> Starts:
        """The starts with some rules of its own lifted, those near the aim first."""
        found = starts_of(self.scene.instance, self.task, lifted, self.wished)
        aim = self.aim
        return found if aim is None else sorted(found, key=lambda day: max(day[0].first - aim, aim - day[0].last, 0))

    def late(self, span: Span) -> Flags:
        """At which starts the links of the task do not hold."""
        if self.link_range is None:
            return np.ones(span.size, np.bool_)
        starts = span.first + span.step * np.arange(span.size)
        return (starts < self.link_range[0]) | (starts > self.link_range[1])

    def _link_range(self) -> Interval | None:
        """First and last start that links allow, None where a task before it is left out."""
        low, high = -NEVER, NEVER
        for link, other in neighbours(self.task):
            placement = self.scene.solution[other]
            if placement is None:
                if other == link.before:
                    return None
                continue
            if other == link.before:
                mark = placement.start + (0 if link.from_start else self.scene.instance.tasks[other].duration)
                low, high = max(low, mark + link.min_gap), min(high, mark + link.max_gap)
            else:
                mark = placement.start - (0 if link.from_start else self.task.duration)
                low, high = max(low, mark - link.max_gap), min(high, mark - link.min_gap)
        return low, high

    def look(self, user: int, start: int, mask: int) -> int:
        """Complete the mask of a user at a start with journeys and flexible breaks."""
        key = user, start
        if key not in self._looked:
            days = self.scene.days
            bits = TRAVEL if not mask & TRAVEL and days.lost_way(user, self.task, start) else 0
            bits |= BREAK if not mask & BREAK and days.lost_break(user, self.task, start) else 0
            self._looked[key] = bits
        return mask | self._looked[key]

    @property
    def looks(self) -> int:
        """How many users were looked at at how many starts."""
        return len(self._looked)
