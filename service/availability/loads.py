"""How much of a subject is in use at once: intervals that carry a number."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from models.intervals import Interval, union

Load = tuple[int, int, int]


def stacked(loads: Iterable[Load], least: int) -> list[Interval]:
    """Find where loads add up to a number at least.

    Parameters
    ----------
    loads
        Start, end and number, half-open, in any order.
    least
        The number, from 1.

    Returns
    -------
    Sorted disjoint intervals.
    """
    found: list[Interval] = []
    last = used = 0
    for minute, now_used in _levels(loads):
        if used >= least:
            found.append((last, minute))
        last, used = minute, now_used
    return union(found)


def peak(loads: Iterable[Load], start: int, end: int) -> int:
    """Find the most that is in use at once in a stretch of time.

    Parameters
    ----------
    loads
        As for `stacked`.
    start, end
        The stretch.

    Returns
    -------
    The largest sum; 0 where there is no load.
    """
    clipped = ((max(begin, start), min(finish, end), number) for begin, finish, number in loads)
    return max((used for _, used in _levels(each for each in clipped if each[0] < each[1])), default=0)


def _levels(loads: Iterable[Load]) -> Iterator[tuple[int, int]]:
    changes = sorted(change for start, end, number in loads for change in ((start, number), (end, -number)))
    used = 0
    for minute, group in groupby(changes, key=lambda change: change[0]):
        used += sum(number for _, number in group)
        yield minute, used
