"""A part of a plan that is taken out: its tasks, and where they may go."""

from __future__ import annotations

from typing import NamedTuple

from solver.cpsat.fixed import Scope


class Block(NamedTuple):
    """Tasks to place anew, in ascending order, and their scope."""

    tasks: tuple[int, ...]
    scope: Scope
