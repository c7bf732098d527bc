"""Annealing chains that exchange plans at fixed shares of their time, wherever an executor runs them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from itertools import cycle, islice
from math import ceil, inf
from time import monotonic

from solver.chain import Leg
from solver.construct import greedy
from solver.executors import Executor
from solver.executors.threads import Threads
from solver.instance import Instance, Solution
from solver.kernel.arrays import Packed, State
from solver.parts import divide
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
    groups
        Tasks that share nothing with those of other groups, not even a term of the cost, where that is known: then
        chains divide the groups among them.
    """

    def __init__(
        self,
        instance: Instance,
        packed: Packed,
        start: State,
        workers: int,
        seed: int,
        executor: Executor | None = None,
        groups: Sequence[Sequence[int]] = (),
        exchanging: bool = True,
    ) -> None:
        self.instance, self.packed, self.start = instance, packed, start
        place = Threads(workers) if executor is None else executor
        self.parts = divide(instance, packed, start, groups, place.workers)
        served = list(islice(cycle(self.parts), place.workers))
        self.chains = place.chains([part.brief(seed) for part in served])
        for part, chain in zip(served, self.chains, strict=True):
            part.chains.append(chain)
        self.exchanging = exchanging
        self.over = False

    def run(
        self,
        clock: Clock,
        seconds: float,
        moves: int | None,
        on_pulse: Callable[[], bool],
        pulse_seconds: float = 0.1,
        on_rest: Callable[[], None] | None = None,
        rest_seconds: float = inf,
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
        on_rest
            Called in the calling thread while no chain moves: then `solution` may be asked for.
        rest_seconds
            Chains rest about that often, and at every exchange.
        """
        began = monotonic()
        legs = 1 if on_rest is None or moves is not None else ceil(max(1.0, seconds / EPOCHS / rest_seconds))
        self.over = False
        begun = [(chain, *part.heat(seconds, moves), chain.moves) for part in self.parts for chain in part.chains]

        def halted() -> bool:
            return self.over or clock.left <= 0.0

        with ThreadPoolExecutor(len(self.chains), thread_name_prefix="chain") as pool:
            for step in range(EPOCHS * legs):
                epoch, leg = divmod(step, legs)
                share, until = (monotonic() - began) / seconds, (step + 1) / (EPOCHS * legs)
                running = [
                    pool.submit(chain.run, Leg(hot, cold, share, until, seconds, moves, before), halted)
                    for chain, hot, cold, before in begun
                ]
                while wait(running, timeout=pulse_seconds).not_done:
                    self.over = self.over or on_pulse()
                for done in running:
                    done.result()
                if on_pulse() or self.over or clock.left <= 0.0:
                    return
                if on_rest is not None:
                    on_rest()
                if self.exchanging and leg == legs - 1 and FIRST_EXCHANGE <= epoch + 1 < EPOCHS:
                    for part in self.parts:
                        part.exchange()

    def offer(self, solution: Solution) -> None:
        """Take a feasible plan that was found elsewhere: it counts at once, and chains go on from it at an exchange.

        Parameters
        ----------
        solution
            One entry per task; pinned tasks where they are.
        """
        for part in self.parts:
            part.offer([solution[task] for task in part.tasks])

    def warm_up(self) -> None:
        """Make one move with a chain here: compiles what a run needs."""
        (chain,) = Threads(1).chains([self.parts[0].brief(0)])
        chain.warm_up()

    def price(self) -> tuple[int, int]:
        """Mandatory tasks left out and cost of the best plan so far."""
        prices = [part.price() for part in self.parts]
        return sum(missing for missing, _ in prices), sum(cost for _, cost in prices)

    @property
    def assigned(self) -> int:
        """Number of tasks placed in the best plan so far."""
        return sum(part.assigned for part in self.parts)

    def solution(self) -> Solution:
        """The best plan so far; only between runs, as chains write to theirs."""
        solution: Solution = [None] * len(self.instance.tasks)
        for part in self.parts:
            for task, placement in zip(part.tasks, part.solution(), strict=True):
                solution[task] = placement
        return solution

    @property
    def moves(self) -> int:
        """Moves of all chains."""
        return sum(chain.moves for chain in self.chains)
