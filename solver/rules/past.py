"""`past`: nothing unpinned starts before now."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from models.appointments import Appointment
from models.plan import Violation
from models.problem import Problem
from models.timegrid import minute_of
from solver.instance import Instance, Task, TaskWriter
from solver.rules.breach import breach, moment

if TYPE_CHECKING:
    from solver.reading import Reading

NAME = "past"


def lower(problem: Problem, instance: Instance) -> TaskWriter | None:
    """Let no task start before `now`, where it is given."""
    if problem.now is None:
        return None
    now = minute_of(problem.now) - instance.origin

    def write(task: Task, appointment: Appointment) -> None:
        task.earliest = now

    return write


def violations(reading: "Reading") -> Iterator[Violation]:
    """Find new starts before now."""
    if reading.now is None:
        return
    for placed in reading.placed.values():
        if placed.start < reading.now and not placed.pinned:
            now = moment(reading, reading.now)
            message = f"{placed.id} would start at {moment(reading, placed.start)}, before now ({now})."
            yield breach(reading, NAME, [placed], message, amount=reading.now - placed.start)
