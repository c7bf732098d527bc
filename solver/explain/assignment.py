"""Different candidates for every head, as cheap as possible.

Source: successive shortest augmenting paths (Jonker and Volgenant, 1987).
"""

from collections.abc import Sequence


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
