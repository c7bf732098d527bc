"""`complete`: a plan says of every appointment when it takes place, or that it is left out."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from models.plan import Violation
from models.problem import Problem
from solver.instance import Instance
from solver.rules.breach import absence

if TYPE_CHECKING:
    from solver.reading import Reading

NAME = "complete"


def lower(problem: Problem, instance: Instance) -> None:
    """Say nothing: a solution has an entry for every task."""


def violations(reading: "Reading") -> Iterator[Violation]:
    """Find appointments that the plan passes over."""
    for key in reading.missing:
        message = f"The plan says nothing about {key}; list it as unassigned if it is left out."
        yield absence(reading, NAME, reading.appointments[key], message)
