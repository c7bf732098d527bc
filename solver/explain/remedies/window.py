"""Widen a window by the least amount; what has a fixed time starts a little earlier or later instead."""

from collections.abc import Iterable
from dataclasses import replace

from solver.explain.remedies.case import Case
from solver.explain.remedies.change import Change, dumped, period, put
from solver.explain.search import Search
from solver.explain.wording import minutes_in_words
from solver.instance import Interval

REACH = 8 * 60  # minutes that a window is widened by at most


def changes(case: Case) -> Iterable[Change]:
    """Propose the least widening in both directions.

    Parameters
    ----------
    case
        The task that is left out, and why.

    Yields
    ------
    At most one change later and one earlier.
    """
    spans = [*case.finding.inquiry.wished]
    found = [nearest for later in (True, False) if (nearest := _nearest(case, spans, later=later)) is not None]
    for number, span in sorted(found, key=lambda option: _amount(spans[option[0]], option[1])):
        yield widened(case, number, spans[number], span)


def _nearest(case: Case, spans: list[Interval], *, later: bool) -> tuple[int, Interval] | None:
    """Find the window, and how wide it has to be for the task to have a place."""
    options = []
    for number, (low, high) in enumerate(spans):
        minutes = case.task.duration
        beyond = (high - minutes + 1, high + REACH) if later else (low - REACH, low + minutes - 1)
        start = _start_in(case, beyond, aim=high - minutes if later else low)
        if start is not None:
            options.append((number, (min(low, start), max(high, start + minutes))))
    return min(options, key=lambda option: _amount(spans[option[0]], option[1]), default=None)


def _start_in(case: Case, beyond: Interval, aim: int) -> int | None:
    """Find the start nearest to a window at which the task has a place outside it."""
    inside = (max(beyond[0], case.instance.start), min(beyond[1], case.instance.end))
    if inside[1] - inside[0] < case.task.duration:
        return None
    if case.has_place:
        return _cheapest(case, inside)
    case.bench.tried += 1
    inquiry = case.inquire(altered=replace(case.task, windows=[inside]))
    inquiry.aim = aim
    place = Search(inquiry).open_place() if not inquiry.lifts[0] else None
    return None if place is None else place.start


def _cheapest(case: Case, inside: Interval) -> int | None:
    """Find where the task would go if the window were as wide as that: for what has a place, but not at its worth."""
    step = put(f"{case.path}/windows", [period(case, inside)])
    outcome = case.bench.solve(case.index, Change("window", "", (step,)))
    return None if outcome is None else outcome.placement.start


def widened(case: Case, number: int, old: Interval, new: Interval) -> Change:
    """Make a window longer; one that is exactly as long as the service moves.

    Parameters
    ----------
    case, number
        The task, and the number of its window.
    old, new
        The window as it is, and as it is to be.

    Returns
    -------
    The change.
    """
    words, windows = case.words, dumped(case.appointment.windows)
    later = new[1] > old[1]
    amount = minutes_in_words(_amount(old, new))
    direction = "later" if later else "earlier"
    if old[1] - old[0] <= case.task.duration:
        span = (new[1] - case.task.duration, new[1]) if later else (new[0], new[0] + case.task.duration)
        windows[number] = period(case, span)
        text = f"start {amount} {direction}, {words.moment(span[0])}"
        return Change("shift", text, (put(f"{case.path}/windows", windows),))
    windows[number] = period(case, new)
    text = (
        f"extend the window to {_until(case, old, new[1])}" if later else f"open the window {_from(case, old, new[0])}"
    )
    return Change("window", f"{text}, {amount} {direction}", (put(f"{case.path}/windows", windows),))


def _until(case: Case, old: Interval, end: int) -> str:
    words = case.words
    return (
        f"{words.clock(end)} on {words.day(old[1] - 1)}"
        if words.day(end) == words.day(old[1] - 1)
        else words.moment(end)
    )


def _from(case: Case, old: Interval, start: int) -> str:
    words = case.words
    same = words.day(start) == words.day(old[0])
    return f"at {words.clock(start)} on {words.day(start)}" if same else f"on {words.moment(start)}"


def _amount(old: Interval, new: Interval) -> int:
    return max(old[0] - new[0], new[1] - old[1])
