"""A mail server of its own, which keeps what it accepts."""

from __future__ import annotations

import socket
import threading
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from typing import Any

from aiosmtpd.controller import Controller

HEADER = "X-Tidyplan-Delivery"


class Post:
    """What was accepted: by subject, how often with each delivery header.

    Parameters
    ----------
    port
        On which it listens.
    """

    def __init__(self, port: int) -> None:
        self.port = port
        self._letters: dict[str, Counter[str]] = defaultdict(Counter)
        self._lock = threading.Lock()

    @property
    def channel(self) -> str:
        """The URL of a channel that leads here."""
        return f"mailto://127.0.0.1:{self.port}?from=plan@example.com&mode=insecure"

    def letters(self) -> dict[str, Counter[str]]:
        """Copy what was accepted until now."""
        with self._lock:
            return {subject: Counter(keys) for subject, keys in self._letters.items()}

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  # its name for it
        """Accept a letter."""
        letter = message_from_bytes(envelope.content, policy=policy.default)
        with self._lock:
            self._letters[str(letter["Subject"])][str(letter[HEADER])] += 1
        return "250 OK"


@contextmanager
def open_post() -> Iterator[Post]:
    """Open a mail server on loopback.

    Yields
    ------
    The server, which listens.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    post = Post(port)
    controller = Controller(post, hostname="127.0.0.1", port=port, ready_timeout=60)
    controller.start()
    try:
        yield post
    finally:
        controller.stop()
