"""Processes that are killed at random, as by power cuts, and started again."""

from __future__ import annotations

import http.client
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from random import Random

from benchmarks.serving.server import START_SECONDS, environment_for, free_port

ENVIRONMENT = {
    "TIDYPLAN_OUTGOING_ALLOW": "127.0.0.0/8",
    "TIDYPLAN_WORKER_DEAD_SECONDS": "1",
    "TIDYPLAN_JOBS_POLL_SECONDS": "0.1",
    "TIDYPLAN_DELIVERY_RETRY_SECONDS": "0.5",
    "TIDYPLAN_CHECKPOINT_SECONDS": "0.5",
    "TIDYPLAN_WORKER_DRAIN_SECONDS": "1",
}


class Process:
    """`tidyplan serve` or `tidyplan worker`, which can be killed and started again.

    Parameters
    ----------
    url
        Of the database.
    works, serves
        What it does.
    """

    def __init__(self, url: str, *, works: bool, serves: bool) -> None:
        self.port = free_port() if serves else 0
        self.environment = environment_for(url) | ENVIRONMENT | {"TIDYPLAN_WORKER": str(works)}
        self.words = ["serve", "--port", str(self.port)] if serves else ["worker"]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it."""
        command = [sys.executable, "-m", "service.cli", *self.words]
        self._process = subprocess.Popen(command, env=self.environment, stdout=subprocess.DEVNULL)

    def end(self, how: signal.Signals) -> None:
        """Send it a signal, and wait for its end."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(60)
            self._process = None

    def wait_until_ready(self) -> None:
        """Wait until it answers, if it serves."""
        until = time.monotonic() + START_SECONDS
        while self.port and not _answers(self.port):
            if time.monotonic() > until:
                raise TimeoutError(f"{' '.join(self.words)} does not answer.")
            time.sleep(0.05)


class Reaper(threading.Thread):
    """Kills one of some processes after another, and starts it again, until told to stop.

    Parameters
    ----------
    processes
        Some of which live at any time.
    seed
        Of its choices.
    most
        How often it kills at most.
    every_seconds
        How long it waits between two kills, on average.
    """

    def __init__(self, processes: Sequence[Process], seed: int, most: int, every_seconds: float) -> None:
        super().__init__(daemon=True)
        self.processes, self.random, self.most, self.every_seconds = processes, Random(seed), most, every_seconds
        self.kills = 0
        self._ending = threading.Event()

    def run(self) -> None:
        """Kill."""
        while self.kills < self.most and not self._ending.wait(self.random.uniform(0.2, 1.8) * self.every_seconds):
            victim = self.random.choice(self.processes)
            victim.end(signal.SIGKILL)
            self.kills += 1
            victim.start()

    def stop(self) -> None:
        """Kill no more."""
        self._ending.set()
        self.join()


@contextmanager
def running(processes: Sequence[Process]) -> Iterator[None]:
    """Start processes, the first one alone: it migrates the database; and end them."""
    try:
        for process in processes:
            process.start()
            process.wait_until_ready()
        yield
    finally:
        for process in processes:
            process.end(signal.SIGKILL)


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
