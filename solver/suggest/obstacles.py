"""What could make way for a task on a board: tasks that share something with it, and what it means to lift them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.instance import NEVER, Interval, Placement, Task
from solver.kernel.arrays import UNPLACED
from solver.kernel.lines import gap_at, shift_at, stands_badly
from solver.suggest.alternatives import takes
from solver.suggest.board import Board

REACH_MINUTES = 8 * 1440  # what stands farther away shares neither a day nor a week


class Near(NamedTuple):
    """Tasks that could be in the way, the nearest to the best start first.

    Attributes
    ----------
    rows
        All of them.
    by_people
        Those that could be in the way by their users alone.
    """

    rows: list[int]
    by_people: frozenset[int]


class Obstacles:
    """Tasks that may make way.

    Parameters
    ----------
    board, movable
        The plan, and the rows that may move.
    """

    def __init__(self, board: Board, movable: Sequence[int]) -> None:
        self._board = board
        self.movable = list(movable)
        self.may_move = frozenset(movable)

    def near(self, row: int, span: Interval) -> Near:
        """List the tasks that could be in the way of a task: they share something with it, and lie not weeks apart.

        Parameters
        ----------
        row, span
            The task, and where its service must lie.

        Returns
        -------
        Their rows.
        """
        board, task = self._board, self._board.task(row)
        first = max(span[0], min((low for low, _ in task.windows), default=0))
        last = min(span[1], max((high for _, high in task.windows), default=0)) + REACH_MINUTES
        rows = np.array(self.movable, np.int64)
        starts = board.state.start[rows]
        linked = [link.before for link in task.links_in] + [link.after for link in task.links_out]
        rows = rows[(first - REACH_MINUTES <= starts) & (starts <= last) & ~np.isin(rows, linked)]
        by_people, by_things = self._shared(rows, row)
        if self._general():
            by_things[:] = True
        shares = by_people | by_things
        aim = task.preferred_start if task.preferred_weight else first
        order = np.argsort(np.abs(board.state.start[rows[shares]] - aim), kind="stable")
        return Near(rows[shares][order].tolist(), frozenset(rows[by_people & ~by_things].tolist()))

    def _shared(self, rows: NDArray[np.int64], row: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Which rows take users that a task could take, and which take teams or resources that it could take."""
        board, state = self._board, self._board.state
        wanted = np.zeros(board.instance.subject_count + 1, bool)  # the last is what no team is
        wanted[list(self.subjects(row))] = True
        tasks = board.packed.tasks[rows]
        users = _any(wanted[_spread(state.users, tasks["user0"], state.user_count[rows])], state.user_count[rows])
        held = state.resource_count[rows]
        things = _any(wanted[_spread(state.resources, tasks["resource0"], held)], held)
        return users, things | wanted[state.team[rows]]

    def _general(self) -> bool:
        """Whether the organization has limits that everything shares."""
        general = self._board.instance.organization
        return bool(general.counters) or general.concurrency < NEVER

    def subjects(self, row: int) -> frozenset[int]:
        """List whom and what a task could take."""
        task, instance = self._board.task(row), self._board.instance
        people = {user for position in task.positions for user in position.users}
        members = {user for team in task.teams for user in instance.subject(team).members} if task.whole_team else set()
        things = {resource for demand in task.demands for resource in demand.resources}
        return frozenset(people | members | things | set(task.teams))

    def only(self, row: int, before: Placement) -> frozenset[int] | None:
        """Tell who must come if room was made by lifting something.

        Parameters
        ----------
        row, before
            The task that room is made for, and where the lifted one stood.

        Returns
        -------
        The users of the lifted one, where those alone are what both need; None: anybody.
        """
        if len(self._board.task(row).positions) != 1 or self._general():
            return None
        others = set(takes(before)) - set(before.users)
        return None if others & self.subjects(row) else frozenset(before.users)

    def stands(self, left: Placement, row: int) -> bool:
        """Tell whether what was around a place that a task left breaks nothing without it.

        Parameters
        ----------
        left, row
            The place and the task.

        Returns
        -------
        False where a way has become too long for the time, or a break has no room.
        """
        board, task = self._board, self._board.task(row)
        packed, state = board.packed, board.state
        packed.tasks["pinned"][self.movable] = 0  # what they break counts
        bad = False
        for user in left.users:
            line = int(packed.subjects[user]["line"])
            base, length = int(packed.line_start[line]), int(state.line_length[line])
            gap = int(gap_at(state.line_from, base, length, left.start - task.before))
            shift = int(shift_at(packed, user, left.start))
            bad |= shift >= 0 and int(stands_badly(packed, state, user, gap, shift)) >= 0
        packed.tasks["pinned"][self.movable] = 1
        return not bad

    def following(self, row: int, subject: int) -> int | None:
        """Find the movable task after another one on the line of a subject; None: there is none."""
        packed, state = self._board.packed, self._board.state
        line = int(packed.subjects[subject]["line"])
        if line < 0:
            return None
        first = int(packed.line_start[line])
        tasks = state.line_task[first : first + int(state.line_length[line])].tolist()
        after = tasks.index(row) + 1
        return tasks[after] if after < len(tasks) and tasks[after] in self.may_move else None


def _spread(values: NDArray[np.int64], first: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """The values of some ranges, one range after the other."""
    within = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
    spread: NDArray[np.int64] = values[np.repeat(first, counts) + within]
    return spread


def _any(flags: NDArray[np.bool_], counts: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether some flag of each range is set."""
    owner = np.repeat(np.arange(len(counts)), counts)
    return np.bincount(owner[flags], minlength=len(counts)) > 0


def movable_rows(board: Board, rows: Iterable[int], asked: int, now: int) -> list[int]:
    """List the rows that may make way: they stand, are not pinned and have not begun.

    Parameters
    ----------
    board, rows
        The plan, and its rows.
    asked
        The row that room is made for.
    now
        Minutes since the origin; what began before it stays.

    Returns
    -------
    Rows in the given order.
    """
    known = np.array([row for row in rows if row != asked], np.int64)
    starts = board.state.start[known]
    standing = known[(starts != UNPLACED) & (starts >= now)]
    tasks: list[Task] = board.instance.tasks
    return [row for row in standing.tolist() if tasks[row].pinned is None]
