"""When the rows of a board are closed, and why."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from models.calendars import Calendars, Closure
from models.intervals import Interval, subtract

OUTSIDE = "outside working hours"
Named = Mapping[tuple[str, int, int], str]
"""What absences are called, by the key of their subject, start and end."""


class Closed(NamedTuple):
    """A stretch of time, in epoch minutes, in which a row is closed: the rule and the reason."""

    start: int
    end: int
    rule: str
    reason: str


def closed_times(calendars: Calendars, kind: str, key: str, window: Interval, named: Named) -> list[Closed]:
    """List when a subject is closed.

    Parameters
    ----------
    calendars
        That reach over the window.
    kind, key
        "user", "team" or "resource", and the id in the problem.
    window
        What is looked at, in epoch minutes.
    named
        Better names for some absences.

    Returns
    -------
    By start, cut to the window: first what lies outside of its hours, then its closures; these may overlap.
    """
    hours = calendars.hours(kind, key)
    outside = [] if hours is None else subtract([window], hours)
    found = [Closed(start, end, "working_hours", OUTSIDE) for start, end in outside]
    found += _closures(calendars.closures(kind, key), key, window, named)
    return sorted(found, key=lambda closed: (closed.start, closed.end))


def _closures(closures: list[Closure], key: str, window: Interval, named: Named) -> Iterator[Closed]:
    first, last = window
    for closure in closures:
        start, end = max(closure.start, first), min(closure.end, last)
        if start < end:
            reason = named.get((key, closure.start, closure.end), closure.label)
            yield Closed(start, end, closure.rule, reason)
