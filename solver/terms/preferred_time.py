"""`preferred_time`: minutes between the start and `preferred_start`."""

from typing import TYPE_CHECKING

from models.appointments import Appointment
from models.plan import TermCost
from models.problem import Problem
from models.timegrid import minute_of
from solver.instance import Instance, Task, TaskWriter
from solver.terms.price import priced, shared

if TYPE_CHECKING:
    from solver.reading import Reading

NAME = "preferred_time"


def lower(problem: Problem, instance: Instance) -> TaskWriter | None:
    """Let every task with a preferred start cost its distance from it."""
    weight = problem.weights.preferred_time
    if not weight:
        return None

    def write(task: Task, appointment: Appointment) -> None:
        if appointment.preferred_start is not None:
            task.preferred_start = minute_of(appointment.preferred_start) - instance.origin
            task.preferred_weight = weight

    return write


def amounts(reading: "Reading") -> dict[str, int]:
    """Find the minutes between start and preferred start, by appointment."""
    return {
        placed.id: abs(placed.start - minute_of(placed.appointment.preferred_start))
        for placed in reading.placed.values()
        if placed.appointment.preferred_start is not None
    }


def cost(reading: "Reading") -> TermCost:
    """Add up the amounts of all appointments."""
    return priced(reading, NAME, sum(amounts(reading).values()))


def shares(reading: "Reading") -> dict[str, int]:
    """Charge every appointment its own amount."""
    return shared(reading, NAME, amounts(reading))
