"""What a picture is made of before anybody paints it: rectangles, lines, texts and groups, in pixels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from service.draw.text import clean, shorten

Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle, with rounded corners where a radius is given."""

    x: float
    y: float
    width: float
    height: float
    fill: str = ""
    stroke: str = ""
    thickness: float = 1.0
    radius: float = 0.0


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line."""

    x1: float
    y1: float
    x2: float
    y2: float
    stroke: str
    thickness: float = 1.0
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text on its baseline."""

    x: float
    y: float
    content: str
    size: float
    fill: str
    bold: bool = False
    anchor: Anchor = "start"


Shape = Rect | Line | Text


@dataclass(frozen=True, slots=True)
class Group:
    """Shapes that are one thing: its id in the files, its kind, and what to say when it is pointed at."""

    key: str
    kind: str
    hint: str
    shapes: tuple[Shape, ...]


@dataclass(slots=True)
class Canvas:
    """A picture in the making."""

    width: float
    height: float
    items: list[Shape | Group] = field(default_factory=list)

    def add(self, *items: Shape | Group) -> None:
        """Draw shapes on top of what is there."""
        self.items += items

    def write(
        self,
        x: float,
        y: float,
        content: str,
        size: float,
        fill: str,
        *,
        room: float,
        bold: bool = False,
        anchor: Anchor = "start",
    ) -> None:
        """Write a text, shortened to the room there is; nothing where nothing fits.

        Parameters
        ----------
        x, y
            Where the baseline starts, or its middle or end after the anchor.
        content
            What to write.
        size, fill, bold, anchor
            How it looks.
        room
            The width it may take.
        """
        if fitting := shorten(clean(content), room, size, bold=bold):
            self.add(Text(x, y, fitting, size, fill, bold, anchor))

    def place(self, other: Canvas, x: float, y: float) -> None:
        """Draw another picture onto this one with its top left corner at a point."""
        for item in other.items:
            if isinstance(item, Group):
                self.items.append(replace(item, shapes=tuple(_moved(shape, x, y) for shape in item.shapes)))
            else:
                self.items.append(_moved(item, x, y))

    def shapes(self) -> Iterator[Shape]:
        """All shapes in the order in which they are painted, groups taken apart."""
        for item in self.items:
            if isinstance(item, Group):
                yield from item.shapes
            else:
                yield item


def _moved(shape: Shape, x: float, y: float) -> Shape:
    """Copy a shape to a place further right and down."""
    if isinstance(shape, Line):
        return replace(shape, x1=shape.x1 + x, y1=shape.y1 + y, x2=shape.x2 + x, y2=shape.y2 + y)
    return replace(shape, x=shape.x + x, y=shape.y + y)
