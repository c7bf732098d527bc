"""Chains in threads of this process: they share the problem's memory, and the kernel holds no lock."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from solver.chain import Chain, chain_seed, state_like

if TYPE_CHECKING:
    from solver.executors import Brief


class Threads:
    """As many chains as there are threads.

    Parameters
    ----------
    workers
        Number of chains.
    """

    place = ""

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self.messages: list[str] = []

    def chains(self, briefs: Sequence[Brief]) -> list[Chain]:
        """Make the chains, each with a copy of the first plan."""
        return [
            Chain(brief.packed, state_like(brief.instance, brief.packed, brief.start), chain_seed(brief.seed, number))
            for number, brief in enumerate(briefs)
        ]

    def dismiss(self) -> None:
        """Nothing runs between legs."""

    def __enter__(self) -> Threads:
        return self

    def __exit__(self, *_: object) -> None:
        pass
