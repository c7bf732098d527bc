"""What is known of one task under a solution: how it could be staffed and equipped, and when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from models.appointments import Appointment
from models.timegrid import minute_of
from solver.explain.causes import BARRED, BREAK, TRAVEL
from solver.explain.crews import demanded, neighbours, staffing, tied, ties_of
from solver.explain.days import Days
from solver.explain.occupied import Occupied
from solver.explain.rows import Rows, Shape, Span
from solver.explain.starts import Flags, Starts, lifts_of, starts_of
from solver.explain.views import Barred, Barring, Spared
from solver.instance import NEVER, Instance, Interval, Solution, Task


@dataclass(frozen=True)
class Scene:
    """A solution beside its problem, with what many tasks ask for.

    `hopeless` is the scene without any other task where what is closed there is barred.
    """

    instance: Instance
    solution: Solution
    occupied: Occupied
    rows: Rows
    days: Days
    hopeless: "Scene | None" = None

    @classmethod
    def of(cls, instance: Instance, solution: Solution) -> "Scene":
        """Index a solution."""
        occupied = Occupied(instance, solution)
        return cls(instance, solution, occupied, Rows(instance, occupied), Days(instance, occupied))

    @cached_property
    def alone(self) -> "Scene":
        """The same problem with nothing placed."""
        return Scene.of(self.instance, [None] * len(self.solution))

    @cached_property
    def barred(self) -> "Scene":
        """The scene with everything barred that is closed even in an empty plan."""
        return replace(self, rows=Barred(self.rows, self.alone.rows), hopeless=self.alone)

    def barring(self, bits: int) -> "Scene":
        """The scene with everything barred that some causes close."""
        return replace(self, rows=Barring(self.rows, bits))

    def sparing(self, spared: Mapping[int, int], everywhere: int = 0) -> "Scene":
        """The scene as if some causes did not count.

        Parameters
        ----------
        spared
            By subject the bits of `solver.explain.causes`.
        everywhere
            Bits that do not count for anybody.

        Returns
        -------
        A scene that shares all else with this one.
        """
        return replace(self, rows=Spared(self.rows, spared, everywhere))


@dataclass
class Inquiry:
    """Everything about one task: how it could be staffed and equipped, and when.

    `wished` are its windows as given, relative to the origin; `aim` is the start it would like best.
    `capped` tells that not all of its places were looked at. `loose` leaves its links out of account. `altered` is
    looked at instead of the task as it is.
    """

    scene: Scene
    index: int
    appointment: Appointment
    wished: Sequence[Interval] = ()
    aim: int | None = None
    loose: bool = False
    altered: Task | None = None
    capped: bool = False
    _looked: dict[tuple[int, int], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        instance = self.scene.instance
        self.task = instance.tasks[self.index] if self.altered is None else self.altered
        self.shape = Shape.of(instance, self.task)
        self.staff = staffing(instance, self.task, self.appointment)
        self.ties = ties_of(self.task, [None] * len(self.scene.solution) if self.loose else self.scene.solution)
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
        for link, other in () if self.loose else neighbours(self.task):
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
            self._looked[key] = self._lost(user, start, ~mask & ~self.scene.rows.spared(user))
        return mask | self._looked[key]

    def _lost(self, user: int, start: int, wanted: int) -> int:
        """What a user would lose by the task at a start, of some bits."""
        days, hopeless = self.scene.days, self.scene.hopeless
        bits = TRAVEL if wanted & TRAVEL and days.lost_way(user, self.task, start) else 0
        bits |= BREAK if wanted & BREAK and days.lost_break(user, self.task, start) else 0
        if hopeless is not None and bits:
            lost_way = bits & TRAVEL and hopeless.days.lost_way(user, self.task, start)
            lost_break = bits & BREAK and hopeless.days.lost_break(user, self.task, start)
            bits |= BARRED if lost_way or lost_break else 0
        return bits

    @property
    def looks(self) -> int:
        """How many users were looked at at how many starts."""
        return len(self._looked)


def inquire(
    scene: Scene, appointment: Appointment, index: int, *, loose: bool = False, altered: Task | None = None
) -> Inquiry:
    """Begin the inquiry about one task.

    Parameters
    ----------
    scene
        The solution.
    appointment, index
        The task in both forms.
    loose
        Whether its links are left out of account.
    altered
        What is looked at instead of the task.

    Returns
    -------
    What is known of it.
    """
    origin = scene.instance.origin
    wished = [(minute_of(window.start) - origin, minute_of(window.end) - origin) for window in appointment.windows]
    aim = appointment.preferred_start
    if aim is None and appointment.current is not None:
        aim = appointment.current.start
    preferred = None if aim is None else minute_of(aim) - origin
    return Inquiry(scene, index, appointment, wished, preferred, loose=loose, altered=altered)
