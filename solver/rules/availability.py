"""`availability`: crew, team and resources are available during the service."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from models.calendars import Closure
from models.intervals import subtract
from models.plan import Violation
from models.problem import Problem
from models.timegrid import minute_of
from solver.instance import Closed, Instance, Interval
from solver.rules.closing import calendar_of, clip, intrusion, outside

if TYPE_CHECKING:
    from solver.reading import Reading

NAME = "availability"


def lower(problem: Problem, instance: Instance) -> None:
    """Give every subject its open time, all closures taken off, and note what its own calendar closes."""
    shared: dict[int, list[Interval]] = {}
    known: dict[int, list[Closed]] = {}
    for _, subject in instance.subjects():
        kind, key = calendar_of(subject)
        free = instance.calendars.available(kind, key)
        if id(free) not in shared:
            shared[id(free)] = clip(instance, free)
        subject.open = shared[id(free)]
        own = instance.calendars.own(kind, key)
        if own is not None:
            if id(own) not in known:
                rest = subtract([(instance.start, instance.end)], clip(instance, own))
                known[id(own)] = [Closed(start, end, NAME, "outside own hours") for start, end in rest]
            subject.closed.extend(known[id(own)])
        for leave in absences(problem, kind, key):
            for start, end in clip(instance, [(leave.start, leave.end)]):
                subject.closed.append(Closed(start, end, NAME, leave.label))


def absences(problem: Problem, kind: str, key: str | None) -> list[Closure]:
    """List when a subject is away by its own calendar.

    Parameters
    ----------
    problem, kind, key
        The subject as calendars name it; only users and resources can be away.

    Returns
    -------
    Closures by start.
    """
    if key is None or kind == "team":
        return []
    label = "leave" if kind == "user" else "unavailable"
    away = (problem.users_by_id if kind == "user" else problem.resources_by_id)[key].unavailable
    spans = sorted((minute_of(span.start), minute_of(span.end)) for span in away)
    return [Closure(start, end, NAME, None, label) for start, end in spans]


def violations(reading: "Reading") -> Iterator[Violation]:
    """Find services outside the own hours of somebody or something they take, or while it is away."""
    for kind, key, stops in reading.subjects():
        own = reading.calendars.own(kind, key)
        if own is not None:
            yield from outside(reading, NAME, (kind, key), own, stops)
        leaves = absences(reading.problem, kind, key)
        for placed in stops if leaves else ():
            hits = [leave for leave in leaves if leave.start < placed.end and placed.start < leave.end]
            if hits:
                yield intrusion(reading, NAME, kind, key, placed, hits)
