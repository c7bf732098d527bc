"""What subjects can take: one task at a time, units, services at once, and amounts per day and week."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from ortools.sat.python import cp_model

from solver.cpsat.build import Build, Literal, TaskVariables
from solver.cpsat.starts import Load, Starts
from solver.cpsat.timed import Cover
from solver.instance import NEVER, Counter, Interval, Subject


class Taking(NamedTuple):
    """One way in which a free task could take units of a subject."""

    task: TaskVariables
    literal: Literal
    units: int
    starts: Starts


def add_capacity(build: Build) -> None:
    """Bound what every subject takes at once, in units with buffers and in services without, and per day and week.

    Parameters
    ----------
    build
        The model with the variables of its tasks.
    """
    takings = takings_of(build)
    for subject, about in build.instance.subjects():
        ways = takings.get(subject, [])
        if subject != build.fixed.organization:
            _bound_units(build, subject, ways, about.capacity)
        if about.concurrency != NEVER and about.kind != "user":  # a user's services never overlap
            _bound_services(build, subject, ways, about.concurrency)
        _add_counters(build, subject, about, ways)


def takings_of(build: Build) -> dict[int, list[Taking]]:
    """List who could take what of every subject."""
    takings: dict[int, list[Taking]] = {}
    for task in build.tasks.values():
        for subject, pairs in task.taken.items():
            for literal, units in pairs:
                takings.setdefault(subject, []).append(Taking(task, literal, units, task.starts_with[subject]))
    return takings


def _bound_units(build: Build, subject: int, ways: Sequence[Taking], capacity: int) -> None:
    """Bound the units taken at once, buffers included."""
    standing = build.fixed.occupied(subject)
    if build.timed is None:
        intervals = [build.occupied(one.task, one.literal) for one in ways]
        _bound(build, ways, intervals, [one.units for one in ways], capacity, standing)
    elif len({one.task.index for one in ways}) > 1:
        cover = Cover(capacity, standing)
        for one in ways:
            about = one.task.task
            parts = build.timed.of(one.task, subject, one.literal)
            cover.add(parts, about.before, about.before + about.duration + about.after, one.units)
        cover.state(build.model)


def _bound_services(build: Build, subject: int, ways: Sequence[Taking], concurrency: int) -> None:
    """Bound the services at once, buffers left out."""
    standing = build.fixed.served(subject)
    if build.timed is None:
        intervals = [build.served(one.task, one.literal) for one in ways]
        _bound(build, ways, intervals, [1] * len(ways), concurrency, standing)
    elif len({one.task.index for one in ways}) > 1:
        cover = Cover(concurrency, standing)
        for one in ways:
            cover.add(build.timed.of(one.task, subject, one.literal), 0, one.task.task.duration, 1)
        cover.state(build.model)


def _bound(
    build: Build,
    takings: Sequence[Taking],
    intervals: Sequence[cp_model.IntervalVar],
    needs: Sequence[int],
    capacity: int,
    standing: Sequence[Load],
) -> None:
    """Keep a load within a capacity; what stands alone above it is excused, and nothing free may join it."""
    if len({one.task.index for one in takings}) < 2:
        return
    smallest = sorted(needs)
    if smallest[0] + smallest[1] > capacity:
        build.model.add_no_overlap(intervals)
        return
    spans = [_reach(one) for one in takings]
    first, last = min(s for s, _ in spans), max(e for _, e in spans)
    beside = [(s, e, min(load, capacity)) for s, e, load in standing if s < last and first < e]
    if sum(needs) + max((load for *_, load in beside), default=0) <= capacity:
        return
    stays = [build.model.new_fixed_size_interval_var(s, e - s, "") for s, e, _ in beside]
    build.model.add_cumulative([*intervals, *stays], [*needs, *(load for *_, load in beside)], capacity)


def _reach(one: Taking) -> Interval:
    """From when to when a task could occupy at all."""
    task = one.task.task
    return int(one.starts[0]) - task.before, int(one.starts[-1]) + task.duration + task.after


def _add_counters(build: Build, subject: int, about: Subject, takings: Sequence[Taking]) -> None:
    """Bound, or price beyond a threshold, what a subject takes in every day or week."""
    shares: dict[tuple[str, str], dict[int, list[tuple[Literal, int]]]] = {}
    for counter in dict.fromkeys(about.counters):
        if counter.limit == NEVER and (counter.threshold == NEVER or not counter.weight):
            continue
        key = (counter.zone, counter.period)
        if key not in shares:
            edges = np.array(build.instance.periods[key].starts)
            if build.timed is None:
                shares[key] = _by_period(build, takings, edges)
            else:
                shares[key] = _timed_by_period(build, subject, takings, edges)
        _count(build, subject, counter, about.counters.count(counter), shares[key])


def _count(
    build: Build, subject: int, counter: Counter, times: int, shares: dict[int, list[tuple[Literal, int]]]
) -> None:
    standing = build.fixed.counted(subject, counter)
    for period, literals in shares.items():
        amounts = [1 if counter.measure == "count" else minutes for _, minutes in literals]
        total = cp_model.LinearExpr.weighted_sum([literal for literal, _ in literals], amounts)
        already, most = standing.get(period, 0), sum(amounts)
        if already + most > counter.limit:
            build.model.add(total <= max(0, counter.limit - already))
        if already + most > counter.threshold and counter.weight:
            excess = build.new_int(max(0, already - counter.threshold), already + most - counter.threshold)
            build.model.add(excess >= total + already - counter.threshold)
            build.pay(counter.weight * times, excess)
    if counter.weight:
        standing_alone = (amount for period, amount in standing.items() if period not in shares)
        over = sum(max(0, amount - counter.threshold) for amount in standing_alone)
        build.constant += counter.weight * times * over


def _by_period(
    build: Build, takings: Sequence[Taking], edges: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> dict[int, list[tuple[Literal, int]]]:
    """Split every way of taking a subject by the period of the start."""
    shares: dict[int, list[tuple[Literal, int]]] = {}
    for task, literal, _, starts in takings:
        numbers = np.searchsorted(edges, starts, side="right") - 1
        present = np.unique(numbers).tolist()
        parts = [literal] if len(present) == 1 else [build.new_bool() for _ in present]
        if len(present) > 1:
            build.model.add_exactly_one([*parts, ~literal])
        for period, part in zip(present, parts, strict=True):
            shares.setdefault(period, []).append((part, task.task.duration))
            if len(present) > 1:
                build.keep_within(task, starts[numbers == period], part)
    return shares


def _timed_by_period(
    build: Build, subject: int, takings: Sequence[Taking], edges: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> dict[int, list[tuple[Literal, int]]]:
    """Sort the literals of every start by the period of the start."""
    assert build.timed is not None
    shares: dict[int, list[tuple[Literal, int]]] = {}
    for task, literal, _, _ in takings:
        parts = build.timed.of(task, subject, literal)
        numbers = np.searchsorted(edges, np.array(list(parts), dtype=np.int64), side="right") - 1
        for period, part in zip(numbers.tolist(), parts.values(), strict=True):
            shares.setdefault(period, []).append((part, task.task.duration))
    return shares
