"""Who fills which place, so that as many places as possible are filled."""

from collections.abc import Sequence


def matched(fitting: Sequence[Sequence[int]]) -> dict[int, int]:
    """Match places with what fits them, each used once (augmenting paths).

    Parameters
    ----------
    fitting
        For each place the indexes of what fits it.

    Returns
    -------
    Place to index, for as many places as can be filled together.
    """
    holder: dict[int, int] = {}
    held: dict[int, int] = {}
    for place in range(len(fitting)):
        came: dict[int, int] = {}
        free = _reach(fitting, holder, place, came)
        while free is not None:
            at = came[free]
            holder[free], held[at], free = at, free, held.get(at)
    return held


def _reach(fitting: Sequence[Sequence[int]], holder: dict[int, int], place: int, came: dict[int, int]) -> int | None:
    """Find something free for a place, perhaps by letting others change; `came` keeps the way."""
    waiting = [place]
    while waiting:
        at = waiting.pop()
        for index in fitting[at]:
            if index not in came:
                came[index] = at
                if index not in holder:
                    return index
                waiting.append(holder[index])
    return None
