"""What every benchmark is: a name, a line about it, and a function from wishes to rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

Row = dict[str, str | int | float]


@dataclass(frozen=True)
class Wishes:
    """What the caller asks for: files instead of the usual problems, another length or number of repeats."""

    problems: tuple[Path, ...] = ()
    seconds: float | None = None
    repeats: int = 3


@dataclass(frozen=True)
class Benchmark:
    """An entry of the table of benchmarks.

    Parameters
    ----------
    name
        As the command line knows it.
    summary
        One line.
    run
        Yields a row per problem as soon as it is measured; all rows have the same keys, and those keys are the heads
        of the columns.
    """

    name: str
    summary: str
    run: Callable[[Wishes], Iterable[Row]]
