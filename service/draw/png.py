"""Paints a canvas as PNG, through matplotlib without a display."""

import math
import warnings
from io import BytesIO
from typing import TYPE_CHECKING, Literal

from service.draw.canvas import Anchor, Canvas, Line, Rect, Shape
from service.draw.palette import PAPER

if TYPE_CHECKING:
    from matplotlib.artist import Artist

_DPI = 100
_POINT = 72 / _DPI  # of a pixel: matplotlib measures fonts and lines in points
_CRISP_PIXELS = 36_000_000  # up to this many, everything is painted at twice its size
_MOST_PIXELS = 150_000_000  # above this, the picture is scaled down
_LONGEST_SIDE = 30_000
_ANCHORS: dict[Anchor, Literal["left", "center", "right"]] = {"start": "left", "middle": "center", "end": "right"}


def paint(canvas: Canvas) -> bytes:
    """Write a canvas as a PNG file.

    Parameters
    ----------
    canvas
        The picture.

    Returns
    -------
    The content of the file, at twice the size of the canvas where that is not huge.
    """
    from matplotlib.figure import Figure

    inches = canvas.width / _DPI, canvas.height / _DPI
    figure = Figure(figsize=inches, dpi=_DPI * _scale(canvas.width, canvas.height), facecolor=PAPER)
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, canvas.width), ylim=(canvas.height, 0))
    axes.set_axis_off()
    for order, shape in enumerate(canvas.shapes()):
        artist = _artist(shape)
        artist.set_zorder(order)
        axes.add_artist(artist)
    file = BytesIO()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font", category=UserWarning)
        figure.savefig(file, format="png", dpi="figure")
    return file.getvalue()


def _scale(width: float, height: float) -> float:
    most = math.sqrt(_MOST_PIXELS / (width * height))
    return min(2.0 if width * height * 4 <= _CRISP_PIXELS else 1.0, most, _LONGEST_SIDE / max(width, height))


def _artist(shape: Shape) -> "Artist":
    from matplotlib.lines import Line2D
    from matplotlib.patches import FancyBboxPatch, Rectangle
    from matplotlib.text import Text

    if isinstance(shape, Line):
        ends = (shape.x1, shape.x2), (shape.y1, shape.y2)
        line = Line2D(*ends, color=shape.stroke, linewidth=shape.thickness * _POINT, solid_capstyle="butt")
        if shape.dashed:
            line.set_linestyle((0, (4, 3)))
        return line
    if isinstance(shape, Rect):
        corner = shape.x, shape.y
        width = shape.thickness * _POINT if shape.stroke else 0.0
        face, edge = shape.fill or "none", shape.stroke or "none"
        radius = min(shape.radius, shape.width / 2, shape.height / 2)
        if radius <= 0:
            return Rectangle(corner, shape.width, shape.height, facecolor=face, edgecolor=edge, linewidth=width)
        style = f"round,pad=0,rounding_size={radius}"
        return FancyBboxPatch(
            corner, shape.width, shape.height, boxstyle=style, facecolor=face, edgecolor=edge, linewidth=width
        )
    return Text(
        shape.x,
        shape.y,
        shape.content,
        fontsize=shape.size * _POINT,
        fontfamily="DejaVu Sans",
        color=shape.fill,
        fontweight="bold" if shape.bold else "normal",
        horizontalalignment=_ANCHORS[shape.anchor],
        verticalalignment="baseline",
        parse_math=False,
    )
