"""A change that might help, before anybody has tried it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from pydantic import BaseModel, JsonValue

from models.explanation import Step
from models.intervals import Interval
from solver.explain.remedies.case import Case


@dataclass(frozen=True)
class Change:
    """Something to try for a task that is left out.

    `steps` edit the problem. `freed` are tasks that make way and are placed again after it; `before` are tasks without
    a place that are placed before it. `text` is a command to a planner; None where it is known only with the outcome.
    """

    kind: str
    text: str | None
    steps: tuple[Step, ...] = ()
    freed: tuple[int, ...] = ()
    before: tuple[int, ...] = ()


class Remedy(Protocol):
    """What every file of a kind of remedy offers."""

    def changes(self, case: Case) -> Iterable[Change]:
        """Propose changes, the most promising first.

        Parameters
        ----------
        case
            The task that is left out, and why.

        Yields
        ------
        Changes that could open a place.
        """


def put(path: str, value: JsonValue) -> Step:
    """Set a field of problem.json, or append to a list where the path ends in a dash."""
    return Step(path=path, value=value)


def dumped(parts: Sequence[BaseModel]) -> list[JsonValue]:
    """Write some parts of a problem as JSON values."""
    return [part.model_dump(mode="json", by_alias=True, exclude_defaults=True) for part in parts]


def period(case: Case, span: Interval) -> dict[str, JsonValue]:
    """Write minutes since the origin as a period of problem.json."""
    start, end = (case.instant(minute) for minute in span)
    return {"start": written(start), "end": written(end)}


def written(moment: datetime) -> str:
    """Write an instant as problem.json has it."""
    return moment.isoformat()
