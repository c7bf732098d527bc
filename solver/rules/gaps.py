"""The idle gaps of a user, for breaks."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import TYPE_CHECKING

from solver.placed import Placed

if TYPE_CHECKING:
    from solver.reading import Reading


class Gaps:
    """Where a user is idle, and how much of it is left when travel is taken off.

    Parameters
    ----------
    stops
        What the user serves, sorted by start with buffer.
    reading
        For the travel times.
    """

    def __init__(self, stops: Sequence[Placed], reading: "Reading") -> None:
        self._stops = stops
        self._travel_minutes = reading.travel_minutes
        self._starts = [placed.busy_start for placed in stops]
        self._latest: list[Placed] = []  # of each stop and those before it, the one that ends last
        for placed in stops:
            if self._latest and self._latest[-1].busy_end >= placed.busy_end:
                self._latest.append(self._latest[-1])
            else:
                self._latest.append(placed)

    def inside(self, start: int, end: int) -> list[Placed]:
        """List what occupies the user inside a span."""
        held = self._stops[: bisect_left(self._starts, end)]
        first = len(held)
        while first and self._latest[first - 1].busy_end > start:
            first -= 1
        return [placed for placed in held[first:] if placed.busy_end > start]

    def beside(self, start: int, end: int) -> list[Placed]:
        """List the last stop that ends before a span and the first that begins after it."""
        before = [placed for placed in self._stops[: bisect_right(self._starts, start)] if placed.busy_end <= start]
        after = self._stops[bisect_left(self._starts, end) :]
        return [*([max(before, key=_end)] if before else []), *after[:1]]

    def longest(self, start: int, end: int) -> int:
        """Find the longest idle gap inside a span, less the travel between its neighbours that does not fit outside.

        Parameters
        ----------
        start, end
            The span in epoch minutes.

        Returns
        -------
        Minutes, at least 0.
        """
        best = 0
        index = bisect_right(self._starts, start)
        while True:
            before = self._latest[index - 1] if index else None
            after = self._stops[index] if index < len(self._stops) else None
            low = start if before is None else max(start, before.busy_end)
            high = end if after is None else min(end, after.busy_start)
            if low < high:
                gap = high - low
                if before is not None and after is not None:
                    beyond = after.busy_start - before.busy_end - gap
                    gap -= max(0, self._travel_minutes(before.location, after.location) - beyond)
                best = max(best, gap)
            if after is None or low >= end or after.busy_start >= end:
                return best
            index += 1


def _end(placed: Placed) -> int:
    return placed.busy_end
