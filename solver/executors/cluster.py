"""Chains on the workers of a Dask cluster: one that runs somewhere, or one of this machine for as long as a run."""

from __future__ import annotations

import asyncio
import importlib.util
import logging
import threading
from collections.abc import Sequence
from concurrent.futures import CancelledError
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from models.errors import MissingPackage
from solver.executors.host import Host
from solver.executors.processes import deaf_to_interrupts
from solver.executors.remote import HALT_SECONDS, Halted, Lost, RemoteChain, where

if TYPE_CHECKING:
    from distributed import Client, LocalCluster

    from solver.executors import Brief
    from solver.progress import Options

LOOPBACK = "127.0.0.1"  # a cluster of this machine is nobody else's
CONNECT_SECONDS = 10.0  # at most, and half of the time limit
KNOW_SECONDS = 2.0  # to wait for the number of workers where only the cluster knows it
SILENCE_SECONDS = 120.0  # until a worker counts as lost: it may have to compile first
FAILURES = (OSError, TimeoutError, CancelledError, RuntimeError, ImportError, AttributeError, KeyError, ValueError)


class ActorHost(Host):
    """A host that answers on the event loop of a Dask worker, which must never wait."""

    async def reply(self, name: str, arguments: tuple[Any, ...]) -> Any:
        """Call a method; a glance waits without holding up the loop."""
        if name == "glance":
            return await asyncio.to_thread(self.glance, *arguments)
        return getattr(self, name)(*arguments)


class Cluster:
    """As many chains as asked for, or as the cluster has threads; connected to in the background.

    Parameters
    ----------
    options
        `cluster`, `workers` and `max_iterations` are read.
    """

    def __init__(self, options: Options) -> None:
        if importlib.util.find_spec("distributed") is None:
            raise MissingPackage("The executor dask", "distributed", "cluster")
        self.messages: list[str] = []
        self.client: Client | None = None
        self.seats: list[str] = []  # addresses of workers, each as often as it has threads
        self.failure = ""
        self._options = options
        self._local: LocalCluster | None = None
        self._known = threading.Event()
        self._count = 0
        self._chains: list[RemoteChain] = []
        threading.Thread(target=self._connect, name="connect", daemon=True).start()

    @property
    def workers(self) -> int:
        """As many as asked for; otherwise as the cluster has threads, if it tells in time."""
        options = self._options
        if not self._count:
            if options.cluster is not None and options.workers == 0:
                self._known.wait(min(KNOW_SECONDS, 0.1 * options.time_limit_seconds))
                self._count = len(self.seats)
            self._count = self._count or options.threads
        return self._count

    @property
    def place(self) -> str:
        """The cluster, by its address."""
        name = f"the Dask cluster {self._options.cluster}" if self._options.cluster else "a local Dask cluster"
        return where(self._chains, f"workers of {name}")

    def chains(self, briefs: Sequence[Brief]) -> list[RemoteChain]:
        """Make the chains; as many as this machine has cores anneal here until their workers are up."""
        counted, own = self._options.max_iterations is not None, replace(self._options, workers=0).threads
        self._chains = [
            RemoteChain(
                brief,
                number,
                DaskLine(self, number),
                counted=counted,
                stands_in=number < own,
                messages=self.messages,
            )
            for number, brief in enumerate(briefs)
        ]
        return self._chains

    def current(self) -> AbstractContextManager[object]:
        """Make the cluster's client the one that actors are called by."""
        return nullcontext() if self.client is None else self.client.as_current()

    def wait(self) -> None:
        """Wait until it is known whether there is a cluster."""
        self._known.wait()

    def dismiss(self) -> None:
        """Leave the workers idle: closing them takes longer than the rest of the run."""

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of the cluster in the background: a plan does not wait for the farewells of processes."""
        threading.Thread(target=self._close, name="close", daemon=self._options.cluster is not None).start()

    def _connect(self) -> None:
        from distributed import Client, LocalCluster

        address = self._options.cluster
        patience = min(CONNECT_SECONDS, 0.5 * self._options.time_limit_seconds)
        try:
            if address is None:
                with deaf_to_interrupts():  # which the threads and processes of the cluster inherit
                    self._local = LocalCluster(
                        n_workers=self._options.threads,
                        threads_per_worker=1,
                        host=LOOPBACK,
                        scheduler_kwargs={"dashboard": False, "dashboard_address": f"{LOOPBACK}:0"},
                        silence_logs=logging.CRITICAL,
                    )
            self.client = Client(self._local or address, timeout=patience, set_as_default=False)
            self.client.wait_for_workers(1, timeout=patience)
            threads = self.client.nthreads()
            rounds = range(max(threads.values(), default=0))
            self.seats = [worker for turn in rounds for worker in sorted(threads) if turn < threads[worker]]
        except FAILURES as failure:
            where = f"No Dask cluster answers at {address}" if address else "The local Dask cluster does not start"
            self.failure = f"{where} ({str(failure) or type(failure).__name__})."
        finally:
            self._known.set()

    def _close(self) -> None:
        self._known.wait()
        if self.client is not None:
            self.client.close()
        if self._local is not None:
            self._local.close()


class DaskLine:
    """An actor on one of the cluster's workers.

    Parameters
    ----------
    cluster, number
        The chain's number says which worker.
    """

    def __init__(self, cluster: Cluster, number: int) -> None:
        self.label = f"Dask worker {number}"
        self._cluster, self._number = cluster, number
        self._future: Any = None
        self._actor: Any = None

    def connect(self) -> None:
        """Wait for the cluster, and put a host on the worker."""
        cluster = self._cluster
        cluster.wait()
        if cluster.failure or cluster.client is None or not cluster.seats:
            raise Lost(cluster.failure or "The Dask cluster has no workers.")
        worker = cluster.seats[self._number % len(cluster.seats)]
        self.label = f"Dask worker {worker}"
        try:
            self._future = cluster.client.submit(
                ActorHost, actor=True, workers=[worker], pure=False, key=f"tidyplan-chain-{uuid4().hex}"
            )
            with cluster.current():
                self._actor = self._future.result(timeout=SILENCE_SECONDS)
        except FAILURES as failure:
            raise Lost(f"{self.label} cannot run chains: {failure}. Install tidyplan on the workers.") from None

    def call(self, halted: Halted, name: str, *arguments: Any) -> Any:
        """Call a method of the worker's host."""
        try:
            with self._cluster.current():
                answer = self._actor.reply(name, arguments)
            self._await(answer, halted)
            return answer.result()
        except FAILURES as failure:
            raise Lost(f"{self.label} is lost ({str(failure) or type(failure).__name__}).") from None

    def _await(self, answer: Any, halted: Halted) -> None:
        began, halted_at = monotonic(), 0.0
        while not answer.done():
            sleep(0.005)
            now = monotonic()
            if halted() and not halted_at:
                halted_at = now
            if (halted_at and now - halted_at > HALT_SECONDS) or now - began > SILENCE_SECONDS:
                raise Lost(f"{self.label} does not answer.")
            if self._future.status != "finished":
                raise Lost(f"{self.label} is lost.")
