"""Paints a canvas as PNG, by matplotlib's renderer without a display: a figure takes milliseconds for every shape."""

from __future__ import annotations

import math
import warnings
from functools import cache
from io import BytesIO
from typing import Any

import numpy as np

from service.draw.canvas import Canvas, Line, Rect, Text
from service.draw.palette import PAPER

_DPI = 100
_POINT = 72 / _DPI  # of a pixel: matplotlib measures fonts and lines in points
_CRISP_PIXELS = 36_000_000  # up to this many, everything is painted at twice its size
_MOST_PIXELS = 100_000_000  # above this, the picture is scaled down
_LONGEST_SIDE = 30_000
_SMALLEST_TEXT = 6.0  # pixels of the file: nobody can read less, and text is what takes long
_DASHES = (4.0, 3.0)  # in widths of the line
_BEFORE = {"start": 0.0, "middle": 0.5, "end": 1.0}  # how much of a text's width lies before its anchor


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
    from matplotlib.image import imsave

    brush = _Brush(canvas.width, canvas.height, _scale(canvas.width, canvas.height))
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font", category=UserWarning)
        for shape in canvas.shapes():
            if isinstance(shape, Line):
                brush.line(shape)
            elif isinstance(shape, Rect):
                brush.rect(shape)
            else:
                brush.text(shape)
    file = BytesIO()
    imsave(file, brush.pixels, format="png", dpi=brush.dpi)
    return file.getvalue()


def _scale(width: float, height: float) -> float:
    most = math.sqrt(_MOST_PIXELS / (width * height))
    return min(2.0 if width * height * 4 <= _CRISP_PIXELS else 1.0, most, _LONGEST_SIDE / max(width, height))


@cache
def _colour(name: str) -> tuple[float, float, float, float]:
    from matplotlib.colors import to_rgba

    return to_rgba(name)


class _Brush:
    """Puts shapes onto paper.

    Parameters
    ----------
    width, height
        Of the canvas.
    scale
        Pixels of the file for one of the canvas.
    """

    def __init__(self, width: float, height: float, scale: float) -> None:
        from matplotlib.backends import backend_agg
        from matplotlib.font_manager import FontProperties
        from matplotlib.transforms import Affine2D

        self.dpi, self._scale = _DPI * scale, scale
        wide, high = max(1, int(width * scale)), max(1, int(height * scale))
        agg: Any = backend_agg  # it is not typed
        self._renderer = agg.RendererAgg(wide, high, self.dpi)
        self._place = Affine2D().scale(scale, -scale).translate(0, high)  # the renderer counts from below
        self._font = cache(
            lambda size, bold: FontProperties(family="DejaVu Sans", size=size, weight="bold" if bold else None)
        )
        self.rect(Rect(0, 0, width, height, fill=PAPER))

    @property
    def pixels(self) -> np.ndarray[Any, np.dtype[np.uint8]]:
        """What has been painted: rows, columns, and four bytes of colour."""
        return np.asarray(self._renderer.buffer_rgba())

    def line(self, line: Line) -> None:
        """Draw a line."""
        from matplotlib.path import Path

        style = self._style(line.stroke, line.thickness)
        if line.dashed:
            style.set_dashes(0, [part * line.thickness * _POINT for part in _DASHES])
        self._renderer.draw_path(style, Path([(line.x1, line.y1), (line.x2, line.y2)]), self._place)

    def rect(self, rect: Rect) -> None:
        """Draw a rectangle."""
        from matplotlib.patches import BoxStyle
        from matplotlib.path import Path

        style = self._style(rect.stroke or "none", rect.thickness if rect.stroke else 0.0)
        radius = min(rect.radius, rect.width / 2, rect.height / 2)
        right, below = rect.x + rect.width, rect.y + rect.height
        if radius > 0:
            outline = BoxStyle.Round(pad=0, rounding_size=radius)(rect.x, rect.y, rect.width, rect.height, 1.0)
        else:
            corners = [(rect.x, rect.y), (right, rect.y), (right, below), (rect.x, below), (rect.x, rect.y)]
            outline = Path(corners, closed=True)
        self._renderer.draw_path(style, outline, self._place, _colour(rect.fill) if rect.fill else None)

    def text(self, text: Text) -> None:
        """Write a text on its baseline, where it is large enough to be read."""
        if text.size * self._scale < _SMALLEST_TEXT:
            return
        font, before = self._font(text.size * _POINT, text.bold), _BEFORE[text.anchor]
        width = self._renderer.get_text_width_height_descent(text.content, font, False)[0] if before else 0.0
        place = text.x * self._scale - before * width, text.y * self._scale
        self._renderer.draw_text(self._style(text.fill, 1.0), *place, text.content, font, 0.0)

    def _style(self, stroke: str, thickness: float) -> Any:
        style = self._renderer.new_gc()
        style.set_foreground(_colour(stroke), isRGBA=True)
        style.set_linewidth(thickness * _POINT)
        style.set_capstyle("butt")
        style.set_joinstyle("miter")
        return style
