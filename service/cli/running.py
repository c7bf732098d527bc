"""Runs one solve in a thread, so that the screen stays alive and Ctrl-C is heard: once to stop, twice to give up."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import FrameType
from typing import TYPE_CHECKING, TypeVar

from service.cli.screen import complain

if TYPE_CHECKING:
    from models.plan import Plan
    from models.problem import Problem
    from service.cli.progress import Display
    from solver.progress import Options, Progress

T = TypeVar("T")
GIVEN_UP = 128 + signal.SIGINT
_REFRESH_SECONDS = 0.1


class Interruption:
    """Turns the first Ctrl-C into a request to stop; the second one ends the process."""

    def __init__(self) -> None:
        self.stop = threading.Event()
        self._before: object = None

    def __enter__(self) -> Interruption:
        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGINT, self._hear)
        return self

    def __exit__(self, *_: object) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)  # type: ignore[arg-type]  # what signal() gave back

    def _hear(self, _number: int, _frame: FrameType | None) -> None:
        if self.stop.is_set():
            raise KeyboardInterrupt
        self.stop.set()


def solve_watched(problem: Problem, options: Options, display: Display, interruption: Interruption) -> Plan:
    """Solve a problem and show how it goes.

    Parameters
    ----------
    problem, options
        What to solve, and for how long.
    display
        Shows the progress.
    interruption
        Stops the solve early.

    Returns
    -------
    The best plan found.
    """
    from models.collector import collector_paused

    with collector_paused():  # the problem is here already, and importing would have it scanned again and again
        from solver.solve import solve

    return watched(lambda tell: solve(problem, options, tell, interruption.stop), display, interruption)


def watched(work: Callable[[Callable[[Progress], None]], T], display: Display, interruption: Interruption) -> T:
    """Do something in a thread and show how it goes.

    Parameters
    ----------
    work
        Is given what to tell its progress to, and ends early when the interruption stops it.
    display, interruption
        Shows the progress, and hears Ctrl-C.

    Returns
    -------
    What the work returns.
    """
    newest: list[Progress] = []
    begun = time.monotonic()
    pool = ThreadPoolExecutor(1, thread_name_prefix="solve")
    try:
        with display:
            future = pool.submit(work, newest.append)
            told = False
            heard = 0
            while not _done(future):
                display.show(time.monotonic() - begun, newest[-1] if newest else None)
                heard = _pass_on(newest, heard)
                if interruption.stop.is_set() and not told:
                    told = True
                    complain("Stopping: the best plan so far is kept. Ctrl-C once more gives up.")
            _pass_on(newest, heard)
            return future.result()
    except KeyboardInterrupt:
        complain("Given up: no plan is written.")
        sys.stdout.flush()
        os._exit(GIVEN_UP)  # the solve may be deep in compiled code, which nothing else interrupts
    finally:
        pool.shutdown(wait=False)


def _pass_on(newest: list[Progress], heard: int) -> int:
    """Print what the run has said since, and count all that it has said."""
    messages = newest[-1].messages if newest else ()
    for message in messages[heard:]:
        complain(message)
    return max(heard, len(messages))


def _done(future: Future[T]) -> bool:
    try:
        future.exception(_REFRESH_SECONDS)
    except TimeoutError:
        return False
    return True
