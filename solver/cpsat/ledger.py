"""What placed tasks take of every subject over time, with what was worked out about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from solver.cpsat.starts import Edges, Load, above, edges, profile
from solver.instance import NEVER, Counter, Instance, Placement, Solution


class Stay(NamedTuple):
    """A fixed task at a user: when the user is occupied, sorted as the user lives through them."""

    begin: int
    end: int
    id: str
    task: int
    start: int


class ShiftCost(NamedTuple):
    """Minutes of travel and of waiting of a user in a shift."""

    travel: int
    waiting: int


class Account:
    """What one subject is taken for, each load once per task; never changed once it has been asked.

    Parameters
    ----------
    occupied, served
        Units with buffers, and services without.

    Attributes
    ----------
    walks
        Of a user: minutes of every shift, once somebody has worked them out.
    """

    def __init__(self, occupied: Iterable[Load] = (), served: Iterable[Load] = ()) -> None:
        self.occupied, self.served = list(occupied), list(served)
        self.walks: list[ShiftCost] | None = None
        self._profiles: dict[bool, list[Load]] = {}
        self._crowds: dict[tuple[int, bool], Edges] = {}
        self._counts: dict[Counter, dict[int, int]] = {}

    def profile(self, *, buffered: bool) -> list[Load]:
        """Units taken over time with buffers, or services over time without."""
        if buffered not in self._profiles:
            self._profiles[buffered] = profile(self.occupied if buffered else self.served)
        return self._profiles[buffered]

    def crowded(self, room: int, *, buffered: bool) -> Edges:
        """Where more than some room is taken; everywhere if the room is negative."""
        key = (room, buffered)
        if key not in self._crowds:
            self._crowds[key] = edges(above(self.profile(buffered=buffered), room) if room >= 0 else [(-NEVER, NEVER)])
        return self._crowds[key]

    def counted(self, counter: Counter, instance: Instance) -> dict[int, int]:
        """What a counter of the subject stands at, by number of the day or week."""
        if counter not in self._counts:
            table = instance.periods[counter.zone, counter.period]
            sums: dict[int, int] = {}
            for start, end, _ in self.served:
                period = table.index_of(start)
                sums[period] = sums.get(period, 0) + (1 if counter.measure == "count" else end - start)
            self._counts[counter] = sums
        return self._counts[counter]


class Ledger:
    """The accounts of all subjects, and what every user serves; of the organization only if it limits anything.

    Parameters
    ----------
    instance, solution
        The problem, and what stands.

    Attributes
    ----------
    stays
        By user, sorted; users who serve nothing have no entry.
    """

    def __init__(self, instance: Instance, solution: Solution) -> None:
        self.instance = instance
        self.stays: dict[int, list[Stay]] = {}
        self._accounts: dict[int, Account] = {}
        self._nothing = Account()
        about = instance.organization
        self._counts_all = bool(about.counters) or about.concurrency != NEVER
        for index, place in enumerate(solution):
            if place is not None:
                self._enter(index, place)
        for stays in self.stays.values():
            stays.sort()

    def account(self, subject: int) -> Account:
        """What a subject is taken for."""
        return self._accounts.get(subject, self._nothing)

    def replaced(self, before: Mapping[int, Placement], after: Mapping[int, Placement]) -> Ledger:
        """Make another ledger in which some tasks leave and others come; subjects that none of them touches share.

        Parameters
        ----------
        before, after
            Where they stand in this ledger, and where they are to stand, by index.

        Returns
        -------
        The new ledger.
        """
        new = Ledger(self.instance, [])
        new.stays, new._accounts = dict(self.stays), dict(self._accounts)
        for subject in self.touched([*before.values(), *after.values()]):
            old = self.account(subject)
            new._accounts[subject] = Account(old.occupied, old.served)
        users = {user for place in (*before.values(), *after.values()) for user in place.users}
        for user in users:
            new.stays[user] = [stay for stay in self.stays.get(user, ()) if stay.task not in before]
        for index, place in before.items():
            new._strike(index, place)
        for index, place in after.items():
            new._enter(index, place)
        for user in users:
            new.stays[user].sort()
            if not new.stays[user]:
                del new.stays[user]
        return new

    def touched(self, places: Iterable[Placement]) -> set[int]:
        """The subjects of some placements, the organization among them if it limits anything."""
        return {subject for place in places for subject in self._served_by(place)}

    def _served_by(self, place: Placement) -> Iterator[int]:
        yield from place.users
        yield from place.resources
        if place.team >= 0:
            yield place.team
        if self._counts_all:
            yield self.instance.subject_count - 1

    def _loads(self, index: int, place: Placement) -> Iterator[tuple[int, Load]]:
        """What a placed task takes of every subject but the organization."""
        task = self.instance.tasks[index]
        begin, end = place.start - task.before, place.start + task.duration + task.after
        for user in place.users:
            yield user, (begin, end, 1)
        for resource, units in zip(place.resources, place.units, strict=True):
            yield resource, (begin, end, units)
        if place.team >= 0:
            yield place.team, (begin, end, 1)

    def _service(self, index: int, place: Placement) -> Load:
        return (place.start, place.start + self.instance.tasks[index].duration, 1)

    def _enter(self, index: int, place: Placement) -> None:
        task, service = self.instance.tasks[index], self._service(index, place)
        for subject in dict.fromkeys(self._served_by(place)):
            self._accounts.setdefault(subject, Account()).served.append(service)
        for subject, load in self._loads(index, place):
            self._accounts[subject].occupied.append(load)
        stay = Stay(place.start - task.before, service[1] + task.after, task.id, index, place.start)
        for user in place.users:
            self.stays.setdefault(user, []).append(stay)

    def _strike(self, index: int, place: Placement) -> None:
        for subject in dict.fromkeys(self._served_by(place)):
            self._accounts[subject].served.remove(self._service(index, place))
        for subject, load in self._loads(index, place):
            self._accounts[subject].occupied.remove(load)
