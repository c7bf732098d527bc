"""Faults between the parts of a problem, found in the raw document so that they show beside all others."""

from collections.abc import Iterator, Mapping
from typing import Any

from models.errors import Fault
from models.faults import describe, locate, nearest

Place = tuple[str | int, ...]
KINDS = {kind: f"{kind}s" for kind in ("user", "team", "resource", "appointment", "location")}
LISTS = (*KINDS.values(), "rules")

# Where ids stand: the list, the path in each item ("*" is every entry of a list), what they name.
REFERENCES: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("users", ("start_location",), "location"),
    ("users", ("end_location",), "location"),
    ("teams", ("members", "*"), "user"),
    ("teams", ("lead",), "user"),
    ("appointments", ("team", "any_of", "*"), "team"),
    ("appointments", ("users", "allowed", "*"), "user"),
    ("appointments", ("users", "excluded", "*"), "user"),
    ("appointments", ("users", "preferred", "*"), "user"),
    ("appointments", ("resources", "*", "resource"), "resource"),
    ("appointments", ("location",), "location"),
    ("appointments", ("after", "*", "appointment"), "appointment"),
    ("appointments", ("current", "team"), "team"),
    ("appointments", ("current", "users", "*"), "user"),
    ("appointments", ("current", "resources", "*", "resource"), "resource"),
    ("rules", ("applies_to_users", "*"), "user"),
    ("rules", ("applies_to_teams", "*"), "team"),
    ("rules", ("applies_to_resources", "*"), "resource"),
)


def reference_faults(document: Mapping[str, Any]) -> list[Fault]:
    """Find all faults between the parts of a problem.

    Parameters
    ----------
    document
        The raw problem; parts of a wrong type are passed over, as they have faults of their own.

    Returns
    -------
    One fault per thing that is wrong.
    """
    faults: list[Fault] = []
    known: dict[str, dict[str, int]] = {}
    for name in LISTS:
        known[name] = _ids(document, name, faults)
    matrix = _matrix_locations(document)
    places = known["locations"] if matrix is None else dict.fromkeys(matrix, 0)
    for name, path, kind in REFERENCES:
        ids = places if kind == "location" else known[KINDS[kind]]
        first = path[0]
        for i, item in enumerate(_list(document, name)):
            if isinstance(item, Mapping) and item.get(first) is not None:
                for place, value in _at(item, path, (name, i)):
                    if value not in ids:
                        off_matrix = kind == "location" and value in known["locations"]
                        faults.append(_unknown(place, value, kind, ids, off_matrix))
    appointments = _list(document, "appointments")
    faults += _self_links(appointments)
    faults += _cycles(appointments, known["appointments"])
    faults += _excess_units(document, known["resources"])
    return faults


def _list(document: Mapping[str, Any], name: str) -> list[Any]:
    found = document.get(name)
    return list(found) if isinstance(found, list | tuple) else []


def _ids(document: Mapping[str, Any], name: str, faults: list[Fault]) -> dict[str, int]:
    ids: dict[str, int] = {}
    for i, item in enumerate(_list(document, name)):
        key = item.get("id") if isinstance(item, Mapping) else None
        if isinstance(key, str) and ids.setdefault(key, i) != i:
            expected, advice = f"an id of its own among the {name}", f"Rename one: {name}[{ids[key]}] has it already."
            faults.append(Fault(f"{name}[{i}].id", f"{describe(key)} again", expected, advice))
    return ids


def _matrix_locations(document: Mapping[str, Any]) -> list[str] | None:
    travel = document.get("travel")
    if not isinstance(travel, Mapping) or not isinstance(travel.get("locations"), list | tuple):
        return None
    return [key for key in travel["locations"] if isinstance(key, str)]


def _at(node: Any, path: tuple[str, ...], place: Place) -> Iterator[tuple[Place, str]]:
    if not path:
        if isinstance(node, str):
            yield place, node
    elif path[0] == "*":
        if isinstance(node, list | tuple):
            for i, item in enumerate(node):
                yield from _at(item, path[1:], (*place, i))
    elif isinstance(node, Mapping) and node.get(path[0]) is not None:
        yield from _at(node[path[0]], path[1:], (*place, path[0]))


def _unknown(place: Place, value: str, kind: str, ids: Mapping[str, int], off_matrix: bool) -> Fault:
    if off_matrix:
        advice = "Add its row and column to travel."
        return Fault(locate(place), describe(value), "a location of the travel matrix", advice)
    if not ids:
        return Fault(locate(place), describe(value), f"the id of a {kind}", f"There are no {KINDS[kind]}.")
    advice = nearest(value, ids) or f"Add it to the {KINDS[kind]}, or leave it out."
    return Fault(locate(place), describe(value), f"the id of a known {kind}", advice)


def _links(item: Any) -> Iterator[tuple[Place, str]]:
    if isinstance(item, Mapping) and item.get("after"):
        yield from _at(item, ("after", "*", "appointment"), ())


def _self_links(appointments: list[Any]) -> Iterator[Fault]:
    for i, item in enumerate(appointments):
        for place, other in _links(item):
            if other == item.get("id"):
                where, found = locate(("appointments", i, *place)), f"{describe(other)}, the appointment itself"
                yield Fault(where, found, "another appointment", "Leave the link out.")


def _cycles(appointments: list[Any], ids: Mapping[str, int]) -> Iterator[Fault]:
    before: dict[int, list[int]] = {}
    for i, item in enumerate(appointments):
        others = [ids[other] for _, other in _links(item) if other in ids and ids[other] != i]
        if others:
            before[i] = others
    done: set[int] = set()
    for root in before:
        if root in done:
            continue
        trail: list[int] = []
        on_trail: dict[int, int] = {}
        stack: list[tuple[int, Iterator[int]]] = [(root, iter(before[root]))]
        on_trail[root] = 0
        trail.append(root)
        while stack:
            node, rest = stack[-1]
            step = next(rest, None)
            if step is None:
                stack.pop()
                trail.pop()
                del on_trail[node]
                done.add(node)
            elif step in on_trail:
                yield _cycle(trail[on_trail[step] :], appointments)
            elif step not in done and step in before:
                on_trail[step] = len(trail)
                trail.append(step)
                stack.append((step, iter(before[step])))


def _cycle(ring: list[int], appointments: list[Any]) -> Fault:
    names = [describe(appointments[i]["id"]) for i in (*ring, ring[0])]
    shown = names if len(names) <= 8 else [*names[:4], "…", *names[-3:]]
    where = f"appointments[{ring[0]}].after"
    return Fault(where, f"the cycle {' after '.join(shown)}", "links without a cycle", "Leave one of them out.")


def _excess_units(document: Mapping[str, Any], ids: Mapping[str, int]) -> Iterator[Fault]:
    resources = _list(document, "resources")
    for i, item in enumerate(_list(document, "appointments")):
        demands = item.get("resources") if isinstance(item, Mapping) else None
        for k, demand in enumerate(demands if isinstance(demands, list | tuple) else ()):
            key = demand.get("resource") if isinstance(demand, Mapping) else None
            if not isinstance(key, str) or key not in ids:
                continue
            units, capacity = demand.get("units"), resources[ids[key]].get("capacity", 1)
            if type(units) is int and type(capacity) is int and units > capacity:
                where = f"appointments[{i}].resources[{k}].units"
                expected = f"at most {describe(capacity)}, the capacity of {describe(key)}"
                yield Fault(where, describe(units), expected, "Ask for less, or for several resources.")
