"""The starts that a task has by itself, and what must be lifted where it has none."""

from collections.abc import Sequence
from itertools import chain, combinations

import numpy as np
from numpy.typing import NDArray

from solver.explain.rows import Span
from solver.instance import Instance, Interval, Task

DAY = 24 * 60
OWN_RULES = ("step", "past", "window")
"""Rules that can leave a task without any start, in the order in which they are easy to understand."""

Flags = NDArray[np.bool_]
Starts = list[tuple[Span, Flags]]
"""Spans of at most a day, each with the starts of it that count."""


def starts_of(
    instance: Instance, task: Task, lifted: frozenset[str] = frozenset(), wished: Sequence[Interval] = ()
) -> Starts:
    """List the starts of a task.

    Parameters
    ----------
    instance, task
        Whose grid and horizon, and whose windows.
    lifted
        Which of `OWN_RULES`, or of these and `horizon`, do not hold.
    wished
        The windows as they were given, none for the horizon; they count where the horizon does not.

    Returns
    -------
    Spans in the order of time; a start off the grid has a span of its own.
    """
    windows = [(instance.start, instance.end)] if "window" in lifted else task.windows
    if "horizon" in lifted:
        beyond = (instance.start, instance.end + task.duration)
        windows = [beyond] if "window" in lifted or not wished else [_common(beyond, window) for window in wished]
    ranges = [(low if "past" in lifted else max(low, task.earliest), high - task.duration) for low, high in windows]
    step = 1 if "step" in lifted else instance.step
    days: dict[int, list[Interval]] = {}
    for low, high in ranges:
        low, high = -(-low // step) * step, high // step * step
        for day in range(low // DAY, high // DAY + 1) if low <= high else ():
            days.setdefault(day, []).append((max(low, day * DAY), min(high, (day + 1) * DAY - step)))
    found: Starts = [_day(day, step, parts) for day, parts in sorted(days.items())]
    extra = task.extra_start
    if extra is not None and any(low <= extra <= high for low, high in ranges) and step > 1:
        found.append((Span(extra, 1, 1), np.ones(1, np.bool_)))
    return found


def lifts_of(instance: Instance, task: Task, wished: Sequence[Interval] = ()) -> list[frozenset[str]]:
    """Find the least that must be lifted for a task to have a start.

    Parameters
    ----------
    instance, task, wished
        As in `starts_of`.

    Returns
    -------
    The empty set alone where there are starts, else all smallest sets of rules that give it one.
    """
    always = frozenset[str]() if task.duration <= instance.end - instance.start else frozenset({"horizon"})
    sizes = range(len(OWN_RULES) + 1)
    sets = [always.union(rules) for rules in chain.from_iterable(combinations(OWN_RULES, size) for size in sizes)]
    fitting = [rules for rules in sets if starts_of(instance, task, rules, wished)]
    return [rules for rules in fitting if len(rules) == len(fitting[0])]


def _common(left: Interval, right: Interval) -> Interval:
    return max(left[0], right[0]), min(left[1], right[1])


def _day(day: int, step: int, parts: list[Interval]) -> tuple[Span, Flags]:
    flags = np.zeros(DAY // step, np.bool_)
    for low, high in parts:
        flags[(low - day * DAY) // step : (high - day * DAY) // step + 1] = True
    return Span(day * DAY, step, DAY // step), flags
