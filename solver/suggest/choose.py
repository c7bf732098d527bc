"""Which of many slots are suggested: the cheapest, not all in the same hour nor on the same day."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Callable, Sequence

NEAREST_MINUTES = 15  # slots nearer to each other than this say nothing new


def chosen(
    starts: Sequence[int],
    limit: int,
    spread_minutes: int,
    per_day: int | None,
    day_of: Callable[[int], object],
    present: int | None = None,
) -> list[int]:
    """Choose from slots in the order of preference.

    Parameters
    ----------
    starts
        Of the slots, the best first.
    limit
        How many are chosen.
    spread_minutes
        How far starts lie apart. Where that leaves too few, half of it will do, and half of that; but what is wanted a
        quarter of an hour apart stays so. 0: however near.
    per_day
        How many of one day are chosen at most; None: any number.
    day_of
        The local day of a start.
    present
        A start that is known already: the chosen lie apart from it, too.

    Returns
    -------
    Numbers of the chosen, in the order of preference.
    """
    taken = [] if present is None else [present]
    days: Counter[object] = Counter()
    picked: set[int] = set()
    for apart in _distances(spread_minutes):
        for number, start in enumerate(starts):
            if len(picked) >= limit:
                break
            if number in picked or not _is_apart(taken, start, apart):
                continue
            if per_day is not None:
                day = day_of(start)
                if days[day] >= per_day:
                    continue
                days[day] += 1
            picked.add(number)
            insort(taken, start)
    return sorted(picked)


def _distances(minutes: int) -> list[int]:
    least = min(minutes, NEAREST_MINUTES)
    return list(dict.fromkeys(max(least, minutes // part) for part in (1, 2, 4)))


def _is_apart(taken: Sequence[int], start: int, minutes: int) -> bool:
    at = bisect_left(taken, start)
    return all(abs(start - other) >= minutes for other in taken[max(0, at - 1) : at + 1])
