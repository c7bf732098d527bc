"""The cheapest crew of a task at one start, out of the users that were found for it.

Where the prices of people add up, the cheapest first who can still be seated make the cheapest crew (a transversal
matroid). Where they do not, all crews that could be cheaper than the best so far are looked at, in the same order.
"""

from solver.kernel.arrays import FAR, INFINITE, LOAD_MAX, LOAD_MIN, MAX_WAITING, W_BALANCE, W_MAX_WAITING
from solver.kernel.compiled import compiled
from solver.kernel.desk import GROUPS, HEADS, JOINT, KEPT, KINDS, MOST_CREWS, TASK
from solver.kernel.people import labor_cost


@compiled
def cheapest_crew(P, S, D, bit):
    """Find the cheapest crew at a start.

    Returns
    -------
    Its extra cost, and its members and their groups in `best_crew` and `best_seat`; INFINITE: there is none.
    """
    heads = D.ask[HEADS]
    if heads == 0:
        return 0
    count = _pool(D, bit)
    if count < heads:
        return INFINITE
    best = _greedy(P, S, D, count)
    if best < INFINITE and D.ask[JOINT] and count > heads:
        best = _search(P, S, D, count, best)
    return best


@compiled
def _pool(D, bit):
    """Merge the users of all kinds at a start by price, and those of equal price by preference."""
    count = 0
    for kind in range(D.ask[KINDS]):
        place = bit * D.ask[KINDS] + kind
        first = place * D.ask[KEPT]
        for i in range(first, first + D.kept[place]):
            price, who = D.kept_price[i], D.kept_who[i]
            at = count
            while at > 0 and (
                D.pool_price[at - 1] > price or (D.pool_price[at - 1] == price and D.pool_who[at - 1] > who)
            ):
                D.pool_price[at], D.pool_who[at] = D.pool_price[at - 1], D.pool_who[at - 1]
                D.pool_kind[at] = D.pool_kind[at - 1]
                D.pool_idle[at], D.pool_shift[at] = D.pool_idle[at - 1], D.pool_shift[at - 1]
                at -= 1
            D.pool_price[at], D.pool_who[at], D.pool_kind[at] = price, who, kind
            D.pool_idle[at], D.pool_shift[at] = D.kept_idle[i], D.kept_shift[i]
            count += 1
    D.pool_sum[0] = 0
    for i in range(count):
        D.pool_sum[i + 1] = D.pool_sum[i] + D.pool_price[i]
    return count


@compiled
def _greedy(P, S, D, count):
    """Take the cheapest who can be seated beside those taken; returns the extra cost of the crew, INFINITE: none."""
    heads = D.ask[HEADS]
    _clear_seats(D, 0)
    taken, total, i = 0, 0, 0
    while taken < heads and i < count:
        if count - i < heads - taken:
            return INFINITE
        D.trail[taken] = i
        if _seat(D, 0, taken):
            total += D.pool_price[i]
            taken += 1
        i += 1
    if taken < heads:
        return INFINITE
    for n in range(heads):
        D.best_crew[n], D.best_seat[n] = D.trail[n], D.seats[n]
    if D.ask[JOINT]:
        total += _together(P, S, D, heads)
    return total


@compiled
def _search(P, S, D, count, best):
    """Look at the crews that could be cheaper than the best, depth first."""
    heads = D.ask[HEADS]
    looks = D.ask[MOST_CREWS]
    _clear_seats(D, 0)
    depth, next_one, total = 0, 0, 0
    while True:
        rest = heads - depth
        step_back = count - next_one < rest or looks == 0
        if not step_back:
            least = total + D.pool_sum[next_one + rest] - D.pool_sum[next_one]
            step_back = least + _together_at_least(P, S, D, depth) >= best
        if step_back:
            if depth == 0:
                return best
            depth -= 1
            next_one = D.trail[depth] + 1
            total = D.trail_sum[depth]
            continue
        looks -= 1
        D.trail[depth], D.trail_sum[depth] = next_one, total
        _copy_seats(D, depth)
        if not _seat(D, depth + 1, depth):
            next_one += 1
            continue
        if rest > 1:
            total += D.pool_price[next_one]
            depth += 1
            next_one += 1
            continue
        price = total + D.pool_price[next_one] + _together(P, S, D, heads)
        if price < best:
            best = price
            for n in range(heads):
                D.best_crew[n], D.best_seat[n] = D.trail[n], D.seats[heads * heads + n]
        next_one += 1


