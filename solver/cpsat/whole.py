"""Solving a whole problem to the proof: what no better plan can have is left out of the model first."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from solver.cpsat.ceiling import Ceiling, Ceilings, cost_that_matters
from solver.cpsat.solve import Limits, Outcome, solve
from solver.instance import Instance, Solution, mandatory_out

CLOSER = 0.5  # a plan that leaves less than this share of the gap is worth a new, smaller model


def solve_narrowed(
    instance: Instance,
    free: Sequence[int],
    fixed: Solution,
    limits: Limits,
    *,
    hint: Solution | None,
    goal: tuple[int, int] | None,
    stop: threading.Event | None,
    on_solution: Callable[[Solution, int], None] | None,
) -> Outcome:
    """Solve the model of some free tasks, cut down to what matters where a plan or a goal says what does.

    Parameters
    ----------
    instance, free, fixed, limits, hint, goal, stop, on_solution
        As in `solver.cpsat.solve.solve`.

    Returns
    -------
    What was found and proved.
    """
    began = time.monotonic()
    cost = None if limits.short else cost_that_matters(instance, free, hint, goal)
    ceilings = None if cost is None else Ceilings(instance, cost)
    while True:
        ceiling = None if ceilings is None or cost is None else ceilings.at(cost)
        watch = _Watch(instance, ceiling, stop, on_solution)
        left = replace(limits, seconds=limits.seconds - (time.monotonic() - began))
        outcome = solve(
            instance, free, fixed, left, hint=hint, goal=goal, stop=watch, on_solution=watch.see, ceiling=ceiling
        )
        if ceiling is None:
            return outcome
        if outcome.solution is None and outcome.closed and (goal is None or goal[1] - 1 > ceiling.cost):
            # The model has every plan up to the ceiling: without any, the plan that set it breaks a rule.
            ceilings = None
        elif watch.closer and not outcome.closed and outcome.cost is not None and not outcome.mandatory_out:
            hint, cost = outcome.solution, outcome.cost
        else:
            return _concluded(outcome, ceiling)


def _concluded(outcome: Outcome, ceiling: Ceiling) -> Outcome:
    """What is proved of all plans by a model of those up to a ceiling."""
    if outcome.solution is None:
        return outcome
    if outcome.mandatory_out or outcome.cost is None:
        return Outcome(outcome.exact, False, outcome.solution, outcome.cost, None, outcome.mandatory_out)
    if outcome.bound is not None:
        outcome.bound = min(max(outcome.bound, ceiling.bound), ceiling.cost + 1, outcome.cost)
    outcome.closed = outcome.closed and outcome.cost <= ceiling.cost
    return outcome


class _Watch(threading.Event):
    """Stops a search from outside, or when it has found a plan that allows a much smaller model."""

    def __init__(
        self,
        instance: Instance,
        ceiling: Ceiling | None,
        stop: threading.Event | None,
        listener: Callable[[Solution, int], None] | None,
    ) -> None:
        super().__init__()
        self.closer = False
        self._instance, self._ceiling, self._stop, self._listener = instance, ceiling, stop, listener

    def see(self, solution: Solution, cost: int) -> None:
        """Take note of a plan."""
        if self._listener is not None:
            self._listener(solution, cost)
        if self._ceiling is None or mandatory_out(self._instance, solution):
            return
        low, high = self._ceiling.bound, self._ceiling.cost
        if low < cost and cost - low < CLOSER * (high - low):
            self.closer = True
            self.set()

    def is_set(self) -> bool:
        """Whether the search is to end."""
        return super().is_set() or (self._stop is not None and self._stop.is_set())

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until the search is to end, or some seconds."""
        return super().wait(timeout) or self.is_set()
