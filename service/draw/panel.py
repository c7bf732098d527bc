"""Lays out one day: its heading, its axis and its rows."""

from dataclasses import dataclass

from service.draw.canvas import Canvas, Group, Line, Rect, Shape, Text
from service.draw.palette import ALERT, CLOSED, FAINT, INK, MUTED, PAPER, RULE, SHADES, TRAVEL
from service.draw.text import clean, shorten, width_of, wrap
from service.draw.timeline import Bar, Cell, Day, Row, Trip

LABEL_WIDTH = 150.0
LANE_HEIGHT = 36.0
HEADING_HEIGHT = 30.0
AXIS_HEIGHT = 20.0
RIGHT_MARGIN = 18.0
_INSET = 3.0  # between a bar and the edge of its lane
_HEADLINE, _DETAIL = 10.5, 9.0
_PAD = 4.0  # between a bar's edge and its text


@dataclass(frozen=True, slots=True)
class Scale:
    """Where a minute of a day lies."""

    day: Day
    pixels_per_hour: float

    def x(self, minute: int) -> float:
        """The place of an epoch minute, kept inside the day's hours."""
        inside = min(max(minute, self.day.start), self.day.end)
        return LABEL_WIDTH + (inside - self.day.start) / 60 * self.pixels_per_hour

    @property
    def width(self) -> float:
        """The width of a whole panel."""
        return self.x(self.day.end) + RIGHT_MARGIN


def row_height(cell: Cell) -> float:
    """The height of a row on one day."""
    return cell.lanes * LANE_HEIGHT


def present(day: Day, rows: list[Row]) -> list[tuple[Row, Cell]]:
    """Choose the rows of a day: all of them, or where most are away, the others.

    Parameters
    ----------
    day, rows
        Whose cells belong to the rows in their order.

    Returns
    -------
    Rows with their cells.
    """
    pairs = list(zip(rows, day.cells, strict=True))
    there = [(row, cell) for row, cell in pairs if not day.away(cell)]
    return pairs if len(there) * 2 > len(pairs) else there


def draw_panel(day: Day, rows: list[Row], scale: Scale) -> Canvas:
    """Lay out a whole day.

    Parameters
    ----------
    day, rows
        What to show.
    scale
        How wide an hour is.

    Returns
    -------
    A canvas as high as its rows.
    """
    top = HEADING_HEIGHT + AXIS_HEIGHT
    lines = present(day, rows)
    panel = Canvas(scale.width, top + sum(row_height(cell) for _, cell in lines) + 2)
    panel.place(draw_heading(day, scale), 0, 0)
    panel.place(draw_axis(scale), 0, HEADING_HEIGHT)
    y = top
    for row, cell in lines:
        panel.place(draw_row(row, cell, scale), 0, y)
        y += row_height(cell)
    panel.add(Line(0, y, scale.x(day.end), y, RULE))
    return panel


def draw_heading(day: Day, scale: Scale) -> Canvas:
    """Write the date on the left, and how much there is to do on the right."""
    canvas = Canvas(scale.width, HEADING_HEIGHT)
    right = scale.x(day.end)
    name = f"{day.date:%A} {day.date.day} {day.date:%B}"
    canvas.write(0, 19, name, 15, INK, bold=True, room=right * 0.6)
    canvas.write(right, 19, day.summary, 11, MUTED, anchor="end", room=right * 0.38)
    return canvas


def draw_axis(scale: Scale) -> Canvas:
    """Write the hours of the wall clock, every second one where they are narrow."""
    canvas = Canvas(scale.width, AXIS_HEIGHT)
    last = -1e9
    for tick in scale.day.ticks:
        x = scale.x(tick.minute)
        canvas.add(Line(x, AXIS_HEIGHT - 4, x, AXIS_HEIGHT, RULE))
        if x - last >= 38:
            canvas.write(x, AXIS_HEIGHT - 7, tick.label, 9.5, MUTED, anchor="middle", room=38)
            last = x
    canvas.add(Line(0, AXIS_HEIGHT, scale.x(scale.day.end), AXIS_HEIGHT, RULE))
    return canvas


