"""`mandatory`: some appointments may not be left out."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from models.appointments import Appointment
from models.plan import Violation
from models.problem import Problem
from solver.instance import Instance, Task, TaskWriter
from solver.rules.breach import absence

if TYPE_CHECKING:
    from solver.reading import Reading

NAME = "mandatory"


def lower(problem: Problem, instance: Instance) -> TaskWriter:
    """Mark the tasks that must be placed."""

    def write(task: Task, appointment: Appointment) -> None:
        task.mandatory = appointment.mandatory

    return write


def violations(reading: "Reading") -> Iterator[Violation]:
    """Find mandatory appointments that are left out."""
    for appointment in reading.left:
        if appointment.mandatory:
            yield absence(reading, NAME, appointment, f"{appointment.id} is mandatory, but left out.")
