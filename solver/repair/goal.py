"""What makes a repair good: what must be placed is placed, as few as possible change, and that cheaply."""

from __future__ import annotations

from typing import NamedTuple

from solver.cpsat.fixed import Fixed
from solver.cpsat.price import price_of
from solver.instance import Instance, Placement, Solution
from solver.repair.situation import Situation


class Key(NamedTuple):
    """A repair in numbers, the most important first; smaller is better."""

    mandatory_out: int
    left_out: int  # sum of the weights of what was to be placed and has no place
    changes: int  # appointments that stood, and stand elsewhere or nowhere now
    cost: int


class Goal:
    """Compares repairs of one situation.

    Parameters
    ----------
    situation
        What has become of the plan.
    change_cost
        What a changed appointment costs; None: no cost outweighs a change, only a place for what is left out does.
    most_changes
        How many may change of those that are not affected.

    Attributes
    ----------
    counted
        Tasks that stood somewhere and are not pinned: those that can change.
    """

    def __init__(self, situation: Situation, change_cost: int | None = None, most_changes: int | None = None) -> None:
        self.situation = situation
        self.change_cost, self.most_changes = change_cost, most_changes
        tasks = situation.instance.tasks
        self.counted = frozenset(
            index for index, place in enumerate(situation.base) if place is not None and tasks[index].pinned is None
        )

    @property
    def instance(self) -> Instance:
        """The changed problem."""
        return self.situation.instance

    def key(self, standing: Fixed) -> Key:
        """Weigh a repair of which nothing is free."""
        tasks, places = self.instance.tasks, standing.placements
        out = [index for index in self.situation.wanted if places[index] is None]
        missing = sum(tasks[index].mandatory for index in out)
        changes, cost = len(self.changed(places)), price_of(standing)
        if self.change_cost is not None:
            return Key(missing, 0, 0, cost + self.change_cost * changes)
        return Key(missing, sum(tasks[index].absent_cost for index in out), changes, cost)

    def changed(self, places: Solution) -> set[int]:
        """List the tasks that stood, and stand elsewhere or nowhere."""
        return {index for index in self.counted if not self.stays(index, places[index])}

    def stays(self, index: int, place: Placement | None) -> bool:
        """Tell whether a task that stood stands as it did: same start, team, people and resources."""
        base = self.situation.base[index]
        return place is base or (place is not None and base is not None and signature(place) == signature(base))

    def as_it_was(self, index: int, place: Placement | None) -> Placement | None:
        """Name people and resources in the order in which a task that stays named them before."""
        base = self.situation.base[index]
        if place is None or base is None or not self.stays(index, place):
            return place
        units = sorted(zip(place.resources, place.units, strict=True))
        return base if units == sorted(zip(base.resources, base.units, strict=True)) else place

    def allows(self, places: Solution) -> bool:
        """Tell whether a repair changes few enough of those that are not affected."""
        if self.most_changes is None:
            return True
        return len(self.changed(places) - self.situation.affected) <= self.most_changes


def signature(place: Placement) -> tuple[int, int, frozenset[int], frozenset[int]]:
    """What tells placements apart: start, team, people and resources."""
    return place.start, place.team, frozenset(place.users), frozenset(place.resources)
