"""One annealing chain: a plan, its work space, and the legs in which it cools down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from solver.instance import Instance, Solution
from solver.kernel.anneal import anneal
from solver.kernel.arrays import Packed, State
from solver.kernel.best import Best, best_of
from solver.kernel.plan import copy_plan, empty_state, fill_state, searched_cost
from solver.kernel.scratch import scratch
from solver.nearest import circle, nearest

CHUNK_SECONDS = 0.03  # between looks at the clock
CHUNK_MOVES = 500  # the same for runs that count moves instead of time
MOST_MOVES = 1_000_000  # in a chunk: where nothing can move, the pace is beyond measure
FEWEST_MOVES = 20  # the first chunk, which measures the pace


@dataclass(frozen=True, slots=True)
class Leg:
    """A part of an annealing: from one meeting of the chains to the next.

    Attributes
    ----------
    hot, cold
        Temperatures at the begin and the end of the whole annealing, in units of cost.
    share
        How much of the annealing is over when the leg begins, from 0 to 1.
    until
        The share at which it ends.
    seconds
        Length of the whole annealing, the measure of shares.
    moves
        Moves of the chain in the whole annealing, the measure instead of time; None where time counts.
    before
        Moves that the chain had made when the annealing began.
    """

    hot: float
    cold: float
    share: float
    until: float
    seconds: float
    moves: int | None
    before: int = 0


class Chain:
    """A chain in this process.

    Parameters
    ----------
    packed
        The problem.
    state
        The plan to begin with; it is changed.
    seed
        Of the chain's random numbers.
    """

    def __init__(self, packed: Packed, state: State, seed: int) -> None:
        self.packed = packed
        self.plan = state
        self.moves = 0
        self._scratch = scratch(packed, seed)
        self._best = best_of(packed, state)
        self._pace = 0.0  # moves a second, as far as measured

    @property
    def best(self) -> Best:
        """The best plan since the chain last took one over; written to while a leg runs."""
        return self._best

    def run(self, leg: Leg, halted: Callable[[], bool]) -> None:
        """Anneal until the leg is over or the chain is halted.

        Parameters
        ----------
        leg
            How hot, and how long.
        halted
            Asked about every 30 ms; True ends the leg.
        """
        began, problem = monotonic(), nearest(self.packed, circle(leg.until))
        goal = None if leg.moves is None else leg.before + round(leg.moves * leg.until)
        while not halted():
            if leg.moves is None:
                share = leg.share + (monotonic() - began) / leg.seconds
            else:
                share = (self.moves - leg.before) / max(1, leg.moves)
            if share >= leg.until or (goal is not None and self.moves >= goal):
                return
            paced = min(MOST_MOVES, max(FEWEST_MOVES, int(self._pace * CHUNK_SECONDS)))
            count = paced if goal is None else min(CHUNK_MOVES, goal - self.moves)
            started = monotonic()
            self._anneal(problem, count, leg.hot * (leg.cold / leg.hot) ** share)
            pace = count / max(1e-6, monotonic() - started)
            self._pace = 0.7 * self._pace + 0.3 * pace if self._pace else pace

    def warm_up(self) -> None:
        """Make one cool move: compiles what a leg needs."""
        self._anneal(self.packed, 1, 1.0)

    def standing(self) -> int:
        """Cost of the plan where the chain is; only between legs."""
        return searched_cost(self.packed, self.plan)

    def state(self) -> State:
        """The plan where the chain is; only between legs."""
        return self.plan

    def adopt(self, state: State) -> None:
        """Go on from another plan; only between legs."""
        copy_plan(state, self.plan)
        self._best = best_of(self.packed, self.plan)

    def _anneal(self, problem: Packed, count: int, heat: float) -> None:
        anneal(problem, self.plan, self._scratch, self._best, count, heat, heat)
        self.moves += count


def chain_seed(seed: int, number: int) -> int:
    """Spread the seed of a run over its chains."""
    return seed * 1009 + number + 1


def state_of(instance: Instance, packed: Packed, solution: Solution) -> State:
    """Make the state in which a solution stands.

    Parameters
    ----------
    instance, packed
        The problem in both forms.
    solution
        A feasible place or None for each task.

    Returns
    -------
    A state of its own arrays.
    """
    state = empty_state(instance, packed)
    fill_state(packed, state, solution)
    return state


def state_like(instance: Instance, packed: Packed, state: State) -> State:
    """Copy a state into arrays of its own."""
    copy = empty_state(instance, packed)
    copy_plan(state, copy)
    return copy
