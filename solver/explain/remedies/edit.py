"""Applies the steps of a patch to a problem that has been read, as they would change its file."""

from collections.abc import Iterable, Mapping

from pydantic import BaseModel, JsonValue, TypeAdapter

from models.explanation import Step
from models.people import Resource, User
from models.problem import Problem
from models.rules import Rule

LISTS: Mapping[str, TypeAdapter[tuple[BaseModel, ...]]] = {
    "users": TypeAdapter(tuple[User, ...]),
    "resources": TypeAdapter(tuple[Resource, ...]),
    "rules": TypeAdapter(tuple[Rule, ...]),
}


def edited(problem: Problem, steps: Iterable[Step]) -> Problem:
    """Change a problem.

    Parameters
    ----------
    problem
        As it was read.
    steps
        Paths are `/list` or `/list/-` for a new part, and `/list/index/field` for a field of a part.

    Returns
    -------
    Another problem; travel times are shared, as no step touches them.
    """
    fields = {name: getattr(problem, name) for name in type(problem).model_fields}
    for step in steps:
        name, *rest = step.path.removeprefix("/").split("/")
        if len(rest) == 2:
            fields[name] = _with_field(fields[name], int(rest[0]), rest[1], step.value)
        else:
            items = [step.value] if rest else step.value
            fields[name] = (
                (*fields[name], *LISTS[name].validate_python(items)) if rest else LISTS[name].validate_python(items)
            )
    changed = Problem.model_construct(**fields)
    changed.__dict__["travel_times"] = problem.travel_times
    return changed


def _with_field(parts: tuple[BaseModel, ...], index: int, field: str, value: JsonValue) -> tuple[BaseModel, ...]:
    part = parts[index]
    document = part.model_dump(mode="json", by_alias=True, exclude_defaults=True) | {field: value}
    return (*parts[:index], type(part).model_validate(document), *parts[index + 1 :])
