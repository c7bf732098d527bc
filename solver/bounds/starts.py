"""The starts that each task has by itself, whoever comes, and what its links leave of them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from solver.bounds.rows import Numbers
from solver.cpsat.candidates import gap_bounds
from solver.cpsat.fixed import Fixed
from solver.cpsat.starts import window_starts
from solver.instance import NEVER, Instance, Link


def possible_starts(instance: Instance, fixed: Fixed, pause: Callable[[], None]) -> dict[int, Numbers]:
    """List the starts of all free tasks.

    Parameters
    ----------
    instance, fixed
        The problem and what is pinned.
    pause
        Called for every task.

    Returns
    -------
    Minutes, ascending, by task; a task after one that cannot be placed has none.
    """
    known = _Starts(instance, fixed, pause)
    return {index: known.of(index) for index in sorted(fixed.free)}


class _Starts:
    def __init__(self, instance: Instance, fixed: Fixed, pause: Callable[[], None]) -> None:
        self.instance, self.fixed, self.pause = instance, fixed, pause
        self._found: dict[int, Numbers] = {}

    def of(self, index: int) -> Numbers:
        """The starts of a free task, those of the tasks before it first; links make no circle."""
        waiting = [index]
        while waiting:
            latest = waiting[-1]
            ahead = [link.before for link in self.instance.tasks[latest].links_in if link.before in self.fixed.free]
            missing = [before for before in ahead if before not in self._found]
            if missing:
                waiting += missing
            else:
                waiting.pop()
                self._found[latest] = self._own(latest)
        return self._found[index]

    def _own(self, index: int) -> Numbers:
        self.pause()
        task = self.instance.tasks[index]
        starts = self.fixed.admits(self.fixed.organization, task, window_starts(self.instance, task))
        for link in task.links_in:
            starts = starts[self._follows(link, starts)]
        for link in task.links_out:
            place = self.fixed.placements[link.after]
            if place is not None:
                reach = 0 if link.from_start else task.duration
                low, high = place.start - reach - link.max_gap, place.start - reach - link.min_gap
                starts = starts[(starts >= low) & (starts <= high)]
        return starts

    def _follows(self, link: Link, starts: Numbers) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Mark the starts that some start of the earlier task allows."""
        if link.before in self.fixed.free:
            earlier = self._found[link.before]
            if not len(earlier):
                return np.zeros(len(starts), dtype=np.bool_)
            first, last = int(earlier[0]), int(earlier[-1])
        else:
            place = self.fixed.placements[link.before]
            if place is None:
                return np.zeros(len(starts), dtype=np.bool_)
            first = last = place.start
        low, high = gap_bounds(self.instance, link, first)[0], gap_bounds(self.instance, link, last)[1]
        return (starts >= low) & (starts <= min(high, NEVER))
