"""What a report is made of, before it is Markdown or HTML."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Heading:
    """A heading below the title."""

    text: str
    level: int = 2


@dataclass(frozen=True)
class Text:
    """A paragraph of plain text."""

    text: str


@dataclass(frozen=True)
class Listing:
    """Plain texts, one below another."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Cell:
    """A cell; the best of a row is strong."""

    text: str
    strong: bool = False


@dataclass(frozen=True)
class Table:
    """A table.

    Parameters
    ----------
    head
        Names of the columns.
    rows
        Cells in the same order.
    figures
        How many of the last columns are numbers.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    figures: int = 0


@dataclass(frozen=True)
class Picture:
    """A picture in a file beside the report."""

    file: str
    caption: str


Block = Heading | Text | Listing | Table | Picture


@dataclass
class Document:
    """A title and what follows."""

    title: str
    blocks: list[Block] = field(default_factory=list)

    def add(self, *blocks: Block) -> None:
        """Put blocks at the end."""
        self.blocks += blocks


def cells(*texts: str) -> tuple[Cell, ...]:
    """Make a row of plain cells."""
    return tuple(map(Cell, texts))
