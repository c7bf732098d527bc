"""Which tasks have to do with each other whatever the plan: by people, resources, clients, places and links."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from solver.instance import NEVER, NOWHERE, Instance, Task

Ints = NDArray[np.int64]


class Relations:
    """What an instance says of its tasks.

    Parameters
    ----------
    instance
        The problem.

    Attributes
    ----------
    movable
        Tasks that are not pinned.
    people
        By task: users who could be in its crew, sorted.
    kind, client, location
        By task: a number that tasks share whose crews are chosen among the same people; client and place or NOWHERE.
    assets
        By task: resources and teams that it could take.
    """

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        tasks = instance.tasks
        self.movable = np.array([i for i, task in enumerate(tasks) if task.pinned is None], np.int64)
        self.client = np.array([task.client for task in tasks], np.int64)
        self.location = np.array([task.location for task in tasks], np.int64)
        known: dict[tuple[int, ...], tuple[int, ...]] = {}
        self.people = [known.setdefault(people, people) for people in map(self._people, tasks)]
        numbers = {people: number for number, people in enumerate(known)}
        self.kind = np.array([numbers[people] for people in self.people], np.int64)
        self.assets = [
            tuple(sorted({*task.teams, *(resource for demand in task.demands for resource in demand.resources)}))
            for task in tasks
        ]
        self.with_asset: dict[int, list[int]] = {}
        for index in self.movable.tolist():
            for asset in self.assets[index]:
                self.with_asset.setdefault(asset, []).append(index)
        self.linked = [index for index in self.movable.tolist() if tasks[index].links_in or tasks[index].links_out]
        self.has_clients = bool((self.client[self.movable] != NOWHERE).any())
        self.shares_cost = self._shares_cost()

    def _people(self, task: Task) -> tuple[int, ...]:
        users = {user for position in task.positions for user in position.users}
        if task.whole_team:
            users |= {user for team in task.teams for user in self.instance.subject(team).members}
        return tuple(sorted(users))

    def _shares_cost(self) -> bool:
        """Whether tasks that share no subject can still share a cost or bound each other."""
        about = self.instance
        if self.linked or about.organization.counters or about.organization.concurrency != NEVER:
            return True
        weights = (about.max_waiting_weight, about.max_late_weight, about.balance_weight, about.continuity_weight)
        return any(weights) or bool(about.labor_weight)

    def chain(self, index: int, most: int) -> list[int]:
        """Tasks that links join to one, nearest first, itself included."""
        tasks, found = self.instance.tasks, [index]
        for one in found:
            others = [link.before for link in tasks[one].links_in] + [link.after for link in tasks[one].links_out]
            found += [other for other in dict.fromkeys(others) if other not in found and tasks[other].pinned is None]
            if len(found) >= most:
                break
        return found[:most]
