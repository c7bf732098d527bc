"""`capacity`: the units in use of a resource stay within its capacity, and resources are what was asked for."""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from models.appointments import Appointment, Demand as Need
from models.enums import ConflictType
from models.people import Resource
from models.plan import Violation
from models.problem import Problem
from solver.instance import Demand, Instance, Task, TaskWriter
from solver.placed import Placed, Taken
from solver.rules.breach import breach, moment, names
from solver.rules.sweep import Use, excesses

if TYPE_CHECKING:
    from solver.reading import Reading

NAME = "capacity"

Requirement = tuple[str | None, str | None, tuple[str, ...], int, int | None]


def units_of(units: int | None, resource: Resource) -> int:
    """Count what a demand takes of a resource.

    Parameters
    ----------
    units
        As asked for; None is the whole resource.
    resource
        What is taken.

    Returns
    -------
    Units.
    """
    return resource.capacity if units is None else units


def fits(resource: Resource, need: Need) -> bool:
    """Tell whether a resource is what an appointment asks for, its units aside.

    Parameters
    ----------
    resource, need
        What there is and what is asked for.

    Returns
    -------
    True where id, type, features and least capacity agree.
    """
    return (
        need.resource in (None, resource.id)
        and need.resource_type in (None, resource.resource_type)
        and set(need.features) <= set(resource.features)
        and resource.capacity >= need.min_capacity
    )


def lower(problem: Problem, instance: Instance) -> TaskWriter:
    """Give resources their capacity and every demand the resources that fit it, with the units each would give."""
    for subject, resource in zip(instance.resources, problem.resources, strict=True):
        subject.capacity = resource.capacity
    known: dict[Requirement, Demand] = {}
    first = len(instance.users) + len(instance.teams)

    def write(task: Task, appointment: Appointment) -> None:
        for need in appointment.resources:
            kind = need.resource_type
            signature = (need.resource, kind, need.features, need.min_capacity, need.units)
            if signature not in known:
                fitting = [
                    (first + index, units_of(need.units, resource))
                    for index, resource in enumerate(problem.resources)
                    if fits(resource, need) and units_of(need.units, resource) <= resource.capacity
                ]
                known[signature] = Demand(tuple(i for i, _ in fitting), tuple(units for _, units in fitting))
            task.demands.append(known[signature])

    return write


def violations(reading: "Reading") -> Iterator[Violation]:
    """Find demands without the resource they ask for, and resources of which more is in use than there is."""
    for placed in reading.placed.values():
        yield from _demands(reading, placed)
    for key, takes in reading.by_resource.items():
        resource = reading.resources[key]
        wanted = [(placed, asked_units(placed, taken)) for placed, taken in takes]
        uses = [Use(stop.busy_start, stop.busy_end, units_of(units, resource), stop) for stop, units in wanted]
        whole = {placed for placed, units in wanted if units is None}
        for excess in excesses(uses, resource.capacity):
            message = (
                f"{reading.label('resource', key)}: {excess.peak} units in use of {resource.capacity} from "
                f"{moment(reading, excess.start)}: {names(excess.involved)}."
            )
            twice = whole.issuperset(excess.involved)
            yield breach(
                reading, NAME, excess.involved, message,
                start=excess.start, end=excess.end, amount=excess.peak - resource.capacity, resources=[key],
                conflict_type=ConflictType.RESOURCE_CONFLICT if twice else ConflictType.CAPACITY_EXCEEDED,
            )  # fmt: skip


def asked_units(placed: Placed, taken: Taken) -> int | None:
    """Find how much an appointment takes: what its demand asks for, or what the plan says where there is no demand.

    Parameters
    ----------
    placed, taken
        The appointment and the resource it takes.

    Returns
    -------
    Units, None for the whole resource.
    """
    needs = placed.appointment.resources
    if placed.pinned or not 0 <= taken.demand < len(needs):
        return taken.units
    return needs[taken.demand].units


def _demands(reading: "Reading", placed: Placed) -> Iterator[Violation]:
    """Check that every demand of one appointment is met, by different and fitting resources."""
    needs, taken = placed.appointment.resources, placed.resources
    kind = ConflictType.RESOURCE_CONFLICT
    if not placed.pinned and sorted(take.demand for take in taken) != list(range(len(needs))):
        given = ", ".join(str(take.demand) for take in taken) or "none"
        message = f"{placed.id} has {len(needs)} demands for resources, but the plan meets: {given}."
        keys = [take.resource for take in taken]
        yield breach(reading, NAME, [placed], message, resources=keys, conflict_type=kind)
    for key, count in Counter(take.resource for take in taken).items():
        if count > 1:
            message = f"{reading.label('resource', key)} is given to {count} demands of {placed.id}."
            yield breach(reading, NAME, [placed], message, amount=count - 1, resources=[key], conflict_type=kind)
    for take in taken:
        if placed.pinned or not 0 <= take.demand < len(needs):
            continue
        resource = reading.resources[take.resource]
        if not fits(resource, needs[take.demand]):
            what = reading.label("resource", resource.id)
            message = f"{what} is not what demand {take.demand} of {placed.id} asks for."
            yield breach(reading, NAME, [placed], message, resources=[resource.id], conflict_type=kind)