@compiled
def _clear_seats(D, level):
    for g in range(D.ask[GROUPS]):
        D.used[level * D.ask[GROUPS] + g] = 0


@compiled
def _copy_seats(D, level):
    """Begin the seats of the next level as those of a level."""
    groups, heads = D.ask[GROUPS], D.ask[HEADS]
    for g in range(groups):
        D.used[(level + 1) * groups + g] = D.used[level * groups + g]
    for n in range(level):
        D.seats[(level + 1) * heads + n] = D.seats[level * heads + n]


@compiled
def _seat(D, level, head):
    """Seat one member more of the trail, moving others to other groups where needed; False: there is no seat."""
    groups = D.ask[GROUPS]
    seats, used = level * D.ask[HEADS], level * groups
    kind = D.pool_kind[D.trail[head]]
    for g in range(groups):
        D.group_from[g] = -1
    first, last = 0, 0
    for g in range(groups):
        if D.fits[kind * groups + g]:
            D.group_from[g] = head
            D.queue[last] = g
            last += 1
    while first < last:
        g = D.queue[first]
        first += 1
        if D.used[used + g] < D.heads[g]:
            D.used[used + g] += 1
            while D.group_from[g] != head:
                mover = D.group_from[g]
                left = D.seats[seats + mover]
                D.seats[seats + mover] = g
                g = left
            D.seats[seats + head] = g
            return True
        for n in range(head):
            if D.seats[seats + n] != g:
                continue
            other = D.pool_kind[D.trail[n]]
            for h in range(groups):
                if D.group_from[h] < 0 and D.fits[other * groups + h]:
                    D.group_from[h] = n
                    D.queue[last] = h
                    last += 1
    return False


@compiled
def _together(P, S, D, members):
    """What the members of the trail cost beside their own prices: rounded labour, unequal loads, the longest wait."""
    job = P.tasks[D.ask[TASK]]
    labor, most = 0, 0
    longest = 0
    for n in range(members):
        user = D.user[D.pool_who[D.trail[n]]]
        labor += job.duration * P.subjects[user].rate
        most = max(most, S.load[user] + job.duration)
        longest = max(longest, D.pool_idle[D.trail[n]])
    cost = labor_cost(P, S, labor)
    if P.weights[W_BALANCE]:
        least = _least_load(P, S, D, members)
        cost += P.weights[W_BALANCE] * (max(0, most - S.totals[LOAD_MAX]) - (least - S.totals[LOAD_MIN]))
    if P.weights[W_MAX_WAITING]:
        for i in range(D.ask[HEADS] + 1):
            theirs = False
            for n in range(members):
                if D.pool_shift[D.trail[n]] == D.top_shift[i]:
                    theirs = True
            if not theirs:
                longest = max(longest, D.top_idle[i])
                break
        cost += P.weights[W_MAX_WAITING] * (longest - S.totals[MAX_WAITING])
    return cost


@compiled
def _least_load(P, S, D, members):
    """The smallest load of a balanced user once the members of the trail have served the task too."""
    least = FAR
    for n in range(members):
        user = D.user[D.pool_who[D.trail[n]]]
        least = min(least, S.load[user] + P.tasks[D.ask[TASK]].duration)
    for i in range(D.ask[HEADS] + 1):
        theirs = False
        for n in range(members):
            if D.user[D.pool_who[D.trail[n]]] == D.low_user[i]:
                theirs = True
        if not theirs:
            return min(least, D.low_load[i])
    return least


@compiled
def _together_at_least(P, S, D, members):
    """A bound of what any crew costs beside its members' prices that begins with the members of the trail."""
    job = P.tasks[D.ask[TASK]]
    labor, most = 0, 0
    longest = D.top_idle[D.ask[HEADS]]
    for n in range(members):
        user = D.user[D.pool_who[D.trail[n]]]
        labor += job.duration * P.subjects[user].rate
        most = max(most, S.load[user] + job.duration)
        longest = max(longest, D.pool_idle[D.trail[n]])
    cost = labor_cost(P, S, labor)
    if P.weights[W_BALANCE]:
        least = min(S.totals[LOAD_MIN] + job.duration, D.low_load[D.ask[HEADS]])
        cost += P.weights[W_BALANCE] * (max(0, most - S.totals[LOAD_MAX]) - (least - S.totals[LOAD_MIN]))
    if P.weights[W_MAX_WAITING]:
        cost += P.weights[W_MAX_WAITING] * (longest - S.totals[MAX_WAITING])
    return cost
