"""Solving a whole problem to the proof: what no better plan can have is left out of the model first."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from importlib.util import find_spec

from solver.cpsat.ceiling import Ceiling, Ceilings, cost_that_matters
from solver.cpsat.fixed import Fixed
from solver.cpsat.mip import BranchAndCut
from solver.cpsat.price import price
from solver.cpsat.solve import Limits, Outcome, build_model, solve
from solver.instance import Instance, Solution, mandatory_out

CLOSER = 0.4  # a plan that leaves less than this share of the gap is worth a new, smaller model
MUCH = 4.0  # times the gap, and the linear model is worth beginning anew
BRANCH_SECONDS = 5.0  # with less time left, the linear model is not begun


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
    return _Whole(instance, free, fixed, limits, hint, goal, stop, on_solution).solve()


@dataclass
class _Whole:
    instance: Instance
    free: Sequence[int]
    fixed: Solution
    limits: Limits
    hint: Solution | None
    goal: tuple[int, int] | None
    stop: threading.Event | None
    on_solution: Callable[[Solution, int], None] | None
    proof: BranchAndCut | None = None
    proved: int | None = None
    linear: bool = False
    watch: _Watch = field(init=False)

    def solve(self) -> Outcome:
        """Solve in rounds, each below the ceiling that the best plan so far sets."""
        try:
            return self._rounds()
        finally:
            if self.proof is not None:
                self.proof.finish()

    def _rounds(self) -> Outcome:
        self.until = time.monotonic() + self.limits.seconds
        cost = None if self.limits.short else cost_that_matters(self.instance, self.free, self.hint, self.goal)
        ceilings = None if cost is None else Ceilings(self.instance, cost)
        while True:
            ceiling = None if ceilings is None or cost is None else ceilings.at(cost)
            outcome = self._round(ceiling)
            if ceiling is None:
                return outcome
            impossible = outcome.solution is None and outcome.closed
            if impossible and (self.goal is None or self.goal[1] - 1 > ceiling.cost):
                # The model has every plan up to the ceiling: without any, the plan that set it breaks a rule.
                ceilings = None
            elif self.watch.closer and not outcome.closed and outcome.cost is not None and not outcome.mandatory_out:
                self.hint, cost = outcome.solution, outcome.cost
            else:
                return _concluded(outcome, ceiling)

    def _round(self, ceiling: Ceiling | None) -> Outcome:
        self.watch = _Watch(self.instance, ceiling, self.stop, self.on_solution)
        if ceiling is not None:
            self._branch(ceiling)
        if self.proof is not None and self.proof.ended:
            self.watch.set()
        left = replace(
            self.limits,
            seconds=self.until - time.monotonic(),
            workers=self.limits.workers - (self.proof is not None),
        )
        outcome = solve(
            self.instance,
            self.free,
            self.fixed,
            left,
            hint=self.hint,
            goal=self.goal,
            stop=self.watch,
            on_solution=self.watch.see,
            ceiling=ceiling,
        )
        if ceiling is not None and self.linear:
            self._join(outcome, ceiling)
        return outcome

    def _branch(self, ceiling: Ceiling) -> None:
        """Let the linear model prove beside CP-SAT, where there is one and a core for it."""
        left = self.until - time.monotonic()
        if self.limits.workers < 2 or self.limits.deterministic_seconds is not None or left < BRANCH_SECONDS:
            return
        if find_spec("highspy") is None:
            return  # nobody has built it for this platform
        if self.proof is not None:
            if self.proof.ceiling - ceiling.bound <= MUCH * (ceiling.cost - ceiling.bound):
                return
            self.proof.finish()
            self.proved = self._proved()
        build = build_model(self.instance, Fixed(self.instance, self.free, self.fixed), timed=True, ceiling=ceiling)
        self.proof = None
        if build.timed is not None and build.feasible and not build.restrictions:
            self.linear = True
            self.proof = BranchAndCut(build, ceiling.cost, left, self.limits.seed, self._see, self._end)

    def _see(self, solution: Solution, cost: int) -> None:
        self.watch.see(solution, cost)

    def _end(self) -> None:
        self.watch.set()

    def _proved(self) -> int | None:
        """The best bound of the linear models so far."""
        if self.proof is None or self.proof.bound is None:
            return self.proved
        bound = min(self.proof.bound, self.proof.ceiling + 1)
        return bound if self.proved is None else max(self.proved, bound)

    def _join(self, outcome: Outcome, ceiling: Ceiling) -> None:
        """Add what the linear models have found and proved to what CP-SAT has, and the plan that both began with."""
        bound = self._proved()
        self._take(outcome, None if self.proof is None else self.proof.solution, ceiling)
        if outcome.solution is None and not outcome.closed and bound is not None and bound <= ceiling.cost:
            self._take(outcome, self.hint, ceiling)
        if bound is None or outcome.mandatory_out:
            return
        if outcome.cost is None:
            outcome.closed = outcome.closed or bound > ceiling.cost
        elif bound <= outcome.cost:  # more is an error of the linear solver's arithmetic
            outcome.bound = bound if outcome.bound is None else max(outcome.bound, bound)
            outcome.closed = outcome.closed or outcome.bound == outcome.cost

    def _take(self, outcome: Outcome, solution: Solution | None, ceiling: Ceiling) -> None:
        """Put a plan in the place of a worse one."""
        if solution is None or mandatory_out(self.instance, solution):
            return
        cost = price(self.instance, solution)
        worse = outcome.solution is not None and (outcome.mandatory_out, outcome.cost or 0) <= (0, cost)
        if not worse and cost <= ceiling.cost and (self.goal is None or (0, cost) < self.goal):
            outcome.solution, outcome.cost, outcome.mandatory_out = solution, cost, 0
            outcome.mandatory_proved = True


def _concluded(outcome: Outcome, ceiling: Ceiling) -> Outcome:
    """What is proved of all plans by a model of those up to a ceiling."""
    if outcome.solution is None:
        return outcome
    if outcome.mandatory_out or outcome.cost is None:
        return Outcome(outcome.exact, False, outcome.solution, outcome.cost, None, outcome.mandatory_out)
    known = ceiling.bound if outcome.bound is None else max(outcome.bound, ceiling.bound)
    outcome.bound = min(known, ceiling.cost + 1, outcome.cost)
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
