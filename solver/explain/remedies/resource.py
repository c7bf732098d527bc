"""One more unit of what is taken: a resource more of a type, a larger one, or another one than was named."""

from collections.abc import Iterable, Iterator

from pydantic import JsonValue

from models.appointments import Demand as Need
from models.people import Resource
from solver.explain.causes import AWAY, CAPACITY, HOURS, MAINTENANCE
from solver.explain.closings import peak
from solver.explain.place import Place
from solver.explain.remedies.case import Case
from solver.explain.remedies.change import Change, put
from solver.rules.capacity import fits, units_of

MOST = 3
CLOSED = CAPACITY | AWAY | HOURS | MAINTENANCE


def changes(case: Case) -> Iterable[Change]:
    """Propose one more of what each demand asks for, and others than those that are named.

    Parameters
    ----------
    case
        The task that is left out, and why.

    Yields
    ------
    A few changes per demand.
    """
    for number, need in enumerate(case.appointment.resources):
        known = case.problem.resources
        fitting = [index for index, resource in enumerate(known) if fits(resource, need)]
        able = [index for index in fitting if units_of(need.units, known[index]) <= known[index].capacity]
        if need.units is not None:
            yield from _larger(case, need, fitting)
        if need.resource is None:
            yield from _one_more(case, need, able)
        else:
            yield from _another(case, number, need)


def _subject(case: Case, index: int) -> int:
    return len(case.instance.users) + len(case.instance.teams) + index


def _larger(case: Case, need: Need, fitting: list[int]) -> Iterator[Change]:
    """Raise the capacity of a resource by the least amount."""
    options: list[tuple[int, int]] = []
    for index in fitting:
        resource, units = case.problem.resources[index], need.units or 0
        if units > resource.capacity:
            options.append((units - resource.capacity, index))
            continue
        subject = _subject(case, index)
        place = case.opens({subject: CAPACITY})
        if place is not None and subject in place.resources:
            options.append((max(1, units - _free(case, place, subject)), index))
    for more, index in sorted(options)[:MOST]:
        resource = case.problem.resources[index]
        name = case.words.subject(_subject(case, index))
        text = f"have {more} {'unit' if more == 1 else 'units'} more of {name}, {resource.capacity + more} in all"
        yield Change("resource", text, (put(f"/resources/{index}/capacity", resource.capacity + more),))


def _free(case: Case, place: Place, subject: int) -> int:
    """Units of a resource that are free at a place."""
    mine = case.scene.days.stop(case.task, place.start)
    uses = case.scene.occupied.meeting(subject, mine.opens, mine.closes)
    return case.instance.subject(subject).capacity - peak(uses, mine.opens, mine.closes)


def _one_more(case: Case, need: Need, able: list[int]) -> Iterator[Change]:
    """Add a resource like one that fits, or a new one where none does."""
    kind = str(need.resource_type)
    traits = f" with {' and '.join(need.features)}" if need.features else ""
    if not able:
        capacity = max(need.min_capacity, need.units or 1)
        made: dict[str, JsonValue] = {"resource_type": kind, "features": [*need.features], "capacity": capacity}
        size = f" of capacity {capacity}" if capacity > 1 else ""
        yield _adding(case, made, f"get a {kind}{traits}{size}")
        return
    if case.opens({_subject(case, index): CLOSED for index in able}) is None:
        return
    found: list[dict[str, JsonValue]] = []
    for index in able:
        like = _like(case.problem.resources[index])
        if like not in found and case.opens({_subject(case, index): CLOSED}) is not None:
            yield _adding(case, like, f"have one more {kind} like {case.words.subject(_subject(case, index))}")
            found.append(like)
        if len(found) == MOST:
            return


def _like(resource: Resource) -> dict[str, JsonValue]:
    kept = {"resource_type", "capacity", "features", "availability", "timezone"}
    document: dict[str, JsonValue] = resource.model_dump(mode="json", include=kept, exclude_defaults=True)
    return {"resource_type": resource.resource_type.value, **document}


def _adding(case: Case, document: dict[str, JsonValue], text: str) -> Change:
    taken = case.problem.resources_by_id
    name = f"one more {document['resource_type']}"
    key = next(key for key in (name, *(f"{name} {n}" for n in range(2, len(taken) + 3))) if key not in taken)
    made: JsonValue = {"id": key, **document}
    step = put("/resources/-", made) if case.problem.resources else put("/resources", [made])
    return Change("resource", text, (step,))


def _another(case: Case, number: int, need: Need) -> Iterator[Change]:
    """Take whatever is of the same type as the resource that is named."""
    named = case.problem.resources_by_id[str(need.resource)]
    kind = named.resource_type.value
    needs: list[JsonValue] = [
        entry.model_dump(mode="json", exclude_defaults=True)
        if place != number
        else {**entry.model_dump(mode="json", exclude_defaults=True, exclude={"resource"}), "resource_type": kind}
        for place, entry in enumerate(case.appointment.resources)
    ]
    if sum(other.resource_type is named.resource_type for other in case.problem.resources) < 2:
        return
    text = f"take any {kind} instead of {case.words.subject(_subject_of(case, named.id))}"
    yield Change("resource", text, (put(f"{case.path}/resources", needs),))


def _subject_of(case: Case, key: str) -> int:
    return case.instance.subject_index["resource", key]
