"""`duration`: a service takes exactly its appointment's minutes."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from models.plan import Violation
from models.problem import Problem
from solver.instance import Instance
from solver.rules.breach import breach

if TYPE_CHECKING:
    from solver.reading import Reading

NAME = "duration"


def lower(problem: Problem, instance: Instance) -> None:
    """Say nothing: a task has no other length than its own."""


def violations(reading: "Reading") -> Iterator[Violation]:
    """Find services that are longer or shorter than asked for."""
    for placed in reading.placed.values():
        wanted = placed.appointment.duration_minutes
        if placed.minutes != wanted and not placed.pinned:
            message = f"{placed.id} takes {placed.minutes} minutes instead of {wanted}."
            yield breach(reading, NAME, [placed], message, amount=abs(placed.minutes - wanted))
