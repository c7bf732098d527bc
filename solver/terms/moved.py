"""`moved`: appointments with `current` that start at another time."""

from typing import TYPE_CHECKING

from models.appointments import Appointment
from models.plan import TermCost
from models.problem import Problem
from models.timegrid import minute_of
from solver.instance import Instance, Task, TaskWriter
from solver.terms.price import priced, shared

if TYPE_CHECKING:
    from solver.reading import Reading

NAME = "moved"


def lower(problem: Problem, instance: Instance) -> TaskWriter | None:
    """Let every task that stands somewhere cost its move to another start."""
    weight = problem.weights.moved
    if not weight:
        return None

    def write(task: Task, appointment: Appointment) -> None:
        if appointment.current is not None:
            task.current_start = minute_of(appointment.current.start) - instance.origin
            task.moved_weight = weight

    return write


def amounts(reading: "Reading") -> dict[str, int]:
    """Mark with 1 what starts at another time than it does today, by appointment."""
    return {
        placed.id: int(placed.start != minute_of(placed.appointment.current.start))
        for placed in reading.placed.values()
        if placed.appointment.current is not None
    }


def cost(reading: "Reading") -> TermCost:
    """Add up the amounts of all appointments."""
    return priced(reading, NAME, sum(amounts(reading).values()))


def shares(reading: "Reading") -> dict[str, int]:
    """Charge every appointment its own amount."""
    return shared(reading, NAME, amounts(reading))
