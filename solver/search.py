"""Search threads: annealing chains that exchange plans at fixed shares of their time."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, wait
from dataclasses import dataclass
from time import monotonic

import numpy as np

from solver.construct import greedy
from solver.heat import COLD, HOT, NOMINAL_PACE, hottest, temperature_unit
from solver.instance import Instance, Solution
from solver.kernel.anneal import anneal
from solver.kernel.arrays import MANDATORY_COST, UNPLACED, Packed, State
from solver.kernel.best import Best, best_of
from solver.kernel.plan import copy_plan, empty_state, read_placements, searched_cost
from solver.kernel.scratch import Scratch, scratch
from solver.progress import Clock

EPOCHS = 20  # shares of a run after which chains meet
FIRST_EXCHANGE = 6  # chains go their own ways before this epoch
CHUNK_SECONDS = 0.03  # between looks at the clock
CHUNK_MOVES = 500  # the same for runs that count moves instead of time

__all__ = ["Annealing", "greedy"]


@dataclass
class Chain:
    """One thread's plan, work space and best plan."""

    state: State
    scratch: Scratch
    best: Best
    moves: int = 0
    pace: float = 20_000.0  # moves a second, measured


class Annealing:
    """Chains that start from one plan and meet at every epoch."""

    def __init__(self, instance: Instance, packed: Packed, start: State, workers: int, seed: int) -> None:
        self.instance, self.packed, self.start = instance, packed, start
        self.cold = COLD * temperature_unit(instance)
        self.chains = []
        for worker in range(workers):
            state = empty_state(instance, packed)
            copy_plan(start, state)
            self.chains.append(Chain(state, scratch(packed, seed * 1009 + worker + 1), best_of(packed, state)))
        self.champion = best_of(packed, start)
        self.over = False
        self.hot = HOT

    def run(
        self,
        executor: Executor,
        clock: Clock,
        seconds: float,
        moves: int | None,
        on_pulse: Callable[[], bool],
        pulse_seconds: float = 0.1,
    ) -> None:
        """Anneal until the time or the moves are used up, or the clock is stopped.

        Parameters
        ----------
        executor
            Runs the chains; threads, as the kernel holds no lock.
        clock
            Of the whole run; its stop is looked at about every 30 ms.
        seconds
            Time for this annealing.
        moves
            Moves of each chain, or None for as many as the time allows.
        on_pulse
            Called in the calling thread about ten times a second; True ends the annealing.
        """
        began = monotonic()
        self.over = False
        self.hot = hottest(self.instance, self.packed, self.start, seconds * NOMINAL_PACE if moves is None else moves)
        for epoch in range(EPOCHS):
            running = [
                executor.submit(self._epoch, chain, clock, began, seconds, moves, epoch) for chain in self.chains
            ]
            while wait(running, timeout=pulse_seconds).not_done:
                self.over = self.over or on_pulse()
            for done in running:
                done.result()
            if self.over or on_pulse() or clock.left <= 0.0:
                return
            if epoch + 1 >= FIRST_EXCHANGE and epoch + 1 < EPOCHS:
                self._exchange()

    def warm_up(self) -> None:
        """Make one move with each chain: compiles what a run needs."""
        for chain in self.chains:
            anneal(self.packed, chain.state, chain.scratch, chain.best, 1, HOT, HOT)

    def _epoch(self, chain: Chain, clock: Clock, began: float, seconds: float, moves: int | None, epoch: int) -> None:
        until = (epoch + 1) / EPOCHS
        goal = None if moves is None else round(moves * until)
        while clock.left > 0.0 and not self.over:
            share = (monotonic() - began) / seconds if moves is None else chain.moves / max(1, moves)
            if share >= until or (goal is not None and chain.moves >= goal):
                return
            count = max(20, int(chain.pace * CHUNK_SECONDS)) if goal is None else min(CHUNK_MOVES, goal - chain.moves)
            heat = self.hot * (self.cold / self.hot) ** share
            started = monotonic()
            anneal(self.packed, chain.state, chain.scratch, chain.best, count, heat, heat)
            chain.moves += count
            chain.pace = 0.7 * chain.pace + 0.3 * count / max(1e-6, monotonic() - started)

    def _exchange(self) -> None:
        """The chain that stands worst goes on from where the one that stands best is."""
        costs = [searched_cost(self.packed, chain.state) for chain in self.chains]
        good, bad = costs.index(min(costs)), costs.index(max(costs))
        if costs[good] < costs[bad]:
            self._crown()
            copy_plan(self.chains[good].state, self.chains[bad].state)
            self.chains[bad].best = best_of(self.packed, self.chains[bad].state)

    def _crown(self) -> None:
        """Keep the best plan of all chains, whatever becomes of them."""
        best = min((chain.best for chain in self.chains), key=lambda best: int(best.cost[0]))
        if best.cost[0] < self.champion.cost[0]:
            self.champion = best.copy()

    def price(self) -> tuple[int, int]:
        """Mandatory tasks left out and cost of the best plan so far."""
        least = min(int(self.champion.cost[0]), *(int(chain.best.cost[0]) for chain in self.chains))
        return divmod(least, int(self.packed.weights[MANDATORY_COST]))

    @property
    def assigned(self) -> int:
        """Number of tasks placed in the best plan so far."""
        best = min((chain.best for chain in self.chains), key=lambda best: int(best.cost[0]))
        return int(np.count_nonzero(best.start != UNPLACED))

    def solution(self) -> Solution:
        """The best plan so far; only between runs, as chains write to theirs."""
        self._crown()
        return read_placements(self.packed, self.champion)

    @property
    def moves(self) -> int:
        """Moves of all chains."""
        return sum(chain.moves for chain in self.chains)
