"""Slots that open when a few others move: which ones, where to, and what that costs altogether.

One other: all that could stand in the way are lifted in turn, the request is put where that makes room, and what was
lifted goes to its cheapest place beside it; with time enough nothing is missed. Two others: neighbours of a line are
lifted together, and what finds no place may in turn have one other make way; that finds what is near, not everything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import NamedTuple, TypeVar

import numpy as np

from solver.instance import NEVER, Interval, Placement, Task
from solver.kernel.arrays import UNPLACED
from solver.kernel.lines import gap_at, shift_at, stands_badly
from solver.suggest.alternatives import Alternatives, takes
from solver.suggest.board import Board
from solver.suggest.finder import Finder, Offers
from solver.suggest.links import bounds_of

REACH_MINUTES = 8 * 1440  # what stands farther away shares neither a day nor a week
MOST_PLACES = 24  # of the request at one start, that are tried beside what moves
MOST_CHAINS = 12  # attempts to have a second one make way for the first
MOST_LINKED = 400  # places of a linked appointment that are tried
Lifted = TypeVar("Lifted")


class Shift(NamedTuple):
    """A task that moves."""

    row: int
    before: Placement
    after: Placement


class Option(NamedTuple):
    """A place of a request, what it adds to the cost of the plan, and what moves for it."""

    price: int
    at: Placement
    shifts: tuple[Shift, ...]


@dataclass
class Moved:
    """Options by start, the cheapest of each, and whether all single moves were looked at."""

    by_start: dict[int, Option] = field(default_factory=dict)
    complete: bool = True

    def note(self, option: Option) -> None:
        """Keep an option if it is the cheapest of its start."""
        known = self.by_start.get(option.at.start)
        if known is None or option.price < known.price:
            self.by_start[option.at.start] = option


class Mover:
    """Makes room on a board.

    Parameters
    ----------
    board, finder
        The plan.
    movable
        Rows that may move.
    deadline
        When to stop looking, as `perf_counter` tells it.
    """

    def __init__(self, board: Board, finder: Finder, movable: Sequence[int], deadline: float) -> None:
        self._board, self._finder, self._deadline = board, finder, deadline
        self._movable = list(movable)
        self._may_move = frozenset(movable)

    def options(self, row: int, span: Interval, direct: Offers, most: int) -> Moved:
        """Find slots of a task that others make room for.

        Parameters
        ----------
        row
            A task without a place.
        span
            Where its service must lie.
        direct
            The slots it has as it is; only others are looked for.
        most
            How many others may move: 1 or 2.

        Returns
        -------
        The cheapest option found for each start.
        """
        moved = Moved()
        taken = {offer.placement.start for offer in direct.offers}
        self._linked(row, span, taken, moved)
        near = self._near(row, span)
        stuck = list(self._one(row, span, taken, near, moved))
        if most > 1:
            self._neighbours(row, span, taken | set(moved.by_start), near, moved)
            self._chains(row, span, stuck, taken, moved)
        return moved

    # --- one other ------------------------------------------------------------
    def _one(
        self, row: int, span: Interval, taken: set[int], near: Sequence[int], moved: Moved
    ) -> Iterator[tuple[int, Placement]]:
        """Try each single move; yields what would make room but finds no other place."""
        pairs: list[tuple[int, int, int]] = []
        for other in near:
            if self._late(moved):
                break
            before = self._board.displace(other)
            only = self._only(row, before)
            offers = self._finder.find(row, [span], only).offers
            self._board.place(other, before)
            pairs += [
                (offer.price, offer.placement.start, other) for offer in offers if offer.placement.start not in taken
            ]
        for _, start, other in _by_turns(pairs):
            if self._late(moved):
                break
            if not self._try(row, start, other, moved):
                yield other, self._placement(other)

    def _try(self, row: int, start: int, other: int, moved: Moved) -> bool:
        """Lift one, put the request at a start in all ways, and the other one where it is cheapest then."""
        board, base, found = self._board, self._board.cost(), False
        before = board.displace(other)
        bounds = bounds_of(board, board.task(row))
        for at in Alternatives(board, row, bounds).at(start, MOST_PLACES):
            board.place(row, at)
            after = self._settled([other])
            if after is not None and self._stands(before, other):
                found = True
                moved.note(Option(board.cost() - base, at, (Shift(other, before, after[0]),)))
            self._lift([other])
            board.displace(row)
        board.place(other, before)
        return found

    def _linked(self, row: int, span: Interval, taken: set[int], moved: Moved) -> None:
        """Move what the request follows, or what follows it, and see where it can go then."""
        task = self._board.task(row)
        links = [link.before for link in task.links_in] + [link.after for link in task.links_out]
        for other in dict.fromkeys(links):
            if other not in self._may_move:
                continue
            board, base = self._board, self._board.cost()
            before = board.displace(other)
            for offer in self._finder.find(other).offers[:MOST_LINKED]:
                if self._late(moved):
                    break
                board.place(other, offer.placement)
                for slot in self._finder.find(row, [span]).offers:
                    if slot.placement.start in taken:
                        continue
                    board.place(row, slot.placement)
                    if self._stands(before, other):
                        shift = Shift(other, before, offer.placement)
                        moved.note(Option(board.cost() - base, slot.placement, (shift,)))
                    board.displace(row)
                board.displace(other)
            board.place(other, before)

    # --- two others -----------------------------------------------------------
    def _neighbours(self, row: int, span: Interval, taken: set[int], near: Sequence[int], moved: Moved) -> None:
        """Lift two neighbours of one line together."""
        tried: set[frozenset[int]] = set()
        pairs: list[tuple[int, int, tuple[int, int]]] = []
        wanted = self._subjects(row)
        inside = set(near)
        for one in near:
            for subject in takes(self._placement(one)):
                other = self._next(one, subject) if subject in wanted else None
                if other is None or other not in inside or frozenset((one, other)) in tried or self._late():
                    continue
                tried.add(frozenset((one, other)))
                before = [self._board.displace(each) for each in (one, other)]
                offers = self._finder.find(row, [span]).offers
                for each, at in zip((one, other), before, strict=True):
                    self._board.place(each, at)
                pairs += [
                    (slot.price, slot.placement.start, (one, other))
                    for slot in offers
                    if slot.placement.start not in taken
                ]
        for _, start, both in _by_turns(pairs):
            if self._late():
                break
            self._try_both(row, start, both, moved)

    def _try_both(self, row: int, start: int, both: tuple[int, int], moved: Moved) -> None:
        board, base = self._board, self._board.cost()
        before = {each: board.displace(each) for each in both}
        bounds = bounds_of(board, board.task(row))
        for at in Alternatives(board, row, bounds).at(start, 2):
            board.place(row, at)
            for order in (both, both[::-1]):
                after = self._settled(order)
                if after is not None and all(self._stands(before[each], each) for each in both):
                    shifts = tuple(Shift(each, before[each], to) for each, to in zip(order, after, strict=True))
                    moved.note(Option(board.cost() - base, at, shifts))
                self._lift(order)
            board.displace(row)
        for each in both:
            board.place(each, before[each])

    def _chains(
        self, row: int, span: Interval, stuck: Iterable[tuple[int, Placement]], taken: set[int], moved: Moved
    ) -> None:
        """Where what makes room finds no other place, have one more make way for that."""
        board = self._board
        for other, before in list(dict.fromkeys(stuck))[:MOST_CHAINS]:
            if self._late():
                return
            base = board.cost()
            board.displace(other)
            closed = taken | set(moved.by_start)
            slots = self._finder.find(row, [span], self._only(row, before)).offers
            slot = min((slot for slot in slots if slot.placement.start not in closed), default=None)
            if slot is not None:
                board.place(row, slot.placement)
                rest = [each for each in self._movable if each != other]
                mover = Mover(board, self._finder, rest, self._deadline)
                direct = self._finder.find(other)
                options = mover.options(other, (-NEVER, NEVER), direct, 1).by_start.values()
                for option in sorted(options)[:1]:
                    second = option.shifts[0]
                    board.displace(second.row)
                    board.place(other, option.at)
                    board.place(second.row, second.after)
                    if self._stands(before, other) and self._stands(second.before, second.row):
                        shifts = (Shift(other, before, option.at), second)
                        moved.note(Option(board.cost() - base, slot.placement, shifts))
                    board.displace(second.row)
                    board.displace(other)
                    board.place(second.row, second.before)
                board.displace(row)
            board.place(other, before)

    # --- on the board -----------------------------------------------------------
    def _settled(self, rows: Sequence[int]) -> list[Placement] | None:
        """Put tasks one by one where they are cheapest; None: one has no place."""
        places = []
        for row in rows:
            best = min(self._finder.find(row).offers, default=None)
            if best is None:
                return None
            self._board.place(row, best.placement)
            places.append(best.placement)
        return places

    def _lift(self, rows: Iterable[int]) -> None:
        for row in rows:
            if self._board.placement(row) is not None:
                self._board.displace(row)

    def _placement(self, row: int) -> Placement:
        at = self._board.placement(row)
        assert at is not None
        return at

    def _stands(self, left: Placement, row: int) -> bool:
        """Whether what was around a place that was left breaks nothing without it."""
        board, task = self._board, self._board.task(row)
        packed, state = board.packed, board.state
        packed.tasks["pinned"][self._movable] = 0  # what they break counts
        bad = False
        for user in left.users:
            line = int(packed.subjects[user]["line"])
            base, length = int(packed.line_start[line]), int(state.line_length[line])
            gap = int(gap_at(state.line_from, base, length, left.start - task.before))
            shift = int(shift_at(packed, user, left.start))
            bad |= shift >= 0 and int(stands_badly(packed, state, user, gap, shift)) >= 0
        packed.tasks["pinned"][self._movable] = 1
        return not bad

    def _next(self, row: int, subject: int) -> int | None:
        """The movable task after another one on a line."""
        packed, state = self._board.packed, self._board.state
        line = int(packed.subjects[subject]["line"])
        if line < 0:
            return None
        first = int(packed.line_start[line])
        tasks = state.line_task[first : first + int(state.line_length[line])].tolist()
        after = tasks.index(row) + 1
        return tasks[after] if after < len(tasks) and tasks[after] in self._may_move else None

    # --- what matters -----------------------------------------------------------
    def _near(self, row: int, span: Interval) -> list[int]:
        """Movable tasks that could be in the way: they share something with the request, and not weeks before it."""
        board, task = self._board, self._board.task(row)
        wanted = self._subjects(row)
        general = board.instance.organization
        everything = bool(general.counters) or general.concurrency < NEVER
        first = max(span[0], min((low for low, _ in task.windows), default=0)) - REACH_MINUTES
        last = min(span[1], max((high for _, high in task.windows), default=0)) + REACH_MINUTES
        starts = board.state.start[self._movable]
        aim = task.preferred_start if task.preferred_weight else max(span[0], first + REACH_MINUTES)
        order = np.argsort(np.abs(starts - aim), kind="stable")
        linked = {link.before for link in task.links_in} | {link.after for link in task.links_out}
        return [
            other
            for other, start in zip(np.array(self._movable)[order].tolist(), starts[order].tolist(), strict=True)
            if first <= start <= last
            and other not in linked
            and (everything or not wanted.isdisjoint(takes(self._placement(other))))
        ]

    def _subjects(self, row: int) -> frozenset[int]:
        """Whom and what a task could take."""
        task, instance = self._board.task(row), self._board.instance
        people = {user for position in task.positions for user in position.users}
        members = {user for team in task.teams for user in instance.subject(team).members} if task.whole_team else set()
        things = {resource for demand in task.demands for resource in demand.resources}
        return frozenset(people | members | things | set(task.teams))

    def _only(self, row: int, before: Placement) -> frozenset[int] | None:
        """Who must come if room was made by lifting something: its users, where those alone are what both need."""
        task, general = self._board.task(row), self._board.instance.organization
        if len(task.positions) != 1 or general.counters or general.concurrency < NEVER:
            return None
        others = set(takes(before)) - set(before.users)
        return None if others & self._subjects(row) else frozenset(before.users)

    def _late(self, moved: Moved | None = None) -> bool:
        late = perf_counter() > self._deadline
        if late and moved is not None:
            moved.complete = False
        return late


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


def _by_turns(pairs: Sequence[tuple[int, int, Lifted]]) -> list[tuple[int, int, Lifted]]:
    """The cheapest of each start first, then the second of each, and so on."""
    turns: dict[int, int] = {}
    keyed = []
    for pair in sorted(pairs, key=lambda pair: (pair[0], pair[1])):
        turns[pair[1]] = turns.get(pair[1], -1) + 1
        keyed.append((turns[pair[1]], pair))
    return [pair for _, pair in sorted(keyed, key=lambda entry: (entry[0], entry[1][0], entry[1][1]))]
