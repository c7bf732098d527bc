"""Instance → Relaxation: choices and rows become flat arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import accumulate, chain

import numpy as np

from solver.bounds.arrays import NOBODY, Numbers, Reals, Relaxation
from solver.bounds.frame import Frame
from solver.bounds.menu import Menu, Segment
from solver.bounds.rosters import MEMBER, Rosters
from solver.bounds.rows import Rows
from solver.bounds.standing import standing_cost, standing_labor
from solver.bounds.starts import possible_starts
from solver.cpsat.fixed import Fixed
from solver.instance import Instance, Task

FINEST = 1 << 12  # fractions of a unit of cost, at most
LARGEST = 1 << 57  # of any sum of prices; two of them stay below what nobody costs
DEAREST_ROW = 4  # prices go up to that many times what the dearest task may cost


class Packer:
    """Builds the relaxation of a problem.

    Parameters
    ----------
    instance, frame
        The problem and its instants.
    all_placed
        Whether to leave the mandatory tasks no way out.
    pause
        Called for every task.

    Attributes
    ----------
    scale
        Fractions of a unit of cost; 0 where costs are too large to be priced.
    constant
        Cost of what is pinned, in fractions.
    table_size, taker_size, best_size
        Room that evaluating needs.
    """

    def __init__(self, instance: Instance, frame: Frame, *, all_placed: bool, pause: Callable[[], None]) -> None:
        self.instance, self.frame, self.all_placed, self.pause = instance, frame, all_placed, pause
        self.free = [index for index, task in enumerate(instance.tasks) if task.pinned is None]
        self.fixed = Fixed(instance, self.free, [None] * len(instance.tasks))
        self.dearest = max((_dearest(instance, instance.tasks[index]) for index in self.free), default=1)
        self.scale = self._scale()
        self.constant = standing_cost(instance, self.fixed) * self.scale
        self.constant += standing_labor(instance, self.fixed, self.scale)
        self.line_top = DEAREST_ROW * self.dearest * self.scale
        self.table_size = self.taker_size = self.best_size = 0

    def _scale(self) -> int:
        """The finest fractions with which no sum can overflow."""
        units = max((resource.capacity for resource in self.instance.resources), default=1)
        rows = self.frame.instants * (2 * self.instance.subject_count)
        worst = rows * max(units, *(team.capacity for team in self.instance.teams), 1) * DEAREST_ROW * self.dearest
        scale = FINEST
        while scale and worst * scale > LARGEST:
            scale //= 2
        return scale

    @property
    def work(self) -> int:
        """Instants of people that all tasks ask for."""
        tasks = [self.instance.tasks[index] for index in self.free]
        lengths = [(task.before + task.duration + task.after) * max(1, len(task.positions)) for task in tasks]
        return sum(lengths) // self.frame.unit

    def pack(self) -> Relaxation:
        """Build it.

        Returns
        -------
        The flat form.
        """
        instance, frame = self.instance, self.frame
        self.rows = Rows(instance, self.fixed, self.frame)
        self.rosters = Rosters(instance, self.fixed, self.frame, self.rows, self.scale)
        self.menu = Menu(instance, self.fixed, self.frame, self.rows, self.rosters)
        starts = possible_starts(instance, self.fixed, self.pause)
        segments = [self._choices(instance.tasks[index], starts[index]) for index in self.free]
        links_of, link_row, link_sign = self._links(segments)
        self.pause()
        pools = self._pools(segments)
        self.pause()
        return Relaxation(
            frame=_array([frame.step, frame.unit, frame.first, frame.instants, len(self.rows.lines), self.line_top]),
            links_of=links_of,
            **self._tasks(),
            **self._segments(segments),
            **pools,
            **self._rosters(),
            **self._rows(),
            link_row=link_row + len(self.rows.lines) * frame.instants,
            link_sign=link_sign,
        )

    def _choices(self, task: Task, starts: Numbers) -> list[Segment]:
        self.pause()
        return self.menu.segments(task, starts)

    def _tasks(self) -> dict[str, Numbers]:
        tasks = [self.instance.tasks[index] for index in self.free]
        scale = self.scale
        bound = self.all_placed
        return {
            "absent": _array(NOBODY if bound and task.mandatory else task.absent_cost * scale for task in tasks),
            "preferred": _array(task.preferred_start for task in tasks),
            "preferred_weight": _array(task.preferred_weight * scale for task in tasks),
            "due": _array(task.due - task.duration for task in tasks),
            "late_weight": _array(task.late_weight * scale for task in tasks),
            "current": _array(task.current_start for task in tasks),
            "moved_weight": _array(task.moved_weight * scale for task in tasks),
        }

    def _segments(self, segments: list[list[Segment]]) -> dict[str, Numbers]:
        every = list(chain.from_iterable(segments))
        modes = list(chain.from_iterable(segment.modes for segment in every))
        return {
            "segments_of": _ends(map(len, segments)),
            "segment_first": _array(segment.first for segment in every),
            "segment_count": _array(segment.count for segment in every),
            "modes_of": _ends(len(segment.modes) for segment in every),
            "mode_fee": _array(fee * self.scale for _, fee in modes),
            "groups_of": _ends(len(pools) for pools, _ in modes),
            "groups": _array(chain.from_iterable(pools for pools, _ in modes)),
        }

    def _links(self, segments: list[list[Segment]]) -> tuple[Numbers, Numbers, Numbers]:
        """A row for every link between two tasks that may both be placed."""
        place = {index: number for number, index in enumerate(self.free)}
        signs: list[list[tuple[int, int]]] = [[] for _ in self.free]
        for number, index in enumerate(self.free):
            for link in self.instance.tasks[index].links_in:
                before = place.get(link.before)
                if before is not None and segments[before] and segments[number]:
                    row = self.rows.add_link()
                    signs[number].append((row, 1))
                    signs[before].append((row, -1))
        every = list(chain.from_iterable(signs))
        return _ends(map(len, signs)), _array(row for row, _ in every), _array(sign for _, sign in every)

    def _pools(self, segments: list[list[Segment]]) -> dict[str, Numbers]:
        """Tables of pools that several tasks ask stay; those of one task share the room at the end."""
        pools, step = self.menu.pools, self.frame.step
        shared = [number for number, pool in enumerate(pools) if pool.users > 1]
        starts = [(pool.last - pool.first) // step + 1 if pool.users else 0 for pool in pools]
        own = [
            sorted({n for segment in every for numbers, _ in segment.modes for n in numbers if pools[n].users == 1})
            for every in segments
        ]
        tables, self.table_size = _places(shared, own, starts)
        rooms = [number * pool.count for number, pool in zip(starts, pools, strict=True)]
        takers, self.taker_size = _places(shared, own, rooms)
        self.best_size = max(rooms, default=0) + 1
        return {
            "shared": _array(shared),
            "fills": _array(chain.from_iterable(own)),
            "fills_of": _ends(map(len, own)),
            "pool_roster": _array(pool.roster for pool in pools),
            "pool_count": _array(pool.count for pool in pools),
            "pool_first": _array(pool.first for pool in pools),
            "pool_starts": _array(starts),
            "pool_table": _array(tables),
            "pool_takers": _array(takers),
        }

    def _rosters(self) -> dict[str, Numbers]:
        rosters, frame = self.rosters, self.frame
        others = len(self.rows.lines) * frame.instants
        every = np.concatenate([np.zeros((0, len(MEMBER)), np.int64), *rosters.members])
        runs = np.array(rosters.runs, dtype=np.int64).reshape(-1, 4)
        charges = np.array(rosters.charges, dtype=np.int64).reshape(-1, 2)
        return {
            "members_of": _ends(map(len, rosters.members)),
            "lead": _array(shape.before for shape in rosters.shapes),
            "duration": _array(shape.duration for shape in rosters.shapes),
            "tail": _array(shape.duration + shape.after for shape in rosters.shapes),
            **{f"member_{name}": np.ascontiguousarray(every[:, i]) for i, name in enumerate(MEMBER)},
            "run_first": np.ascontiguousarray(runs[:, 0]),
            "run_count": np.ascontiguousarray(runs[:, 1]),
            "run_charge0": np.ascontiguousarray(runs[:, 2]),
            "run_charge1": np.ascontiguousarray(runs[:, 3]),
            "charge_row": charges[:, 0] + others,
            "charge_amount": np.ascontiguousarray(charges[:, 1]),
        }

    def _rows(self) -> dict[str, Numbers | Reals]:
        rows, instance, scale = self.rows, self.instance, self.scale
        top = self.line_top
        limits = [*rows.lines, _array(rows.limits)]
        fee = np.zeros(instance.subject_count + 1, dtype=np.int64)
        for user in range(len(instance.users)):
            if user not in self.fixed.stays:
                fee[user] = instance.headcount_weight * scale
        weight = np.ones(sum(map(len, limits)), dtype=np.float64)
        if rows.scales:
            weight[-len(rows.scales) :] = 1.0 / np.array(rows.scales, dtype=np.float64) ** 2
        return {
            "limit": np.concatenate(limits),
            "line_owner": _array(rows.line_owner),
            "other_owner": _array(rows.owners),
            "top": _array(top if one is None else one * scale for one in rows.tops),
            "floor": _array(one * scale for one in rows.floors),
            "weight": weight,
            "fee": fee,
        }


def _dearest(instance: Instance, task: Task) -> int:
    """What the price of a row must be able to outweigh: the task's absence, or where it has to come any detour."""
    if not task.mandatory:
        return 1 + task.absent_cost
    heads = max(1, len(task.positions), *(len(instance.subject(team).members) for team in task.teams), 1)
    people = sum(one.weight for one in task.outsiders) + instance.headcount_weight
    span = instance.end - instance.start
    return 1 + task.absent_cost + (task.preferred_weight + task.late_weight) * span + task.moved_weight + heads * people


def _places(shared: list[int], own: list[list[int]], sizes: list[int]) -> tuple[list[int], int]:
    """Where each pool's table begins, and how large all are: those of different tasks lie over each other."""
    places = [0] * len(sizes)
    end = 0
    for number in shared:
        places[number] = end
        end += sizes[number]
    largest = end
    for numbers in own:
        at = end
        for number in numbers:
            places[number] = at
            at += sizes[number]
        largest = max(largest, at)
    return places, largest + 1


def _array(numbers: Iterable[int]) -> Numbers:
    return np.fromiter(numbers, dtype=np.int64)


def _ends(counts: Iterable[int]) -> Numbers:
    """Where ranges of these lengths begin and end, one after the other."""
    return np.fromiter(accumulate(counts, initial=0), dtype=np.int64)
