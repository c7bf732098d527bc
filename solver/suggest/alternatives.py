"""All places of a task at one start, not only the cheapest: another crew may leave room where the cheapest does not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, product

from solver.instance import NOWHERE, Placement, Task
from solver.kernel import arrays as a
from solver.kernel.pricing import counted, has_room, is_open, user_price
from solver.suggest.board import Board
from solver.suggest.links import Bounds


class Alternatives:
    """Lists the places of a task at a start.

    Parameters
    ----------
    board, row
        The plan, and a task without a place.
    bounds
        What links leave to it.
    only
        Users who may come, None: all.
    """

    def __init__(self, board: Board, row: int, bounds: Bounds, only: frozenset[int] | None = None) -> None:
        self._board, self._row, self._bounds, self._only = board, row, bounds, only
        self._task: Task = board.task(row)

    def at(self, start: int, most: int) -> list[Placement]:
        """List the places at a start that some place of the task is known to have.

        Parameters
        ----------
        start
            Minutes since the origin.
        most
            How many are enough.

        Returns
        -------
        Different crews, teams and resources.
        """
        return list(islice(self._places(start), most))

    def _places(self, start: int) -> Iterator[Placement]:
        things = list(islice(self._resources(start), 64))
        for team in self._task.teams or (NOWHERE,):
            if team != NOWHERE and not self._takes(team, start, 1):
                continue
            for crew in self._crews(team, start):
                for taken in things:
                    yield Placement(
                        start, team, crew, tuple(resource for resource, _ in taken), tuple(units for _, units in taken)
                    )

    def _crews(self, team: int, start: int) -> Iterator[tuple[int, ...]]:
        task, bounds = self._task, self._bounds
        members = None if team == NOWHERE else frozenset(self._board.instance.subject(team).members)
        if task.whole_team:
            crew = tuple(self._board.instance.subject(team).members)
            if bounds.allows_crew(crew) and all(self._serves(user, start) for user in crew):
                yield crew
            return
        free: dict[int, bool] = {}
        places: list[list[int]] = []
        for position in task.positions:
            for user in position.users:
                if user not in free:
                    inside = (members is None or user in members) and user not in bounds.banned
                    inside = inside and (self._only is None or user in self._only)
                    inside = inside and (bounds.required is None or user in bounds.required)
                    free[user] = inside and self._serves(user, start)
            places.append([user for user in position.users if free[user]])
        seen: set[frozenset[int]] = set()
        for crew in product(*places):
            people = frozenset(crew)
            if len(people) == len(crew) and people not in seen and bounds.required in (None, people):
                seen.add(people)
                yield crew

    def _resources(self, start: int) -> Iterator[tuple[tuple[int, int], ...]]:
        free: list[list[tuple[int, int]]] = [
            [
                (resource, units)
                for resource, units in zip(demand.resources, demand.units, strict=True)
                if self._takes(resource, start, units)
            ]
            for demand in self._task.demands
        ]
        for taken in product(*free):
            if len({resource for resource, _ in taken}) == len(taken):
                yield taken

    def _serves(self, user: int, start: int) -> bool:
        return self._is_there(user, start) and self._price(user, start) < a.INFINITE

    def _price(self, user: int, start: int) -> int:
        return int(user_price(self._board.packed, self._board.state, self._row, user, start))

    def _takes(self, subject: int, start: int, units: int) -> bool:
        packed, state = self._board.packed, self._board.state
        return (
            self._is_there(subject, start)
            and bool(has_room(packed, state, self._row, subject, start, units))
            and int(counted(packed, state, subject, start, self._task.duration)) < a.INFINITE
        )

    def _is_there(self, subject: int, start: int) -> bool:
        who = self._board.instance.subject(subject)
        fresh = not self._task.fresh or who.fresh_from <= start <= who.fresh_until
        return fresh and bool(is_open(self._board.packed, subject, start, start + self._task.duration))


def takes(at: Placement) -> Sequence[int]:
    """The subjects of a placement."""
    return (*at.users, *at.resources, *(() if at.team == NOWHERE else (at.team,)))
