"""`working_hours`: the union of the rules that name the subject, else of the global ones, else always."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from models.intervals import subtract
from models.plan import Violation
from models.problem import Problem
from solver.instance import Closed, Instance
from solver.rules.closing import calendar_of, clip, outside

if TYPE_CHECKING:
    from solver.reading import Reading

NAME = "working_hours"


def lower(problem: Problem, instance: Instance) -> None:
    """Note on every subject the time outside its working hours; `availability` has taken it off the open time."""
    known: dict[int, list[Closed]] = {}
    for _, subject in instance.subjects():
        hours = instance.calendars.working(*calendar_of(subject))
        if hours is None:
            continue
        if id(hours) not in known:
            rest = subtract([(instance.start, instance.end)], clip(instance, hours))
            known[id(hours)] = [Closed(start, end, NAME, "outside working hours") for start, end in rest]
        subject.closed.extend(known[id(hours)])


def violations(reading: "Reading") -> Iterator[Violation]:
    """Find services outside the working hours of somebody or something they take."""
    for kind, key, stops in reading.subjects():
        hours = reading.calendars.working(kind, key)
        if hours is not None:
            yield from outside(reading, NAME, (kind, key), hours, stops)
