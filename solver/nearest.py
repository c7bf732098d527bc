"""The people who start nearest to a task: whom a search looks at first where people travel.

Looking at everybody makes each insertion dearer with every user of the problem, and nearly always in vain (granular
neighbourhoods; Toth and Vigo, 2003). The circle widens while a search cools down.
"""

from __future__ import annotations

from threading import Lock
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from solver.instance import NOWHERE
from solver.kernel.arrays import RANGE, TRAVELS, Packed

CIRCLES = ((0.5, 8), (0.8, 16))  # until which share of a search, and how many candidates of each position
WIDEST = 64  # to the end

_known: WeakKeyDictionary[Packed, dict[int, Packed]] = WeakKeyDictionary()
_lock = Lock()


def circle(share: float) -> int:
    """How many candidates of each position a search looks at.

    Parameters
    ----------
    share
        How much of the search is over, or will be soon, from 0 to 1.

    Returns
    -------
    A number of users.
    """
    return next((most for until, most in CIRCLES if share <= until), WIDEST)


def nearest(packed: Packed, most: int) -> Packed:
    """Leave the nearest candidates to every position.

    A task keeps all of its candidates where it has no location, must be placed, depends on teams or on the crew of
    another task. Whoever is wished for counts as near.

    Parameters
    ----------
    packed
        The problem.
    most
        Candidates that are left to a position.

    Returns
    -------
    The same problem with fewer candidates, made once for all who ask; `packed` itself where nothing is left out.
    """
    spans = packed.positions["last"] - packed.positions["first"]
    if not packed.weights[TRAVELS] or spans.max(initial=0) <= most:
        return packed
    with _lock:
        circles = _known.setdefault(packed, {})
        if most not in circles:
            circles[most] = _Narrower(packed, most).narrowed()
        return circles[most]


class _Narrower:
    def __init__(self, packed: Packed, most: int) -> None:
        self.packed, self.most = packed, most
        self.home = packed.subjects["start_location"]
        self.chance = np.random.default_rng(0)
        self.tasks = packed.tasks.copy()
        self.positions: list[tuple[int, int]] = []
        self.candidates: list[NDArray[np.int64]] = []
        self._length = 0
        self._whole: dict[tuple[int, int], tuple[int, int]] = {}

    def narrowed(self) -> Packed:
        narrow = self._may_be_narrowed().tolist()
        ranges = [tuple(span) for span in self.packed.positions.tolist()]
        places = zip(self.tasks["position0"].tolist(), self.tasks["position1"].tolist(), strict=True)
        for task, (first, end) in enumerate(places):
            added = {span: self._added(task, span, narrow=narrow[task]) for span in ranges[first:end]}
            self.tasks["position0"][task] = len(self.positions)
            self.positions += [added[span] for span in ranges[first:end]]
            self.tasks["position1"][task] = len(self.positions)
        arrays = {name: getattr(self.packed, name) for name in Packed.__annotations__}
        arrays["tasks"], arrays["candidates"] = self.tasks, np.concatenate(self.candidates)
        arrays["positions"] = np.array(self.positions, np.int64).view(RANGE).reshape(-1)
        return Packed(**arrays)

    def _may_be_narrowed(self) -> NDArray[np.bool_]:
        packed, tasks = self.packed, self.tasks
        bound = np.zeros(len(tasks), np.bool_)
        same = packed.links["same_users"] != 0
        bound[packed.links["before"][same]] = bound[packed.links["after"][same]] = True
        free = (tasks["mandatory"] == 0) & (tasks["option0"] == tasks["option1"])
        narrow: NDArray[np.bool_] = free & (tasks["location"] != NOWHERE) & ~bound
        return narrow

    def _added(self, task: int, span: tuple[int, int], *, narrow: bool) -> tuple[int, int]:
        """Store the candidates of a position; those of positions that keep all of them once."""
        if narrow and span[1] - span[0] > self.most:
            return self._append(self._near(task, self.packed.candidates[span[0] : span[1]]))
        if span not in self._whole:
            self._whole[span] = self._append(self.packed.candidates[span[0] : span[1]])
        return self._whole[span]

    def _append(self, users: NDArray[np.int64]) -> tuple[int, int]:
        self.candidates.append(users)
        self._length += len(users)
        return self._length - len(users), self._length

    def _near(self, task: int, users: NDArray[np.int64]) -> NDArray[np.int64]:
        """The candidates with the shortest ways from home, wished ones first; chance decides between equals."""
        home, job = self.home[users], self.tasks[task]
        minutes = np.where(home == NOWHERE, 0, self.packed.travel[home, job["location"]])
        wished = self.packed.insiders["first"][job["insider0"] : job["insider1"]]
        minutes[np.isin(users, wished)] = -1
        order = np.argpartition(minutes + self.chance.random(len(users)), self.most)[: self.most]
        return np.sort(users[order])
