"""`preferred_users`: crew members outside `preferred`, where it is given and not empty."""

from typing import TYPE_CHECKING

from models.appointments import Appointment
from models.plan import TermCost
from models.problem import Problem
from solver.instance import Instance, Outsiders, Task, TaskWriter
from solver.terms.price import priced, shared

if TYPE_CHECKING:
    from solver.reading import Reading

NAME = "preferred_users"


def lower(problem: Problem, instance: Instance) -> TaskWriter | None:
    """Let users outside the preferred ones cost."""
    weight = problem.weights.preferred_users
    if not weight:
        return None
    index_of = {user.id: index for index, user in enumerate(problem.users)}
    known: dict[tuple[str, ...], Outsiders] = {}

    def write(task: Task, appointment: Appointment) -> None:
        preferred = appointment.users.preferred
        if preferred:
            if preferred not in known:
                known[preferred] = Outsiders(frozenset(index_of[user] for user in preferred), weight)
            task.outsiders.append(known[preferred])

    return write


def amounts(reading: "Reading") -> dict[str, int]:
    """Count the crew outside the preferred users, by appointment."""
    return {
        placed.id: sum(user not in placed.appointment.users.preferred for user in placed.users)
        for placed in reading.placed.values()
        if placed.appointment.users.preferred
    }


def cost(reading: "Reading") -> TermCost:
    """Add up the amounts of all appointments."""
    return priced(reading, NAME, sum(amounts(reading).values()))


def shares(reading: "Reading") -> dict[str, int]:
    """Charge every appointment its own amount."""
    return shared(reading, NAME, amounts(reading))
