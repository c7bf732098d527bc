"""`maintenance`: a blackout of resources."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from models.enums import RuleType
from models.plan import Violation
from models.problem import Problem
from solver.instance import Instance
from solver.rules.closing import close, intrusions

if TYPE_CHECKING:
    from solver.reading import Reading

NAME = "maintenance"


def lower(problem: Problem, instance: Instance) -> None:
    """Note it on the subjects it closes; `availability` has taken it off their open time."""
    close(instance, RuleType.MAINTENANCE)


def violations(reading: "Reading") -> Iterator[Violation]:
    """Find services during maintenance of somebody or something they take."""
    return intrusions(reading, RuleType.MAINTENANCE)
