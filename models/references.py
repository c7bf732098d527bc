"""Faults between the parts of a problem, found in the raw document so that they show beside all others."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from pydantic import BaseModel

from models.errors import Fault
from models.faults import describe, locate, nearest

Place = tuple[str | int, ...]
KINDS = {kind: f"{kind}s" for kind in ("user", "team", "resource", "appointment", "location")}
MAX_SOUGHT = 100
MAX_SHOWN = 8
MAX_CYCLES = 20
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
    broken = {name for name in LISTS if not isinstance(document.get(name, ()), list | tuple)}
    lists = {name: _list(document, name) for name in LISTS}
    faults: list[Fault] = []
    known = {name: _ids(name, items, faults) for name, items in lists.items()}
    matrix = _matrix_locations(document)
    known["places"] = known["locations"] if matrix is None else dict.fromkeys(matrix, 0)
    advice = Advice(known, matrix is not None)
    for name, path, kind in REFERENCES:
        if KINDS[kind] in broken:
            continue
        ids = known["places" if kind == "location" else KINDS[kind]]
        for i, item in enumerate(lists[name]):
            if isinstance(item, Mapping) and item.get(path[0]) is not None:
                faults += [advice.on(place, key, kind) for place, key in _at(item, path, (name, i)) if key not in ids]
    faults += _self_links(lists["appointments"])
    faults += islice(_cycles(lists["appointments"], known["appointments"]), MAX_CYCLES)
    return faults


def appointment_faults(
    item: Mapping[str, Any], known: Mapping[str, Mapping[str, int]], has_matrix: bool
) -> list[Fault]:
    """Find what one appointment names that a problem does not know.

    Parameters
    ----------
    item
        The appointment by the names of its file.
    known
        The ids by list, `places` those that can be travelled to.
    has_matrix
        Whether these stand in a travel matrix.

    Returns
    -------
    One fault per unknown id, and one where the appointment follows itself.
    """
    advice = Advice(known, has_matrix, MAX_SHOWN)
    faults: list[Fault] = []
    for name, path, kind in REFERENCES:
        if name == "appointments" and item.get(path[0]) is not None:
            ids = known["places" if kind == "location" else KINDS[kind]]
            faults += [advice.on(place, key, kind) for place, key in _at(item, path, ()) if key not in ids]
    for place, other in _links(item):
        if other == item.get("id"):
            found = f"{describe(other)}, the appointment itself"
            faults.append(Fault(locate(place), found, "another appointment", "Leave the link out."))
    return faults


class Advice:
    """Says what an unknown id could have been; only so often, as seeking the nearest of many ids takes time.

    Parameters
    ----------
    known
        The ids by list.
    has_matrix
        Whether locations must stand in a travel matrix.
    most
        How often.
    """

    def __init__(self, known: Mapping[str, Mapping[str, int]], has_matrix: bool, most: int = MAX_SOUGHT) -> None:
        self._known, self._has_matrix, self._most = known, has_matrix, most
        self._found: dict[tuple[str, str], str] = {}

    def on(self, place: Place, key: str, kind: str) -> Fault:
        """Write the fault of an unknown id."""
        where, found = locate(place), describe(key)
        if kind == "location" and self._has_matrix:
            mend = self._near(key, "places") or "Add its row and column to travel."
            return Fault(where, found, "a location of the travel matrix", mend)
        if not self._known[KINDS[kind]]:
            return Fault(where, found, f"the id of a {kind}", f"There are no {KINDS[kind]}.")
        mend = self._near(key, KINDS[kind]) or f"Add it to the {KINDS[kind]}, or leave it out."
        return Fault(where, found, f"the id of a known {kind}", mend)

    def _near(self, key: str, name: str) -> str:
        if key in self._known["locations"] and name == "places":
            return ""
        if (key, name) not in self._found and len(self._found) < self._most:
            self._found[key, name] = nearest(key, self._known[name])
        return self._found.get((key, name), "")


def _list(document: Mapping[str, Any], name: str) -> list[Any]:
    found = document.get(name)
    items = found if isinstance(found, list | tuple) else ()
    return [item.model_dump(by_alias=True) if isinstance(item, BaseModel) else item for item in items]


def _ids(name: str, items: list[Any], faults: list[Fault]) -> dict[str, int]:
    ids: dict[str, int] = {}
    for i, item in enumerate(items):
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
    nodes = [*ring, ring[0]] if len(ring) < MAX_SHOWN else [*ring[:4], -1, *ring[-2:], ring[0]]
    shown = ["…" if i < 0 else describe(appointments[i]["id"]) for i in nodes]
    where = f"appointments[{ring[0]}].after"
    return Fault(where, f"the cycle {' after '.join(shown)}", "links without a cycle", "Leave one of them out.")
