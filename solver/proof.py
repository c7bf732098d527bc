"""A lower bound that rises beside a search, on a small share of one core."""

from __future__ import annotations

import threading
from collections.abc import Callable
from time import monotonic

from solver.bounds.lagrangian import LagrangianBound
from solver.instance import Instance

DUTY = 0.1  # of the time is work, the rest belongs to the search
SLICE_SECONDS = 0.05  # of work between two rests
COUNTED_STEPS = 300  # in runs that count moves instead of time


class RisingBound:
    """Raises the bound of a problem in a thread of its own until it is halted.

    Parameters
    ----------
    instance
        The problem.
    target
        Asked for the cost of the best plan so far, which the bound is driven towards.
    """

    def __init__(self, instance: Instance, target: Callable[[], int]) -> None:
        self.bound = 0
        self._instance, self._target = instance, target
        self._halt = threading.Event()
        self._thread = threading.Thread(target=self._rise, name="bound", daemon=True)

    def begin(self) -> None:
        """Start the thread."""
        self._thread.start()

    def halt(self) -> int:
        """End the thread after its slice of work; returns the bound."""
        self._halt.set()
        self._thread.join()
        return self.bound

    def _rise(self) -> None:
        began = monotonic()
        climber = LagrangianBound(self._instance)
        self.bound = climber.bound
        steps = 1
        while not self._halt.wait((monotonic() - began) * (1.0 / DUTY - 1.0)):
            began = monotonic()
            target = self._target()
            if climber.relaxation is None or climber.bound >= target:
                return
            done = climber.steps
            self.bound = climber.improve(target, steps)
            if climber.steps == done:
                return
            steps = max(1, round(steps * min(4.0, SLICE_SECONDS / max(1e-4, monotonic() - began))))


def counted_bound(instance: Instance, target: int) -> int:
    """Raise the bound of a problem by a fixed number of steps: the same every time.

    Parameters
    ----------
    instance
        The problem.
    target
        Cost of the plan.

    Returns
    -------
    A cost that no plan is below.
    """
    return LagrangianBound(instance).improve(target, COUNTED_STEPS)
