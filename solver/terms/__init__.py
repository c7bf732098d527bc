"""The terms of the cost: one file each, with what an engine pays (`lower`) and what a plan costs (`cost`, `shares`)."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

from solver.terms import (
    continuity,
    headcount,
    labor_cost,
    lateness,
    max_lateness,
    max_waiting,
    moved,
    overtime,
    preferred_time,
    preferred_users,
    reassigned,
    travel,
    unassigned,
    waiting,
    workload_balance,
)

if TYPE_CHECKING:
    from models.plan import TermCost
    from models.problem import Problem
    from solver.instance import Instance, TaskWriter
    from solver.reading import Reading


class Term(Protocol):
    """What every file of this folder offers."""

    NAME: str

    def lower(self, problem: "Problem", instance: "Instance") -> "TaskWriter | None":
        """Say in coefficients what the term costs.

        Parameters
        ----------
        problem
            The problem as it was read.
        instance
            Its lowered form, with what all rules and the terms before this one wrote; it is changed.

        Returns
        -------
        What writes the term's part into one task, given its appointment; None where it speaks of no single task.
        """

    def cost(self, reading: "Reading") -> "TermCost":
        """Compute what a plan costs by this term.

        Parameters
        ----------
        reading
            The plan beside its problem.

        Returns
        -------
        Weight, amount and cost; the cost is their product.
        """

    def shares(self, reading: "Reading") -> Mapping[str, int]:
        """Divide the cost among appointments.

        Parameters
        ----------
        reading
            The plan beside its problem.

        Returns
        -------
        Costs by appointment id, which add up to the cost; empty where it belongs to no one of them.
        """


TERMS: tuple[Term, ...] = (
    unassigned,
    lateness,
    max_lateness,
    preferred_time,
    travel,
    waiting,
    max_waiting,
    preferred_users,
    overtime,
    workload_balance,
    continuity,
    headcount,
    labor_cost,
    moved,
    reassigned,
)
"""In the order in which costs are reported."""
