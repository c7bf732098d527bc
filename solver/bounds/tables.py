"""What the candidates of a pool cost at every start, at given prices of what they take."""

from typing import Any

from solver.bounds.arrays import FIRST, INSTANTS, LINES, NOBODY, STEP, UNIT
from solver.bounds.compiled import compiled


@compiled
def add_up_prices(R: Any, X: Any) -> None:  # noqa: N803
    """Write the sums of the prices of each line up to every instant.

    Parameters
    ----------
    R, X
        A `Relaxation`, and a `Room` with prices.
    """
    for line in range(R.frame[LINES]):
        base, at = line * R.frame[INSTANTS], line * (R.frame[INSTANTS] + 1)
        total = 0
        X.prefix[at] = 0
        for j in range(R.frame[INSTANTS]):
            total += X.price[base + j]
            X.prefix[at + j + 1] = total


@compiled
def member_price(R: Any, X: Any, roster: int, member: int, minute: int) -> Any:  # noqa: N803
    """What a member of a roster costs at a start; more than anything where it is not free then.

    Parameters
    ----------
    R, X
        A `Relaxation`, and its `Room` with prices added up.
    roster, member, minute
        Who, and when.

    Returns
    -------
    Fractions of a unit of cost.
    """
    run = run_at(R, member, minute)
    if run < 0:
        return NOBODY
    return R.member_price[member] + charges(R, X, run) + taken(R, X, roster, member, minute)


@compiled
def charges(R: Any, X: Any, run: int) -> Any:  # noqa: N803
    """What a run's days and weeks cost."""
    total = 0
    for c in range(R.run_charge0[run], R.run_charge1[run]):
        total += X.price[R.charge_row[c]] * R.charge_amount[c]
    return total


@compiled
def number(R: Any, minute: int) -> Any:  # noqa: N803
    """Number of the first instant that is not before a minute."""
    return -((R.frame[FIRST] - minute) // R.frame[UNIT])


@compiled
def fill(R: Any, X: Any, pool: int) -> None:  # noqa: N803
    """Write the price of the cheapest few of a pool at each of its starts.

    Parameters
    ----------
    R, X
        A `Relaxation`, and its `Room` with prices added up.
    pool
        Number of the pool.
    """
    origin, starts, count = R.pool_first[pool], R.pool_starts[pool], R.pool_count[pool]
    at, takers, roster = R.pool_table[pool], R.pool_takers[pool], R.pool_roster[pool]
    for k in range(starts):
        X.table[at + k] = NOBODY
    if count > 1:
        for k in range(starts * count):
            X.best[k] = NOBODY
    last = origin + (starts - 1) * R.frame[STEP]
    for member in range(R.members_of[roster], R.members_of[roster + 1]):
        for run in range(R.member_run0[member], R.member_run1[member]):
            low = max(R.run_first[run], origin)
            high = min(R.run_first[run] + (R.run_count[run] - 1) * R.frame[STEP], last)
            if low > high:
                continue
            own = R.member_price[member] + charges(R, X, run)
            first, many = (low - origin) // R.frame[STEP], (high - low) // R.frame[STEP] + 1
            if count == 1:
                _fill_one(R, X, roster, member, low, own, at + first, takers + first, many)
            else:
                _fill_more(R, X, roster, member, low, own, first, takers, many, count)
    if count > 1:
        for k in range(starts):
            if X.best[k * count + count - 1] < NOBODY:
                X.table[at + k] = 0
                for place in range(count):
                    X.table[at + k] += X.best[k * count + place]


@compiled
def _fill_one(
    R: Any,  # noqa: N803
    X: Any,  # noqa: N803
    roster: int,
    member: int,
    minute: int,
    own: int,
    at: int,
    takers: int,
    many: int,
) -> None:
    stride, units = R.frame[STEP] // R.frame[UNIT], R.member_units[member]
    occupied, served = R.member_occupied[member], R.member_served[member]
    if occupied >= 0 and served < 0:
        base = occupied * (R.frame[INSTANTS] + 1)
        low = base + number(R, minute - R.lead[roster])
        high = base + number(R, minute + R.tail[roster])
        for k in range(many):
            price = own + units * (X.prefix[high + k * stride] - X.prefix[low + k * stride])
            cheaper = price < X.table[at + k]
            X.table[at + k] = price if cheaper else X.table[at + k]
            X.taker[takers + k] = member if cheaper else X.taker[takers + k]
        return
    for k in range(many):
        price = own + taken(R, X, roster, member, minute + k * R.frame[STEP])
        if price < X.table[at + k]:
            X.table[at + k] = price
            X.taker[takers + k] = member


@compiled
def _fill_more(
    R: Any,  # noqa: N803
    X: Any,  # noqa: N803
    roster: int,
    member: int,
    minute: int,
    own: int,
    first: int,
    takers: int,
    many: int,
    count: int,
) -> None:
    stride, units, served = R.frame[STEP] // R.frame[UNIT], R.member_units[member], R.member_served[member]
    base = R.member_occupied[member] * (R.frame[INSTANTS] + 1)
    low = base + number(R, minute - R.lead[roster])
    high = base + number(R, minute + R.tail[roster])
    plain = R.member_occupied[member] >= 0 and served < 0
    for k in range(many):
        if plain:
            price = own + units * (X.prefix[high + k * stride] - X.prefix[low + k * stride])
        else:
            price = own + taken(R, X, roster, member, minute + k * R.frame[STEP])
        at = (first + k) * count
        if price < X.best[at + count - 1]:
            whose = takers + at
            place = count - 1
            while place > 0 and X.best[at + place - 1] > price:
                X.best[at + place] = X.best[at + place - 1]
                X.taker[whose + place] = X.taker[whose + place - 1]
                place -= 1
            X.best[at + place] = price
            X.taker[whose + place] = member


@compiled
def taken(R: Any, X: Any, roster: int, member: int, minute: int) -> Any:  # noqa: N803
    """What the instants that a start takes of a member cost."""
    total = 0
    if R.member_occupied[member] >= 0:
        base = R.member_occupied[member] * (R.frame[INSTANTS] + 1)
        low, high = number(R, minute - R.lead[roster]), number(R, minute + R.tail[roster])
        total += R.member_units[member] * (X.prefix[base + high] - X.prefix[base + low])
    if R.member_served[member] >= 0:
        base = R.member_served[member] * (R.frame[INSTANTS] + 1)
        low, high = number(R, minute), number(R, minute + R.duration[roster])
        total += X.prefix[base + high] - X.prefix[base + low]
    return total


@compiled
def run_at(R: Any, member: int, minute: int) -> Any:  # noqa: N803
    """The run of a member that holds a minute, -1 where there is none."""
    low, high = R.member_run0[member], R.member_run1[member]
    while low < high:
        middle = (low + high) // 2
        if R.run_first[middle] <= minute:
            low = middle + 1
        else:
            high = middle
    run = low - 1
    if run < R.member_run0[member] or minute > R.run_first[run] + (R.run_count[run] - 1) * R.frame[STEP]:
        return -1
    return run
