"""Who could serve a task at all, in the form in which the kernel asks when: candidates, groups of positions, kinds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.instance import NOWHERE, Task
from solver.kernel import arrays as a
from solver.suggest.board import Board
from solver.suggest.links import Bounds


class Crew(NamedTuple):
    """Who could serve with one team, or without a team.

    Attributes
    ----------
    team
        The team, `NOWHERE`: none.
    users
        Candidates; where all else is equal, those in front are taken.
    kinds
        Number of the kind of each candidate: users of one kind can fill the same groups.
    fits
        [kind, group]: 1 where a kind can fill a group.
    heads
        How many each group takes.
    seats
        Numbers of the positions of each group.
    """

    team: int
    users: NDArray[np.int64]
    kinds: NDArray[np.int64]
    fits: NDArray[np.int64]
    heads: list[int]
    seats: list[list[int]]


class Companies:
    """Lists candidates.

    Parameters
    ----------
    board
        The plan, for how busy people are.
    """

    def __init__(self, board: Board) -> None:
        self._board = board

    def of(self, task: Task, bounds: Bounds, only: frozenset[int] | None) -> Iterator[Crew]:
        """List who could serve a task, team by team, or without one.

        Parameters
        ----------
        task, bounds
            What is asked for, and what links leave.
        only
            Users who may come, None: all.

        Yields
        ------
        Teams or crews that are large enough.
        """
        instance = self._board.instance
        for team in task.teams or (NOWHERE,):
            members = None if team == NOWHERE else instance.subject(team).members
            if team == NOWHERE and task.whole_team:
                continue
            if task.whole_team and members is not None:
                if bounds.allows_crew(members) and (only is None or only.issuperset(members)):
                    yield self._crew(team, [members], [list(range(len(members)))], None)
                continue
            groups: dict[tuple[int, ...], list[int]] = {}
            for number, position in enumerate(task.positions):
                groups.setdefault(position.users, []).append(number)
            if bounds.required is not None and len(bounds.required) != len(task.positions):
                continue
            allowed = self._allowed(bounds, members, only)
            crew = self._crew(team, list(groups), list(groups.values()), allowed)
            if len(crew.users) >= len(task.positions):
                yield crew

    def _allowed(
        self, bounds: Bounds, members: tuple[int, ...] | None, only: frozenset[int] | None
    ) -> NDArray[np.bool_] | None:
        """Who may come at all, by user; None: anybody."""
        if members is None and only is None and not bounds.banned and bounds.required is None:
            return None
        allowed = np.ones(len(self._board.instance.users), bool)
        for some in (members, only, bounds.required):
            if some is not None:
                those = np.zeros_like(allowed)
                those[list(some)] = True
                allowed &= those
        allowed[list(bounds.banned)] = False
        return allowed

    def _crew(
        self,
        team: int,
        groups: list[tuple[int, ...]],
        seats: list[list[int]],
        allowed: NDArray[np.bool_] | None,
    ) -> Crew:
        able = np.zeros((len(groups), len(self._board.instance.users)), bool)
        for number, users in enumerate(groups):
            able[number, list(users)] = True
        if allowed is not None:
            able &= allowed
        people = np.flatnonzero(able.any(axis=0)).astype(np.int64)
        people = people[np.argsort(self._board.state.load[people], kind="stable")]  # where all is equal, who has least
        if len(groups) < 2:
            kinds, fits = np.zeros(len(people), np.int64), np.ones((1, len(groups)), np.int64)
        else:
            patterns, kinds = np.unique(able[:, people].T, axis=0, return_inverse=True)
            fits = patterns.astype(np.int64)
        return Crew(team, people, kinds.reshape(-1).astype(np.int64), fits, [len(each) for each in seats], seats)

    def joint(self, crew: Crew) -> bool:
        """Whether what some people cost together is more or less than the sum of what each costs."""
        weights = self._board.packed.weights
        return sum(crew.heads) > 1 and bool(weights[a.W_BALANCE] or weights[a.W_LABOR] or weights[a.W_MAX_WAITING])

    def ranks(self, crew: Crew) -> int:
        """How many users of a kind must be kept for each start, so that the cheapest crew is among them."""
        heads = sum(crew.heads)
        return max(1, len(crew.users)) if self.joint(crew) and len(crew.users) > heads else max(1, heads)


def seated(seats: Sequence[Sequence[int]], users: Sequence[int], groups: Sequence[int]) -> tuple[int, ...]:
    """Put users into the order of the positions that their groups fill."""
    places = [0] * len(users)
    next_seat = [0] * len(seats)
    for user, group in zip(users, groups, strict=True):
        places[seats[group][next_seat[group]]] = user
        next_seat[group] += 1
    return tuple(places)