def draw_row(row: Row, cell: Cell, scale: Scale) -> Canvas:
    """Lay out one row: its name, closed time, hours, trips and bars."""
    height = row_height(cell)
    day = scale.day
    canvas = Canvas(scale.width, height)
    canvas.add(Rect(LABEL_WIDTH, 0, scale.x(day.end) - LABEL_WIDTH, height, fill=PAPER))
    for start, end in cell.closed:
        if end > day.start and start < day.end:
            shape = Rect(scale.x(start), 0, scale.x(end) - scale.x(start), height, fill=CLOSED)
            canvas.add(Group(row.key, "closed", "", (shape,)))
    for tick in day.ticks:
        canvas.add(Line(scale.x(tick.minute), 0, scale.x(tick.minute), height, FAINT, 0.8))
    canvas.add(Line(0, 0, scale.x(day.end), 0, FAINT))
    canvas.write(0, 16, row.name or row.key, 11.5, INK, bold=True, room=LABEL_WIDTH - 10)
    canvas.write(0, 29, row.note, 9, ALERT if row.alert else MUTED, room=LABEL_WIDTH - 10)
    for trip in cell.trips:
        canvas.add(_trip(row, trip, scale))
    for bar in cell.bars:
        canvas.add(_bar(bar, scale, _free_until(bar, cell, scale)))
    return canvas


def _free_until(bar: Bar, cell: Cell, scale: Scale) -> float:
    """Find where the next thing in the lane of a bar begins: up to there is room for a label beside it."""
    later = [other.occupied[0] for other in cell.bars if other.lane == bar.lane and other.start > bar.start]
    later += [trip.start for trip in cell.trips if bar.lane == 0 and trip.end > bar.end]
    return scale.x(min(later, default=scale.day.end))


def _trip(row: Row, trip: Trip, scale: Scale) -> Group:
    """A thin beam with a stop at the end where the user arrives."""
    left, right = scale.x(trip.start), scale.x(trip.end)
    y = LANE_HEIGHT / 2
    beam = Rect(left, y - 1.5, max(right - left, 0.5), 3, fill=TRAVEL)
    return Group(row.key, "trip", trip.hint, (beam, Rect(right - 1.5, y - 5, 1.5, 10, fill=TRAVEL)))


def _bar(bar: Bar, scale: Scale, limit: float) -> Group:
    """The service in the colour of its priority between its paler buffers, its marks, and as much text as fits."""
    shade = SHADES[bar.priority]
    top, height = bar.lane * LANE_HEIGHT + _INSET, LANE_HEIGHT - 2 * _INSET
    left, right = scale.x(bar.start), max(scale.x(bar.end), scale.x(bar.start) + 2)
    begin, finish = scale.x(bar.start - bar.before), max(scale.x(bar.end + bar.after), right)
    shapes: list[Shape] = []
    if begin < left or finish > right:
        shapes.append(
            Rect(begin, top + 4, finish - begin, height - 8, fill=shade.buffer, stroke=shade.edge, thickness=0.6)
        )
    edge, thickness = (INK, 1.8) if bar.pinned else (shade.edge, 0.8)
    shapes.append(Rect(left, top, right - left, height, fill=shade.fill, stroke=edge, thickness=thickness, radius=2.5))
    if bar.due is not None and bar.end > bar.due:
        overdue = max(scale.x(bar.due), left)
        shapes.append(Rect(overdue, top + height - 3, right - overdue, 3, fill=ALERT))
    room = right - left - 2 * _PAD
    if bar.pinned and room > 8:
        room -= 9
        shapes += pin(right - 9.75, top + 4, shade.text)
    inside, whole = _label(bar, left + _PAD, top, room, shade.text)
    beside, better = _label(bar, finish + _PAD, top, limit - finish - 2 * _PAD, INK)
    shapes += beside if better and not whole else inside
    return Group(bar.appointment, "bar", bar.hint, tuple(shapes))


def pin(x: float, y: float, colour: str) -> list[Shape]:
    """A pin with its top left corner at a point, 6 wide and 11 high."""
    return [Rect(x, y, 6, 6, fill=colour, radius=3), Rect(x + 2.25, y + 5, 1.5, 6, fill=colour)]


def _label(bar: Bar, x: float, top: float, room: float, colour: str) -> tuple[list[Text], bool]:
    """Two lines, the headline above the detail, or all of the headline where it needs both; and whether it is whole."""
    headline, detail = clean(bar.headline), clean(bar.detail)
    for size, bold in ((_HEADLINE, True), (_DETAIL, True), (_DETAIL, False)):
        if width_of(headline, size, bold=bold) <= room:
            if shown := shorten(detail, room, _DETAIL):
                second = Text(x, top + 24.5, shown, _DETAIL, colour)
                return [Text(x, top + 12.5, headline, size, colour, bold=bold), second], True
            return [Text(x, top + 18.5, headline, size, colour, bold=bold)], True
    broken = [line for line in wrap(headline, room, _DETAIL, 2) if line]
    lines = [Text(x, top + 12.5 + 11 * i, line, _DETAIL, colour) for i, line in enumerate(broken)]
    return lines, " ".join(broken) == headline
