"""A way to a server on which things go wrong: answers get lost, are late or untrue, and others edit meanwhile."""

from __future__ import annotations

import http.client
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

FAULTS = {
    "answers 503": 0.02,
    "answers 500": 0.01,
    "loses the request": 0.01,
    "loses the answer": 0.03,
    "hangs": 0.003,
    "answers 412": 0.02,
    "forgets the token": 0.01,
}
"""How likely each is, per request."""

HANG_SECONDS = 2.5
_HOPS = {"connection", "keep-alive", "transfer-encoding", "content-length", "host"}


class Proxy:
    """Passes requests on to a port of this machine, or does not.

    Parameters
    ----------
    port
        Of the server.
    seed
        Of what goes wrong.
    """

    def __init__(self, port: int, seed: int = 0) -> None:
        self.target, self.chance = port, random.Random(seed)
        self.faulty = False
        self.meddle: Callable[[], None] | None = None
        """Asked before a request is passed on, now and then: others edit at the worst of times."""
        self.happened: Counter[str] = Counter()
        handler = type("Handler", (_Handler,), {"proxy": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def start(self) -> None:
        """Begin to pass on."""
        self._thread.start()

    def stop(self) -> None:
        """End."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)

    def fault(self, method: str, body: bytes) -> str:
        """Choose what goes wrong with a request; "" is nothing."""
        self.happened["requests"] += 1
        if not self.faulty:
            return ""
        dice = self.chance.random()
        for name, share in FAULTS.items():
            dice -= share
            if dice < 0:
                fits = {
                    "answers 412": method in ("PUT", "DELETE"),
                    "forgets the token": b"<d:sync-token>http" in body,
                }
                if not fits.get(name, True):
                    return ""
                self.happened[name] += 1
                return name
        return ""


@contextmanager
def proxied(port: int, seed: int = 0) -> Iterator[Proxy]:
    """Stand before a server for a while."""
    proxy = Proxy(port, seed)
    proxy.start()
    try:
        yield proxy
    finally:
        proxy.stop()


class _Handler(BaseHTTPRequestHandler):
    proxy: Proxy
    protocol_version = "HTTP/1.1"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):
            return self._pass
        raise AttributeError(name)

    def log_message(self, *_arguments: Any) -> None:
        """Say nothing."""

    def _pass(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        fault = self.proxy.fault(self.command, body)
        if fault == "hangs":
            time.sleep(HANG_SECONDS)
        if fault in ("loses the request", "hangs"):
            self.close_connection = True
            return
        status = {"answers 503": 503, "answers 500": 500, "answers 412": 412, "forgets the token": 403}.get(fault)
        if status is not None:
            self._answer(status, {}, b"")
            return
        if self.proxy.meddle is not None:
            self.proxy.meddle()
        try:
            answered, headers, content = self._forward(body)
        except OSError:
            answered, headers, content = 502, {}, b""
        if fault == "loses the answer":
            self.close_connection = True
            return
        self._answer(answered, headers, content)

    def _forward(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.proxy.target, timeout=30)
        try:
            headers = {name: value for name, value in self.headers.items() if name.lower() not in _HOPS}
            connection.request(self.command, self.path, body or None, headers)
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()

    def _answer(self, status: int, headers: dict[str, str], content: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            if name.lower() not in _HOPS:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
