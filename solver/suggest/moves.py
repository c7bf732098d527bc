"""Slots that open when a few others move: which ones, where to, and what that costs altogether.

One other: all that could stand in the way are lifted in turn, the request is put where that makes room, and what was
lifted goes to its cheapest place beside it; with time enough nothing is missed. Two others: neighbours of a line are
lifted together, and what finds no place may in turn have one other make way; that finds what is near, not everything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from time import perf_counter
from typing import NamedTuple, TypeVar

from solver.instance import NEVER, Interval, Placement
from solver.suggest.alternatives import Alternatives, takes
from solver.suggest.board import Board
from solver.suggest.finder import Finder
from solver.suggest.links import bounds_of
from solver.suggest.obstacles import Near, Obstacles
from solver.suggest.offers import Offers

MOST_PLACES = 24  # of the request at one start, that are tried beside what moves
LIFTED_AT_ONCE = 500  # between looks at the clock
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
        self._obstacles = Obstacles(board, movable)
        self._homeless: dict[int, bool] = {}

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
        taken = set(direct.starts)
        self._linked(row, span, taken, moved)
        near = self._obstacles.near(row, span)
        stuck = list(self._one(row, span, taken, near, moved))
        if most > 1:
            self._neighbours(row, span, taken | set(moved.by_start), near, moved)
            self._chains(row, span, stuck, taken, moved)
        return moved

    # --- one other ------------------------------------------------------------
    def _one(
        self, row: int, span: Interval, taken: set[int], near: Near, moved: Moved
    ) -> Iterator[tuple[int, Placement]]:
        """Try each single move; yields what would make room but finds no other place."""
        for _, start, other in _by_turns(list(self._lifts(row, span, taken, near, moved))):
            if self._late(moved):
                break
            if not self._try(row, start, other, moved):
                yield other, self._placement(other)

    def _lifts(
        self, row: int, span: Interval, taken: set[int], near: Near, moved: Moved
    ) -> Iterator[tuple[int, int, int]]:
        """Find the starts that open when others are lifted, one at a time: price, start, which."""
        board, task = self._board, self._board.task(row)
        simple = len(task.positions) == 1 and not task.teams
        quick = [other for other in near.rows if simple and other in near.by_people]
        for first in range(0, len(quick), LIFTED_AT_ONCE):
            if self._late(moved):
                return
            yield from self._finder.lifts(row, span, quick[first : first + LIFTED_AT_ONCE], taken)
        for other in near.rows:
            if simple and other in near.by_people:
                continue
            if self._late(moved):
                return
            before = board.displace(other)
            offers = self._finder.find(row, [span], self._obstacles.only(row, before))
            board.place(other, before)
            for price, start in zip(offers.prices, offers.starts, strict=True):
                if start not in taken:
                    yield price, start, other

    def _try(self, row: int, start: int, other: int, moved: Moved) -> bool:
        """Lift one, put the request at a start in all ways, and the other one where it is cheapest then."""
        board, base, found = self._board, self._board.cost(), False
        before = board.displace(other)
        if not self._is_homeless(other, before):
            bounds = bounds_of(board, board.task(row))
            ways = Alternatives(board, row, bounds, self._obstacles.only(row, before))
            for at in ways.at(start, MOST_PLACES):
                board.place(row, at)
                after = self._settled([other])
                if after is not None and self._obstacles.stands(before, other):
                    found = True
                    moved.note(Option(board.cost() - base, at, (Shift(other, before, after[0]),)))
                self._lift([other])
                board.displace(row)
        board.place(other, before)
        return found

    def _is_homeless(self, row: int, before: Placement) -> bool:
        """Whether a task that was lifted could go nowhere else even if nothing came in its stead."""
        if not self._board.instance.triangular:
            return False  # a stop more may be what makes the way short enough
        if row not in self._homeless:
            offers = self._finder.find(row)
            other = len(offers) > 1 or any(offer.placement != before for offer in offers)
            if not other and len(offers):
                ways = Alternatives(self._board, row, bounds_of(self._board, self._board.task(row)))
                other = any(at != before for at in ways.at(before.start, 2))
            self._homeless[row] = not other
        return self._homeless[row]

    def _linked(self, row: int, span: Interval, taken: set[int], moved: Moved) -> None:
        """Move what the request follows, or what follows it, and see where it can go then."""
        task = self._board.task(row)
        links = [link.before for link in task.links_in] + [link.after for link in task.links_out]
        for other in dict.fromkeys(links):
            if other not in self._obstacles.may_move:
                continue
            board, base = self._board, self._board.cost()
            before = board.displace(other)
            for offer in islice(self._finder.find(other), MOST_LINKED):
                if self._late(moved):
                    break
                board.place(other, offer.placement)
                for slot in self._finder.find(row, [span]):
                    if slot.placement.start in taken:
                        continue
                    board.place(row, slot.placement)
                    if self._obstacles.stands(before, other):
                        shift = Shift(other, before, offer.placement)
                        moved.note(Option(board.cost() - base, slot.placement, (shift,)))
                    board.displace(row)
                board.displace(other)
            board.place(other, before)

    # --- two others -----------------------------------------------------------
    def _neighbours(self, row: int, span: Interval, taken: set[int], near: Near, moved: Moved) -> None:
        """Lift two neighbours of one line together."""
        tried: set[frozenset[int]] = set()
        pairs: list[tuple[int, int, tuple[int, int]]] = []
        wanted = self._obstacles.subjects(row)
        inside = set(near.rows)
        for one in near.rows:
            for subject in takes(self._placement(one)):
                other = self._obstacles.following(one, subject) if subject in wanted else None
                if other is None or other not in inside or frozenset((one, other)) in tried or self._late():
                    continue
                tried.add(frozenset((one, other)))
                before = [self._board.displace(each) for each in (one, other)]
                offers = self._finder.find(row, [span])
                for each, at in zip((one, other), before, strict=True):
                    self._board.place(each, at)
                pairs += [
                    (price, start, (one, other))
                    for price, start in zip(offers.prices, offers.starts, strict=True)
                    if start not in taken
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
                if after is not None and all(self._obstacles.stands(before[each], each) for each in both):
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
            slots = self._finder.find(row, [span], self._obstacles.only(row, before))
            slot = min((slot for slot in slots if slot.placement.start not in closed), default=None)
            if slot is not None:
                board.place(row, slot.placement)
                rest = [each for each in self._obstacles.movable if each != other]
                mover = Mover(board, self._finder, rest, self._deadline)
                direct = self._finder.find(other)
                options = mover.options(other, (-NEVER, NEVER), direct, 1).by_start.values()
                for option in sorted(options)[:1]:
                    second = option.shifts[0]
                    board.displace(second.row)
                    board.place(other, option.at)
                    board.place(second.row, second.after)
                    if self._obstacles.stands(before, other) and self._obstacles.stands(second.before, second.row):
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
            best = self._finder.find(row).cheapest()
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

    def _late(self, moved: Moved | None = None) -> bool:
        late = perf_counter() > self._deadline
        if late and moved is not None:
            moved.complete = False
        return late


def _by_turns(pairs: Sequence[tuple[int, int, Lifted]]) -> list[tuple[int, int, Lifted]]:
    """The cheapest of each start first, then the second of each, and so on."""
    turns: dict[int, int] = {}
    keyed = []
    for pair in sorted(pairs, key=lambda pair: (pair[0], pair[1])):
        turns[pair[1]] = turns.get(pair[1], -1) + 1
        keyed.append((turns[pair[1]], pair))
    return [pair for _, pair in sorted(keyed, key=lambda entry: (entry[0], entry[1][0], entry[1][1]))]
