"""Lays out the whole picture: title, legend, the days side by side and below each other, and what is left out."""

import math

from service.draw.canvas import Canvas, Line, Rect
from service.draw.palette import ALERT, CLOSED, INK, MUTED, PAPER, RULE, SHADES, TRAVEL
from service.draw.panel import Scale, draw_panel, pin
from service.draw.text import clean, width_of, wrap
from service.draw.timeline import Timeline
from service.report import LeftOut

MARGIN = 40.0
GAP = 34.0
LANDSCAPE = math.sqrt(2)  # width over height of paper
_NARROW, _WIDE = 44.0, 150.0  # pixels an hour may take
_LABELLED = 92.0  # pixels in which a bar can say what it is
SMALLEST_WIDTH = 1080.0
_HOLE = 0.15  # an empty place for a panel weighs as much as being 15 % off the proportions of paper
_CARD_WIDTH, _CARD_HEIGHT = 430.0, 58.0


def pixels_per_hour(timeline: Timeline) -> float:
    """Choose how wide an hour is, so that all but the shortest fifth of the bars have room for a label."""
    lengths = sorted(bar.end - bar.start for day in timeline.days for cell in day.cells for bar in cell.bars)
    short = lengths[len(lengths) // 5] if lengths else 60
    return min(max(_LABELLED / max(short, 1) * 60, _NARROW), _WIDE)


def draw_poster(timeline: Timeline) -> Canvas:
    """Lay out everything on one sheet, close to the proportions of landscape paper.

    Parameters
    ----------
    timeline
        What to show.

    Returns
    -------
    The picture.
    """
    panels = _panels(timeline, pixels_per_hour(timeline))
    columns = _columns(panels)
    width = _width(panels, columns)
    if 0 < width < SMALLEST_WIDTH:
        longest = max(day.end - day.start for day in timeline.days) / 60
        panels = _panels(timeline, pixels_per_hour(timeline) + (SMALLEST_WIDTH - width) / columns / longest)
    width = max(_width(panels, columns), SMALLEST_WIDTH)
    below = draw_footer(timeline, width)
    rows = [panels[i : i + columns] for i in range(0, len(panels), columns)]
    heights = [max(panel.height for panel in row) for row in rows]
    head = draw_header(timeline, width)
    body = sum(heights) + GAP * len(rows)
    poster = Canvas(width + 2 * MARGIN, head.height + body + below.height + 2 * MARGIN)
    poster.add(Rect(0, 0, poster.width, poster.height, fill=PAPER))
    poster.place(head, MARGIN, MARGIN)
    y = MARGIN + head.height
    offsets = _column_widths(panels, columns)
    for row, height in zip(rows, heights, strict=True):
        x = MARGIN
        for panel, taken in zip(row, offsets, strict=False):
            poster.place(panel, x, y)
            x += taken + GAP
        y += height + GAP
    poster.place(below, MARGIN, y)
    return poster


def _panels(timeline: Timeline, hour: float) -> list[Canvas]:
    return [draw_panel(day, timeline.rows, Scale(day, hour)) for day in timeline.days]


def _width(panels: list[Canvas], columns: int) -> float:
    return sum(_column_widths(panels, columns)) + GAP * (columns - 1) if panels else 0.0


def _column_widths(panels: list[Canvas], columns: int) -> list[float]:
    return [max(panel.width for panel in panels[column::columns]) for column in range(min(columns, len(panels)))]


def _columns(panels: list[Canvas]) -> int:
    """Find the number of columns that comes near to landscape paper and leaves few holes."""

    def unlikeness(columns: int) -> float:
        height = sum(max(p.height for p in panels[i : i + columns]) + GAP for i in range(0, len(panels), columns))
        holes = -len(panels) % columns
        return abs(math.log(_width(panels, columns) / height / LANDSCAPE)) + _HOLE * holes

    return min(range(1, len(panels) + 1), key=unlikeness, default=1)


def draw_header(timeline: Timeline, width: float) -> Canvas:
    """Write the title over the whole width, what it is about below, and the legend."""
    canvas = Canvas(width, 0)
    canvas.write(0, 26, timeline.title, 28, INK, bold=True, room=width)
    canvas.write(0, 52, timeline.subtitle, 14, MUTED, room=width)
    legend = draw_legend(width)
    canvas.place(legend, 0, 68)
    canvas.height = 68 + legend.height + 12
    return canvas


def draw_legend(width: float) -> Canvas:
    """Explain colours and marks, in as many lines as they need."""
    canvas = Canvas(width, 0)
    x, y = 0.0, 12.0
    for kind, words in LEGEND:
        wanted = 30 + width_of(words, 11) + 22
        if x + wanted > width:
            x, y = 0.0, y + 22
        canvas.place(_swatch(kind), x, y - 10)
        canvas.write(x + 30, y, words, 11, INK, room=wanted)
        x += wanted
    canvas.height = y + 8
    return canvas


LEGEND = (
    ("low", "low"),
    ("normal", "normal"),
    ("high", "high"),
    ("urgent", "urgent priority"),
    ("buffer", "with buffers"),
    ("pinned", "pinned"),
    ("late", "past its due time"),
    ("trip", "travel"),
    ("closed", "closed or away"),
)


def _swatch(kind: str) -> Canvas:
    canvas = Canvas(24, 14)
    shades = {str(priority): shade for priority, shade in SHADES.items()}
    shade = shades.get(kind, shades["normal"])
    if kind == "trip":
        canvas.add(Rect(1, 5.5, 22, 3, fill=TRAVEL), Rect(22, 2, 1.5, 10, fill=TRAVEL))
    elif kind == "closed":
        canvas.add(Rect(0, 0, 24, 13, fill=CLOSED))
    elif kind == "buffer":
        canvas.add(Rect(0, 2, 24, 9, fill=shade.buffer, stroke=shade.edge, thickness=0.6))
        canvas.add(Rect(6, 0, 12, 13, fill=shade.fill, stroke=shade.edge, thickness=0.8, radius=2))
    elif kind == "pinned":
        canvas.add(Rect(0, 0, 24, 13, fill=shade.fill, stroke=INK, thickness=1.8, radius=2))
        canvas.add(*pin(14.25, 1.5, INK))
    else:
        canvas.add(Rect(0, 0, 24, 13, fill=shade.fill, stroke=shade.edge, thickness=0.8, radius=2))
        if kind == "late":
            canvas.add(Rect(12, 10, 12, 3, fill=ALERT))
    return canvas


def draw_footer(timeline: Timeline, width: float) -> Canvas:
    """List what is left out in as many columns as fit, then violations and notes."""
    canvas = Canvas(width, 0)
    y = 0.0
    canvas.add(Line(0, y, width, y, RULE))
    y += 26
    if timeline.left_out:
        canvas.write(0, y, f"Left out: {len(timeline.left_out)}", 15, INK, bold=True, room=width)
        y += 16
        columns = max(1, int((width + GAP) // (_CARD_WIDTH + GAP)))
        each = math.ceil(len(timeline.left_out) / columns)
        room = (width + GAP) / columns - GAP
        for i, entry in enumerate(timeline.left_out):
            column, line = divmod(i, each)
            canvas.place(_card(entry, room), column * (room + GAP), y + line * _CARD_HEIGHT)
        y += each * _CARD_HEIGHT + 10
    else:
        canvas.write(0, y, "Nothing is left out.", 12, MUTED, room=width)
        y += 20
    if timeline.violations:
        y += 12
        canvas.write(0, y, f"Violations: {len(timeline.violations)}", 15, ALERT, bold=True, room=width)
        for message in timeline.violations:
            y += 18
            canvas.write(0, y, message, 11, INK, room=width)
        y += 14
    for note in timeline.notes:
        y += 8
        canvas.write(0, y, note, 11, MUTED, room=width)
        y += 10
    canvas.height = y + 6
    return canvas


def _card(entry: LeftOut, width: float) -> Canvas:
    canvas = Canvas(width, _CARD_HEIGHT)
    shade = SHADES[entry.priority]
    canvas.add(Rect(0, 2, 8, _CARD_HEIGHT - 10, fill=shade.fill, stroke=shade.edge, thickness=0.8, radius=2))
    room = width - 16
    said = width_of(clean(str(entry.priority)), 9.5) + 8
    canvas.write(16, 13, entry.headline, 11, INK, bold=True, room=room - said)
    canvas.write(width, 13, str(entry.priority), 9.5, MUTED, anchor="end", room=said)
    canvas.write(16, 26, entry.detail, 9.5, MUTED, room=room)
    for line, words in enumerate(wrap(clean(entry.reasons[0]), room, 9.5, 2)):
        canvas.write(16, 38.5 + 11.5 * line, words, 9.5, INK, room=room)
    return canvas
