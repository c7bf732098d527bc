"""A chain on a worker, seen from here: it begins here until the worker is up, and comes home when that is lost."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from time import monotonic, sleep
from typing import Any, Protocol

from solver.chain import Chain, Leg, chain_seed, state_like, state_of
from solver.executors import Brief
from solver.executors.host import Glance
from solver.executors.wire import arrays_of, key_of, received, state_of as unwired
from solver.kernel.arrays import State
from solver.kernel.best import Best, best_of
from solver.kernel.compiled import CACHE_FOLDER
from solver.kernel.plan import read_placements, searched_cost

GLANCE_SECONDS = 0.1  # that a worker waits for the end of a leg before it answers
HALT_SECONDS = 0.4  # to wait for an answer after the run is halted
GOES_ON = "Its chain goes on in this process."
LONGEST_SECONDS = 1e6  # of a leg that nothing else ends

Halted = Callable[[], bool]


class Lost(Exception):
    """A worker that does not answer any more, or never did; the message is a sentence for the user."""


class Line(Protocol):
    """The way to one worker, which has one `Host`."""

    label: str

    def connect(self) -> None:
        """Wait until the worker is up; raises `Lost`."""

    def call(self, halted: Halted, name: str, *arguments: Any) -> Any:
        """Call a method of the host and wait for its answer, though not long once halted; raises `Lost`."""


def where(chains: Sequence[RemoteChain], workers: str) -> str:
    """Say how many chains have run on their workers, and how many of them were lost.

    Parameters
    ----------
    chains
        Of one run.
    workers
        What a worker is, in the plural.

    Returns
    -------
    Such as "chains on 2 processes, 1 lost"; empty where no chain has left this process.
    """
    joined, lost = sum(chain.joined for chain in chains), sum(chain.joined and chain.lost for chain in chains)
    if not joined:
        return ""
    of_all = "" if joined == len(chains) else f" of {len(chains)}"
    return f"chains on {joined}{of_all} {workers}" + (f", {lost} lost" if lost else "")


class RemoteChain:
    """A chain on a worker.

    Parameters
    ----------
    brief, number
        The problem and the first plan, and which of the chains this is.
    line
        To the worker.
    counted
        Whether moves count instead of time: then the chain waits for its worker, as only that gives the same plan.
    stands_in
        Whether to anneal here until the worker is up.
    messages
        Takes what the user should know, each message once.
    """

    def __init__(
        self, brief: Brief, number: int, line: Line, *, counted: bool, stands_in: bool, messages: list[str]
    ) -> None:
        self._brief, self._line, self._messages = brief, line, messages
        self.joined = self.lost = False  # whether the worker ever had a part, and whether it is gone
        self._seed = chain_seed(brief.seed, number)
        self._halted: Halted = lambda: False
        self._kept = best_of(brief.packed, brief.start)
        self._standing = int(self._kept.cost[0])
        self._moves = self._moves_before = 0
        self._here: Chain | None = None
        if stands_in and not counted:
            self._here = Chain(brief.packed, state_like(brief.instance, brief.packed, brief.start), self._seed)
        self._joining = True
        self._up = threading.Event()
        self._refusal: Lost | None = None
        self._adopted: State | None = None  # before there was a worker to send it to
        threading.Thread(target=self._join, name=f"join-{number}", daemon=True).start()

    @property
    def best(self) -> Best:
        """The best plan that has arrived here."""
        here = self._here
        return here.best if here is not None and here.best.cost[0] < self._kept.cost[0] else self._kept

    @property
    def moves(self) -> int:
        """Moves here and there, as far as the worker has told."""
        here = self._here
        return self._moves if here is None else here.moves

    def run(self, leg: Leg, halted: Halted) -> None:
        """Have the worker anneal, or anneal here where there is none yet or none any more."""
        began = monotonic()
        self._halted = halted

        def rest() -> Leg:
            return replace(leg, share=leg.share + (monotonic() - began) / leg.seconds)

        if self._joining:
            self._wait(leg, halted)
            if not self._up.is_set():
                return
            self._move()
        if self._here is None:
            try:
                self._run_there(rest(), halted)
            except Lost as lost:
                self._come_home(lost)
        if self._here is not None:
            self._here.run(rest(), halted)

    def standing(self) -> int:
        """Cost of the plan where the chain is."""
        return self._standing if self._here is None else self._here.standing()

    def state(self) -> State:
        """The plan where the chain is, fetched from the worker."""
        if self._here is None and not self._joining:
            try:
                return unwired(self._line.call(self._halted, "state"))
            except Lost as lost:
                self._come_home(lost)
        if self._here is not None:
            return self._here.state()
        return self._adopted if self._adopted is not None else self._brief.start

    def adopt(self, state: State) -> None:
        """Go on from another plan, which is sent to the worker."""
        if self._here is None and not self._joining:
            try:
                self._standing = self._line.call(self._halted, "adopt", arrays_of(state))
                return
            except Lost as lost:
                self._come_home(lost)
        if self._here is not None:
            self._keep(self._here.best)
            self._here.adopt(state)
        else:
            self._adopted = state_like(self._brief.instance, self._brief.packed, state)
            self._standing = searched_cost(self._brief.packed, state)

    def _join(self) -> None:
        """Find the worker and send it what it lacks; in a thread of its own."""
        brief, never = self._brief, lambda: False
        try:
            self._line.connect()
            version = self._line.call(never, "version")
            if version != CACHE_FOLDER.name:
                raise Lost(f"{self._line.label} runs another version of Tidyplan. Install the same one everywhere.")
            key, start = key_of(brief.packed), arrays_of(brief.start)
            if not self._line.call(never, "open", key, None, start, self._seed):
                self._line.call(never, "open", key, arrays_of(brief.packed), start, self._seed)
        except Lost as lost:
            self._refusal = lost
        finally:
            self._up.set()

    def _wait(self, leg: Leg, halted: Halted) -> None:
        """Anneal here, or only wait, until the worker is up or the leg is over."""
        if self._here is not None:
            self._here.run(leg, lambda: halted() or self._up.is_set())
            return
        over = monotonic() + (leg.until - leg.share) * leg.seconds
        while not (self._up.is_set() or halted() or (leg.moves is None and monotonic() >= over)):
            sleep(0.01)

    def _move(self) -> None:
        """Hand over to the worker what the chain has done here, or stay where there is none."""
        self._joining = False
        here = self._here
        if self._refusal is not None:
            if here is None:
                self._come_home(self._refusal)
            else:
                self._tell(f"{self._refusal} {GOES_ON}")
            return
        state = here.state() if here is not None and here.moves else self._adopted
        if here is not None:
            self._keep(here.best)
            self._moves = self._moves_before = here.moves
        self._here = self._adopted = None
        if state is not None:
            self.adopt(state)

    def _run_there(self, leg: Leg, halted: Halted) -> None:
        def call(name: str, *arguments: Any) -> Any:
            return self._line.call(halted, name, *arguments)

        left = LONGEST_SECONDS if leg.moves is not None else max(0.0, leg.until - leg.share) * leg.seconds
        call("begin", leg, left)
        self.joined = True
        halting: float | None = None
        while True:
            glance: Glance = call("glance", GLANCE_SECONDS)
            self._moves = self._moves_before + glance.moves
            if glance.best is not None:
                self._keep(received(glance.best))
            if glance.done:
                self._standing = glance.standing
                return
            if halting is not None and monotonic() - halting > HALT_SECONDS:
                raise Lost(f"{self._line.label} does not stop.")
            if halting is None and halted():
                halting = monotonic()
                call("halt")

    def _come_home(self, lost: Lost) -> None:
        """Go on here from the best plan that arrived."""
        self.lost = True
        self._tell(f"{lost} {GOES_ON}")
        brief = self._brief
        state = self._adopted
        if state is None:
            state = state_of(brief.instance, brief.packed, read_placements(brief.packed, self._kept))
        chain = Chain(brief.packed, state, self._seed)
        chain.moves = self._moves
        self._here, self._adopted = chain, None

    def _tell(self, message: str) -> None:
        if message not in self._messages:
            self._messages.append(message)

    def _keep(self, best: Best) -> None:
        if best.cost[0] < self._kept.cost[0]:
            self._kept = best.copy()
