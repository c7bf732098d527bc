"""A place of a task, open or closed."""

from functools import reduce
from operator import or_
from typing import NamedTuple

from solver.explain.causes import BARRED
from solver.explain.crews import Crew
from solver.explain.rows import Span
from solver.instance import Placement


class Place(NamedTuple):
    """A place of a task and what closes it: masks of the organization, the team, the users and the resources."""

    burden: int
    start: int
    span: Span
    crew: Crew
    lifted: frozenset[str]
    unlinked: bool
    general: int
    team: int
    users: tuple[int, ...]
    user_masks: tuple[int, ...]
    resources: tuple[int, ...]
    units: tuple[int, ...]
    resource_masks: tuple[int, ...]

    @property
    def column(self) -> int:
        """Number of the start in its span."""
        return (self.start - self.span.first) // self.span.step

    @property
    def barred(self) -> bool:
        """Whether it would be closed even in an empty plan, where the search was told to mark that."""
        return bool((self.general | self.team | _any(self.user_masks) | _any(self.resource_masks)) & BARRED)

    def placement(self) -> Placement:
        """The place as a solution holds it."""
        return Placement(self.start, self.crew.team, self.users, self.resources, self.units)


def _any(masks: tuple[int, ...]) -> int:
    return reduce(or_, masks, 0)
