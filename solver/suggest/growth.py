"""Arrays of the kernel made longer: a plan that keeps growing outgrows what a problem was packed for."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from solver.kernel import arrays as a
from solver.kernel.struct import Struct

Group = TypeVar("Group", bound=Struct)

ROWS = {"start": a.UNPLACED, "team": -1, "user_count": 0, "resource_count": 0, "absent_at": -1, "late": 0, "absent": 0}
"""Arrays of a state with an entry per task, and what a task without a place has in them."""
LINES = ("line_task", "line_from", "line_until", "line_reach", "line_shift")
CLIENTS = ("served", "served_users", "crew_sizes")


def lengthened(array: NDArray[Any], more: int, value: int = 0) -> NDArray[Any]:
    """Copy an array with entries added at its end.

    Parameters
    ----------
    array, more
        What is copied, and how many entries are added along its first axis.
    value
        What they hold.

    Returns
    -------
    The copy.
    """
    tail = np.zeros((more, *array.shape[1:]), array.dtype)
    if value:
        tail[...] = value
    return np.concatenate([array, tail])


def remade(group: Group, **arrays: NDArray[Any]) -> Group:
    """Make a group of arrays anew with some of them replaced; the others stay the same memory."""
    names = tuple(type(group).__annotations__)
    return type(group)(**dict(zip(names, group.arrays(), strict=True)) | arrays)


def with_rows(packed: a.Packed, state: a.State, more: int) -> tuple[a.Packed, a.State]:
    """Add room for more tasks."""
    longer = {name: lengthened(getattr(state, name), more, value) for name, value in ROWS.items()}
    return remade(packed, tasks=lengthened(packed.tasks, more)), remade(state, **longer)


def with_lines(packed: a.Packed, state: a.State, rooms: NDArray[np.int64]) -> tuple[a.Packed, a.State]:
    """Give each line a room of its own length, and move what stands in it.

    Parameters
    ----------
    packed, state
        The problem and the plan.
    rooms
        Entries that each line can hold, at least those it holds.

    Returns
    -------
    Both with other lines.
    """
    starts = np.append(0, np.cumsum(rooms)).astype(np.int64)
    lengths = state.line_length
    within = np.arange(int(lengths.sum())) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    source = np.repeat(packed.line_start[:-1], lengths) + within
    target = np.repeat(starts[:-1], lengths) + within
    moved = {}
    for name in LINES:
        old = getattr(state, name)
        moved[name] = np.zeros(int(starts[-1]) + 1, old.dtype)
        moved[name][target] = old[source]
    return remade(packed, line_start=starts), remade(state, **moved)


def with_clients(state: a.State, clients: int, crew: int) -> a.State:
    """Add room for more clients and larger crews.

    Parameters
    ----------
    state
        The plan.
    clients, crew
        How many clients are counted, and the largest crew.

    Returns
    -------
    The state, itself if it has the room.
    """
    known, sizes = state.crew_sizes.shape
    if clients <= known and crew < sizes:
        return state
    more = max(0, clients - known)
    longer = {name: lengthened(getattr(state, name), more) for name in CLIENTS}
    wider = np.zeros((known + more, max(sizes, crew + 1)), state.crew_sizes.dtype)
    wider[:, :sizes] = longer["crew_sizes"]
    return remade(state, **longer | {"crew_sizes": wider})
