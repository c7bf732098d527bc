"""Large-neighbourhood search: choose a part of a plan, solve it exactly, keep what is better, and learn from it."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from time import monotonic
from typing import NamedTuple

from solver.cpsat.fixed import Fixed
from solver.cpsat.price import price_of
from solver.instance import Instance, Solution, mandatory_out
from solver.neighbourhoods.block import Block
from solver.neighbourhoods.habits import Habits
from solver.neighbourhoods.landscape import Landscape
from solver.neighbourhoods.memory import Memory
from solver.neighbourhoods.operators import Choice, operators_of
from solver.neighbourhoods.relations import Relations
from solver.neighbourhoods.submodel import Found, solve_block

BLOCK_SECONDS = 0.5
TASK_WORK = 0.004  # limit of CP-SAT's deterministic time, for each task of a block
WORK_SECONDS = 2.5  # that a deterministic second takes
BLOCK_OVERHEAD, TASK_OVERHEAD = 0.004, 0.0004  # seconds for making a model
TRIES = 8  # to find a block that is not closed already
RIVALS = 4  # tasks of which the dearest, or the least visited one, becomes a seed
DEAR_ODDS = 0.4

Price = tuple[int, int]
"""Mandatory tasks left out, and cost."""


class Improvement(NamedTuple):
    """A better plan: one placement or None per task, mandatory tasks left out, cost, and what found it."""

    solution: Solution
    mandatory_out: int
    cost: int
    operator: str

    @property
    def price(self) -> Price:
        """Mandatory tasks left out, and cost."""
        return self.mandatory_out, self.cost


class _Attempt(NamedTuple):
    """A block that somebody is to solve, with the plan and price that it starts from."""

    block: Block
    operator: str
    size: int
    standing: Fixed
    price: Price
    time: int
    seed: int


class Neighbourhoods:
    """What is known about improving plans of one problem, block by block.

    Parameters
    ----------
    instance
        The problem.
    seed
        Of all choices.
    """

    def __init__(self, instance: Instance, seed: int = 0) -> None:
        self.instance = instance
        self._relations = Relations(instance)
        self._operators = operators_of(self._relations)
        self._habits = Habits(self._operators)
        self._memory = Memory(self._relations.shares_cost)
        self._draw = random.Random(seed)
        self._lie: Landscape | None = None
        self._lock = threading.Lock()
        self.blocks = self.closed = 0

    def step(self, solution: Solution, price: Price, seconds: float | None = BLOCK_SECONDS) -> Improvement | None:
        """Try one block.

        Parameters
        ----------
        solution, price
            A plan that breaks no rule, and its price.
        seconds
            Limit of wall time beside the one of deterministic time. Without it, the result depends on nothing but the
            plans so far and the seed.

        Returns
        -------
        A better plan, or None.
        """
        attempt = self._choose(solution, price)
        return None if attempt is None else self._finish(attempt, self._solve(attempt, seconds), seconds)

    def improve(
        self,
        solution: Solution,
        price: Price,
        *,
        seconds: float | None = None,
        steps: int | None = None,
        threads: int = 1,
        stop: threading.Event | None = None,
        on_better: Callable[[Improvement], None] | None = None,
    ) -> Improvement | None:
        """Try blocks until the time or the steps are used up.

        Parameters
        ----------
        solution, price
            A plan that breaks no rule, and its price.
        seconds
            Limit of wall time.
        steps
            Number of blocks. With one thread and without `seconds`, the result depends on nothing but the seed.
        threads
            How many blocks are solved at once.
        stop
            Ends the search when set, after the blocks under way.
        on_better
            Called with every better plan, in some thread, one at a time.

        Returns
        -------
        The best plan, or None if none is better than the given one.
        """
        until = None if seconds is None else monotonic() + seconds
        best: Improvement | None = None
        left = steps

        def work() -> None:
            nonlocal best, left
            while stop is None or not stop.is_set():
                with self._lock:
                    rest = None if until is None else until - monotonic()
                    if (rest is not None and rest <= 0.0) or left == 0:
                        return
                    left = None if left is None else left - 1
                    now = (solution, price) if best is None else (best.solution, best.price)
                    attempt = self._choose(*now)
                if attempt is None:
                    return
                limit = None if rest is None else min(BLOCK_SECONDS, rest)
                found = self._solve(attempt, limit)
                with self._lock:
                    better = self._finish(attempt, found, limit)
                    if better is not None:
                        best = better
                        if on_better is not None:
                            on_better(better)

        if threads == 1:
            work()
            return best
        with ThreadPoolExecutor(threads, thread_name_prefix="blocks") as pool:
            for one in [pool.submit(work) for _ in range(threads)]:
                one.result()
        return best

    def _choose(self, solution: Solution, price: Price) -> _Attempt | None:
        """Draw a block that is not known to be as good as it can be; None if there is nothing to move."""
        if not len(self._relations.movable):
            return None
        lie = self._look_at(solution)
        for attempt in range(TRIES):
            name, size = self._habits.choose(self._draw)
            block = self._operators[name](Choice(lie, self._draw, self._seed(lie, name), size))
            if attempt == TRIES - 1 or not self._memory.is_closed(block):
                seed = self._draw.randrange(1 << 30)
                return _Attempt(block, name, size, lie.standing, price, self._memory.time, seed)
            self._habits.learn(name, size, 0.0, BLOCK_OVERHEAD)
        return None

    def _look_at(self, solution: Solution) -> Landscape:
        if self._lie is None:
            self._lie = Landscape(self._relations, solution)
        else:
            touched = self._lie.move_to(solution)
            if touched:
                self._memory.change(touched)
        return self._lie

    def _seed(self, lie: Landscape, operator: str) -> int:
        """A task to begin with: the dearest of a few, or the one that was tried least."""
        pool = self._relations.linked if operator == "chain" else self._relations.movable
        some = [int(self._draw.choice(pool)) for _ in range(RIVALS)]
        if self._draw.random() < DEAR_ODDS:
            return max(some, key=lambda task: int(lie.cost[task]) / (1 + int(lie.quiet[task])))
        return min(some, key=lambda task: int(lie.quiet[task]))

    def _solve(self, attempt: _Attempt, seconds: float | None, hint: Solution | None = None) -> Found:
        work = TASK_WORK * len(attempt.block.tasks)
        return solve_block(
            attempt.standing, attempt.block, attempt.price, seconds=seconds, work=work, seed=attempt.seed, hint=hint
        )

    def _finish(self, attempt: _Attempt, found: Found, seconds: float | None) -> Improvement | None:
        """Learn from a block, and make its plan the current one if it is better."""
        self.blocks += 1
        better = None if found.solution is None else self._accept(attempt, found.solution, seconds)
        spent = WORK_SECONDS * found.work + BLOCK_OVERHEAD + TASK_OVERHEAD * len(attempt.block.tasks)
        gain = 0.0 if better is None else _gain(attempt.price, better.price)
        self._habits.learn(attempt.operator, attempt.size, gain, spent)
        if found.solution is None and found.proved:
            self.closed += 1
            self._memory.close(attempt.block, self._subjects(attempt.block), attempt.time)
            if self._lie is not None:
                self._lie.quiet[list(attempt.block.tasks)] += 1
        return better

    def _accept(self, attempt: _Attempt, solution: Solution, seconds: float | None) -> Improvement | None:
        """Make a plan the current one; where that has changed meanwhile, solve the block once more."""
        if self._lie is None:
            return None
        standing, price = self._lie.standing, attempt.price
        if standing is not attempt.standing:
            price = (mandatory_out(self.instance, standing.placements), price_of(standing))
            found = self._solve(attempt._replace(standing=standing, price=price), seconds, solution)
            if found.solution is None:
                return None
            solution = found.solution
        new = standing.replaced(solution, attempt.block.tasks)
        missing = mandatory_out(self.instance, new.placements)
        better = Improvement(new.placements, missing, price_of(new), attempt.operator)
        if better.price >= price:
            return None
        self._memory.change(self._lie.move_to(new.placements))
        return better

    def _subjects(self, block: Block) -> frozenset[int]:
        """Everything that the tasks of a block could take."""
        taken = {asset for task in block.tasks for asset in self._relations.assets[task]}
        return frozenset(taken | (block.scope.users or frozenset()))


def _gain(before: Price, after: Price) -> float:
    """What a better plan saves; a mandatory task counts as much as all the cost."""
    return float(before[1] - after[1] + (before[0] - after[0]) * max(1, before[1], after[1]))
