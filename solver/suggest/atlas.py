"""The places that people travel between, and room for new ones."""

from __future__ import annotations

import numpy as np

from models.errors import Fault
from models.faults import describe
from models.problem import Problem
from models.suggestion import Coordinates
from models.travel import TravelMatrix
from solver.rules.travel import ways
from solver.suggest.board import Board
from solver.suggest.growth import remade
from solver.suggest.room import add_places

SPARE_PLACES = 64


class Atlas:
    """The locations of a problem by their numbers in the travel table, and those that requests bring.

    Parameters
    ----------
    problem, board
        Where distances come from, and the table.

    Attributes
    ----------
    added
        Ids of the places that requests and bookings brought.
    """

    def __init__(self, problem: Problem, board: Board) -> None:
        self._travel, self._board = problem.travel, board
        self.added: set[str] = set()
        instance = board.instance
        known = {place.id: (place.latitude, place.longitude) for place in problem.locations}
        self._degrees = np.zeros((len(instance.travel), 2))
        for key, index in instance.location_index.items():
            self._degrees[index] = known.get(key, (0.0, 0.0))
        self._free = list(range(len(instance.travel) - 1, len(instance.location_index) - 1, -1))

    def faults(self, key: str, coordinates: Coordinates) -> list[Fault]:
        """Find what is wrong with the coordinates of a place.

        Parameters
        ----------
        key, coordinates
            Its id, and where it is.

        Returns
        -------
        A fault where the travel times are a table, which has no coordinates, or where the place is known elsewhere.
        """
        if self._travel is None:
            return []
        found = f"{coordinates.latitude}, {coordinates.longitude}"
        if isinstance(self._travel, TravelMatrix):
            advice = "Add the row and the column of the place to travel."
            return [Fault("coordinates", found, "a location of the travel matrix", advice)]
        index = self._board.instance.location_index.get(key)
        if index is not None and tuple(self._degrees[index]) != (coordinates.latitude, coordinates.longitude):
            latitude, longitude = self._degrees[index]
            expected = f"those of {describe(key)}, {latitude}, {longitude}"
            return [Fault("coordinates", found, expected, "Leave them out, or give the place another id.")]
        return []

    def add(self, key: str, coordinates: Coordinates) -> bool:
        """Put a new place into the table.

        Parameters
        ----------
        key, coordinates
            Its id, and where it is.

        Returns
        -------
        Whether it is new.
        """
        instance = self._board.instance
        if self._travel is None or isinstance(self._travel, TravelMatrix) or key in instance.location_index:
            return False
        if not self._free:
            size = len(instance.travel)
            add_places(instance, SPARE_PLACES + size // 8)
            self._degrees = np.concatenate([self._degrees, np.zeros((len(instance.travel) - size, 2))])
            self._free = list(range(len(instance.travel) - 1, size - 1, -1))
            self._board.packed = remade(self._board.packed, travel=instance.travel)
        index = self._free.pop()
        self._degrees[index] = coordinates.latitude, coordinates.longitude
        table = self._board.packed.travel
        table[index, :] = ways(self._travel, self._degrees[[index]], self._degrees)[0]
        table[:, index] = ways(self._travel, self._degrees, self._degrees[[index]])[:, 0]
        table[index, index] = 0
        instance.location_index[key] = index
        self.added.add(key)
        return True

    def drop(self, key: str) -> None:
        """Forget a place that nothing stands at."""
        self.added.remove(key)
        self._free.append(self._board.instance.location_index.pop(key))
