"""Where a user may stop in a shift: fixed stays and free tasks side by side, and what lies before what."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from ortools.sat.python import cp_model

from solver.cpsat.build import Build, Expression, Literal, TaskVariables
from solver.cpsat.fixed import Stay
from solver.instance import NEVER, NOWHERE, Interval


@dataclass(slots=True, eq=False)
class Stop:
    """A task that a user serves, or may serve, in a shift; times with buffers."""

    begin: Expression
    end: Expression
    earliest: int  # begin
    latest: int  # begin
    length: int
    location: int
    stay: Stay | None = None
    pinned: bool = False
    present: Literal | None = None  # None: always

    @property
    def fixed(self) -> bool:
        """Whether the stop stands."""
        return self.stay is not None

    @property
    def earliest_end(self) -> int:
        """The first minute at which it may end."""
        return self.earliest + self.length

    @property
    def latest_end(self) -> int:
        """The last minute at which it may end."""
        return self.latest + self.length

    def conditions(self) -> list[Literal]:
        """What must hold for the stop to be there."""
        return [] if self.present is None else [self.present]


@dataclass(slots=True, eq=False)
class Shift:
    """The stops of a user in one shift: fixed ones first, in their order, then free ones."""

    user: int
    span: Interval
    stops: list[Stop]
    arcs: dict[tuple[int, int], Literal] = field(default_factory=dict)  # between located stops
    ahead: dict[tuple[int, int], Literal | bool] = field(default_factory=dict)  # (unlocated, located): lies before
    minutes_ahead: dict[int, Expression] = field(default_factory=dict)  # of unlocated stops before a located one

    @property
    def located(self) -> list[int]:
        """Numbers of the stops with a place."""
        return [number for number, stop in enumerate(self.stops) if stop.location != NOWHERE]

    @property
    def unlocated(self) -> list[int]:
        """Numbers of the stops without a place."""
        return [number for number, stop in enumerate(self.stops) if stop.location == NOWHERE]

    @property
    def held(self) -> list[Stay]:
        """What stands."""
        return [stop.stay for stop in self.stops if stop.stay is not None]

    def block(self, number: int) -> tuple[int, ...]:
        """Numbers of the fixed stops that occupy one stretch with a stop, by overlapping in a chain, in their order."""
        if not self.stops[number].fixed:
            return (number,)
        block: list[int] = []
        reach = -NEVER
        for other, stop in enumerate(self.stops):
            if not stop.fixed:
                break
            if stop.earliest >= reach:
                if number in block:
                    break
                block = []
            block.append(other)
            reach = max(reach, stop.latest_end)
        return tuple(block)

    @property
    def has_free(self) -> bool:
        """Whether anything may be placed in the shift."""
        return any(not stop.fixed for stop in self.stops)


def shifts_of(build: Build, user: int) -> list[Shift]:
    """Divide what a user serves or may serve among the shifts.

    Parameters
    ----------
    build, user
        The model, and one of the users.

    Returns
    -------
    A shift with its stops for every shift in which something stands or may be placed.
    """
    spans = build.instance.users[user].shifts
    stops: list[list[Stop]] = [[] for _ in spans]
    for stay in build.fixed.stays.get(user, ()):
        for number, (start, end) in enumerate(spans):
            if start <= stay.start < end:
                stops[number].append(standing_stop(build, stay))
    for task in build.tasks.values():
        if user in task.users:
            for number, stop in _free_stops(build, user, task, spans):
                stops[number].append(stop)
    return [Shift(user, span, held) for span, held in zip(spans, stops, strict=True) if held]


def standing_stop(build: Build, stay: Stay) -> Stop:
    """Make a stop of a fixed stay."""
    task = build.instance.tasks[stay.task]
    length = stay.end - stay.begin
    return Stop(
        stay.begin, stay.end, stay.begin, stay.begin, length, task.location, stay=stay, pinned=task.pinned is not None
    )


def _free_stops(build: Build, user: int, task: TaskVariables, spans: list[Interval]) -> list[tuple[int, Stop]]:
    """One stop for each shift in which the task may start with the user."""
    literal, starts = task.users[user], task.starts_with[user]
    parts = [(number, starts[(starts >= low) & (starts < high)]) for number, (low, high) in enumerate(spans)]
    parts = [(number, part) for number, part in parts if len(part)]
    literals = [literal]
    if len(parts) != 1 or len(parts[0][1]) != len(starts):
        literals = [build.new_bool() for _ in parts]
        outside = starts[~np.isin(starts, np.concatenate([starts[:0], *(part for _, part in parts)]))]
        rest = [build.new_bool()] if len(outside) else []
        build.model.add_exactly_one([*literals, *rest, ~literal])
        for chosen, (_, part) in zip(literals, parts, strict=True):
            build.keep_within(task, part, chosen)
        for chosen in rest:
            build.keep_within(task, outside, chosen)
    return [
        (
            number,
            Stop(
                build.begin(task),
                build.end(task),
                int(part[0]) - task.task.before,
                int(part[-1]) - task.task.before,
                task.task.before + task.task.duration + task.task.after,
                task.task.location,
                present=chosen,
            ),
        )
        for chosen, (number, part) in zip(literals, parts, strict=True)
    ]


def order_unlocated(build: Build, shift: Shift) -> None:
    """Decide of every unlocated stop whether it lies before each located one.

    Parameters
    ----------
    build, shift
        The model, and a shift whose `ahead` is filled; a stop that is absent lies before none.
    """
    for second in shift.located:
        for first in shift.unlocated:
            shift.ahead[first, second] = _lies_before(build, shift.stops[first], shift.stops[second])
        shift.minutes_ahead[second] = _sum_ahead(build, shift, second)


def _sum_ahead(build: Build, shift: Shift, number: int) -> Expression:
    """The minutes of all unlocated stops before a located one, in one variable."""
    ahead = [(shift.ahead[first, number], shift.stops[first].length) for first in shift.unlocated]
    settled = sum(minutes for before, minutes in ahead if before is True)
    open_ = [(before, minutes) for before, minutes in ahead if not isinstance(before, bool)]
    if not open_:
        return settled
    total = build.new_int(settled, settled + sum(minutes for _, minutes in open_))
    minutes_sum = cp_model.LinearExpr.weighted_sum([before for before, _ in open_], [minutes for _, minutes in open_])
    build.model.add(total == minutes_sum + settled)
    return total


def _lies_before(build: Build, first: Stop, second: Stop) -> Literal | bool:
    if first.stay is not None and second.stay is not None:
        return first.stay.end <= second.stay.begin
    if first.earliest_end > second.latest:
        return False
    if second.earliest_end > first.latest:
        return True if first.present is None else first.present
    before = build.new_bool()
    build.model.add(first.end <= second.begin).only_enforce_if(before, *second.conditions())
    build.model.add(first.begin >= second.end).only_enforce_if(~before, *first.conditions(), *second.conditions())
    if first.present is not None:
        build.model.add_implication(before, first.present)
    return before


def overtakes(first: Stop, second: Stop) -> bool:
    """Whether a fixed stop neither ends before another one begins nor begins after it ends."""
    return (
        first.stay is not None
        and second.stay is not None
        and first.stay.begin < second.stay.end
        and second.stay.begin < first.stay.end
    )


def minutes_between(shift: Shift, origin: int, destination: int, without: tuple[int, ...] = ()) -> Expression:
    """Add up the minutes of the unlocated stops between two located ones.

    Parameters
    ----------
    shift, origin, destination
        Two located stops, of which the first goes before.
    without
        Numbers of stops that are not counted.

    Returns
    -------
    Minutes.
    """
    total = shift.minutes_ahead[destination] - shift.minutes_ahead[origin]
    for number in shift.unlocated:
        stop = shift.stops[number]
        if number in without:
            total -= stop.length * shift.ahead[number, destination]
            total += stop.length * shift.ahead[number, origin]
        elif overtakes(stop, shift.stops[origin]):
            total -= stop.length * shift.ahead[number, destination]
    return total
