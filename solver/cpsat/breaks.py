"""Flexible breaks: where a user is occupied in a span, one idle gap inside it is long enough, travel taken off."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import permutations, product

import numpy as np
from ortools.sat.python import cp_model

from solver.cpsat.build import Build, Expression, Literal, TaskVariables
from solver.cpsat.fixed import Stay
from solver.cpsat.starts import Mask, Starts
from solver.cpsat.stops import Shift, Stop, minutes_between, standing_stop
from solver.instance import NOWHERE, Break


class Pause:
    """One break of one user under construction: whether it is due, and from which minute it is kept free."""

    def __init__(self, build: Build, due: Literal, start: cp_model.IntVar, places: Starts, minutes: int) -> None:
        self.build, self.due, self.start, self.minutes = build, due, start, minutes
        self.earliest, self.latest = int(places[0]), int(places[-1])
        self._after: dict[Stop, Literal | bool] = {}

    def follows(self, stop: Stop) -> Literal | bool:
        """Whether the break lies after a stop, not before it."""
        if stop not in self._after:
            self._after[stop] = self._order(stop)
        return self._after[stop]

    def _order(self, stop: Stop) -> Literal | bool:
        if stop.earliest_end > self.latest:
            return False
        if stop.latest < self.earliest + self.minutes:
            return True
        after = self.build.new_bool()
        conditions = [self.due, *stop.conditions()]
        self.build.model.add(self.start >= stop.end).only_enforce_if(after, *conditions)
        self.build.model.add(stop.begin - self.start >= self.minutes).only_enforce_if(~after, *conditions)
        return after

    def may_part(self, first: Stop, second: Stop, way: int) -> bool:
        """Whether the break can lie between two stops with less than the way beside it."""
        if first.earliest_end > self.latest or second.latest < self.earliest + self.minutes:
            return False
        return second.earliest - first.latest_end < self.minutes + way

    def separate(self, first: Stop, second: Stop, way: int, relief: Expression, arc: list[Literal]) -> bool:
        """Where the break lies between two stops, leave time for the break and for the way between them.

        Parameters
        ----------
        first, second, way
            The stops and the travel minutes from one to the other.
        relief
            Minutes of the stops between them, any of which makes the way no concern of the break.
        arc
            What else must hold.

        Returns
        -------
        Whether a constraint was needed.
        """
        need = self.minutes + way
        if way <= 0 or not self.may_part(first, second, way):
            return False
        before, beyond = self.follows(first), self.follows(second)
        if before is False or beyond is True:
            return False
        literals = [self.due, *arc, *first.conditions(), *second.conditions()]
        literals += [] if before is True else [before]
        literals += [] if beyond is False else [~beyond]
        gap = second.begin - first.end
        self.build.model.add(gap + need * relief >= need).only_enforce_if(*literals)
        return True


def add_breaks(build: Build, user: int, shifts: Sequence[Shift]) -> None:
    """Keep the flexible breaks of a user.

    Parameters
    ----------
    build, user
        The model, and one of the users.
    shifts
        All shifts of the user with their routes; they matter only where the user travels.
    """
    tasks = [task for task in build.tasks.values() if user in task.users]
    travels = build.instance.travel_exists
    groups = [shift.stops for shift in shifts]
    groups += [[stop] for stop in _outside(build, user, shifts)] if travels else []
    hulls = [_hull(group) for group in groups]
    for span in dict.fromkeys(build.instance.users[user].breaks):
        meeting = [(task, _meets(task, user, span)) for task in tasks]
        meeting = [(task, mask) for task, mask in meeting if mask.any()]
        stays = build.fixed.stays.get(user, ())
        forced = _is_due(build, stays, span)
        if not meeting and not (forced and travels):
            continue
        due = build.new_bool()
        if forced:
            build.model.add_bool_or([due])
        for task, mask in meeting:
            if mask.all():
                build.model.add_implication(task.users[user], due)
            else:
                build.keep_within(task, task.starts_with[user][~mask], task.users[user], ~due)
        pause = _place(build, due, stays, span)
        if pause is None:
            build.model.add_bool_or([~due])
            continue
        rest = build.model.new_optional_fixed_size_interval_var(pause.start, span.minutes, due, "")
        build.model.add_no_overlap([rest, *(build.occupied(task, task.users[user]) for task, _ in meeting)])
        if travels:
            _travel_beside(build, pause, shifts, groups, hulls)


def _meets(task: TaskVariables, user: int, span: Break) -> Mask:
    """Mark the starts with which a task occupies the user inside a span."""
    starts = task.starts_with[user]
    ends = starts + task.task.duration + task.task.after
    mask: Mask = (starts - task.task.before < span.end) & (ends > span.start)
    return mask


def _place(build: Build, due: Literal, stays: Iterable[Stay], span: Break) -> Pause | None:
    """Choose where the break lies, clear of what stands; None where there is no room."""
    minutes = np.arange(span.start, span.end - span.minutes + 1, dtype=np.int64)
    for stay in stays:
        minutes = minutes[(minutes + span.minutes <= stay.begin) | (minutes >= stay.end)]
    if not len(minutes):
        return None
    start = build.model.new_int_var_from_domain(cp_model.Domain.from_values(minutes.tolist()), "")
    return Pause(build, due, start, minutes, span.minutes)


def _is_due(build: Build, stays: Sequence[Stay], span: Break) -> bool:
    """Whether the break must be kept whatever is placed: pinned tasks that break it by themselves are excused."""
    tasks = build.instance.tasks
    met = [stay for stay in stays if stay.begin < span.end and span.start < stay.end]
    if not met:
        return False
    pinned = [stay for stay in stays if tasks[stay.task].pinned is not None]
    return any(stay not in pinned for stay in met) or _has_gap(build, pinned, span)


def _has_gap(build: Build, stays: Sequence[Stay], span: Break) -> bool:
    """Whether one idle gap inside a span is long enough."""
    latest: Stay | None = None
    for stay in (*stays, None):
        low = span.start if latest is None else max(span.start, latest.end)
        high = span.end if stay is None else min(span.end, stay.begin)
        way = beyond = 0
        if latest is not None and stay is not None:
            way = _way(build, build.instance.tasks[latest.task].location, build.instance.tasks[stay.task].location)
            beyond = stay.begin - latest.end - (high - low)
        if low < high and high - low - max(0, way - beyond) >= span.minutes:
            return True
        if stay is not None and (latest is None or stay.end > latest.end):
            latest = stay
    return False


def _way(build: Build, origin: int, destination: int) -> int:
    return 0 if NOWHERE in (origin, destination) else int(build.instance.travel[origin, destination])


def _travel_beside(
    build: Build, pause: Pause, shifts: Sequence[Shift], groups: Sequence[Sequence[Stop]], hulls: Sequence[Stop]
) -> None:
    """Take the way between the neighbours of a break off its gap.

    Neighbours in one shift follow each other on its route. Those in different shifts keep their distance around the
    break whatever lies between them: a restriction, where it binds.
    """
    for shift, hull in zip(shifts, hulls, strict=False):
        if hull.latest_end > pause.earliest and hull.earliest < pause.latest + pause.minutes:
            for (origin, destination), arc in shift.arcs.items():
                _part_neighbours(build, pause, shift, origin, destination, arc)
    longest = int(build.instance.travel.max())
    for (group, hull), (beyond, hull_beyond) in permutations(zip(groups, hulls, strict=True), 2):
        if pause.may_part(hull, hull_beyond, longest):
            for first, second in product(group, beyond):
                if pause.may_part(first, second, _way(build, first.location, second.location)):
                    _part_strangers(build, pause, first, second, groups)


def _hull(group: Sequence[Stop]) -> Stop:
    """A stop that may be wherever any of some stops may be."""
    earliest, latest = min(stop.earliest for stop in group), max(stop.latest for stop in group)
    length = max(stop.length for stop in group)
    return Stop(earliest, latest, earliest - length, latest, length, NOWHERE)


def _part_strangers(build: Build, pause: Pause, first: Stop, second: Stop, groups: Sequence[Sequence[Stop]]) -> None:
    """Keep two stops of different shifts apart around the break, unless something fixed parts them anyway."""
    others = [stop for group in groups for stop in group if stop not in (first, second)]
    if any(_always_between(first, stop, second) for stop in others):
        return
    way = _way(build, first.location, second.location)
    if pause.separate(first, second, way, 0, []) and any(_may_part(first, stop, second) for stop in others):
        build.restrictions.append("travel around a flexible break between shifts")


def _always_between(first: Stop, middle: Stop, last: Stop) -> bool:
    return middle.fixed and first.latest_end <= middle.earliest and middle.latest_end <= last.earliest


def _may_part(first: Stop, middle: Stop, last: Stop) -> bool:
    """Whether a stop could lie between two others, or overlap one of them as pinned ones may."""
    return first.earliest < middle.latest_end and middle.earliest < last.latest_end


def _part_neighbours(build: Build, pause: Pause, shift: Shift, origin: int, destination: int, arc: Literal) -> None:
    """Where the break lies on a way, leave time for both, unless it borders on something unlocated.

    Overlapping pinned stops are one block: before a break counts the one that ends last, after it the first.
    """
    ahead, behind = shift.block(origin), shift.block(destination)
    if ahead == behind:
        return
    first = max((shift.stops[number] for number in ahead), key=lambda stop: stop.latest_end)
    second = shift.stops[behind[0]]
    way = _way(build, first.location, second.location)
    if way > 0 and pause.may_part(first, second, way):
        pause.separate(first, second, way, minutes_between(shift, origin, destination, (*ahead, *behind)), [arc])


def _outside(build: Build, user: int, shifts: Sequence[Shift]) -> list[Stop]:
    """Stops for what stands outside all shifts."""
    held = {stay for shift in shifts for stay in shift.held}
    return [standing_stop(build, stay) for stay in build.fixed.stays.get(user, ()) if stay not in held]
