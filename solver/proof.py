"""A lower bound that rises beside a search, on a small share of one core."""

from __future__ import annotations

import threading
from collections.abc import Callable
from time import thread_time

from solver.bounds.lagrangian import LagrangianBound
from solver.instance import Instance

DUTY = 0.1  # of one core; the rest belongs to the search
SLICE_SECONDS = 0.05  # of work between two rests, by the clock of the thread: others may hold the core
COUNTED_STEPS = 300  # in runs that count moves instead of time


class Halted(Exception):
    """There is no more time for a bound."""


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
        self._climber: LagrangianBound | None = None
        self._slice_began = 0.0
        self._thread = threading.Thread(target=self._run, name="bound", daemon=True)

    def begin(self) -> None:
        """Start the thread."""
        self._thread.start()

    def halt(self) -> int:
        """End the thread in the middle of its work; returns the bound."""
        self._halt.set()
        if self._climber is not None:
            self._climber.halt()
        self._thread.join()
        return self.bound

    def _run(self) -> None:
        try:
            self._rise()
        except Halted:
            return

    def _rise(self) -> None:
        self._slice_began = thread_time()
        climber = LagrangianBound(self._instance, pause=self._pause)
        self._climber, self.bound = climber, climber.bound
        steps = 1
        while climber.relaxation is not None:
            self._rest()
            target = self._target()
            if climber.bound >= target:
                return
            done = climber.steps
            self.bound = climber.improve(target, steps)
            if climber.steps == done:
                return
            worked = thread_time() - self._slice_began
            steps = max(1, round(steps * min(4.0, SLICE_SECONDS / max(1e-4, worked))))

    def _pause(self) -> None:
        """Rest at the end of a slice."""
        if thread_time() - self._slice_began > SLICE_SECONDS:
            self._rest()

    def _rest(self) -> None:
        """Leave the processor to the search in proportion to the slice that is over."""
        if self._halt.wait((thread_time() - self._slice_began) * (1.0 / DUTY - 1.0)):
            raise Halted
        self._slice_began = thread_time()


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
