"""`unassigned`: every appointment left out costs its own weight, or that of its priority."""

from typing import TYPE_CHECKING

from models.appointments import Appointment
from models.enums import Priority
from models.plan import TermCost
from models.problem import Problem
from solver.instance import Instance, Task, TaskWriter

if TYPE_CHECKING:
    from solver.reading import Reading

NAME = "unassigned"
OWN = "own"  # beside the priorities: the weights that appointments bring themselves, each an amount at weight 1


def lower(problem: Problem, instance: Instance) -> TaskWriter:
    """Give every task what its absence costs."""

    def write(task: Task, appointment: Appointment) -> None:
        task.absent_cost = problem.unassigned_weight(appointment)

    return write


def cost(reading: "Reading") -> TermCost:
    """Count what is left out by priority.

    Parameters
    ----------
    reading
        A plan beside its problem.

    Returns
    -------
    Weight and amount by priority; `own` (weight 1) holds the sum of the appointments' own weights, if there are any.
    """
    weights = {str(priority): reading.problem.weights.unassigned.of(priority) for priority in Priority}
    amounts = dict.fromkeys(weights, 0)
    for appointment in reading.left:
        if appointment.unassigned_weight is None:
            amounts[appointment.priority] += 1
        else:
            weights[OWN] = 1
            amounts[OWN] = amounts.get(OWN, 0) + appointment.unassigned_weight
    total = sum(weights[key] * amount for key, amount in amounts.items())
    return TermCost(name=NAME, weight=weights, amount=amounts, cost=total)


def shares(reading: "Reading") -> dict[str, int]:
    """Charge every appointment that is left out its weight."""
    weights = {appointment.id: reading.problem.unassigned_weight(appointment) for appointment in reading.left}
    return {key: weight for key, weight in weights.items() if weight}
