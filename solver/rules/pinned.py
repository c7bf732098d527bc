"""`pinned`: what is pinned, or has begun, stays exactly as it is."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from models.appointments import Appointment, Current
from models.plan import Violation
from models.problem import Problem
from models.timegrid import minute_of
from solver.instance import NOWHERE, Instance, Placement, Task, TaskWriter
from solver.placed import Placed
from solver.rules.breach import absence, breach
from solver.rules.capacity import units_of
from solver.rules.crew import match

if TYPE_CHECKING:
    from solver.reading import Reading

NAME = "pinned"


class Held(NamedTuple):
    """When something pinned takes a user, in minutes since the origin."""

    start: int
    busy_start: int
    busy_end: int


def held_of(problem: Problem, instance: Instance) -> dict[str, list[Held]]:
    """Collect when every user serves something pinned.

    Parameters
    ----------
    problem, instance
        What is pinned, and the origin that minutes count from.

    Returns
    -------
    By user id.
    """
    held: dict[str, list[Held]] = {}
    for task, appointment in zip(instance.tasks, problem.appointments, strict=True):
        if appointment.current is not None and problem.is_pinned(appointment):
            start = minute_of(appointment.current.start) - instance.origin
            entry = Held(start, start - task.before, start + task.duration + task.after)
            for user in appointment.current.users:
                held.setdefault(user, []).append(entry)
    return held


def lower(problem: Problem, instance: Instance) -> TaskWriter:
    """Give what stands its placement."""

    def write(task: Task, appointment: Appointment) -> None:
        if appointment.current is not None and problem.is_pinned(appointment):
            task.pinned = _placement(problem, instance, task, appointment.current)

    return write


def _placement(problem: Problem, instance: Instance, task: Task, current: Current) -> Placement:
    """Order users by positions and resources by demands, as far as they fit; the others fill up and follow."""
    users = [instance.subject_index["user", user] for user in current.users]
    first = len(instance.users) + len(instance.teams)
    taken = [(instance.subject_index["resource", use.resource], use.units) for use in current.resources]
    order = in_order([demand.resources for demand in task.demands], [index for index, _ in taken])
    taken.sort(key=lambda use: order.index(use[0]))
    return Placement(
        start=minute_of(current.start) - instance.origin,
        team=NOWHERE if current.team is None else instance.subject_index["team", current.team],
        users=in_order([position.users for position in task.positions], users),
        resources=tuple(index for index, _ in taken),
        units=tuple(units_of(units, problem.resources[index - first]) for index, units in taken),
    )


def in_order(candidates: list[tuple[int, ...]], taken: list[int]) -> tuple[int, ...]:
    """Put those who are there into the places they can fill.

    Parameters
    ----------
    candidates
        For each place, who could fill it.
    taken
        Who is there.

    Returns
    -------
    The same, in the order of places as far as they can be filled; the others fill the places left, then follow.
    """
    places = match(candidates, list(dict.fromkeys(taken)))
    rest = [subject for subject in taken if subject not in places]
    filled = [subject if subject is not None else rest.pop(0) if rest else None for subject in places]
    return (*(subject for subject in filled if subject is not None), *rest)


def violations(reading: "Reading") -> Iterator[Violation]:
    """Find pinned appointments that are moved, changed or left out."""
    for placed in reading.placed.values():
        if placed.pinned and placed.appointment.current is not None:
            changes = _changes(reading, placed, placed.appointment.current)
            if changes:
                message = f"{placed.id} is pinned, but the plan changes its {', '.join(changes)}."
                yield breach(reading, NAME, [placed], message, amount=len(changes))
    for appointment in reading.left:
        if reading.problem.is_pinned(appointment):
            yield absence(reading, NAME, appointment, f"{appointment.id} is pinned, but left out.")


def _changes(reading: "Reading", placed: Placed, current: Current) -> list[str]:
    taken = sorted((take.resource, units_of(take.units, reading.resources[take.resource])) for take in placed.resources)
    uses = sorted((use.resource, units_of(use.units, reading.resources[use.resource])) for use in current.resources)
    same = {
        "start": placed.start == minute_of(current.start),
        "length": placed.minutes == placed.appointment.duration_minutes,
        "team": placed.team == current.team,
        "users": sorted(placed.users) == sorted(current.users),
        "resources": taken == uses,
    }
    return [name for name, kept in same.items() if not kept]
