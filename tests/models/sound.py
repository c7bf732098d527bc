"""A sound problem with a bit of everything, and ways to spoil it."""

import copy
from typing import Any

import pytest

from models.errors import InvalidProblem
from models.problem import Problem

GONE = object()
A = "appointments"

SOUND: dict[str, Any] = {
    "name": "clinic",
    "timezone": "Europe/Berlin",
    "horizon": {"start": "2026-11-23T00:00:00+01:00", "end": "2026-11-28T00:00:00+01:00"},
    "step_minutes": 15,
    "users": [
        {"id": "ana", "skills": ["care", {"name": "wound", "level": 2}], "start_location": "depot"},
        {"id": "bo", "availability": {"monday": {"start": "08:00", "end": "16:00"}}, "max_hours_per_week": 37.5},
    ],
    "teams": [{"id": "alpha", "members": ["ana", "bo"], "lead": "ana"}],
    "resources": [{"id": "van", "resource_type": "vehicle", "capacity": 2}],
    "locations": [
        {"id": "depot", "latitude": 52.5, "longitude": 13.4},
        {"id": "home", "latitude": 52.4, "longitude": 13},
    ],
    "travel": {},
    "rules": [
        {"id": "hours", "rule_type": "working_hours", "is_global": True, "start_time": "08:00", "end_time": "18:00"}
    ],
    "appointments": [
        {
            "id": "first",
            "duration_minutes": 60,
            "windows": [{"start": "2026-11-23T08:00:00+01:00", "end": "2026-11-23T12:00:00+01:00"}],
            "crew": [{"skills": ["care"]}],
            "users": {"allowed": ["ana"], "excluded": ["bo"], "preferred": ["ana"]},
            "team": {"any_of": ["alpha"]},
            "resources": [{"resource": "van", "units": 1}],
            "location": "home",
        },
        {
            "id": "second",
            "duration_minutes": 30,
            "after": [{"appointment": "first", "min_gap_minutes": 10}],
            "current": {"start": "2026-11-23T13:00:00+01:00", "users": ["bo"], "resources": [{"resource": "van"}]},
        },
    ],
    "weights": {"travel": 2, "unassigned": {"low": 1}},
}

MATRIX = {"locations": ["depot", "home"], "minutes": [[0, 5], [6, 0]]}


def changed(path: list[str | int], value: object) -> dict[str, Any]:
    document = copy.deepcopy(SOUND)
    node: Any = document
    for step in path[:-1]:
        node = node[step]
    if value is GONE:
        del node[path[-1]]
    elif isinstance(node, list) and path[-1] == len(node):
        node.append(value)
    else:
        node[path[-1]] = value
    return document


def rule(**fields: object) -> dict[str, object]:
    return {"id": "extra", "rule_type": "blackout", **fields}


RULE: list[str | int] = ["rules", 1]
FIRST: list[str | int] = [A, 0]
SECOND: list[str | int] = [A, 1]


Case = tuple[list[str | int], object, str, str]


def assert_only_fault(case: Case) -> None:
    """Spoil the sound document at one place, and see that nothing else is blamed."""
    path, value, where, words = case
    with pytest.raises(InvalidProblem) as caught:
        Problem.parse(changed(path, value))
    assert [fault.where for fault in caught.value.faults] == [where]
    assert words in str(caught.value.faults[0])
