"""A report as Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.report.document import Cell, Document, Heading, Listing, Picture, Table, Text


def to_markdown(document: Document) -> str:
    """Write a document as GitHub shows it.

    Parameters
    ----------
    document
        Any.

    Returns
    -------
    A text that ends with a line break.
    """
    return "\n".join([f"# {_plain(document.title)}", "", *_lines(document)]).rstrip("\n") + "\n"


def _lines(document: Document) -> Iterator[str]:
    for block in document.blocks:
        match block:
            case Heading():
                yield f"{'#' * block.level} {_plain(block.text)}"
            case Text():
                yield _plain(block.text)
            case Listing():
                yield from (f"- {_plain(item)}" for item in block.items)
            case Table():
                yield _row(map(Cell, block.head))
                first_figure = len(block.head) - block.figures
                yield "|" + "|".join("---:" if i >= first_figure else "---" for i in range(len(block.head))) + "|"
                yield from map(_row, block.rows)
            case Picture():
                yield f"![{_plain(block.caption)}]({block.file})"
        yield ""


def _row(cells: Iterator[Cell] | tuple[Cell, ...]) -> str:
    return "| " + " | ".join(f"**{_plain(cell.text)}**" if cell.strong else _plain(cell.text) for cell in cells) + " |"


def _plain(text: str) -> str:
    """Keep a text from being read as a mark."""
    escaped = "".join(f"\\{c}" if c in "\\`*_[]<>|" else c for c in text)
    return " ".join(escaped.split())
