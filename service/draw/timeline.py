"""What a picture of a plan shows, before anybody decides where: days, rows, bars, trips, closed time, the left out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from models.enums import Priority
from models.intervals import Interval
from service.report import LeftOut


@dataclass(frozen=True, slots=True)
class Bar:
    """An appointment in one row; times in epoch minutes, the service without its buffers."""

    appointment: str
    start: int
    end: int
    before: int  # minutes of buffer
    after: int
    headline: str
    detail: str
    hint: str
    priority: Priority
    pinned: bool
    due: int | None
    lane: int = 0

    @property
    def occupied(self) -> Interval:
        """The service with its buffers."""
        return self.start - self.before, self.end + self.after


@dataclass(frozen=True, slots=True)
class Trip:
    """A user on the way; times in epoch minutes."""

    start: int
    end: int
    hint: str


@dataclass(frozen=True, slots=True)
class Row:
    """A user, a team or a resource."""

    key: str
    name: str
    note: str  # such as the hours of the week
    alert: bool = False  # whether the note is about too much


@dataclass(slots=True)
class Cell:
    """One row on one day."""

    bars: list[Bar] = field(default_factory=list)
    trips: list[Trip] = field(default_factory=list)
    closed: list[Interval] = field(default_factory=list)

    @property
    def lanes(self) -> int:
        """How many bars lie above each other at most."""
        return 1 + max((bar.lane for bar in self.bars), default=0)


@dataclass(frozen=True, slots=True)
class Tick:
    """A full hour of the wall clock."""

    minute: int  # epoch
    label: str


@dataclass(slots=True)
class Day:
    """One local day, from the first to the last hour that matters in the plan; `cells` in the order of the rows."""

    date: date
    start: int
    end: int
    ticks: list[Tick]
    cells: list[Cell]
    summary: str = ""

    def away(self, cell: Cell) -> bool:
        """Tell whether a row has neither work nor open time on this day."""
        return not cell.bars and cell.closed == [(self.start, self.end)]


@dataclass(slots=True)
class Timeline:
    """A whole picture."""

    title: str
    subtitle: str
    rows: list[Row]
    days: list[Day]
    left_out: list[LeftOut]
    violations: list[str]
    notes: list[str]  # what the picture does not show
