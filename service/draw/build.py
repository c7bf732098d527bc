"""From a problem and a plan to the timeline that is drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from models.intervals import Interval, subtract
from models.plan import Plan
from models.problem import Problem
from models.timegrid import day_start, instant, local_date, minute_of, wall_minute
from service.draw.bars import Bars, spread
from service.draw.rows import NOBODY, By, Rows
from service.draw.timeline import Cell, Day, Tick, Timeline, Trip
from service.draw.trips import trips_of
from service.report import left_out, standing
from service.wording import count, date_range
from solver.reading import Reading

ALL_DAY = 24


@dataclass(frozen=True, slots=True)
class Selection:
    """What of a plan to show: which rows, and which local days (None: no limit)."""

    by: By = "user"
    first: date | None = None
    last: date | None = None

    def holds(self, day: date) -> bool:
        """Tell whether a day is wanted."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


def build(problem: Problem, plan: Plan, selection: Selection, shares: Mapping[str, Mapping[str, int]]) -> Timeline:
    """Collect what a picture shows.

    Parameters
    ----------
    problem, plan
        What was asked and what was planned.
    selection
        Rows and days.
    shares
        What each appointment costs, by its id and then by term.

    Returns
    -------
    The timeline, in epoch minutes.
    """
    zone = problem.zone
    reading = Reading(problem, plan)
    rows = Rows(reading, selection.by)
    maker = Bars(problem, shares)
    bars = {key: spread([maker.of(placed, key) for placed in rows.work.get(key, [])]) for key in rows.keys}
    spans = [bar.occupied for stacked in bars.values() for bar in stacked]
    trips = _trips(reading) if selection.by == "user" else {}
    moves = [(trip.start, trip.end) for journey in trips.values() for trip in journey]
    days = sorted({day for begin, finish in spans for day in _days(begin, finish, zone)})
    shown = [day for day in days if selection.holds(day)]
    opening, closing = _clock_hours(shown, [*spans, *moves], zone)
    kind = selection.by
    timeline = Timeline(
        title=problem.name or "Plan",
        subtitle=_subtitle(problem, plan),
        rows=[rows.row(key) for key in rows.keys],
        days=[],
        left_out=left_out(problem, plan),
        violations=[violation.message for violation in plan.violations],
        notes=rows.notes(),
    )
    if len(shown) < len(days):
        timeline.notes.append(f"{count(len(days) - len(shown), 'other day')} with appointments not shown.")
    for day in shown:
        begin, finish = _wall(day, opening, zone), _wall(day, closing, zone)
        cells = []
        for key in rows.keys:
            there = [bar for bar in bars[key] if _meets(bar.occupied, begin, finish)]
            ways = [trip for trip in trips.get(key, ()) if _meets((trip.start, trip.end), begin, finish)]
            free = [(begin, finish)] if key == NOBODY else reading.calendars.available(kind, key)
            cells.append(Cell(there, ways, subtract([(begin, finish)], free)))
        panel = Day(day, begin, finish, _ticks(begin, finish, zone), cells)
        panel.summary = _summary(panel)
        timeline.days.append(panel)
    return timeline


def _trips(reading: Reading) -> dict[str, list[Trip]]:
    by_user: dict[str, list[Trip]] = {}
    for route in reading.routes:
        by_user.setdefault(route.user, []).extend(trips_of([route]))
    return by_user


def _days(begin: int, finish: int, zone: ZoneInfo) -> list[date]:
    first = local_date(begin, zone)
    return [first + timedelta(k) for k in range((local_date(max(begin, finish - 1), zone) - first).days + 1)]


def _clock_hours(days: list[date], spans: Iterable[Interval], zone: ZoneInfo) -> tuple[int, int]:
    """Find the hours of the wall clock that hold everything on all days, so that the panels line up."""
    wanted = set(days)
    opening, closing = ALL_DAY, 0
    for begin, finish in spans:
        for day in _days(begin, finish, zone):
            if day in wanted:
                midnight, next_midnight = _wall(day, 0, zone), _wall(day, ALL_DAY, zone)
                opening = min(opening, instant(max(begin, midnight), zone).hour)
                last = min(finish, next_midnight)
                wall = instant(last - 1, zone)
                closing = max(closing, ALL_DAY if last == next_midnight else wall.hour + 1)
    return (opening, closing) if opening < closing else (8, 18)


def _wall(day: date, hour: int, zone: ZoneInfo) -> int:
    return day_start(day + timedelta(1), zone) if hour == ALL_DAY else wall_minute(day, time(hour), zone)


def _ticks(begin: int, finish: int, zone: ZoneInfo) -> list[Tick]:
    """The full hours as a clock on the wall shows them, whatever happens to it in between."""
    ticks = []
    minute = begin
    while minute <= finish:
        clock = instant(minute, zone)
        if clock.minute == 0:
            ticks.append(Tick(minute, f"{clock:%H:%M}"))
        minute += 60 - clock.minute
    return ticks


def _meets(interval: Interval, begin: int, finish: int) -> bool:
    return interval[0] < finish and begin < interval[1]


def _summary(day: Day) -> str:
    bars = {bar.appointment: bar for cell in day.cells for bar in cell.bars}
    busy = sum(bool(cell.bars) for cell in day.cells)
    away = sum(day.away(cell) for cell in day.cells)
    return f"{count(len(bars), 'appointment')} · {busy} of {len(day.cells)} busy" + (f" · {away} away" if away else "")


def _subtitle(problem: Problem, plan: Plan) -> str:
    zone = problem.zone
    first, last = minute_of(problem.horizon.start), minute_of(problem.horizon.end)
    dates = date_range(local_date(first, zone), local_date(last - 1, zone))
    total = len(problem.appointments)
    parts = [dates, problem.timezone, f"{len(plan.assignments):,} of {count(total, 'appointment')} planned"]
    if plan.cost is not None:
        parts.append(f"cost {plan.cost:,}")
        parts.append(standing(plan))
    return " · ".join(parts)
