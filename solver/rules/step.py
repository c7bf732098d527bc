"""`step`: starts lie on the grid; an appointment may also keep its present start."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from models.appointments import Appointment
from models.plan import Violation
from models.problem import Problem
from models.timegrid import TimeGrid, minute_of
from solver.instance import Instance, Task, TaskWriter
from solver.rules.breach import breach, moment

if TYPE_CHECKING:
    from solver.reading import Reading

NAME = "step"


def lower(problem: Problem, instance: Instance) -> TaskWriter:
    """Allow tasks whose present start is off the grid this start as well."""

    def write(task: Task, appointment: Appointment) -> None:
        if appointment.current is None or problem.is_pinned(appointment):
            return
        start = minute_of(appointment.current.start)
        if not instance.grid.on_grid(start):
            task.extra_start = start - instance.origin

    return write


def violations(reading: "Reading") -> Iterator[Violation]:
    """Find starts off the grid that are not the present start either."""
    grid = TimeGrid.of(reading.problem)
    for placed in reading.placed.values():
        current = placed.appointment.current
        if placed.pinned or grid.on_grid(placed.start):
            continue
        if current is None or minute_of(current.start) != placed.start:
            off = placed.start - grid.floor(placed.start)
            message = (
                f"{placed.id} starts at {moment(reading, placed.start)}, {off} minutes off the {grid.step} minute grid."
            )
            yield breach(reading, NAME, [placed], message, amount=off)
