"""The storm: many clients book, move, cancel and hold the same few, and then nobody may be booked twice."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from benchmarks.serving.audit import Audit, audit
from benchmarks.serving.clients import Tally, unleash
from benchmarks.serving.server import SECRET, serving
from benchmarks.serving.world import make_world

CLIENTS = 16


@dataclass(frozen=True, slots=True)
class Storm:
    """How a storm went.

    Parameters
    ----------
    tally
        What the clients were answered.
    audit
        What the tables say afterwards.
    seconds
        How long it took.
    """

    tally: Tally
    audit: Audit
    seconds: float

    @property
    def row(self) -> dict[str, str | int | float]:
        """The figures."""
        answers = self.tally.answers
        told = {kind: sum(n for (_, status, _), n in answers.items() if status // 100 == kind) for kind in (2, 4, 5)}
        taken = sum(n for (_, _, code), n in answers.items() if code == "slot_taken")
        times = np.array(self.tally.seconds or [0.0]) * 1000
        return {
            "requests": len(self.tally.seconds),
            "per second": round(len(self.tally.seconds) / self.seconds, 1),
            "done": told[2],
            "slot taken": taken,
            "refused otherwise": told[4] - taken,
            "faults": told[5] + len(self.tally.faults),
            "busy at the end": self.audit.busy,
            "booked twice": len(self.audit.twice),
            "half written": len(self.audit.halves),
            "median ms": round(float(np.median(times)), 1),
            "p95 ms": round(float(np.percentile(times, 95)), 1),
        }


def storm(url: str, attempts: int, *, processes: int = 1, clients: int = CLIENTS, seed: int = 0) -> Storm:
    """Let a storm loose on a database.

    Parameters
    ----------
    url
        An empty database.
    attempts
        How often clients try something; a hold is up to three requests.
    processes
        How many servers share the database.
    clients, seed
        How many clients, and their choices.

    Returns
    -------
    How it went.
    """
    world = make_world(url, SECRET)
    tally = Tally(attempts)
    with serving(url, processes) as servers:
        began = time.perf_counter()
        for thread in unleash(world, [server.port for server in servers], tally, clients, seed):
            thread.join()
        seconds = time.perf_counter() - began
    return Storm(tally, audit(url), seconds)
