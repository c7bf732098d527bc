"""The lowered problem: subjects, tasks and what limits and prices them; a dozen primitives, no rule by name.

Rules and terms write an `Instance` (see `solver.lower`), engines read it. All times are whole minutes since `origin`,
the local midnight of the horizon's first day; intervals are half-open. Indices are positions in the lists below.
Subjects share one index space: users first, then teams, then resources, and last the organization.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.appointments import Appointment
from models.calendars import Calendars
from models.timegrid import TimeGrid

Interval = tuple[int, int]
NOWHERE = -1
NEVER = 1 << 40  # minutes: later than any time of a problem, far from overflow


class Closed(NamedTuple):
    """Time closed to a subject, and by what: for explanations only, engines read `Subject.open`."""

    start: int
    end: int
    rule: str
    label: str


class Counter(NamedTuple):
    """Tasks or service minutes per local day or ISO week of the start: a hard limit, a soft threshold, or both."""

    rule: str
    period: Literal["day", "week"]
    zone: str
    measure: Literal["count", "minutes"]
    limit: int = NEVER
    threshold: int = NEVER
    weight: int = 0  # cost of every unit above the threshold


class Break(NamedTuple):
    """A flexible break: a user occupied in the span has one idle gap of `minutes` inside it, travel taken off."""

    start: int
    end: int
    minutes: int


@dataclass(slots=True)
class Subject:
    """A user, a team, a resource or the organization: what can be taken, and when.

    `open` holds the intervals in which a whole service must lie, clipped to the horizon. `capacity` is how many units
    may be taken at once, buffers included (1: one task at a time); `concurrency` how many services may run at once,
    buffers left out. Tasks that are not yet booked start within `[fresh_from, fresh_until]`.
    """

    kind: Literal["user", "team", "resource", "organization"]
    id: str
    open: list[Interval]
    closed: list[Closed] = field(default_factory=list)
    capacity: int = 1
    concurrency: int = NEVER
    counters: list[Counter] = field(default_factory=list)
    fresh_from: int = -NEVER
    fresh_until: int = NEVER
    members: tuple[int, ...] = ()  # of a team
    shifts: list[Interval] = field(default_factory=list)  # of a user
    breaks: list[Break] = field(default_factory=list)  # of a user
    start_location: int = NOWHERE
    end_location: int = NOWHERE
    rate: int = 0  # labour: numerator of cost per minute over `Instance.rate_unit`

    @property
    def name(self) -> str:
        """The subject as reasons and violations write it, such as `user:ana`."""
        return f"{self.kind}:{self.id}"


class Position(NamedTuple):
    """One place in a crew, and who could fill it (sorted users; equal positions share one tuple)."""

    users: tuple[int, ...]


class Demand(NamedTuple):
    """Units of one resource out of several: `units[i]` is what `resources[i]` (subject indices) would give."""

    resources: tuple[int, ...]
    units: tuple[int, ...]


class Link(NamedTuple):
    """Task `after` starts `[min_gap, max_gap]` minutes from the end (or start) of task `before`, if that is placed."""

    before: int
    after: int
    from_start: bool
    min_gap: int
    max_gap: int
    different_users: bool
    same_users: bool


class Outsiders(NamedTuple):
    """Every assigned user outside `insiders` costs `weight`."""

    insiders: frozenset[int]
    weight: int


class Placement(NamedTuple):
    """Where a task stands: users in the order of its positions, resources in that of its demands, as subjects."""

    start: int
    team: int = NOWHERE
    users: tuple[int, ...] = ()
    resources: tuple[int, ...] = ()
    units: tuple[int, ...] = ()


Solution = list[Placement | None]
"""One entry per task; None where it is left out."""


@dataclass(slots=True)
class Task:
    """An appointment: its length, its starts, what it needs, and what its placement costs."""

    id: str
    duration: int
    before: int = 0
    after: int = 0
    location: int = NOWHERE
    windows: list[Interval] = field(default_factory=list)  # the service lies inside one of them
    earliest: int = -NEVER  # no start before it
    extra_start: int | None = None  # a start beside the grid that is allowed too
    fresh: bool = True  # not booked yet: the subjects' fresh bounds hold
    positions: list[Position] = field(default_factory=list)
    teams: tuple[int, ...] = ()  # subject indices, one of them is taken; empty: none
    whole_team: bool = False  # all members of the chosen team are the crew
    demands: list[Demand] = field(default_factory=list)
    links_in: list[Link] = field(default_factory=list)  # this task is `after`
    links_out: list[Link] = field(default_factory=list)  # this task is `before`
    mandatory: bool = False
    pinned: Placement | None = None
    absent_cost: int = 0
    preferred_start: int = 0
    preferred_weight: int = 0
    due: int = 0  # of the end
    late_weight: int = 0
    has_due: bool = False
    current_start: int = 0
    moved_weight: int = 0
    outsiders: list[Outsiders] = field(default_factory=list)
    client: int = NOWHERE

    def start_cost(self, start: int) -> int:
        """Cost of the start alone, shared maxima left out."""
        cost = self.preferred_weight * abs(start - self.preferred_start)
        if self.late_weight:
            cost += self.late_weight * max(0, start + self.duration - self.due)
        if self.moved_weight and start != self.current_start:
            cost += self.moved_weight
        return cost

    def user_cost(self, user: int) -> int:
        """Cost of one crew member alone."""
        return sum(o.weight for o in self.outsiders if user not in o.insiders)


TaskWriter = Callable[[Task, Appointment], None]
"""Writes what a rule or a term says of one appointment into its task."""


@dataclass(slots=True)
class PeriodTable:
    """Numbers the local days or ISO weeks of one time zone."""

    starts: list[int]  # first minutes of the periods, ascending; the last entry closes the last period

    def index_of(self, minute: int) -> int:
        """Number of the period that holds a minute."""
        return bisect_right(self.starts, minute) - 1


@dataclass(slots=True)
class Instance:
    """A problem in primitives.

    `travel[i, j]` are minutes between locations (0 × 0: nobody travels); `triangular` says that no detour is shorter
    than the way. Weights without a home in a task or subject stand here.
    """

    grid: TimeGrid
    calendars: Calendars
    origin: int  # epoch minutes
    start: int  # of the horizon
    end: int
    step: int
    users: list[Subject] = field(default_factory=list)
    teams: list[Subject] = field(default_factory=list)
    resources: list[Subject] = field(default_factory=list)
    organization: Subject = field(default_factory=lambda: Subject("organization", "", []))
    tasks: list[Task] = field(default_factory=list)
    locations: list[str] = field(default_factory=list)
    travel: NDArray[np.int32] = field(default_factory=lambda: np.zeros((0, 0), np.int32))
    triangular: bool = True
    periods: dict[tuple[str, str], PeriodTable] = field(default_factory=dict)  # by (zone, "day" | "week")
    travel_weight: int = 0
    waiting_weight: int = 0
    max_waiting_weight: int = 0
    max_late_weight: int = 0
    balance_weight: int = 0
    balance_users: tuple[int, ...] = ()
    continuity_weight: int = 0
    headcount_weight: int = 0
    labor_weight: int = 0
    rate_unit: int = 60  # minutes × Subject.rate / rate_unit is whole currency
    subject_index: dict[tuple[str, str], int] = field(default_factory=dict)  # (kind, id) -> subject
    task_index: dict[str, int] = field(default_factory=dict)
    location_index: dict[str, int] = field(default_factory=dict)
    client_index: dict[str, int] = field(default_factory=dict)

    @property
    def travel_exists(self) -> bool:
        """Whether anybody travels."""
        return self.travel.size > 0

    def subject(self, index: int) -> Subject:
        """The subject of an index in the shared space."""
        if index < len(self.users):
            return self.users[index]
        index -= len(self.users)
        if index < len(self.teams):
            return self.teams[index]
        index -= len(self.teams)
        return self.resources[index] if index < len(self.resources) else self.organization

    @property
    def subject_count(self) -> int:
        """Number of subjects, the organization included."""
        return len(self.users) + len(self.teams) + len(self.resources) + 1

    def subjects(self) -> Iterator[tuple[int, Subject]]:
        """All subjects with their indices."""
        yield from enumerate([*self.users, *self.teams, *self.resources, self.organization])

    def relative(self, epoch_minute: int) -> int:
        """Minutes since the origin."""
        return epoch_minute - self.origin

    def spans(self, intervals: list[Interval]) -> list[Interval]:
        """Epoch intervals as minutes since the origin."""
        return [(s - self.origin, e - self.origin) for s, e in intervals]


def mandatory_out(instance: Instance, solution: Solution) -> int:
    """Count the mandatory tasks that a solution leaves out."""
    return sum(task.mandatory and place is None for task, place in zip(instance.tasks, solution, strict=True))
