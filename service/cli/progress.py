"""What is seen while a solve runs: a live line on a terminal, plain lines elsewhere, or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from service.cli.screen import complain, notices, printable
from service.report import percent
from service.wording import number

if TYPE_CHECKING:
    from types import TracebackType

    from rich.progress import TaskID

    from solver.progress import Progress

_SECONDS_BETWEEN_LINES = 5.0


class Display(Protocol):
    """Shows how far a solve has come."""

    def __enter__(self) -> Display:
        """Begin."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End, and leave the screen tidy."""

    def show(self, seconds: float, progress: Progress | None) -> None:
        """Show the newest state; called several times a second."""


def display_for(name: str, limit: float, *, quiet: bool) -> Display:
    """Choose how to show a solve.

    Parameters
    ----------
    name
        Of the problem.
    limit
        Its time limit in seconds.
    quiet
        Whether to show nothing.

    Returns
    -------
    A context manager.
    """
    if quiet:
        return Silent()
    return LiveLine(name, limit) if notices().is_terminal else PlainLines(name, limit)


def describe(progress: Progress | None) -> str:
    """Say in one line how far a solve has come."""
    if progress is None:
        return "reading the problem"
    parts = [progress.phase, f"{progress.assigned:,} of {progress.total:,} assigned"]
    if progress.cost is not None:
        parts.append(f"cost {number(progress.cost)}")
    if progress.bound is not None:
        parts.append(f"bound {number(progress.bound)}")
    if progress.gap is not None:
        parts.append(f"gap {percent(progress.gap)}")
    return ", ".join(parts)


class Silent:
    """Shows nothing."""

    def __enter__(self) -> Silent:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def show(self, seconds: float, progress: Progress | None) -> None:
        """Show nothing."""


class PlainLines:
    """Writes a line when the phase changes, and every few seconds when the plan gets better.

    Parameters
    ----------
    name, limit
        Of the problem, and its time limit in seconds.
    """

    def __init__(self, name: str, limit: float) -> None:
        self._name, self._limit = name, limit
        self._phase, self._last = "", float("-inf")
        self._cost: int | None = None

    def __enter__(self) -> PlainLines:
        complain(f"{self._name}: planning, {self._limit:g} s at most")
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def show(self, seconds: float, progress: Progress | None) -> None:
        """Write a line if there is news."""
        if progress is None:
            return
        better = progress.cost != self._cost and seconds - self._last >= _SECONDS_BETWEEN_LINES
        if progress.phase != self._phase or better:
            self._phase, self._cost, self._last = progress.phase, progress.cost, seconds
            complain(f"{seconds:6.1f} s  {describe(progress)}")


class LiveLine:
    """Keeps one line with a bar up to date.

    Parameters
    ----------
    name, limit
        Of the problem, and its time limit in seconds.
    """

    def __init__(self, name: str, limit: float) -> None:
        from rich.progress import BarColumn, Progress as Bars, TextColumn

        self._limit = limit
        self._bars = Bars(
            TextColumn("{task.fields[name]}", markup=False),
            BarColumn(bar_width=18),
            TextColumn("{task.fields[clock]}", markup=False),
            TextColumn("{task.fields[state]}", markup=False),
            console=notices(),
            transient=True,
        )
        self._task: TaskID = self._bars.add_task("", total=limit, name=printable(name)[:30], clock="", state="")

    def __enter__(self) -> LiveLine:
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    def show(self, seconds: float, progress: Progress | None) -> None:
        """Move the bar and refresh the line."""
        clock = f"{seconds:.0f}/{self._limit:g} s"
        self._bars.update(self._task, completed=min(seconds, self._limit), clock=clock, state=describe(progress))
