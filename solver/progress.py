"""What a run is told and what it tells: options, progress, and the clock both share."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Options:
    """How long and how to search.

    With `max_iterations` (moves of each worker) and a fixed number of workers a run gives the same plan every time,
    as long as the time limit does not end it first.
    """

    time_limit_seconds: float = 60.0
    workers: int = 0  # 0: one for every core
    seed: int = 0
    max_iterations: int | None = None
    gap: float = 0.0  # stop when the proven gap is at most this
    executor: Literal["threads", "processes", "dask"] = "threads"  # where the workers are
    cluster: str | None = None  # address of a Dask scheduler; None: workers on this machine
    without: frozenset[Literal["bound", "CP-SAT", "exchange"]] = frozenset()  # parts left out, to measure them

    @property
    def threads(self) -> int:
        """Number of workers, the default resolved."""
        return (
            self.workers
            if self.workers > 0
            else max(1, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
        )


@dataclass(frozen=True)
class Progress:
    """Where a run stands.

    `cost` counts every term of the best plan so far, `bound` is proven; `messages` is what a user should know of the
    workers, and grows.
    """

    seconds: float
    phase: str
    cost: int | None
    bound: int | None
    gap: float | None
    assigned: int
    total: int
    iterations: int
    messages: tuple[str, ...] = ()


Report = Callable[[Progress], None]


def gap_of(cost: int | None, bound: int | None) -> float | None:
    """The relative distance of a cost to its bound, `(cost - bound) / max(1, |cost|)`; None if one is unknown."""
    if cost is None or bound is None:
        return None
    return (cost - bound) / max(1, abs(cost))


@dataclass
class Clock:
    """Time and interruptions of one run."""

    limit: float
    stop: threading.Event = field(default_factory=threading.Event)
    began: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        """Seconds since the run began."""
        return time.monotonic() - self.began

    @property
    def left(self) -> float:
        """Seconds until the limit; 0 when stopped."""
        return 0.0 if self.stop.is_set() else max(0.0, self.limit - self.seconds)


@dataclass
class Grace:
    """Time for the last steps of a run: until a limit, and some seconds from the first question at least."""

    clock: Clock
    limit: float
    seconds: float
    until: float | None = None

    def over(self, more: float = 0.0) -> bool:
        """Whether the time is up, or will be in some seconds more; plainly asked, the first answer is no."""
        if self.until is None:
            self.until = max(self.limit, self.clock.seconds + self.seconds)
        return self.clock.seconds + more > self.until
