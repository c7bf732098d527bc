"""Chains in processes of this machine, each with memory and an interpreter of its own."""

from __future__ import annotations

import multiprocessing
import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import resource_tracker
from time import monotonic
from typing import TYPE_CHECKING, Any

from solver.executors.remote import HALT_SECONDS, Halted, Lost, RemoteChain, where

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from solver.executors import Brief
    from solver.progress import Options

SLICE_SECONDS = 0.05  # between looks at the clock while a worker is silent
SILENCE_SECONDS = 120.0  # until a worker counts as lost: it may have to compile first


class Processes:
    """As many chains as there are processes.

    Parameters
    ----------
    options
        `workers` and `max_iterations` are read.
    """

    def __init__(self, options: Options) -> None:
        self.workers = options.threads
        self.messages: list[str] = []
        self._counted = options.max_iterations is not None
        self._chains: list[RemoteChain] = []
        self._lines = [ProcessLine() for _ in range(self.workers)]

    @property
    def place(self) -> str:
        """The processes, by number."""
        return where(self._chains, "processes")

    def chains(self, briefs: Sequence[Brief]) -> list[RemoteChain]:
        """Make the chains; each anneals here until its process is up."""
        self._chains = [
            RemoteChain(brief, number, line, counted=self._counted, stands_in=True, messages=self.messages)
            for number, (brief, line) in enumerate(zip(briefs, self._lines, strict=True))
        ]
        return self._chains

    def dismiss(self) -> None:
        """End the processes, also those that are not up yet."""
        for line in self._lines:
            line.kill()

    def __enter__(self) -> Processes:
        return self

    def __exit__(self, *_: object) -> None:
        self.dismiss()
        for line in self._lines:
            line.close()


class ProcessLine:
    """A process that is started at once, and the pipe to it."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=serve, args=(theirs,), name="tidyplan-worker", daemon=True)
        self._calling = threading.Lock()
        self._closed = False
        with deaf_to_interrupts():
            self._process.start()
        theirs.close()
        self.label = f"Worker process {self._process.pid}"

    def connect(self) -> None:
        """Nothing to wait for: the first call is answered when the process is up."""

    def call(self, halted: Halted, name: str, *arguments: Any) -> Any:
        """Call a method of the process's host."""
        with self._calling:
            if self._closed:
                raise Lost(f"{self.label} is gone.")
            try:
                self._connection.send((name, arguments))
                self._await(halted)
                return self._connection.recv()
            except (EOFError, OSError):
                raise Lost(f"{self.label} ended unexpectedly{self._how()}.") from None

    def kill(self) -> None:
        """End the process; it has nothing to save."""
        self._process.kill()

    def close(self) -> None:
        """Free what the process has held."""
        self.kill()
        with self._calling:
            self._closed = True
            self._connection.close()
            self._process.join()
            self._process.close()

    def _await(self, halted: Halted) -> None:
        began, halted_at = monotonic(), 0.0
        while not self._connection.poll(SLICE_SECONDS):
            now = monotonic()
            if halted() and not halted_at:
                halted_at = now
            if (halted_at and now - halted_at > HALT_SECONDS) or now - began > SILENCE_SECONDS:
                raise Lost(f"{self.label} does not answer.")

    def _how(self) -> str:
        self._process.join(SLICE_SECONDS)
        code = self._process.exitcode
        if code is None:
            return ""
        return f" (signal {-code})" if code < 0 else f" (exit code {code})"


@contextmanager
def deaf_to_interrupts() -> Iterator[None]:
    """Start processes that Ctrl-C on the terminal does not reach: the run decides what becomes of them."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # or it unblocks the signal while the first process starts
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def serve(connection: Connection) -> None:
    """Answer calls until the other side is gone; the whole life of a worker process.

    Parameters
    ----------
    connection
        Takes pairs of a method's name and its arguments, and gives what the host returns.
    """
    from solver.executors.host import Host

    host = Host()
    while True:
        try:
            name, arguments = connection.recv()
        except (EOFError, OSError):
            return
        answer = getattr(host, name)(*arguments)
        try:
            connection.send(answer)
        except OSError:
            return
