"""The best places of a task, one at each start, written out only when they are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.instance import Placement
from solver.kernel import arrays as a, desk as d
from solver.suggest.companies import Crew, seated
from solver.suggest.links import Bounds


class Offer(NamedTuple):
    """The best place of a task at one start, and what it adds to the cost of the plan, its own absence aside."""

    price: int
    placement: Placement


class _Part(NamedTuple):
    """What the kernel found in one block of starts: rows of users, their groups, and resources."""

    crews: Mapping[int, Crew]
    teams: NDArray[np.int64]
    users: NDArray[np.int64]
    groups: NDArray[np.int64]
    resources: NDArray[np.int64]
    units: NDArray[np.int64]


class Offers:
    """The best places of a task, and how many starts were left after each kind of rule.

    Parameters
    ----------
    bounds
        What links leave.
    crews
        Who could serve.

    Attributes
    ----------
    starts, prices
        Of the places, by start.
    stages
        Starts that windows and links leave; of these, those the organization leaves; of these, those with resources; of
        these, those with people.
    """

    def __init__(self, bounds: Bounds, crews: Sequence[Crew] = ()) -> None:
        self.bounds = bounds
        self.starts: list[int] = []
        self.prices: list[int] = []
        self.stages = np.zeros(d.STAGES, np.int64)
        self._crews = crews
        self._parts: list[_Part] = []
        self._where: list[tuple[int, int]] | NDArray[np.int64] = []

    def __len__(self) -> int:
        return len(self.starts)

    def __iter__(self) -> Iterator[Offer]:
        return (Offer(price, self.placement(number)) for number, price in enumerate(self.prices))

    @property
    def candidates(self) -> list[int]:
        """Users who could fill some position, calendars left out."""
        return sorted({int(user) for crew in self._crews for user in crew.users})

    def cheapest(self) -> Offer | None:
        """The cheapest place, of equal ones the first; None: there is none."""
        if not self.prices:
            return None
        number = self.prices.index(min(self.prices))
        return Offer(self.prices[number], self.placement(number))

    def placement(self, number: int) -> Placement:
        """Write out a place.

        Parameters
        ----------
        number
            Of its start.

        Returns
        -------
        The place.
        """
        which, row = (int(value) for value in self._where[number])
        part = self._parts[which]
        team = int(part.teams[row])
        crew = part.crews[team]
        heads = sum(crew.heads)
        users = seated(crew.seats, part.users[row, :heads].tolist(), part.groups[row, :heads].tolist())
        return Placement(
            self.starts[number], team, users, tuple(part.resources[row].tolist()), tuple(part.units[row].tolist())
        )

    def read(self, desk: d.Desk) -> None:
        """Take over what the kernel found in one block, and copy it: the desk is used again."""
        count, width, demands = (int(desk.ask[index]) for index in (d.COUNT, d.WIDTH, d.DEMANDS))
        bits = np.flatnonzero(desk.price[:count] < a.INFINITE)
        chairs = desk.chair[: count * demands].reshape(count, demands)[bits]
        self._parts.append(
            _Part(
                {crew.team: crew for crew in self._crews},
                desk.team[bits],
                desk.crew[: count * width].reshape(count, width)[bits],
                desk.seat[: count * width].reshape(count, width)[bits],
                desk.chair_resource[chairs],
                desk.chair_units[chairs],
            )
        )
        starts = int(desk.ask[d.ORIGIN]) + bits * int(desk.ask[d.STEP])
        here = np.stack([np.full(len(bits), len(self._parts) - 1), np.arange(len(bits))], axis=1)
        where = np.concatenate([np.array(self._where, np.int64).reshape(-1, 2), here])
        together = np.concatenate([np.array(self.starts, np.int64), starts])
        prices = np.concatenate([np.array(self.prices, np.int64), desk.price[bits]])
        order = np.argsort(together, kind="stable")
        self.starts, self.prices, self._where = together[order].tolist(), prices[order].tolist(), where[order]
