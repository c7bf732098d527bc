"""Sets of starts as sorted arrays of minutes, and the masks that keep some of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from solver.instance import Instance, Interval, Task

Starts = NDArray[np.int64]
Mask = NDArray[np.bool_]
Edges = NDArray[np.int64]
FOREVER = int(np.iinfo(np.int64).max)
Load = tuple[int, int, int]
"""A start, an end, and how many units are taken between them."""


def window_starts(instance: Instance, task: Task) -> Starts:
    """List the starts that the windows, the grid and the clock leave to a task.

    Parameters
    ----------
    instance, task
        The grid and one of its tasks.

    Returns
    -------
    Minutes since the origin, ascending.
    """
    parts = []
    for start, end in task.windows:
        low, high = max(start, task.earliest), end - task.duration
        first = low + -low % instance.step
        parts.append(np.arange(first, high + 1, instance.step, dtype=np.int64))
        if task.extra_start is not None and low <= task.extra_start <= high:
            parts.append(np.array([task.extra_start], dtype=np.int64))
    if not parts:
        return np.empty(0, dtype=np.int64)
    return parts[0] if len(parts) == 1 else np.unique(np.concatenate(parts))


def edges(intervals: Sequence[Interval]) -> Edges:
    """Write intervals as an array of two rows.

    Parameters
    ----------
    intervals
        Sorted and disjoint.

    Returns
    -------
    Starts and ends, between an interval before the beginning of time and one after its end.
    """
    return np.array([(-FOREVER, -FOREVER), *intervals, (FOREVER, FOREVER)], dtype=np.int64).T.copy()


def inside(starts: Starts, duration: int | Starts, intervals: Edges) -> Mask:
    """Mark the starts whose service lies in one interval.

    Parameters
    ----------
    starts, duration
        Minutes; one duration for all starts, or one each.
    intervals
        As `edges` returns them.

    Returns
    -------
    One truth value per start.
    """
    covered: Mask = intervals[1][intervals[0].searchsorted(starts, side="right") - 1] >= starts + duration
    return covered


def clear(starts: Starts, lead: int | Starts, length: int | Starts, intervals: Edges) -> Mask:
    """Mark the starts whose occupied time meets no interval.

    Parameters
    ----------
    starts
        Minutes.
    lead, length
        The occupied time begins `lead` minutes before the start and lasts `length` minutes; one number for all, or
        one for each start.
    intervals
        As `edges` returns them.

    Returns
    -------
    One truth value per start.
    """
    begins = starts - lead
    free: Mask = intervals[0][intervals[1].searchsorted(begins, side="right")] >= begins + length
    return free


def profile(loads: Iterable[Load]) -> list[Load]:
    """Add up loads over time.

    Parameters
    ----------
    loads
        In any order; they may overlap.

    Returns
    -------
    Disjoint stretches of constant positive load, ascending.
    """
    change: dict[int, int] = {}
    for start, end, units in loads:
        change[start] = change.get(start, 0) + units
        change[end] = change.get(end, 0) - units
    stretches: list[Load] = []
    level, since = 0, 0
    for minute in sorted(change):
        if not change[minute]:
            continue
        if level > 0:
            stretches.append((since, minute, level))
        level, since = level + change[minute], minute
    return stretches


def above(stretches: Sequence[Load], room: int) -> list[Interval]:
    """Find where a profile exceeds what may be there.

    Parameters
    ----------
    stretches
        As `profile` returns them.
    room
        The largest load that is no excess.

    Returns
    -------
    Sorted disjoint intervals; touching ones are joined.
    """
    excess: list[Interval] = []
    for start, end, load in stretches:
        if load <= room:
            continue
        if excess and excess[-1][1] == start:
            excess[-1] = (excess[-1][0], end)
        else:
            excess.append((start, end))
    return excess


def runs(numbers: Starts) -> list[list[int]]:
    """Write ascending numbers as closed intervals of consecutive ones.

    Parameters
    ----------
    numbers
        Ascending, each once.

    Returns
    -------
    Pairs of first and last number.
    """
    if not len(numbers):
        return []
    first, last = int(numbers[0]), int(numbers[-1])
    if last - first == len(numbers) - 1:
        return [[first, last]]
    breaks = np.flatnonzero(np.diff(numbers) != 1)
    firsts = numbers[np.concatenate(([0], breaks + 1))]
    lasts = numbers[np.concatenate((breaks, [len(numbers) - 1]))]
    pairs: list[list[int]] = np.stack((firsts, lasts), axis=1).tolist()
    return pairs
