"""Different candidates for every head, as cheap as possible.

Source: successive shortest augmenting paths (Jonker and Volgenant, 1987).
"""

from collections.abc import Sequence

import numpy as np

from solver.explain.causes import NONE, Burdens
from solver.explain.crews import Group


def cheapest(costs: Sequence[Sequence[int]]) -> list[int]:
    """Choose a different column for every row at the least total cost.

    Parameters
    ----------
    costs
        Rows by columns, at least as many columns as rows.

    Returns
    -------
    The column of every row.
    """
    rows, columns = len(costs), len(costs[0]) if costs else 0
    potential, price = [0] * rows, [0] * columns
    owner = [-1] * columns
    for row in range(rows):
        slack: list[float] = [float("inf")] * columns
        came = [-1] * columns
        done = [False] * columns
        current, via = row, -1
        while True:
            nearest = -1
            for column in range(columns):
                if done[column]:
                    continue
                reduced = costs[current][column] - potential[current] - price[column]
                if reduced < slack[column]:
                    slack[column], came[column] = reduced, via
                if nearest < 0 or slack[column] < slack[nearest]:
                    nearest = column
            step = slack[nearest]
            potential[row] += int(step)
            for column in range(columns):
                if done[column]:
                    potential[owner[column]] += int(step)
                    price[column] -= int(step)
                else:
                    slack[column] -= step
            done[nearest] = True
            via = nearest
            if owner[nearest] < 0:
                break
            current = owner[nearest]
        while came[via] >= 0:
            owner[via] = owner[came[via]]
            via = came[via]
        owner[via] = row
    chosen = [-1] * rows
    for column, row in enumerate(owner):
        if row >= 0:
            chosen[row] = column
    return chosen


def chosen_of(groups: Sequence[Group], burdens: Sequence[Burdens]) -> list[tuple[int, int]]:
    """Choose different candidates for all places with the least burden.

    Parameters
    ----------
    groups
        Candidates, and how many of them are needed; there are enough for all.
    burdens
        For each group the burden of every candidate.

    Returns
    -------
    Numbers of group and candidate, in the order of the groups.
    """
    if len(groups) == 1:
        count = groups[0][1]
        if count == 1:
            return [(0, int(burdens[0].argmin()))]
        return [(0, row) for row in np.argsort(burdens[0], kind="stable")[:count].tolist()]
    if all(len(candidates) == 1 for candidates, _ in groups):
        return [(group, 0) for group in range(len(groups))]
    heads = [group for group, (_, count) in enumerate(groups) for _ in range(count)]
    if len(heads) == len(groups):
        first = [int(burden.argmin()) for burden in burdens]
        if len({groups[group][0][row] for group, row in enumerate(first)}) == len(first):
            return list(enumerate(first))
    rows = [dict.fromkeys(np.argsort(burden, kind="stable")[: len(heads)].tolist()) for burden in burdens]
    columns = sorted({groups[group][0][row] for group, near in enumerate(rows) for row in near})
    place = {subject: column for column, subject in enumerate(columns)}
    table = [[NONE] * len(columns) for _ in groups]
    origin: dict[tuple[int, int], int] = {}
    for group, (candidates, _) in enumerate(groups):
        for row in rows[group]:
            column = place[candidates[row]]
            table[group][column] = int(burdens[group][row])
            origin[group, column] = row
    found = cheapest([table[group] for group in heads])
    return [(group, origin[group, column]) for group, column in zip(heads, found, strict=True)]
