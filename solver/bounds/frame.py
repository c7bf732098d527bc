"""The time of a relaxation: starts on the grid of the problem, and the instants at which capacity is priced."""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd

import numpy as np
from numpy.typing import NDArray

from solver.instance import Instance, Task

MOST_PRICES = 24_000_000  # instants of all subjects together; more would not fit into ordinary memory
FINE_PRICES = 6_000_000  # up to here instants may be finer than the grid


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the starts and the priced instants lie, in minutes since the origin.

    Attributes
    ----------
    step
        Minutes between starts, which are multiples of it.
    unit
        Minutes between instants; divides `step`.
    first
        The instant number 0.
    instants
        How many there are.
    """

    step: int
    unit: int
    first: int
    instants: int

    def number(self, minute: int) -> int:
        """Number of the first instant that is not before a minute."""
        return -(-(minute - self.first) // self.unit)

    def starts(self, low: int, high: int) -> NDArray[np.int64]:
        """The grid's starts between two minutes, both included."""
        return np.arange(low + -low % self.step, high + 1, self.step, dtype=np.int64)


def frame_of(instance: Instance, tasks: list[Task]) -> Frame | None:
    """Choose the instants.

    An interval that covers no instant is not priced, so that every choice leads to a bound; instants at a common
    divisor of all lengths see every overlap of starts on the grid.

    Parameters
    ----------
    instance
        The problem.
    tasks
        Those that are to be placed.

    Returns
    -------
    The frame, or None where the horizon is too long for so many subjects.
    """
    lead = max((task.before for task in tasks), default=0)
    tail = max((task.after for task in tasks), default=0)
    step = instance.step
    first = (instance.start - lead) // step * step
    span = instance.end + tail - first
    unit = step
    for task in tasks:
        unit = gcd(unit, task.before, task.duration + task.after)
    if unit < step and span // unit * instance.subject_count > FINE_PRICES:
        unit = step
    if span // unit * instance.subject_count > MOST_PRICES:
        return None
    return Frame(step, unit, first, -(-span // unit) + 1)
