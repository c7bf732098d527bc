"""The hard rules: one file each, with what it forbids in primitives (`lower`) and what a plan breaks (`violations`)."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol

from solver.rules import (
    advance_booking,
    availability,
    blackout,
    break_time,
    capacity,
    capacity_limit,
    complete,
    crew,
    duration,
    holiday,
    horizon,
    links,
    maintenance,
    mandatory,
    overlap,
    past,
    pinned,
    step,
    team,
    travel,
    weekly_hours,
    window,
    working_hours,
)

if TYPE_CHECKING:
    from models.plan import Violation
    from models.problem import Problem
    from solver.instance import Instance, TaskWriter
    from solver.reading import Reading


class Rule(Protocol):
    """What every file of this folder offers."""

    NAME: str

    def lower(self, problem: "Problem", instance: "Instance") -> "TaskWriter | None":
        """Say in primitives what the rule forbids.

        Parameters
        ----------
        problem
            The problem as it was read.
        instance
            Its lowered form, bare but for what the rules before this one wrote; it is changed.

        Returns
        -------
        What writes the rule's part into one task, given its appointment; None where it speaks of no single task.
        """

    def violations(self, reading: "Reading") -> "Iterable[Violation]":
        """Find what a plan breaks, pinned appointments included.

        Parameters
        ----------
        reading
            The plan beside its problem.

        Returns
        -------
        Violations in the order in which they are found.
        """


RULES: tuple[Rule, ...] = (
    complete,
    duration,
    horizon,
    window,
    step,
    past,
    crew,
    team,
    overlap,
    travel,
    capacity,
    availability,
    working_hours,
    holiday,
    blackout,
    maintenance,
    break_time,
    capacity_limit,
    weekly_hours,
    advance_booking,
    links,
    mandatory,
    pinned,
)
"""In the order in which they lower: a team narrows a crew, and what is pinned reads positions and demands."""
