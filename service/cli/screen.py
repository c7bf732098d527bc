"""The two consoles: results on standard output, progress and complaints on standard error; texts are data."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

_UNTERMINATED = 100  # columns where the output is no terminal


def results() -> Console:
    """The console on standard output."""
    return _console(sys.stdout.isatty(), stderr=False)


def notices() -> Console:
    """The console on standard error."""
    return _console(sys.stderr.isatty(), stderr=True)


def _console(terminal: bool, *, stderr: bool) -> Console:
    width = None if terminal else _UNTERMINATED
    return Console(stderr=stderr, width=width, markup=False, emoji=False, highlight=False)


def complain(message: str) -> None:
    """Print a line on standard error, whole, whatever the width."""
    notices().print(printable(message), soft_wrap=True)


def say(message: str = "", style: str = "") -> None:
    """Print a line on standard output, wrapped between words."""
    results().print(Text(printable(message), style=style))


def printable(text: str) -> str:
    """Make a text safe for a terminal: what controls it is shown as an escape."""
    return "".join(
        c if c.isprintable() or c == "\n" else c.encode("unicode_escape", "surrogatepass").decode() for c in text
    )


def show_table(title: str, head: Sequence[str], rows: Iterable[Sequence[str]], *, figures: int = 0) -> None:
    """Print a table; a row that starts with "total" is set off.

    Parameters
    ----------
    title
        The line above.
    head
        Names of the columns.
    rows
        Cells in the same order.
    figures
        How many of the last columns are numbers.
    """
    from rich.box import SIMPLE_HEAD

    table = Table(title=title, box=SIMPLE_HEAD, title_justify="left", title_style="bold", pad_edge=False)
    for i, name in enumerate(head):
        right = i >= len(head) - figures
        table.add_column(name, justify="right" if right else "left", no_wrap=right)
    for row in rows:
        if row[0] == "total":
            table.add_section()
        table.add_row(*(Text(printable(cell)) for cell in row), style="bold" if row[0] == "total" else "")
    results().print(table)
