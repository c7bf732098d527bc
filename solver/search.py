"""Annealing chains that exchange plans at fixed shares of their time, wherever an executor runs them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from time import monotonic

import numpy as np

from solver.chain import Leg, state_of
from solver.construct import greedy
from solver.executors import Brief, Executor
from solver.executors.threads import Threads
from solver.heat import COLD, NOMINAL_PACE, hottest, temperature_unit
from solver.instance import Instance, Solution
from solver.kernel.arrays import MANDATORY_COST, UNPLACED, Packed, State
from solver.kernel.best import Best, best_of
from solver.kernel.plan import read_placements, searched_cost
from solver.progress import Clock

EPOCHS = 20  # shares of a run after which chains meet
FIRST_EXCHANGE = 6  # chains go their own ways before this epoch

__all__ = ["Annealing", "greedy"]


class Annealing:
    """Chains that start from one plan and meet at every epoch.

    Parameters
    ----------
    instance, packed
        The problem in both forms.
    start
        The plan to begin with.
    workers
        Number of threads, where no executor is given.
    seed
        Of the chains' random numbers.
    executor
        Runs the chains.
    """

    def __init__(
        self,
        instance: Instance,
        packed: Packed,
        start: State,
        workers: int,
        seed: int,
        executor: Executor | None = None,
    ) -> None:
        self.instance, self.packed, self.start = instance, packed, start
        place = Threads(workers) if executor is None else executor
        self.chains = place.chains(Brief(instance, packed, start, seed))
        self.champion = best_of(packed, start)
        self.over = False
        self._offered: State | None = None

    def run(
        self,
        clock: Clock,
        seconds: float,
        moves: int | None,
        on_pulse: Callable[[], bool],
        pulse_seconds: float = 0.1,
    ) -> None:
        """Anneal until the time or the moves are used up, or the clock is stopped.

        Parameters
        ----------
        clock
            Of the whole run; its stop is looked at about every 30 ms.
        seconds
            Time for this annealing.
        moves
            Moves of each chain, or None for as many as the time allows.
        on_pulse
            Called in the calling thread about ten times a second; True ends the annealing.
        pulse_seconds
            Between two such calls.
        """
        began = monotonic()
        self.over = False
        hot = hottest(self.instance, self.packed, self.start, seconds * NOMINAL_PACE if moves is None else moves)
        cold = COLD * temperature_unit(self.instance)

        def halted() -> bool:
            return self.over or clock.left <= 0.0

        with ThreadPoolExecutor(len(self.chains), thread_name_prefix="chain") as pool:
            for epoch in range(EPOCHS):
                leg = Leg(hot, cold, (monotonic() - began) / seconds, (epoch + 1) / EPOCHS, seconds, moves)
                running = [pool.submit(chain.run, leg, halted) for chain in self.chains]
                while wait(running, timeout=pulse_seconds).not_done:
                    self.over = self.over or on_pulse()
                for done in running:
                    done.result()
                if on_pulse() or self.over or clock.left <= 0.0:
                    return
                if FIRST_EXCHANGE <= epoch + 1 < EPOCHS:
                    self._exchange()

    def offer(self, solution: Solution) -> None:
        """Give a feasible plan that was found elsewhere to the chain that stands worst at the next exchange.

        Parameters
        ----------
        solution
            One entry per task; pinned tasks where they are.
        """
        state = state_of(self.instance, self.packed, solution)
        best = best_of(self.packed, state)
        if best.cost[0] < self.champion.cost[0]:
            self.champion = best
        self._offered = state

    def warm_up(self) -> None:
        """Make one move with a chain here: compiles what a run needs."""
        for chain in Threads(1).chains(Brief(self.instance, self.packed, self.start, 0)):
            chain.warm_up()

    def _exchange(self) -> None:
        """The chain that stands worst goes on from where the one that stands best is, or from the plan offered."""
        costs = [chain.standing() for chain in self.chains]
        good, bad = costs.index(min(costs)), costs.index(max(costs))
        offered, self._offered = self._offered, None
        if offered is not None and searched_cost(self.packed, offered) < costs[good]:
            self._hand_over(offered, bad)
        elif costs[good] < costs[bad]:
            self._hand_over(self.chains[good].state(), bad)

    def _hand_over(self, state: State, taker: int) -> None:
        self._crown()
        self.chains[taker].adopt(state)

    def _crown(self) -> None:
        """Keep the best plan of all chains, whatever becomes of them."""
        best = self._best_of_chains()
        if best.cost[0] < self.champion.cost[0]:
            self.champion = best.copy()

    def _best_of_chains(self) -> Best:
        return min((chain.best for chain in self.chains), key=lambda best: int(best.cost[0]))

    def price(self) -> tuple[int, int]:
        """Mandatory tasks left out and cost of the best plan so far."""
        least = min(int(self.champion.cost[0]), int(self._best_of_chains().cost[0]))
        return divmod(least, int(self.packed.weights[MANDATORY_COST]))

    @property
    def assigned(self) -> int:
        """Number of tasks placed in the best plan so far."""
        best = self._best_of_chains()
        best = self.champion if self.champion.cost[0] < best.cost[0] else best
        return int(np.count_nonzero(best.start != UNPLACED))

    def solution(self) -> Solution:
        """The best plan so far; only between runs, as chains write to theirs."""
        self._crown()
        return read_placements(self.packed, self.champion)

    @property
    def moves(self) -> int:
        """Moves of all chains."""
        return sum(chain.moves for chain in self.chains)
