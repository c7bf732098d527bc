"""The least cost of every task at given prices, added up: a bound for any prices that are not negative."""

from typing import Any

from solver.bounds.arrays import INSTANTS, LINES, MINUTE, MODE, STEP
from solver.bounds.compiled import compiled
from solver.bounds.tables import add_up_prices, fill, number, run_at


@compiled
def evaluate(R: Any, X: Any) -> Any:  # noqa: N803 -- the relaxation and the room
    """Add up the least costs at the prices of the room, and write what the choices take beyond the limits.

    Parameters
    ----------
    R, X
        A `Relaxation`, and a `Room` with prices.

    Returns
    -------
    The sum, what the limits are worth taken off; meaningless if the room was halted.
    """
    add_up_prices(R, X)
    for i in range(len(R.shared)):
        if X.halt[0]:
            return 0
        fill(R, X, R.shared[i])
    for i in range(len(X.excess)):
        X.excess[i] = 0
    total = 0
    for task in range(len(R.absent)):
        if X.halt[0]:
            return 0
        total += _serve(R, X, task)
    return total - _grant(R, X)


@compiled
def _serve(R: Any, X: Any, task: int) -> Any:  # noqa: N803
    """Choose the cheapest place of a task or its absence, and take what the place needs."""
    for i in range(R.fills_of[task], R.fills_of[task + 1]):
        fill(R, X, R.fills[i])
    least = choose(R, X, task)
    mode = X.place[MODE]
    if mode >= 0:
        for i in range(R.links_of[task], R.links_of[task + 1]):
            X.excess[R.link_row[i]] += R.link_sign[i]
        for g in range(R.groups_of[mode], R.groups_of[mode + 1]):
            _take(R, X, R.groups[g], X.place[MINUTE])
    return least


@compiled
def choose(R: Any, X: Any, task: int) -> Any:  # noqa: N803
    """Find the cheapest place of a task, or its absence, and what it costs; the tables of its pools are filled.

    Parameters
    ----------
    R, X
        A `Relaxation`, and its `Room`; the place is written there.
    task
        Number of the task.

    Returns
    -------
    The least cost.
    """
    extra = 0
    for i in range(R.links_of[task], R.links_of[task + 1]):
        extra += R.link_sign[i] * X.price[R.link_row[i]]
    least, mode_at, minute_at = R.absent[task], -1, 0
    for segment in range(R.segments_of[task], R.segments_of[task + 1]):
        first, many = R.segment_first[segment], R.segment_count[segment]
        for mode in range(R.modes_of[segment], R.modes_of[segment + 1]):
            groups = R.groups_of[mode + 1] - R.groups_of[mode]
            pool = R.groups[R.groups_of[mode]] if groups > 0 else 0
            table = R.pool_table[pool] + (first - R.pool_first[pool]) // R.frame[STEP]
            for k in range(many):
                minute = first + k * R.frame[STEP]
                cost = extra + R.mode_fee[mode] + R.preferred_weight[task] * abs(minute - R.preferred[task])
                cost += R.late_weight[task] * max(0, minute - R.due[task])
                if minute != R.current[task]:
                    cost += R.moved_weight[task]
                if groups > 0:
                    cost += X.table[table + k]
                if cost >= least:
                    continue
                for g in range(R.groups_of[mode] + 1, R.groups_of[mode + 1]):
                    other = R.groups[g]
                    cost += X.table[R.pool_table[other] + (minute - R.pool_first[other]) // R.frame[STEP]]
                    if cost >= least:
                        break
                if cost < least:
                    least, mode_at, minute_at = cost, mode, minute
    X.place[MODE], X.place[MINUTE] = mode_at, minute_at
    return least


@compiled
def _add(R: Any, amounts: Any, roster: int, member: int, minute: int, share: float) -> None:  # noqa: N803
    """Add a share of what a member gives at a start; of a line's rows only the change at both ends is written."""
    run = run_at(R, member, minute)
    for c in range(R.run_charge0[run], R.run_charge1[run]):
        amounts[R.charge_row[c]] += share * R.charge_amount[c]
    if R.member_occupied[member] >= 0:
        low, high = number(R, minute - R.lead[roster]), number(R, minute + R.tail[roster])
        _load(R, amounts, R.member_occupied[member], low, high, share * R.member_units[member])
    if R.member_served[member] >= 0:
        low, high = number(R, minute), number(R, minute + R.duration[roster])
        _load(R, amounts, R.member_served[member], low, high, share)


@compiled
def _take(R: Any, X: Any, pool: int, minute: int) -> None:  # noqa: N803
    """Take the cheapest few of a pool; of a line's rows only the change at both ends is written."""
    roster, count = R.pool_roster[pool], R.pool_count[pool]
    takers = R.pool_takers[pool] + (minute - R.pool_first[pool]) // R.frame[STEP] * count
    for place in range(count):
        member = X.taker[takers + place]
        _add(R, X.excess, roster, member, minute, 1)


@compiled
def _load(R: Any, amounts: Any, line: int, low: int, high: int, units: float) -> None:  # noqa: N803
    base = line * R.frame[INSTANTS]
    amounts[base + low] += units
    if high < R.frame[INSTANTS]:
        amounts[base + high] -= units


@compiled
def _grant(R: Any, X: Any) -> Any:  # noqa: N803
    """Take the limits off what is taken where granting them pays; returns what that is worth."""
    for owner in range(len(X.total)):
        X.total[owner] = 0
    for line in range(R.frame[LINES]):
        base = line * R.frame[INSTANTS]
        worth = 0
        for j in range(base, base + R.frame[INSTANTS]):
            worth += X.price[j] * R.limit[j]
        X.total[R.line_owner[line]] += worth
    others = R.frame[LINES] * R.frame[INSTANTS]
    for i in range(len(R.other_owner)):
        X.total[R.other_owner[i]] += X.price[others + i] * R.limit[others + i]
    worth = 0
    for owner in range(len(R.fee)):
        worth += max(0, X.total[owner] - R.fee[owner])
    for line in range(R.frame[LINES]):
        base, owner = line * R.frame[INSTANTS], R.line_owner[line]
        granted = X.total[owner] >= R.fee[owner]
        level = 0
        for j in range(base, base + R.frame[INSTANTS]):
            level += X.excess[j]
            X.excess[j] = level - R.limit[j] if granted else level
    for i in range(len(R.other_owner)):
        if X.total[R.other_owner[i]] >= R.fee[R.other_owner[i]]:
            X.excess[others + i] -= R.limit[others + i]
    return worth
