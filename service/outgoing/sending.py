"""Requests to other systems: guarded, without redirects and proxies, within a time and up to a size."""

import os
import socket
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError
from urllib3.util.connection import create_connection

from service.outgoing.guard import Guard, Unreachable

SECONDS = 10.0
MOST_BYTES = 65_536
_STEP = 8192


class Cutter:
    """Ends connections that last too long, in whatever state they are."""

    def __init__(self) -> None:
        self._handles: list[socket.socket] = []
        self._lock = threading.Lock()
        self.is_late = False

    def watch(self, made: socket.socket) -> None:
        """Keep a second handle of a connection."""
        with self._lock:
            self._handles.append(made.dup())
        if self.is_late:
            self.cut()

    def cut(self) -> None:
        """Shut down what there is, and whatever comes later."""
        with self._lock:
            self.is_late = True
            for each in self._handles:
                with suppress(OSError):  # it is closed already
                    each.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Let go of all handles."""
        with self._lock:
            for each in self._handles:
                each.close()
            self._handles.clear()


class _Guarded(HTTPConnection):
    """A connection to the very addresses that were checked."""

    guard: Guard
    cutter: Cutter | None

    def _new_conn(self) -> socket.socket:
        target = self.guard.check(f"[{self.host}]" if ":" in self.host else self.host)
        last: OSError | None = None
        for address in target.addresses:
            try:
                made = create_connection(
                    (address, self.port), self.timeout, self.source_address, socket_options=self.socket_options
                )
            except OSError as error:
                last = error
                continue
            if self.cutter is not None:
                self.cutter.watch(made)
            return made
        if isinstance(last, TimeoutError):
            raise ConnectTimeoutError(self, f"Connecting to {self.host} took too long.") from last
        raise NewConnectionError(self, f"Connecting to {self.host} failed: {last}") from last


class GuardedAdapter(HTTPAdapter):
    """Lets a session of requests connect only where a guard allows, to the addresses that were checked.

    Parameters
    ----------
    guard
        Says what is allowed; every connection is checked, that of a redirect too.
    seconds
        How long connecting, and then each silence, may last where the caller does not say.
    cutter
        Watches the connections, if they have to end in time.
    """

    def __init__(self, guard: Guard, seconds: float = SECONDS, cutter: Cutter | None = None) -> None:
        self._shared, self._seconds = {"guard": guard, "cutter": cutter}, seconds
        super().__init__()

    def init_poolmanager(self, *arguments: Any, **named: Any) -> None:
        """Make the pools, of guarded connections."""
        super().init_poolmanager(*arguments, **named)
        plain = type("GuardedConnection", (_Guarded,), dict(self._shared))
        safe = type("GuardedTlsConnection", (_Guarded, HTTPSConnection), dict(self._shared))
        self.poolmanager.pool_classes_by_scheme = {
            "http": type("GuardedPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
            "https": type("GuardedTlsPool", (HTTPSConnectionPool,), {"ConnectionCls": safe}),
        }

    def proxy_manager_for(self, proxy: str, **_named: Any) -> Any:
        """Refuse proxies: nobody could tell where they connect to."""
        raise Unreachable(f"Requests do not go through a proxy such as {proxy}. Leave it out.")

    def send(self, request: Any, *arguments: Any, **named: Any) -> requests.Response:
        """Send, within the time."""
        if not arguments and named.get("timeout") is None:
            named["timeout"] = self._seconds
        return super().send(request, *arguments, **named)


class GuardedSession(requests.Session):
    """A session of requests that goes only where a guard allows, and follows no redirects.

    Parameters
    ----------
    guard, seconds, cutter
        As for `GuardedAdapter`.
    """

    def __init__(self, guard: Guard, seconds: float = SECONDS, cutter: Cutter | None = None) -> None:
        super().__init__()
        self.trust_env = False  # no proxies and no passwords that happen to lie around
        self.verify = os.environ.get("REQUESTS_CA_BUNDLE") or True
        for scheme in ("http://", "https://"):
            self.mount(scheme, GuardedAdapter(guard, seconds, cutter))

    def get_redirect_target(self, _resp: requests.Response) -> None:
        """Tell that there is nowhere to be redirected to."""
        return


@dataclass(frozen=True, slots=True)
class Answer:
    """What another system answered.

    Parameters
    ----------
    status
        The HTTP status.
    headers
        By name, whatever its letters.
    body
        At most as many bytes as were asked for.
    complete
        Whether that is all of it.
    """

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    complete: bool = True


def send(
    guard: Guard,
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    seconds: float = SECONDS,
    most_bytes: int = MOST_BYTES,
) -> Answer:
    """Send one request, and read its answer.

    Parameters
    ----------
    guard
        Says where it may go.
    method, url, headers, body
        The request.
    seconds
        How long all of it may last.
    most_bytes
        How much of the answer is read.

    Returns
    -------
    The answer, whatever its status.

    Raises
    ------
    service.outgoing.guard.Refused
        If it may not go there.
    service.outgoing.guard.Unreachable
        If there is no answer in time.
    """
    guard.read(url)
    cutter = Cutter()
    timer = threading.Timer(seconds, cutter.cut)
    timer.daemon = True
    timer.start()
    try:
        with (
            GuardedSession(guard, seconds, cutter) as session,
            session.request(method, url, headers=dict(headers or {}), data=body, stream=True) as answer,
        ):
            content = _read(answer.raw, most_bytes + 1)
    except (requests.RequestException, HTTPError, OSError) as error:
        if cutter.is_late or isinstance(error, requests.Timeout | TimeoutError):
            raise _late(url, seconds) from None
        raise Unreachable(f"{url} cannot be reached: {_cause(error)}") from None
    finally:
        timer.cancel()
        cutter.close()
    if cutter.is_late:
        raise _late(url, seconds)
    return Answer(answer.status_code, answer.headers, content[:most_bytes], len(content) <= most_bytes)


def _late(url: str, seconds: float) -> Unreachable:
    return Unreachable(f"{url} did not answer within {seconds:g} seconds.")


def _read(raw: Any, most: int) -> bytes:
    """Read up to so many bytes, unpacked."""
    assert isinstance(raw, urllib3.BaseHTTPResponse)
    content = b""
    while len(content) < most:
        part = raw.read(min(_STEP, most - len(content)), decode_content=True)
        if not part:
            break
        content += part
    return content


def _cause(error: BaseException) -> str:
    """The innermost reason, in its own words."""
    inner = getattr(error, "reason", None) or next((each for each in error.args if isinstance(each, Exception)), None)
    return _cause(inner) if isinstance(inner, Exception) else str(error)
