"""What every task may be given, flattened: segments of starts, modes to choose from, pools of candidates to fill.

A task takes one start out of its segments and one mode there; a mode adds up some pools and a fee; a pool gives the
cheapest few of its candidates at every start. Tasks that ask the same people the same question share a pool.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product
from math import prod

import numpy as np

from solver.bounds.frame import Frame
from solver.bounds.rosters import Rosters, plain
from solver.bounds.rows import Numbers, Rows
from solver.cpsat.fixed import Fixed
from solver.instance import Demand, Instance, Task

MOST_MODES = 48  # of a task; beyond, wishes for users are priced candidate by candidate


@dataclass(slots=True)
class Pool:
    """The cheapest `count` of some candidates, at starts from `first` to `last` minute."""

    roster: int
    count: int
    first: int
    last: int
    users: int = 0  # tasks that ask it


@dataclass(slots=True)
class Segment:
    """Starts at equal distances, and the modes that a task has there: pools and a fee in units of cost."""

    first: int
    count: int
    modes: list[tuple[tuple[int, ...], int]]


@dataclass(slots=True)
class Menu:
    """The choices of all tasks.

    Parameters
    ----------
    instance, fixed, frame, rows, rosters
        The problem, what is pinned, its instants, what is scarce, and who may be given.

    Attributes
    ----------
    pools
        Shared among tasks.
    """

    instance: Instance
    fixed: Fixed
    frame: Frame
    rows: Rows
    rosters: Rosters
    pools: list[Pool] = field(default_factory=list)
    _known: dict[tuple[int, int], int] = field(default_factory=dict)
    _mates: dict[tuple[int, int], tuple[int, ...]] = field(default_factory=dict)

    def segments(self, task: Task, starts: Numbers) -> list[Segment]:
        """List the choices of a task.

        Parameters
        ----------
        task
            Not pinned.
        starts
            Minutes that its windows and whatever holds for it alone leave, ascending.

        Returns
        -------
        Segments with at least one mode each; none where the task cannot be placed.
        """
        found = []
        on_grid = starts % self.frame.step == 0
        groups = [(run, None) for run in _runs(starts[on_grid], self.frame.step)]
        for run, extra in groups + [(np.array([minute]), int(minute)) for minute in starts[~on_grid]]:
            modes = self._modes(task, extra)
            if modes:
                found.append(Segment(int(run[0]), len(run), modes))
        if found:
            self._widen(found)
        return found

    def _widen(self, segments: Sequence[Segment]) -> None:
        """Let the pools of a task reach over its starts, and count the task."""
        asked: set[int] = set()
        for segment in segments:
            last = segment.first + (segment.count - 1) * self.frame.step
            for number in {number for numbers, _ in segment.modes for number in numbers}:
                pool = self.pools[number]
                pool.first, pool.last = min(pool.first, segment.first), max(pool.last, last)
                asked.add(number)
        for number in asked:
            self.pools[number].users += 1

    def _modes(self, task: Task, extra: int | None) -> list[tuple[tuple[int, ...], int]]:
        """Every way to staff and equip a task, each as pools and a fee."""
        demands = self._demands(task, extra)
        crews = [self._crew(task, extra, team) for team in task.teams or (None,)]
        if demands is None or (task.whole_team and not task.teams):
            return []
        modes = []
        for crew in crews:
            if crew is not None:
                for chosen in product(*crew):
                    pools = tuple(pool for pool, _ in (*chosen, *demands))
                    modes.append((pools, sum(fee for _, fee in chosen)))
        return modes

    def _crew(self, task: Task, extra: int | None, team: int | None) -> list[list[tuple[int, int]]] | None:
        """Alternatives of pool and fee for the team and every group of equal positions; None where one is empty."""
        groups: list[tuple[tuple[int, ...], int]] = []
        if task.whole_team and team is not None:
            groups = [((user,), 1) for user in self.instance.subject(team).members]
        else:
            counts: dict[int, list[tuple[int, ...]]] = {}
            for position in task.positions:
                counts.setdefault(id(position.users), []).append(position.users)
            groups = [(users[0], len(users)) for users in counts.values()]
            if team is not None:
                groups = [(self._of_team(users, team), count) for users, count in groups]
        whole = [self._people(task, extra, users, count, split=True) for users, count in groups]
        if prod(map(len, whole)) * max(1, len(task.teams)) > MOST_MODES:
            whole = [self._people(task, extra, users, count, split=False) for users, count in groups]
        if team is not None:
            whole.append(self._one(self.rosters.of(task, plain([team]), extra), 1))
        return whole if all(whole) else None

    def _people(
        self, task: Task, extra: int | None, users: tuple[int, ...], count: int, *, split: bool
    ) -> list[tuple[int, int]]:
        """Pools for equal positions: one in which each user has an own price, or one for each price."""
        stranger = sum(outsiders.weight for outsiders in task.outsiders)
        insiders = frozenset[int]().union(*(outsiders.insiders for outsiders in task.outsiders)).intersection(users)
        own = {user: task.user_cost(user) for user in sorted(insiders)}
        levels = sorted({*own.values(), *([stranger] if len(own) < len(users) else [])})
        if len(levels) > 1 and (count > 1 or not split):
            prices = np.array([own.get(user, stranger) for user in users], np.int64)
            return self._one(self.rosters.of(task, plain(users)._replace(prices=prices), extra), count)
        found = []
        for level in levels:
            # At the highest price anybody may come: who is worth less is cheaper at the own price.
            chosen = users if level == levels[-1] else tuple(user for user, price in own.items() if price == level)
            key = self.rosters.of_users(task, chosen, extra)
            found += [(pool, count * level) for pool in self._pool(key, count)]
        return found

    def _one(self, roster: int, count: int) -> list[tuple[int, int]]:
        return [(pool, 0) for pool in self._pool(roster, count)]

    def _of_team(self, users: tuple[int, ...], team: int) -> tuple[int, ...]:
        """Those users who are members of a team; the same object for the same question."""
        key = (id(users), team)
        if key not in self._mates:
            members = frozenset(self.instance.subject(team).members)
            self._mates[key] = tuple(user for user in users if user in members)
        return self._mates[key]

    def _demands(self, task: Task, extra: int | None) -> list[tuple[int, int]] | None:
        """Pools for the demands, and one for what the organization limits; None where one is empty."""
        groups: dict[int, list[Demand]] = {}
        for demand in task.demands:
            groups.setdefault(id(demand), []).append(demand)
        chosen = [self._one(self.rosters.of_demand(task, alike[0], extra), len(alike)) for alike in groups.values()]
        organization = self.fixed.organization
        if self.rows.served(organization) >= 0 or self.rows.cuts(organization):
            chosen.append(self._one(self.rosters.of(task, plain([organization]), extra), 1))
        return [one[0] for one in chosen] if all(chosen) else None

    def _pool(self, roster: int, count: int) -> list[int]:
        """The pool of a roster, none where too few are in it."""
        if len(self.rosters.members[roster]) < count:
            return []
        if (roster, count) not in self._known:
            self._known[roster, count] = len(self.pools)
            self.pools.append(Pool(roster, count, 1 << 40, -(1 << 40)))
        return [self._known[roster, count]]


def _runs(starts: Numbers, step: int) -> list[Numbers]:
    """Divide ascending starts where they skip the grid."""
    return np.split(starts, np.flatnonzero(np.diff(starts) != step) + 1) if len(starts) else []
