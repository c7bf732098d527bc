"""What the primitives of an instance mean, in plain words: which of them a solution breaks, and what it costs."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction

from solver.instance import NOWHERE, Instance, Placement, Solution, Task

Breach = tuple[str, tuple[int, ...]]
Stop = tuple[int, int, int]


class Primitives:
    """A solution beside its instance.

    Parameters
    ----------
    instance, solution
        One entry of the solution per task.
    """

    def __init__(self, instance: Instance, solution: Solution) -> None:
        self.instance = instance
        self.solution = solution
        self.taken: dict[int, list[int]] = defaultdict(list)
        for index, _, placement in self.placed():
            subjects = {*placement.users, *placement.resources} | ({placement.team} - {NOWHERE})
            for subject in [*subjects, instance.subject_count - 1]:
                self.taken[subject].append(index)

    def placed(self) -> Iterator[tuple[int, Task, Placement]]:
        """Every placed task with its index and placement."""
        for index, (task, placement) in enumerate(zip(self.instance.tasks, self.solution, strict=True)):
            if placement is not None:
                yield index, task, placement

    def broken(self) -> set[str]:
        """Names of the primitives that are broken by more than pinned tasks alone."""
        return {
            name
            for name, tasks in self.breaches()
            if name == "pinned" or any(self.instance.tasks[index].pinned is None for index in tasks)
        }

    def breaches(self) -> Iterator[Breach]:
        """Everything that is broken, and by which tasks."""
        for index, task in enumerate(self.instance.tasks):
            placement = self.solution[index]
            if task.mandatory and placement is None:
                yield "mandatory", (index,)
            if task.pinned is not None and (placement is None or _content(placement) != _content(task.pinned)):
                yield "pinned", (index,)
        for index, task, placement in self.placed():
            for name in self.of_task(task, placement):
                yield name, (index,)
            yield from self.of_links(index, task, placement)
        for number, tasks in self.taken.items():
            yield from self.of_subject(number, tasks)

    def of_task(self, task: Task, placement: Placement) -> Iterator[str]:
        """Starts, crew, team, demands, open time and notice of one task."""
        instance = self.instance
        start, end = placement.start, placement.start + task.duration
        grid = start % instance.step == 0 or start == task.extra_start
        if not grid or start < task.earliest or not any(s <= start and end <= e for s, e in task.windows):
            yield "start"
        users, team = placement.users, placement.team
        members = set(instance.subject(team).members) if team != NOWHERE else set(users)
        able = all(user in position.users for user, position in zip(users, task.positions, strict=False))
        full = set(users) == members if task.whole_team else len(users) == len(task.positions) and able
        chosen = team in task.teams if task.teams or task.whole_team else team == NOWHERE
        if not (full and chosen and set(users) <= members):
            yield "crew"
        fits = len(placement.resources) == len(task.demands) and all(
            resource in demand.resources for resource, demand in zip(placement.resources, task.demands, strict=False)
        )
        if not fits or len(set(placement.resources)) < len(placement.resources):
            yield "capacity"
        nobody = not users and team == NOWHERE
        subjects = [*users, *placement.resources, *([team] if team != NOWHERE else [])]
        for number in [*subjects, *([instance.subject_count - 1] if nobody else [])]:
            if not any(s <= start and end <= e for s, e in instance.subject(number).open):
                yield "open"
        for number in [*subjects, instance.subject_count - 1]:
            subject = instance.subject(number)
            if task.fresh and not subject.fresh_from <= start <= subject.fresh_until:
                yield "fresh"

    def of_links(self, index: int, task: Task, placement: Placement) -> Iterator[Breach]:
        """Links to what goes before one task."""
        for link in task.links_in:
            other = self.solution[link.before]
            if other is None:
                yield "links", (index,)
                continue
            gap = placement.start - other.start - (0 if link.from_start else self.instance.tasks[link.before].duration)
            here, there = set(placement.users), set(other.users)
            if (
                not link.min_gap <= gap <= link.max_gap
                or (link.different_users and here & there)
                or (link.same_users and here != there)
            ):
                yield "links", (index, link.before)

    def of_subject(self, number: int, tasks: list[int]) -> Iterator[Breach]:
        """Capacity, concurrency, counters, travel and breaks of one subject."""
        subject = self.instance.subject(number)
        busy = [self.busy(index) for index in tasks]
        name = {"user": "overlap", "team": "team", "resource": "capacity"}.get(subject.kind, "")
        if subject.kind != "organization":
            needs = [self.units(index, number) for index in tasks]
            yield from _overfull(name, busy, needs, subject.capacity)
        services = [self.service(index) for index in tasks]
        yield from _overfull("concurrency", services, [1] * len(tasks), subject.concurrency)
        for counter in subject.counters:
            groups: dict[int, list[int]] = defaultdict(list)
            for start, _, index in services:
                groups[self.instance.periods[counter.zone, counter.period].index_of(start)].append(index)
            for group in groups.values():
                amounts = [1 if counter.measure == "count" else self.instance.tasks[index].duration for index in group]
                if sum(amounts) > counter.limit:
                    yield "counter", tuple(group)
        if subject.kind == "user":
            for shift in subject.shifts:
                yield from self.travel_breaches(number, shift)
            yield from self.break_breaches(number, sorted(busy))

    def busy(self, index: int) -> Stop:
        """Start and end of a placed task with its buffers."""
        start, end, _ = self.service(index)
        task = self.instance.tasks[index]
        return start - task.before, end + task.after, index

    def service(self, index: int) -> Stop:
        """Start and end of a placed task without its buffers."""
        placement = self.solution[index]
        assert placement is not None
        return placement.start, placement.start + self.instance.tasks[index].duration, index

    def units(self, index: int, number: int) -> int:
        """What a placed task takes of a subject."""
        placement = self.solution[index]
        assert placement is not None
        uses = zip(placement.resources, placement.units, strict=True)
        return sum(units for resource, units in uses if resource == number) or 1

    def way(self, origin: int, destination: int) -> int:
        """Travel minutes between two locations."""
        if not self.instance.travel_exists or NOWHERE in (origin, destination):
            return 0
        return int(self.instance.travel[origin, destination])

    def on_shift(self, user: int, shift: tuple[int, int]) -> list[Stop]:
        """What a user starts in a shift, in order."""
        return sorted(self.busy(index) for index in self.taken[user] if shift[0] <= self.service(index)[0] < shift[1])

    def legs(self, user: int, shift: tuple[int, int]) -> Iterator[tuple[int, int, tuple[int, ...]]]:
        """Ways of a user in a shift: minutes, minutes free for it, tasks involved."""
        subject, tasks = self.instance.users[user], self.instance.tasks
        stops = self.on_shift(user, shift)
        located = [stop for stop in stops if tasks[stop[2]].location != NOWHERE]
        if not located or not self.instance.travel_exists:
            return
        first, last = located[0], located[-1]
        if subject.start_location != NOWHERE:
            yield self.way(subject.start_location, tasks[first[2]].location), first[0] - shift[0], (first[2],)
        if subject.end_location != NOWHERE:
            yield self.way(tasks[last[2]].location, subject.end_location), shift[1] - last[1], (last[2],)
        for before, after in itertools.pairwise(located):
            between = [s for s in stops if before[1] <= s[0] and s[1] <= after[0] and tasks[s[2]].location == NOWHERE]
            free = after[0] - before[1] - sum(s[1] - s[0] for s in between)
            minutes = self.way(tasks[before[2]].location, tasks[after[2]].location)
            pinned = after[0] - before[1] - sum(s[1] - s[0] for s in between if tasks[s[2]].pinned is not None)
            eaters = [s[2] for s in between] if pinned >= minutes else []
            yield minutes, free, (before[2], after[2], *eaters)

    def travel_breaches(self, user: int, shift: tuple[int, int]) -> Iterator[Breach]:
        """Ways for which there is too little time."""
        for minutes, free, tasks in self.legs(user, shift):
            if free < minutes:
                yield "travel", tasks

    def break_breaches(self, user: int, busy: list[Stop]) -> Iterator[Breach]:
        """Flexible breaks without a gap."""
        pinned = [stop for stop in busy if self.instance.tasks[stop[2]].pinned is not None]
        for start, end, minutes in self.instance.users[user].breaks:
            hit = [index for s, e, index in busy if s < end and start < e]
            if hit and not self.has_gap(busy, start, end, minutes):
                caused = self.has_gap(pinned, start, end, minutes)
                yield "break", tuple(index for _, _, index in busy) if caused else tuple(hit)

    def has_gap(self, busy: list[Stop], start: int, end: int, minutes: int) -> bool:
        """Whether an idle gap of some minutes lies in a span, travel that does not fit outside taken off."""
        edges = [start, end, *(e for _, e, _ in busy if start < e < end)]
        for low in edges:
            if any(s <= low < e for s, e, _ in busy) or low >= end:
                continue
            before = max((stop for stop in busy if stop[1] <= low), key=lambda stop: stop[1], default=None)
            after = min((stop for stop in busy if stop[0] > low or stop[0] == low), default=None)
            high = end if after is None else min(end, after[0])
            gap = high - low
            if before is not None and after is not None:
                places = [self.instance.tasks[stop[2]].location for stop in (before, after)]
                gap -= max(0, self.way(*places) - (after[0] - before[1] - gap))
            if gap >= minutes:
                return True
        return False

    def cost(self) -> int:
        """What the solution costs."""
        instance = self.instance
        total, late = 0, [0]
        faces: dict[int, set[int]] = defaultdict(set)
        crews: dict[int, int] = defaultdict(int)
        load = dict.fromkeys(range(len(instance.users)), 0)
        for task, placement in zip(instance.tasks, self.solution, strict=True):
            if placement is None:
                total += task.absent_cost
                continue
            total += task.start_cost(placement.start) + sum(task.user_cost(user) for user in placement.users)
            if task.has_due:
                late.append(placement.start + task.duration - task.due)
            if task.client != NOWHERE:
                faces[task.client].update(placement.users)
                crews[task.client] = max(crews[task.client], len(placement.users))
            for user in placement.users:
                load[user] += task.duration
        total += instance.max_late_weight * max(late)
        total += instance.continuity_weight * sum(len(users) - crews[client] for client, users in faces.items())
        total += instance.headcount_weight * sum(1 for minutes in load.values() if minutes)
        balanced = [load[user] for user in instance.balance_users]
        total += instance.balance_weight * (max(balanced, default=0) - min(balanced, default=0))
        labor = sum(Fraction(minutes * instance.users[user].rate, instance.rate_unit) for user, minutes in load.items())
        total += instance.labor_weight * int(labor + Fraction(1, 2))
        waits = [self.waiting(user, shift) for user, u in enumerate(instance.users) for shift in u.shifts]
        total += instance.waiting_weight * sum(waits) + instance.max_waiting_weight * max(waits, default=0)
        for number, tasks in self.taken.items():
            for counter in instance.subject(number).counters:
                groups: dict[int, int] = defaultdict(int)
                for start, end, _ in map(self.service, tasks):
                    period = instance.periods[counter.zone, counter.period].index_of(start)
                    groups[period] += 1 if counter.measure == "count" else end - start
                total += counter.weight * sum(max(0, amount - counter.threshold) for amount in groups.values())
        ways = [leg for user, u in enumerate(instance.users) for shift in u.shifts for leg in self.legs(user, shift)]
        return total + instance.travel_weight * sum(minutes for minutes, _, _ in ways)

    def waiting(self, user: int, shift: tuple[int, int]) -> int:
        """Idle minutes of a user in a shift."""
        idle, gap, last = 0, 0, NOWHERE
        stops = self.on_shift(user, shift)
        for before, after in itertools.pairwise(stops):
            here, there = (self.instance.tasks[stop[2]].location for stop in (before, after))
            last = here if here != NOWHERE else last
            gap += max(0, after[0] - before[1])
            if there != NOWHERE:
                idle, gap = idle + max(0, gap - self.way(last, there)), 0
        return idle + gap


def _overfull(name: str, uses: list[Stop], units: list[int], capacity: int) -> Iterator[Breach]:
    """Instants at which more is used than there is."""
    for start, _, _ in uses:
        running = [(index, need) for (s, e, index), need in zip(uses, units, strict=True) if s <= start < e]
        if sum(need for _, need in running) > capacity:
            yield name, tuple(index for index, _ in running)


def _content(placement: Placement) -> tuple[object, ...]:
    uses = sorted(zip(placement.resources, placement.units, strict=True))
    return placement.start, placement.team, sorted(placement.users), uses
