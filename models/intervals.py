"""Sets of minutes as sorted, disjoint, half-open intervals; every function is one linear merge."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence

Interval = tuple[int, int]


def union(intervals: Iterable[Interval]) -> list[Interval]:
    """Merge intervals in any order into a sorted disjoint list; touching ones join, empty ones go.

    Parameters
    ----------
    intervals
        Pairs (start, end), half-open; they may overlap.

    Returns
    -------
    The same minutes, sorted and disjoint.
    """
    merged: list[Interval] = []
    last = None
    for start, end in sorted(intervals):
        if start >= end:
            continue
        if last is not None and start <= last:
            if end > last:
                merged[-1] = (merged[-1][0], end)
                last = end
        else:
            merged.append((start, end))
            last = end
    return merged


def intersect(left: Sequence[Interval], right: Sequence[Interval]) -> list[Interval]:
    """Keep the minutes that lie in both.

    Parameters
    ----------
    left, right
        Sorted disjoint intervals.

    Returns
    -------
    Sorted disjoint intervals.
    """
    common: list[Interval] = []
    i = j = 0
    while i < len(left) and j < len(right):
        start = max(left[i][0], right[j][0])
        end = min(left[i][1], right[j][1])
        if start < end:
            common.append((start, end))
        if left[i][1] < right[j][1]:
            i += 1
        else:
            j += 1
    return common


def subtract(left: Sequence[Interval], right: Sequence[Interval]) -> list[Interval]:
    """Keep the minutes of the first that lie outside the second.

    Parameters
    ----------
    left, right
        Sorted disjoint intervals.

    Returns
    -------
    Sorted disjoint intervals.
    """
    rest: list[Interval] = []
    j = 0
    for start, end in left:
        while j < len(right) and right[j][1] <= start:
            j += 1
        k = j
        while k < len(right) and right[k][0] < end:
            if start < right[k][0]:
                rest.append((start, right[k][0]))
            start = max(start, right[k][1])
            k += 1
        if start < end:
            rest.append((start, end))
        j = max(j, k - 1)
    return rest


def contains(intervals: Sequence[Interval], start: int, end: int) -> bool:
    """Tell whether one interval covers all of [start, end).

    Parameters
    ----------
    intervals
        Sorted disjoint intervals.
    start, end
        The stretch, start < end.

    Returns
    -------
    True where a single interval covers it.
    """
    place = bisect_right(intervals, start, key=_start) - 1
    return place >= 0 and end <= intervals[place][1]


def length(intervals: Iterable[Interval]) -> int:
    """Count the minutes of disjoint intervals.

    Parameters
    ----------
    intervals
        Disjoint intervals.

    Returns
    -------
    Their total length.
    """
    return sum(end - start for start, end in intervals)


def _start(interval: Interval) -> int:
    return interval[0]
