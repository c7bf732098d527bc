"""`holiday`: closed days, or part of each, by date or from the public holidays of a country."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from models.enums import RuleType
from models.plan import Violation
from models.problem import Problem
from solver.instance import Instance
from solver.rules.closing import close, intrusions

if TYPE_CHECKING:
    from solver.reading import Reading

NAME = "holiday"


def lower(problem: Problem, instance: Instance) -> None:
    """Note it on the subjects it closes; `availability` has taken it off their open time."""
    close(instance, RuleType.HOLIDAY)


def violations(reading: "Reading") -> Iterator[Violation]:
    """Find services during a holiday of somebody or something they take."""
    return intrusions(reading, RuleType.HOLIDAY)
