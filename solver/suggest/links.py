"""What the links of a task leave to it beside the tasks that stand already."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from solver.instance import NEVER, Task
from solver.suggest.board import Board


@dataclass
class Bounds:
    """Where a task can start and with whom.

    Attributes
    ----------
    first, last
        Of its starts.
    banned
        Users who may not come.
    required
        The crew that must come, None: any.
    missing
        Ids of tasks that it follows and that have no place.
    """

    first: int = -NEVER
    last: int = NEVER
    banned: set[int] = field(default_factory=set)
    required: frozenset[int] | None = None
    missing: list[str] = field(default_factory=list)
    torn: bool = False

    @property
    def impossible(self) -> bool:
        """Whether no place can keep the links."""
        return bool(self.missing) or self.torn or self.first > self.last

    def allows_crew(self, crew: Iterable[int]) -> bool:
        """Whether these and nobody else may come."""
        users = frozenset(crew)
        return not users & self.banned and self.required in (None, users)


def bounds_of(board: Board, task: Task) -> Bounds:
    """Find what links leave to a task.

    Parameters
    ----------
    board, task
        The plan, and a task whose links name rows.

    Returns
    -------
    The bounds.
    """
    bounds = Bounds()
    for link in task.links_in:
        at, other = board.placement(link.before), board.task(link.before)
        if at is None:
            bounds.missing.append(other.id)
            continue
        mark = at.start if link.from_start else at.start + other.duration
        bounds.first, bounds.last = max(bounds.first, mark + link.min_gap), min(bounds.last, mark + link.max_gap)
        _share(bounds, at.users, different=link.different_users, same=link.same_users)
    for link in task.links_out:
        at = board.placement(link.after)
        if at is None:
            continue
        mark = at.start if link.from_start else at.start - task.duration
        bounds.first, bounds.last = max(bounds.first, mark - link.max_gap), min(bounds.last, mark - link.min_gap)
        _share(bounds, at.users, different=link.different_users, same=link.same_users)
    return bounds


def _share(bounds: Bounds, users: tuple[int, ...], *, different: bool, same: bool) -> None:
    crew = frozenset(users)
    if different:
        bounds.banned |= crew
    if same:
        bounds.torn |= bounds.required not in (None, crew)
        bounds.required = crew
