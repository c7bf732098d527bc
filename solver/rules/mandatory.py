"""`mandatory`: some appointments may not be left out."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from models.plan import Violation
from models.problem import Problem
from solver.instance import Instance
from solver.rules.breach import absence

if TYPE_CHECKING:
    from solver.reading import Reading

NAME = "mandatory"


def lower(problem: Problem, instance: Instance) -> None:
    """Mark the tasks that must be placed."""
    for task, appointment in zip(instance.tasks, problem.appointments, strict=True):
        task.mandatory = appointment.mandatory


def violations(reading: "Reading") -> Iterator[Violation]:
    """Find mandatory appointments that are left out."""
    for appointment in reading.left:
        if appointment.mandatory:
            yield absence(reading, NAME, appointment, f"{appointment.id} is mandatory, but left out.")
