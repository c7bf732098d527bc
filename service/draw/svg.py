"""Paints a canvas as SVG."""

from html import escape

from service.draw.canvas import Canvas, Group, Line, Rect, Shape, Text
from service.draw.palette import FONTS


def paint(canvas: Canvas, *, title: str = "", standalone: bool = True) -> str:
    """Write a canvas as an SVG document or element.

    Parameters
    ----------
    canvas
        The picture.
    title
        What a reader that cannot see it is told.
    standalone
        Whether it stands in a file of its own, rather than inside a page.

    Returns
    -------
    Valid XML.
    """
    width, height = _number(canvas.width), _number(canvas.height)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    named = f' role="img" aria-label="{_quoted(title)}"' if title else ""
    parts = ['<?xml version="1.0" encoding="UTF-8"?>'] if standalone else []
    parts += [f'{head} font-family="{_quoted(FONTS)}"{named}>', *(_item(item) for item in canvas.items), "</svg>"]
    return "\n".join(parts) + "\n"


def _item(item: Shape | Group) -> str:
    if not isinstance(item, Group):
        return _shape(item)
    hint = f"<title>{_plain(item.hint)}</title>" if item.hint else ""
    inner = "".join(_shape(shape) for shape in item.shapes)
    return f'<g class="{_quoted(item.kind)}" data-id="{_quoted(item.key)}">{hint}{inner}</g>'


def _shape(shape: Shape) -> str:
    if isinstance(shape, Rect):
        stroke = f' stroke="{shape.stroke}" stroke-width="{_number(shape.thickness)}"' if shape.stroke else ""
        radius = f' rx="{_number(shape.radius)}"' if shape.radius else ""
        place = f'x="{_number(shape.x)}" y="{_number(shape.y)}"'
        size = f'width="{_number(shape.width)}" height="{_number(shape.height)}"'
        return f'<rect {place} {size} fill="{shape.fill or "none"}"{stroke}{radius}/>'
    if isinstance(shape, Line):
        dashes = ' stroke-dasharray="4 3"' if shape.dashed else ""
        place = f'x1="{_number(shape.x1)}" y1="{_number(shape.y1)}" x2="{_number(shape.x2)}" y2="{_number(shape.y2)}"'
        return f'<line {place} stroke="{shape.stroke}" stroke-width="{_number(shape.thickness)}"{dashes}/>'
    return _text(shape)


def _text(text: Text) -> str:
    weight = ' font-weight="bold"' if text.bold else ""
    anchor = f' text-anchor="{text.anchor}"' if text.anchor != "start" else ""
    place = f'x="{_number(text.x)}" y="{_number(text.y)}" font-size="{_number(text.size)}"'
    return f'<text {place} fill="{text.fill}"{weight}{anchor}>{_plain(text.content)}</text>'


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _plain(text: str) -> str:
    return escape(_legal(text), quote=False)


def _quoted(text: str) -> str:
    return escape(_legal(text))


def _legal(text: str) -> str:
    """Leave out what XML 1.0 cannot carry."""
    return "".join(
        c for c in text if c in "\t\n" or "\x20" <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff"
    )
