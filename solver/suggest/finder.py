"""Asks the kernel for the best place of a task at each start, block by block, team by team."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.instance import NEVER, Demand, Interval, Task
from solver.kernel import arrays as a, desk as d
from solver.kernel.lifting import lift_each
from solver.kernel.offers import begin_offers, offer_starts
from solver.suggest.board import Board
from solver.suggest.companies import Companies, Crew
from solver.suggest.links import Bounds, bounds_of
from solver.suggest.offers import Offers

BLOCK = 4096  # starts looked at in one go, at most
KEPT = 1 << 17  # users kept in one go: starts × kinds × ranks
MOST_LIFTS = 1 << 15
MOST_CREWS = 5000  # looked at for one start, where what people cost does not add up


class Lift(NamedTuple):
    """A start that opens when something is lifted, and what the place costs with the lifted one away."""

    price: int
    start: int
    lifted: int


class Finder:
    """Finds places on a board.

    Parameters
    ----------
    board
        The plan as it stands.

    Attributes
    ----------
    earliest
        No start lies before it, in minutes since the origin.
    """

    def __init__(self, board: Board) -> None:
        self._board = board
        self._companies = Companies(board)
        self.earliest = -NEVER
        self._sizes = {"candidates": 64, "chairs": 64, "heads": 8, "groups": 8, "kinds": 16, "demands": 8}
        self._desk = self._furnished()

    def find(self, row: int, spans: Sequence[Interval] | None = None, only: frozenset[int] | None = None) -> Offers:
        """Find the best place of a task at each start.

        Parameters
        ----------
        row
            A task without a place.
        spans
            Where the service must lie, beside its own windows; None: anywhere.
        only
            Users who may come, None: all.

        Returns
        -------
        The offers by start.
        """
        task = self._board.task(row)
        bounds = bounds_of(self._board, task)
        if bounds.impossible:
            return Offers(bounds)
        crews = list(self._companies.of(task, bounds, only))
        found = Offers(bounds, crews)
        for origin, step, open_ in self._blocks(task, bounds, spans, crews):
            self._find_block(row, task, crews, origin, step, open_, found)
        return found

    def lifts(self, row: int, span: Interval, others: Sequence[int], taken: Collection[int]) -> list[Lift]:
        """Find the starts that open when others are lifted, one at a time.

        Parameters
        ----------
        row
            A task without a place, of one position and without teams.
        span
            Where its service must lie.
        others
            Tasks that stand in the horizon, share nothing with it but users, and are not linked with it.
        taken
            Starts that are of no interest.

        Returns
        -------
        The starts that open for a user of the one that is lifted, at most `MOST_LIFTS`.
        """
        task = self._board.task(row)
        bounds = bounds_of(self._board, task)
        crews = [] if bounds.impossible else list(self._companies.of(task, bounds, None))
        lifts: list[Lift] = []
        for origin, step, open_ in self._blocks(task, bounds, [span], crews) if crews else ():
            desk = self._asked(row, task, crews, origin, step, open_)
            if not desk.stages[d.HELD]:
                continue
            self._set_crew(crews[0])
            able = np.zeros(len(self._board.instance.users), np.int64)
            able[crews[0].users] = 1
            closed = np.isin(origin + step * np.arange(len(open_)), list(taken))
            found = np.zeros((MOST_LIFTS, 3), np.int64)
            rows = np.array(others, np.int64)
            count = lift_each(self._board.packed, self._board.state, desk, rows, able, self._words(closed), found)
            lifts += [Lift(price, origin + bit * step, others[number]) for number, bit, price in found[:count].tolist()]
        return lifts[:MOST_LIFTS]

    # --- starts -----------------------------------------------------------
    def _blocks(
        self, task: Task, bounds: Bounds, spans: Sequence[Interval] | None, crews: Sequence[Crew]
    ) -> Iterator[tuple[int, int, NDArray[np.bool_]]]:
        """Stretches of starts, each with the minutes from one to the next and those that are allowed."""
        instance = self._board.instance
        step = instance.step
        first = max(bounds.first, task.earliest, self.earliest, min((low for low, _ in task.windows), default=a.FAR))
        last = min(bounds.last, max((high for _, high in task.windows), default=-a.FAR) - task.duration)
        if spans is not None:
            first = max(first, min((low for low, _ in spans), default=a.FAR))
            last = min(last, max((high for _, high in spans), default=-a.FAR) - task.duration)
        if first > last:
            return
        size = min(BLOCK, max(1, KEPT // max([1, *(len(crew.fits) * self._companies.ranks(crew) for crew in crews)])))
        limits = [task.windows] if spans is None else [task.windows, spans]
        for origin in range(-(-first // step) * step, last + 1, size * step):
            starts = np.arange(origin, min(last, origin + (size - 1) * step) + 1, step)
            open_ = _inside(starts, task.duration, limits)
            if open_.any():
                yield origin, step, open_
        extra = task.extra_start
        if extra is not None and first <= extra <= last:
            open_ = _inside(np.array([extra]), task.duration, limits)
            if open_.any():
                yield extra, step, open_

    # --- the question -------------------------------------------------------
    def _find_block(
        self,
        row: int,
        task: Task,
        crews: Sequence[Crew],
        origin: int,
        step: int,
        open_: NDArray[np.bool_],
        found: Offers,
    ) -> None:
        desk = self._asked(row, task, crews, origin, step, open_)
        if desk.stages[d.HELD]:
            for crew in crews:
                self._set_crew(crew)
                offer_starts(self._board.packed, self._board.state, desk)
            found.read(desk)
        found.stages += desk.stages

    def _asked(
        self, row: int, task: Task, crews: Sequence[Crew], origin: int, step: int, open_: NDArray[np.bool_]
    ) -> d.Desk:
        """Put a block of starts on the desk, and leave those that organization and resources allow."""
        heads = max([0, *(sum(crew.heads) for crew in crews)])
        self._make_room(
            candidates=max([0, *(len(crew.users) for crew in crews)]), heads=heads,
            chairs=sum(len(demand.resources) for demand in task.demands), demands=len(task.demands),
            groups=max([0, *(len(crew.heads) for crew in crews)]), kinds=max([0, *(len(crew.fits) for crew in crews)]),
        )  # fmt: skip
        desk = self._desk
        desk.ask[d.TASK], desk.ask[d.ORIGIN], desk.ask[d.STEP], desk.ask[d.COUNT] = row, origin, step, len(open_)
        desk.ask[d.WIDTH], desk.stages[:] = heads, 0
        desk.allow[:] = self._words(open_)
        self._set_chairs(task.demands)
        begin_offers(self._board.packed, self._board.state, desk)
        return desk

    def _words(self, starts: NDArray[np.bool_]) -> NDArray[np.uint64]:
        bits = np.zeros(len(self._desk.allow) * 64, np.uint8)
        bits[: len(starts)] = starts
        return np.packbits(bits, bitorder="little").view(np.uint64)

    def _set_chairs(self, demands: Sequence[Demand]) -> None:
        desk, first = self._desk, 0
        desk.ask[d.DEMANDS] = len(demands)
        desk.chair_from[0] = 0
        for number, demand in enumerate(demands):
            last = first + len(demand.resources)
            desk.chair_resource[first:last], desk.chair_units[first:last] = demand.resources, demand.units
            desk.chair_from[number + 1] = first = last

    def _set_crew(self, crew: Crew) -> None:
        desk, heads = self._desk, sum(crew.heads)
        desk.ask[d.TEAM], desk.ask[d.HEADS], desk.ask[d.GROUPS] = crew.team, heads, len(crew.heads)
        desk.ask[d.KINDS], desk.ask[d.CANDIDATES] = len(crew.fits), len(crew.users)
        desk.ask[d.JOINT], desk.ask[d.KEPT], desk.ask[d.MOST_CREWS] = (
            self._companies.joint(crew),
            self._companies.ranks(crew),
            MOST_CREWS,
        )
        desk.user[: len(crew.users)], desk.kind[: len(crew.users)] = crew.users, crew.kinds
        desk.fits[: crew.fits.size] = crew.fits.reshape(-1)
        desk.heads[: len(crew.heads)] = crew.heads

    # --- room -----------------------------------------------------------------
    def _make_room(self, **needed: int) -> None:
        if any(needed[name] > self._sizes[name] for name in needed):
            self._sizes = {name: max(size, needed[name] * 5 // 4) for name, size in self._sizes.items()}
            self._desk = self._furnished()

    def _furnished(self) -> d.Desk:
        z, n = np.zeros, self._sizes
        words, subjects = BLOCK // 64 + 2, self._board.instance.subject_count
        people = n["candidates"] + n["heads"] + 1
        shapes: dict[str, int | tuple[int, int]] = {"ask": d.ASKED, "stages": d.STAGES}
        shapes |= dict.fromkeys(("allow", "free", "words", "union"), words)
        shapes |= {"rooms": (n["chairs"] + 1, words), "chair_from": n["demands"] + 1, "held": n["demands"] + 1}
        shapes |= dict.fromkeys(("chair_resource", "chair_units"), n["chairs"] + 1)
        shapes |= dict.fromkeys(("owner", "owned", "seen", "reached"), subjects)
        shapes |= {"queue": n["groups"] + n["demands"] + 1, "fits": n["kinds"] * n["groups"], "heads": n["groups"]}
        shapes |= dict.fromkeys(("user", "kind"), people)
        shapes |= dict.fromkeys(("top_idle", "top_shift", "low_load", "low_user"), n["heads"] + 1)
        shapes |= dict.fromkeys(("kept_price", "kept_who", "kept_idle", "kept_shift"), KEPT + people * n["kinds"])
        shapes |= dict.fromkeys(("pool_price", "pool_sum", "pool_who", "pool_kind", "pool_idle", "pool_shift"), 0)
        pool = n["kinds"] * max(n["heads"], 1) + n["candidates"] + 2
        shapes |= dict.fromkeys((name for name in shapes if name.startswith("pool_")), pool)
        shapes |= dict.fromkeys(("trail", "trail_sum", "best_crew", "best_seat"), n["heads"] + 1)
        shapes |= {"seats": (n["heads"] + 1) * n["heads"] + 1, "used": (n["heads"] + 2) * n["groups"]}
        shapes |= {"group_from": n["groups"] + 1, "kept": KEPT + n["kinds"], "price": BLOCK, "team": BLOCK}
        shapes |= {"crew": KEPT + n["heads"], "seat": KEPT + n["heads"], "chair": BLOCK * n["demands"]}
        bits = {"allow", "free", "words", "union", "rooms"}
        return d.Desk(**{name: z(shape, np.uint64 if name in bits else np.int64) for name, shape in shapes.items()})


def _inside(starts: NDArray[np.int64], duration: int, limits: Sequence[Sequence[Interval]]) -> NDArray[np.bool_]:
    """Which starts leave the whole service in one interval of each list."""
    allowed = np.ones(len(starts), bool)
    for spans in limits:
        some = np.zeros(len(starts), bool)
        for low, high in spans:
            first, last = np.searchsorted(starts, (low, high - duration + 1))
            some[first:last] = True
        allowed &= some
    return allowed
