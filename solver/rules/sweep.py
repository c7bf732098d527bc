"""Sorted sweeps over what takes a subject: where two meet, and where too much is taken at once."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from solver.placed import Placed


class Use(NamedTuple):
    """Units of a subject in use for a while."""

    start: int
    end: int
    units: int
    placed: Placed


class Excess(NamedTuple):
    """A longest stretch in which more is in use than there is."""

    start: int
    end: int
    peak: int
    involved: list[Placed]


MOST_MEETINGS = 25  # of one appointment with earlier ones: a plan with all on one user must not fill the memory


def meetings(stops: Sequence[Placed]) -> Iterator[tuple[Placed, Placed]]:
    """Find the pairs that are busy at the same time.

    Parameters
    ----------
    stops
        Sorted by start with buffer.

    Yields
    ------
    The earlier and the later one; for each later one at most `MOST_MEETINGS`, with unpinned ones first.
    """
    running: list[Placed] = []
    for placed in stops:
        running = [earlier for earlier in running if earlier.busy_end > placed.busy_start]
        met = running
        if len(met) > MOST_MEETINGS:
            met = sorted(met, key=lambda earlier: earlier.pinned)[:MOST_MEETINGS]
        for earlier in met:
            yield earlier, placed
        running.append(placed)


def excesses(uses: Iterable[Use], capacity: int) -> Iterator[Excess]:
    """Find where more than the capacity is in use.

    Parameters
    ----------
    uses
        In any order; half-open, so what ends makes room for what starts.
    capacity
        Units.

    Yields
    ------
    The longest stretches in the order of time, with everything in use at any of their instants.
    """
    events: list[tuple[int, int, int]] = []
    known = list(uses)
    for index, use in enumerate(known):
        events.append((use.start, use.units, index))
        events.append((use.end, -use.units, index))
    events.sort()
    load = peak = began = 0
    running: dict[int, None] = {}
    involved: dict[int, None] = {}
    for minute, units, index in events:
        load += units
        if units > 0:
            running[index] = None
        else:
            running.pop(index)
        if load > capacity:
            if not involved:
                began, peak = minute, load
                involved.update(running)
            elif units > 0:
                involved[index] = None
            peak = max(peak, load)
        elif involved:
            yield Excess(began, minute, peak, [known[index].placed for index in involved])
            involved = {}
