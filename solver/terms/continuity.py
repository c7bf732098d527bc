"""`continuity`: for each `client`, different users who serve it beyond its largest crew."""

from typing import TYPE_CHECKING

from models.appointments import Appointment
from models.plan import TermCost
from models.problem import Problem
from solver.instance import Instance, Task, TaskWriter
from solver.terms.price import priced

if TYPE_CHECKING:
    from solver.reading import Reading

NAME = "continuity"


def lower(problem: Problem, instance: Instance) -> TaskWriter | None:
    """Number the clients, if more than one face costs."""
    instance.continuity_weight = problem.weights.continuity
    if not instance.continuity_weight:
        return None
    numbers = instance.client_index

    def write(task: Task, appointment: Appointment) -> None:
        if appointment.client is not None:
            task.client = numbers.setdefault(appointment.client, len(numbers))

    return write


def cost(reading: "Reading") -> TermCost:
    """Count the faces of every client beyond its largest crew."""
    faces: dict[str, set[str]] = {}
    largest: dict[str, int] = {}
    for placed in reading.placed.values():
        client = placed.appointment.client
        if client is not None:
            faces.setdefault(client, set()).update(placed.users)
            largest[client] = max(largest.get(client, 0), len(placed.users))
    return priced(reading, NAME, sum(len(users) - largest[client] for client, users in faces.items()))


def shares(reading: "Reading") -> dict[str, int]:
    """Divide nothing: it belongs to no single appointment."""
    return {}
