"""First prices by bidding: one task after the other takes its cheapest place and makes it dearer (Bertsekas).

Steps along the excess of all tasks are poor where nothing has a price yet: all tasks flock to the same users. Here
each task sees what those before it have taken.
"""

from typing import Any

from solver.bounds.arrays import INSTANTS, LINE_TOP, LINES, MINUTE, MODE, STEP
from solver.bounds.compiled import compiled
from solver.bounds.evaluate import choose
from solver.bounds.tables import fill_some, number, run_at


@compiled
def bid(R: Any, X: Any, order: Any, rise: float, sample: int, turn: int) -> None:  # noqa: N803
    """Let every task bid once, then lower all prices by what their limits allow.

    Parameters
    ----------
    R, X
        A `Relaxation`, and its `Room` with prices that are added up.
    order
        Numbers of the tasks.
    rise
        By how much a taken unit becomes dearer.
    """
    for i in range(len(order)):
        if X.halt[0]:
            return
        task = order[i]
        for segment in range(R.segments_of[task], R.segments_of[task + 1]):
            for g in range(R.groups_of[R.modes_of[segment]], R.groups_of[R.modes_of[segment + 1]]):
                pool = R.groups[g]
                roster = R.pool_roster[pool]
                stride = max(1, (R.members_of[roster + 1] - R.members_of[roster]) // (sample * R.pool_count[pool]))
                skip = turn * 7919 % stride
                turn += 1
                fill_some(R, X, pool, R.segment_first[segment], R.segment_count[segment], skip, stride)
        choose(R, X, task)
        mode = X.place[MODE]
        if mode >= 0:
            for g in range(R.groups_of[mode], R.groups_of[mode + 1]):
                _raise(R, X, R.groups[g], X.place[MINUTE], rise)
            for k in range(R.links_of[task], R.links_of[task + 1]):
                X.price[R.link_row[k]] = max(0, X.price[R.link_row[k]] + int(rise * R.link_sign[k]))
    _fall(R, X, rise)


@compiled
def _raise(R: Any, X: Any, pool: int, minute: int, rise: float) -> None:  # noqa: N803
    """Make what a pool gives at a start dearer."""
    roster, count = R.pool_roster[pool], R.pool_count[pool]
    takers = R.pool_takers[pool] + (minute - R.pool_first[pool]) // R.frame[STEP] * count
    others = R.frame[LINES] * R.frame[INSTANTS]
    for place in range(count):
        member = X.taker[takers + place]
        run = run_at(R, member, minute)
        for c in range(R.run_charge0[run], R.run_charge1[run]):
            row = R.charge_row[c]
            dearer = X.price[row] + int(rise * R.weight[row] * R.charge_amount[c])
            X.price[row] = min(dearer, R.top[row - others])
        if R.member_occupied[member] >= 0:
            low, high = number(R, minute - R.lead[roster]), number(R, minute + R.tail[roster])
            _raise_line(R, X, R.member_occupied[member], low, high, int(rise * R.member_units[member]))
        if R.member_served[member] >= 0:
            low, high = number(R, minute), number(R, minute + R.duration[roster])
            _raise_line(R, X, R.member_served[member], low, high, int(rise))


@compiled
def _raise_line(R: Any, X: Any, line: int, low: int, high: int, rise: int) -> None:  # noqa: N803
    base, at = line * R.frame[INSTANTS], line * (R.frame[INSTANTS] + 1)
    for j in range(low, high):
        X.price[base + j] = min(X.price[base + j] + rise, R.frame[LINE_TOP])
    for j in range(low, R.frame[INSTANTS]):
        X.prefix[at + j + 1] = X.prefix[at + j] + X.price[base + j]


@compiled
def _fall(R: Any, X: Any, rise: float) -> None:  # noqa: N803
    """Lower all prices by what their limits allow, and add them up anew."""
    others = R.frame[LINES] * R.frame[INSTANTS]
    for line in range(R.frame[LINES]):
        base, at = line * R.frame[INSTANTS], line * (R.frame[INSTANTS] + 1)
        for j in range(R.frame[INSTANTS]):
            X.price[base + j] = max(0, X.price[base + j] - int(rise * R.limit[base + j]))
            X.prefix[at + j + 1] = X.prefix[at + j] + X.price[base + j]
    for i in range(len(R.floor)):
        cheaper = X.price[others + i] - int(rise * R.weight[others + i] * R.limit[others + i])
        X.price[others + i] = max(R.floor[i], cheaper)
