"""Calendars as bits, and the days and weeks of minutes as numbers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from solver.instance import Instance, Interval


def open_starts(
    instance: Instance, calendars: list[list[Interval]], calendar_of: list[int], lengths: dict[int, int]
) -> tuple[NDArray[np.uint64], NDArray[np.int32]]:
    """Bits of the starts at which a service of a duration lies in one open interval of a calendar.

    Parameters
    ----------
    instance
        The problem.
    calendars, calendar_of
        The different lists of open intervals, and the number of the one that each subject has.
    lengths
        Numbers of the durations.

    Returns
    -------
    Rows of words, and for every calendar and duration the number of its row, -1 where no start is open.
    """
    step = instance.step
    words = (instance.end // step + 1) // 64 + 2  # one spare word: readers look one ahead
    durations = list(lengths)
    rows = np.full((len(calendars), max(1, len(durations))), -1, np.int32)
    lines = [np.zeros(words, np.uint64)]
    for calendar, length in sorted(_needed_masks(instance, calendar_of, lengths)):
        bits = np.zeros(words * 64, np.uint8)
        for low, high in calendars[calendar]:
            k0, k1 = max(0, -(-low // step)), (high - durations[length]) // step
            if k0 <= k1:
                bits[k0 : k1 + 1] = 1
        if bits.any():
            rows[calendar, length] = len(lines)
            lines.append(np.packbits(bits, bitorder="little").view(np.uint64))
    return np.stack(lines), rows


def _needed_masks(instance: Instance, calendar_of: list[int], lengths: dict[int, int]) -> set[tuple[int, int]]:
    """The pairs of calendar and duration that some task could ask for."""
    needed: set[tuple[int, int]] = set()
    seen: set[tuple[int, int]] = set()
    for task in instance.tasks:
        length = lengths[task.duration]
        groups: list[tuple[int, ...]] = (
            [p.users for p in task.positions] + [d.resources for d in task.demands] + [task.teams]
        )
        if task.whole_team:
            groups += [instance.subject(t).members for t in task.teams]
        for group in groups:
            if (id(group), length) not in seen:
                seen.add((id(group), length))
                needed.update((calendar_of[s], length) for s in group)
        if not task.positions and not task.teams:
            needed.add((calendar_of[-1], length))
    return needed


def period_numbers(instance: Instance) -> NDArray[np.int32]:
    """The number of the period of every minute of the horizon, a row for every table of periods."""
    minutes = np.arange(instance.end + 1)
    rows = [np.searchsorted(np.array(t.starts), minutes, "right") - 1 for t in instance.periods.values()]
    return np.array(rows, np.int32).reshape(len(rows), len(minutes))
