"""Blocks that are proved to be as good as they can be, until something that they depend on changes."""

from __future__ import annotations

from collections.abc import Iterable

from solver.neighbourhoods.block import Block


class Memory:
    """What was proved, and when what changed.

    Parameters
    ----------
    shares_cost
        Whether tasks without a common subject can share a cost, so that any change matters to every block.
    """

    def __init__(self, shares_cost: bool) -> None:
        self._shares_cost = shares_cost
        self._closed: dict[Block, tuple[int, frozenset[int]]] = {}
        self._changed: dict[int, int] = {}
        self._time = 0

    def change(self, subjects: Iterable[int]) -> None:
        """Note that some subjects serve something else now."""
        self._time += 1
        for subject in subjects:
            self._changed[subject] = self._time

    def close(self, block: Block, subjects: frozenset[int], since: int) -> None:
        """Note that a block is as good as it can be.

        Parameters
        ----------
        block, subjects
            The block, and all subjects that it could take.
        since
            `time` when its surroundings were looked at.
        """
        self._closed[block] = since, subjects

    @property
    def time(self) -> int:
        """Number of changes so far."""
        return self._time

    def is_closed(self, block: Block) -> bool:
        """Whether a block is as good as it can be."""
        if block not in self._closed:
            return False
        since, subjects = self._closed[block]
        if since == self._time:
            return True
        if not self._shares_cost and all(self._changed.get(subject, 0) <= since for subject in subjects):
            return True
        del self._closed[block]
        return False
