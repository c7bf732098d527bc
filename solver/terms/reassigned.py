"""`reassigned`: users assigned who are not in `current.users`, where `current` is given."""

from typing import TYPE_CHECKING

from models.appointments import Appointment
from models.plan import TermCost
from models.problem import Problem
from solver.instance import Instance, Outsiders, Task, TaskWriter
from solver.terms.price import priced, shared

if TYPE_CHECKING:
    from solver.reading import Reading

NAME = "reassigned"


def lower(problem: Problem, instance: Instance) -> TaskWriter | None:
    """Let users cost who do not serve the appointment today."""
    weight = problem.weights.reassigned
    if not weight:
        return None
    index_of = {user.id: index for index, user in enumerate(problem.users)}
    known: dict[tuple[str, ...], Outsiders] = {}

    def write(task: Task, appointment: Appointment) -> None:
        if appointment.current is not None:
            users = appointment.current.users
            if users not in known:
                known[users] = Outsiders(frozenset(index_of[user] for user in users), weight)
            task.outsiders.append(known[users])

    return write


def amounts(reading: "Reading") -> dict[str, int]:
    """Count the users who do not serve the appointment today, by appointment."""
    return {
        placed.id: sum(user not in placed.appointment.current.users for user in placed.users)
        for placed in reading.placed.values()
        if placed.appointment.current is not None
    }


def cost(reading: "Reading") -> TermCost:
    """Add up the amounts of all appointments."""
    return priced(reading, NAME, sum(amounts(reading).values()))


def shares(reading: "Reading") -> dict[str, int]:
    """Charge every appointment its own amount."""
    return shared(reading, NAME, amounts(reading))
