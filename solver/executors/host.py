"""A worker's side of one chain: it keeps the packed problem, anneals in a thread, and answers short questions."""

from __future__ import annotations

import threading
from collections import OrderedDict
from time import monotonic
from typing import NamedTuple

from solver.chain import Chain, Leg
from solver.executors.wire import Arrays, arrays_of, packed_of, sent, state_of
from solver.kernel.arrays import Packed
from solver.kernel.best import Best
from solver.kernel.compiled import CACHE_FOLDER

NEWS_SECONDS = 0.5  # between plans that are sent in the middle of a leg
PROBLEMS_KEPT = 4

_problems: OrderedDict[str, Packed] = OrderedDict()  # shared by the chains of a worker, the newest last
_lock = threading.Lock()


class Glance(NamedTuple):
    """How a leg goes.

    Attributes
    ----------
    done
        Whether it is over.
    moves
        Of the chain since it was opened.
    standing
        Cost where the chain is, true once the leg is over.
    best
        A plan better than all that were sent before, if there is one.
    """

    done: bool
    moves: int
    standing: int
    best: Arrays | None


class Host:
    """One chain on a worker."""

    def __init__(self) -> None:
        self._chain: Chain | None = None
        self._halt = threading.Event()
        self._over = threading.Event()
        self._until = 0.0
        self._news: Best | None = None
        self._told_cost: int | None = None
        self._told_at = 0.0
        self._failure: BaseException | None = None

    def version(self) -> str:
        """A name for the kernel's sources: plans travel only between equal ones."""
        return CACHE_FOLDER.name

    def open(self, key: str, packed: Arrays | None, state: Arrays, seed: int) -> bool:
        """Make the chain.

        Parameters
        ----------
        key
            Hash of the problem.
        packed
            The problem's arrays; None in the hope that they are here.
        state
            The plan to begin with.
        seed
            Of the chain.

        Returns
        -------
        False where the problem is not here and must be sent.
        """
        with _lock:
            if packed is not None and key not in _problems:
                _problems[key] = packed_of(packed)
            if key not in _problems:
                return False
            _problems.move_to_end(key)
            while len(_problems) > PROBLEMS_KEPT:
                _problems.popitem(last=False)
            self._chain = Chain(_problems[key], state_of(state), seed)
        self._told_cost = int(self._chain.best.cost[0])
        return True

    def begin(self, leg: Leg, seconds: float) -> None:
        """Begin a leg in a thread; it ends by itself after some seconds at the latest."""
        self._halt.clear()
        self._over.clear()
        self._until = monotonic() + seconds
        threading.Thread(target=self._run, args=(leg,), name="chain", daemon=True).start()

    def glance(self, wait: float) -> Glance:
        """Say how the leg goes, once it is over or after some seconds."""
        self._over.wait(wait)
        done = self._over.is_set()
        if done and self._failure is not None:
            raise self._failure
        news, self._news = self._news, None
        chain = self.chain
        standing = chain.standing() if done else 0
        return Glance(done, chain.moves, standing, None if news is None else sent(news))

    def halt(self) -> None:
        """End the leg at the next look at the clock."""
        self._halt.set()

    def state(self) -> Arrays:
        """The plan where the chain is; only between legs."""
        return arrays_of(self.chain.state())

    def adopt(self, state: Arrays) -> int:
        """Go on from another plan, and say what it costs; only between legs."""
        self.chain.adopt(state_of(state))
        self._told_cost = int(self.chain.best.cost[0])
        return self.chain.standing()

    @property
    def chain(self) -> Chain:
        """The chain; `open` has made it."""
        if self._chain is None:
            raise RuntimeError("The chain was never opened. Call open first.")
        return self._chain

    def _run(self, leg: Leg) -> None:
        try:
            self.chain.run(leg, self._halted)
            self._tell()
        except BaseException as failure:
            self._failure = failure
            raise
        finally:
            self._over.set()

    def _halted(self) -> bool:
        """Asked between two chunks in the chain's thread: the moment at which its best plan is whole."""
        if monotonic() - self._told_at >= NEWS_SECONDS:
            self._tell()
        return self._halt.is_set() or monotonic() >= self._until

    def _tell(self) -> None:
        best = self.chain.best
        if self._told_cost is None or best.cost[0] < self._told_cost:
            self._news, self._told_cost = best.copy(), int(best.cost[0])
        self._told_at = monotonic()
