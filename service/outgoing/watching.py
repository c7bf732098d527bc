"""A guard over what other libraries send: each name that they look up in a block has to be allowed.

What is looked up is what is connected to, so that no name can stand for one address when it is checked and for another
when it is used.
"""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from service.outgoing.guard import Guard

_guard: ContextVar[Guard | None] = ContextVar("guard", default=None)
_plain = socket.getaddrinfo


@contextmanager
def watched(guard: Guard) -> Iterator[None]:
    """Refuse what this thread looks up within the block, whoever asks, if it leads where nothing may go.

    Parameters
    ----------
    guard
        Says what is allowed.

    Raises
    ------
    service.outgoing.guard.Refused
        From within, where a refused host is looked up.
    """
    socket.getaddrinfo = _looked_up
    token = _guard.set(guard)
    try:
        yield
    finally:
        _guard.reset(token)


def _looked_up(host: Any, port: Any, *more: Any, **named: Any) -> Any:
    guard = _guard.get()
    if guard is None or host is None:
        return _plain(host, port, *more, **named)
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
    guard.read(name)
    found = _plain(name, port, *more, **named)
    guard.ensure_allowed(name, (str(each[4][0]) for each in found))
    return found
