"""How a plan lies: who serves what and when, what each task costs, and where nothing more was found lately."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from solver.cpsat.fixed import Fixed, own_cost
from solver.instance import Instance, Solution
from solver.neighbourhoods.relations import Relations

Ints = NDArray[np.int64]
ABSENT = -(1 << 40)  # start of a task that is left out: far from every other


class Landscape:
    """A plan with its arrays by task.

    Parameters
    ----------
    relations, solution
        The problem, and one placement or None per task.

    Attributes
    ----------
    standing
        The plan as the models see it; it is replaced, never changed.
    start
        Of each task, ABSENT where it is left out.
    cost
        Of each task by itself.
    quiet
        How often each task was part of a block without a better plan since something near it changed.
    """

    def __init__(self, relations: Relations, solution: Solution) -> None:
        instance = relations.instance
        self.relations = relations
        self.standing = Fixed(instance, (), solution)
        self.start = np.empty(len(instance.tasks), np.int64)
        self.cost = np.empty(len(instance.tasks), np.int64)
        self.quiet = np.zeros(len(instance.tasks), np.int64)
        self._note(range(len(instance.tasks)))

    @property
    def instance(self) -> Instance:
        """The problem."""
        return self.relations.instance

    @property
    def solution(self) -> Solution:
        """One placement or None per task."""
        return self.standing.placements

    def crew(self, task: int) -> tuple[int, ...]:
        """Who serves a task; nobody if it is left out."""
        place = self.standing.placements[task]
        return () if place is None else place.users

    def left_out(self) -> Ints:
        """Tasks that are left out and not pinned."""
        movable = self.relations.movable
        out: Ints = movable[self.start[movable] == ABSENT]
        return out

    def served_by(self, user: int) -> list[int]:
        """Tasks of a user that are not pinned, in their order."""
        tasks = self.instance.tasks
        return [stay.task for stay in self.standing.stays.get(user, ()) if tasks[stay.task].pinned is None]

    def move_to(self, solution: Solution) -> set[int]:
        """Take over another plan.

        Parameters
        ----------
        solution
            One placement or None per task.

        Returns
        -------
        Subjects that some task came to or left.
        """
        places = self.standing.placements
        if solution is places:
            return set()
        changed = [index for index in self.relations.movable.tolist() if solution[index] != places[index]]
        if not changed:
            return set()
        touched = self._subjects(changed)
        self.standing = self.standing.replaced(solution, changed)
        touched |= self._subjects(changed)
        self._note(changed)
        for subject in touched:
            if subject < len(self.instance.users):
                self.quiet[self.served_by(subject)] = 0
        self.quiet[changed] = 0
        self.quiet[self.left_out()] = 0
        return touched

    def _subjects(self, tasks: Iterable[int]) -> set[int]:
        places = [self.standing.placements[task] for task in tasks]
        return {
            subject for place in places if place is not None for subject in (*place.users, *place.resources, place.team)
        }

    def _note(self, tasks: Iterable[int]) -> None:
        for index in tasks:
            place = self.standing.placements[index]
            self.start[index] = ABSENT if place is None else place.start
            self.cost[index] = own_cost(self.instance.tasks[index], place)
