"""`horizon`: every new assignment lies inside the horizon."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from models.appointments import Appointment
from models.plan import Violation
from models.problem import Problem
from solver.instance import Instance, Task, TaskWriter
from solver.rules.breach import breach, moment

if TYPE_CHECKING:
    from solver.reading import Reading

NAME = "horizon"


def lower(problem: Problem, instance: Instance) -> TaskWriter:
    """Give every task the horizon as its only window."""

    def write(task: Task, appointment: Appointment) -> None:
        fits = task.duration <= instance.end - instance.start
        task.windows = [(instance.start, instance.end)] if fits else []

    return write


def violations(reading: "Reading") -> Iterator[Violation]:
    """Find services that leave the horizon."""
    first, last = reading.horizon
    for placed in reading.placed.values():
        outside = placed.minutes - max(0, min(placed.end, last) - max(placed.start, first))
        if outside and not placed.pinned:
            message = f"{placed.id} at {moment(reading, placed.start)} lies {outside} minutes outside the horizon."
            yield breach(reading, NAME, [placed], message, amount=outside)
