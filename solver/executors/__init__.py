"""Where annealing chains run: threads of this process, processes of this machine, or the workers of a Dask cluster.

An executor turns the first plan into chains; `solver.search` drives them leg by leg and lets them meet in between.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from types import TracebackType

    from solver.chain import Leg
    from solver.instance import Instance
    from solver.kernel.arrays import Packed, State
    from solver.kernel.best import Best
    from solver.progress import Options

__all__ = ["Brief", "Chain", "Executor", "executor_for"]


@dataclass(frozen=True, slots=True)
class Brief:
    """What chains need to begin: the problem in both forms, the first plan, and the seed of the run."""

    instance: Instance
    packed: Packed
    start: State
    seed: int


class Chain(Protocol):
    """One annealing chain, wherever it runs."""

    @property
    def moves(self) -> int:
        """Moves it has made, as far as known here."""

    @property
    def best(self) -> Best:
        """The best plan of the chain that is known here."""

    def run(self, leg: Leg, halted: Callable[[], bool]) -> None:
        """Anneal in the calling thread's stead until the leg is over, or within half a second of being halted."""

    def standing(self) -> int:
        """Cost of the plan where the chain is; only between legs."""

    def state(self) -> State:
        """The plan where the chain is; only between legs."""

    def adopt(self, state: State) -> None:
        """Go on from another plan; only between legs."""


class Executor(Protocol):
    """A place for chains; a context manager that begins to get ready when it is made, and cleans up at its end."""

    @property
    def messages(self) -> Sequence[str]:
        """What a user should know, such as the loss of a worker; it grows."""

    @property
    def workers(self) -> int:
        """How many chains it runs."""

    @property
    def place(self) -> str:
        """Where chains have run, in words for the plan's method; empty where all ran in this process."""

    def chains(self, briefs: Sequence[Brief]) -> Sequence[Chain]:
        """Make a chain for each brief, of one problem or of its parts; at once, whether or not the workers are up."""

    def dismiss(self) -> None:
        """No chain will run any more: end what takes time from others. Quick; slow farewells come with the exit."""

    def __enter__(self) -> Executor:
        """Begin."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the workers that this executor started."""


def executor_for(options: Options) -> Executor:
    """Make the executor that the options name.

    Parameters
    ----------
    options
        `executor`, `cluster` and `workers` are read.

    Returns
    -------
    An executor whose workers are on their way.

    Raises
    ------
    MissingPackage
        Where Dask is asked for and not installed.
    """
    if options.executor == "processes":
        from solver.executors.processes import Processes

        return Processes(options)
    if options.executor == "dask":
        from solver.executors.cluster import Cluster

        return Cluster(options)
    from solver.executors.threads import Threads

    return Threads(options.threads)
