"""A Radicale of its own, and a person who edits its calendars by hand."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from xml.etree import ElementTree as ET

import requests

from benchmarks.serving.server import NoServer

START_SECONDS = 60.0
USER, PASSWORD = "ana", "a password for measurements alone"
CALENDAR = (
    '<mkcalendar xmlns="urn:ietf:params:xml:ns:caldav" xmlns:d="DAV:"><d:set><d:prop>'
    "<d:displayname>{name}</d:displayname></d:prop></d:set></mkcalendar>"
)
LISTING = '<d:propfind xmlns:d="DAV:"><d:prop><d:getetag/></d:prop></d:propfind>'


class Radicale:
    """A CalDAV server on loopback, which keeps its files in a folder.

    Parameters
    ----------
    folder
        Empty at first; it outlives the process.
    """

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.folder = folder
        passwords = folder / "passwords"
        passwords.write_text(f"{USER}:{PASSWORD}\n")
        self._command = [
            *(sys.executable, "-m", "radicale", "--config", ""),
            *("--server-hosts", f"127.0.0.1:{self.port}", "--storage-filesystem-folder", str(folder / "files")),
            *("--auth-type", "htpasswd", "--auth-htpasswd-filename", str(passwords)),
            *("--auth-htpasswd-encryption", "plain", "--auth-delay", "0", "--logging-level", "error"),
        ]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it and wait until it answers.

        Raises
        ------
        NoServer
            If it ends, or takes too long.
        """
        self._process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = time.monotonic() + START_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > until:
                raise NoServer(f"Radicale on port {self.port} does not answer: {self._process.poll()}.")
            time.sleep(0.05)

    def stop(self) -> None:
        """End it at once; what it has answered is on disk."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait(30)
            self._process = None

    def _answers(self) -> bool:
        try:
            return requests.get(self.url, timeout=5, allow_redirects=False).status_code < 500
        except requests.RequestException:
            return False


@contextmanager
def radicale(folder: Path) -> Iterator[Radicale]:
    """Run a server while it is needed."""
    server = Radicale(folder)
    try:
        server.start()
        yield server
    finally:
        server.stop()


class Person:
    """Somebody who makes, changes and deletes events in a calendar with a program of their own.

    Parameters
    ----------
    server
        Where.
    name
        Of the calendar; it is made.
    """

    def __init__(self, server: Radicale, name: str) -> None:
        self.path = f"/{USER}/{name}/"
        self.server = server
        self._http = requests.Session()
        self._http.trust_env = False
        self._http.auth = (USER, PASSWORD)
        made = self._ask("MKCALENDAR", self.path, CALENDAR.format(name=name).encode())
        assert made.status_code == 201, made.text

    @property
    def url(self) -> str:
        """The address of the calendar."""
        return f"{self.server.url}{self.path}"

    def put(self, name: str, content: str) -> None:
        """Write a file, whatever was there."""
        headers = {"Content-Type": "text/calendar; charset=utf-8"}
        answer = self._ask("PUT", f"{self.path}{name}", content.encode(), headers)
        assert answer.status_code in (201, 204), answer.text

    def get(self, name: str) -> str:
        """Read a file."""
        answer = self._ask("GET", f"{self.path}{name}")
        assert answer.status_code == 200, answer.text
        return answer.content.decode()

    def delete(self, name: str) -> None:
        """Delete a file."""
        assert self._ask("DELETE", f"{self.path}{name}").status_code in (200, 204)

    def etags(self) -> dict[str, str]:
        """List the files by name, with their ETags."""
        answer = self._ask("PROPFIND", self.path, LISTING.encode(), {"Depth": "1"})
        found = {}
        for each in ET.fromstring(answer.content).iter("{DAV:}response"):
            name = (each.findtext("{DAV:}href") or "").removeprefix(self.path)
            if name:
                found[name] = each.findtext(".//{DAV:}getetag") or ""
        return found

    def names(self) -> list[str]:
        """List the files."""
        return sorted(self.etags())

    def _ask(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> requests.Response:
        return self._http.request(method, f"{self.server.url}{path}", data=body, headers=headers, timeout=30)
