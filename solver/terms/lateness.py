"""`lateness`: minutes that the end lies after `due`."""

from typing import TYPE_CHECKING

from models.appointments import Appointment
from models.plan import TermCost
from models.problem import Problem
from models.timegrid import minute_of
from solver.instance import Instance, Task, TaskWriter
from solver.terms.price import priced, shared

if TYPE_CHECKING:
    from solver.reading import Reading

NAME = "lateness"


def lower(problem: Problem, instance: Instance) -> TaskWriter:
    """Let the end of every task with a due time cost what lies after it."""
    weight = problem.weights.lateness

    def write(task: Task, appointment: Appointment) -> None:
        if appointment.due is not None:
            task.has_due = True
            task.due = minute_of(appointment.due) - instance.origin
            task.late_weight = weight

    return write


def amounts(reading: "Reading") -> dict[str, int]:
    """Find the minutes after `due`, by appointment."""
    return {
        placed.id: max(0, placed.end - minute_of(placed.appointment.due))
        for placed in reading.placed.values()
        if placed.appointment.due is not None
    }


def cost(reading: "Reading") -> TermCost:
    """Add up the amounts of all appointments."""
    return priced(reading, NAME, sum(amounts(reading).values()))


def shares(reading: "Reading") -> dict[str, int]:
    """Charge every appointment its own amount."""
    return shared(reading, NAME, amounts(reading))
