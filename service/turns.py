"""Turns: who comes first, writes first. SQLite lets whoever asks at the right moment go ahead, and others starve."""

import threading
from collections import deque


class Turns:
    """One at a time, in the order in which they came; within one process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._taken = False

    def take(self, seconds: float) -> bool:
        """Wait for a turn.

        Parameters
        ----------
        seconds
            For how long at most.

        Returns
        -------
        Whether it came; then it must be given back.
        """
        with self._lock:
            if not self._taken:
                self._taken = True
                return True
            mine = threading.Event()
            self._waiting.append(mine)
        if mine.wait(seconds):
            return True
        with self._lock:
            if not mine.is_set():
                self._waiting.remove(mine)
            return mine.is_set()

    def give(self) -> None:
        """Let the next one have its turn."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._taken = False
