"""Instance → Packed: lists of objects become flat arrays."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from itertools import chain, pairwise
from typing import Generic, TypeVar

import numpy as np

from solver.instance import NOWHERE, Instance, Interval, Task
from solver.kernel import arrays as a
from solver.kernel.masks import open_starts, period_numbers
from solver.kernel.rooms import line_rooms
from solver.kernel.weights import packed_weights

SEGMENT_MINUTES = 24 * 60
T = TypeVar("T")


class _Pool(Generic[T]):
    """Flat storage of lists, each stored once."""

    def __init__(self) -> None:
        self.flat: list[T] = []
        self._known: dict[Hashable, tuple[int, int]] = {}

    def add(self, key: Hashable, items: Callable[[], Iterable[T]]) -> tuple[int, int]:
        span = self._known.get(key)
        if span is None:
            first = len(self.flat)
            self.flat.extend(items())
            span = self._known[key] = (first, len(self.flat))
        return span

    def add_list(self, items: Sequence[T]) -> tuple[int, int]:
        """Store a list that many share, known by its identity."""
        return self.add(id(items), lambda: items)


def _records(dtype: np.dtype[np.void], rows: Sequence[tuple[int, ...]]) -> a.Records:
    if not rows:
        return np.zeros(0, dtype)
    return np.array(rows, dtype=np.int64).view(dtype).reshape(len(rows))


def _names(dtype: np.dtype[np.void]) -> tuple[str, ...]:
    return dtype.names or ()


def pack(instance: Instance) -> a.Packed:
    """Flatten an instance for the kernel.

    Parameters
    ----------
    instance
        The lowered problem, with all its rules and terms.

    Returns
    -------
    Arrays that the kernel reads; nothing in them is ever written.
    """
    return _Packer(instance).packed()


class _Packer:
    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.subjects = [subject for _, subject in instance.subjects()]
        self.segments: _Pool[tuple[int, int, int]] = _Pool()
        self.candidates: _Pool[int] = _Pool()
        self.options: _Pool[int] = _Pool()
        self.demands: _Pool[tuple[int, int]] = _Pool()
        self.demand_resources: _Pool[int] = _Pool()
        self.demand_units: list[int] = []
        self.positions: _Pool[tuple[int, int]] = _Pool()
        self.insiders: _Pool[tuple[int, int]] = _Pool()
        self.opens: _Pool[Interval] = _Pool()
        self.lengths = {d: i for i, d in enumerate(sorted({task.duration for task in instance.tasks}))}
        self.breakpoints = self._breakpoints()
        self.partial = self._partly_used()
        self.period_rows = {key: row for row, key in enumerate(instance.periods)}

    def packed(self) -> a.Packed:
        instance = self.instance
        links = list(dict.fromkeys(chain.from_iterable(task.links_in for task in instance.tasks)))
        link_index = {link: i for i, link in enumerate(links)}
        links_in = list(chain.from_iterable([link_index[link] for link in task.links_in] for task in instance.tasks))
        links_out = list(chain.from_iterable([link_index[link] for link in task.links_out] for task in instance.tasks))
        tasks = self._tasks()
        subjects, shifts, breaks, counters, members = self._subjects()
        rooms = line_rooms(self.instance, self.partial)
        masks, mask_rows = open_starts(self.instance, self.calendars, self.calendar_of, self.lengths)
        return a.Packed(
            tasks=tasks,
            segments=_records(a.SEGMENT, self.segments.flat),
            positions=_records(a.RANGE, self.positions.flat),
            candidates=np.array(self.candidates.flat, np.int64),
            options=np.array(self.options.flat, np.int64),
            demands=_records(a.RANGE, self.demands.flat),
            demand_resources=np.array(self.demand_resources.flat, np.int64),
            demand_units=np.array(self.demand_units, np.int64),
            links=_records(a.LINK, [tuple(map(int, link)) for link in links]),
            links_in=np.array(links_in, np.int64),
            links_out=np.array(links_out, np.int64),
            insiders=_records(a.RANGE, self.insiders.flat),
            subjects=subjects,
            members=np.array(members, np.int64),
            opens=_records(a.RANGE, self.opens.flat),
            shifts=_records(a.RANGE, shifts),
            breaks=_records(a.SPAN, breaks),
            counters=_records(a.COUNTER, counters),
            period_of=period_numbers(instance),
            masks=masks,
            mask_rows=mask_rows,
            travel=np.ascontiguousarray(instance.travel, np.int32),
            balanced=np.array(instance.balance_users, np.int64),
            line_start=np.append(0, np.cumsum(rooms)).astype(np.int64),
            weights=packed_weights(instance),
        )

    def _breakpoints(self) -> list[int]:
        """Minutes at which some counter's day or week begins: no segment reaches across one."""
        instance = self.instance
        inner = {m for table in instance.periods.values() for m in table.starts if instance.start < m <= instance.end}
        return sorted(inner)

    def _partly_used(self) -> set[int]:
        """Subjects that may serve several tasks at once: their load is counted, the others keep a line."""
        instance = self.instance
        shared = {len(instance.users) + i for i, team in enumerate(instance.teams) if team.capacity != 1}
        shares = {(id(d.resources), id(d.units)): d for task in instance.tasks for d in task.demands}
        for demand in shares.values():
            shared.update(
                r
                for r, units in zip(demand.resources, demand.units, strict=True)
                if units != instance.subject(r).capacity
            )
        return shared

    # --- tasks ------------------------------------------------------------
    def _tasks(self) -> a.Records:
        rows = []
        users = resources = links_in = links_out = 0
        for task in self.instance.tasks:
            row = self._task(task)
            crew = max(
                len(task.positions),
                max((len(self.instance.subject(t).members) for t in task.teams), default=0) if task.whole_team else 0,
            )
            held = len(task.demands)
            if task.pinned is not None:
                crew, held = max(crew, len(task.pinned.users)), max(held, len(task.pinned.resources))
            row |= {"user0": users, "resource0": resources}
            row |= {"link_in0": links_in, "link_in1": links_in + len(task.links_in)}
            row |= {"link_out0": links_out, "link_out1": links_out + len(task.links_out)}
            users, resources = users + crew, resources + held
            links_in, links_out = row["link_in1"], row["link_out1"]
            rows.append(tuple(row[name] for name in _names(a.TASK)))
        return _records(a.TASK, rows)

    def _task(self, task: Task) -> dict[str, int]:
        best_from, best_until = _least_cost_starts(task)
        segment0, segment1 = self._segments(task)
        position0, position1 = self.positions.add(
            tuple(map(id, (p.users for p in task.positions))),
            lambda: [self.candidates.add_list(p.users) for p in task.positions],
        )
        option0, option1 = self.options.add(task.teams, lambda: task.teams)
        demand0, demand1 = self.demands.add(
            tuple(task.demands), lambda: [self._demand(d.resources, d.units) for d in task.demands]
        )
        insider0, insider1 = self._insiders(task)
        feasible = (
            segment1 > segment0
            and bool(task.teams or not task.whole_team)
            and all(p.users for p in task.positions)
            and all(d.resources for d in task.demands)
        )
        return {
            "duration": task.duration, "before": task.before, "after": task.after,
            "location": task.location if self.instance.travel_exists else NOWHERE,
            "absent_cost": task.absent_cost, "mandatory": int(task.mandatory), "pinned": int(task.pinned is not None),
            "fresh": int(task.fresh),
            "hopeless": int(not feasible and task.pinned is None),
            "preferred": task.preferred_start, "preferred_weight": task.preferred_weight, "due": task.due,
            "late_weight": task.late_weight,
            "has_due": int(task.has_due), "current": task.current_start, "moved_weight": task.moved_weight,
            "best_from": best_from, "best_until": best_until,
            "segment0": segment0, "segment1": segment1, "position0": position0, "position1": position1,
            "groups": len({id(p.users) for p in task.positions}), "option0": option0, "option1": option1,
            "whole_team": int(task.whole_team),
            "demand0": demand0, "demand1": demand1,
            "outsider_cost": sum(o.weight for o in task.outsiders), "insider0": insider0, "insider1": insider1,
            "client": task.client, "length": self.lengths[task.duration],
            "alone": int(not task.positions and not task.teams and not task.whole_team),
        }  # fmt: skip

    def _demand(self, resources: tuple[int, ...], units: tuple[int, ...]) -> tuple[int, int]:
        span = self.demand_resources.add((resources, units), lambda: resources)
        self.demand_units.extend(units[: len(self.demand_resources.flat) - len(self.demand_units)])
        return span

    def _insiders(self, task: Task) -> tuple[int, int]:
        if not task.outsiders:
            return 0, 0
        known = sorted(set().union(*(o.insiders for o in task.outsiders)))
        return self.insiders.add(tuple(task.outsiders), lambda: [(user, task.user_cost(user)) for user in known])

    def _segments(self, task: Task) -> tuple[int, int]:
        if task.pinned is not None:
            return 0, 0
        key = (tuple(task.windows), task.duration, task.earliest, task.extra_start)
        return self.segments.add(key, lambda: self._split(task))

    def _split(self, task: Task) -> list[tuple[int, int, int]]:
        """Ranges of starts on the grid, none across a counter's period or longer than a day; and the one beside it."""
        step = self.instance.step
        pieces: set[tuple[int, int, int]] = set()
        for low, high in task.windows:
            first, last = max(low, task.earliest), high - task.duration
            cuts = {
                first,
                *range(first // SEGMENT_MINUTES * SEGMENT_MINUTES, last + 1, SEGMENT_MINUTES),
                *self.breakpoints,
                last + 1,
            }
            marks = sorted(c for c in cuts if first <= c <= last + 1)
            for start, stop in pairwise(marks):
                k0, k1 = -(-start // step), (stop - 1) // step
                if k0 <= k1:
                    pieces.add((k0 * step, k1 * step, k1 - k0 + 1))
            if task.extra_start is not None and first <= task.extra_start <= last:
                pieces.add((task.extra_start, task.extra_start, 1))
        return sorted(pieces)

    # --- subjects ---------------------------------------------------------
    def _subjects(
        self,
    ) -> tuple[a.Records, list[Interval], list[tuple[int, int, int]], list[tuple[int, ...]], list[int]]:
        shifts: list[Interval] = []
        breaks: list[tuple[int, int, int]] = []
        counters: list[tuple[int, ...]] = []
        members: list[int] = []
        rows = []
        calendars: dict[int, int] = {}
        self.calendars: list[list[Interval]] = []
        line = pile = value = 0
        for index, subject in enumerate(self.subjects):
            row = dict.fromkeys(_names(a.SUBJECT), -1)
            row |= {"capacity": subject.capacity, "concurrency": subject.concurrency, "rate": subject.rate}
            row |= {"fresh_from": subject.fresh_from, "fresh_until": subject.fresh_until}
            row |= {"start_location": subject.start_location, "end_location": subject.end_location}
            if index in self.partial:
                row["pile"], pile = pile, pile + 1
            elif subject.kind != "organization":
                row["line"], line = line, line + 1
            if subject.concurrency < a.FAR:
                row["service_pile"], pile = pile, pile + 1
            row["shift0"], row["shift1"] = len(shifts), len(shifts) + len(subject.shifts)
            shifts += subject.shifts
            row["break0"], row["break1"] = len(breaks), len(breaks) + len(subject.breaks)
            breaks += sorted((b.start, b.end, b.minutes) for b in subject.breaks)
            row["counter0"], row["counter1"] = len(counters), len(counters) + len(subject.counters)
            for c in subject.counters:
                table = self.instance.periods[c.zone, c.period]
                counters.append(
                    (
                        self.period_rows[c.zone, c.period],
                        int(c.measure == "minutes"),
                        c.limit,
                        c.threshold,
                        c.weight,
                        value,
                    )
                )
                value += len(table.starts)
            row["member0"], row["member1"] = len(members), len(members) + len(subject.members)
            members += subject.members
            row["open0"], row["open1"] = self.opens.add_list(subject.open)
            if id(subject.open) not in calendars:
                calendars[id(subject.open)] = len(calendars)
                self.calendars.append(subject.open)
            row["calendar"] = calendars[id(subject.open)]
            rows.append(tuple(row[name] for name in _names(a.SUBJECT)))
        self.calendar_of = [calendars[id(subject.open)] for subject in self.subjects]
        return _records(a.SUBJECT, rows), shifts, breaks, counters, members


def _least_cost_starts(task: Task) -> tuple[int, int]:
    """The interval of starts with the least cost, shared maxima and the price of moving left out."""
    latest = task.due - task.duration if task.late_weight else a.FAR
    if not task.preferred_weight:
        return -a.FAR, latest
    if task.preferred_start <= latest or task.preferred_weight >= task.late_weight:
        return task.preferred_start, task.preferred_start
    return latest, latest
