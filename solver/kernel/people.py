"""What each user costs at each start of a task: gap by gap, exact where it is looked at."""

from solver.kernel.arrays import (
    FAR,
    IDLES,
    INFINITE,
    LABOR,
    LOAD_MAX,
    LOAD_MIN,
    MAX_WAITING,
    RATE_UNIT,
    TRAVELS,
    W_BALANCE,
    W_CONTINUITY,
    W_HEADCOUNT,
    W_LABOR,
    W_MAX_WAITING,
    W_TRAVEL,
    W_WAITING,
)
from solver.kernel.bits import next_bit
from solver.kernel.compiled import compiled
from solver.kernel.desk import CANDIDATES, COUNT, HEADS, JOINT, KEPT, KINDS, ORIGIN, STEP, TASK
from solver.kernel.lines import breaks_hold, gap_at, gap_bounds, idle_minutes
from solver.kernel.pricing import counted, outsider_cost, whole_currency


@compiled
def price_people(P, S, D):
    """Find the users with the least prices of every kind at every start of `free`."""
    for i in range(D.ask[COUNT] * D.ask[KINDS]):
        D.kept[i] = 0
    for c in range(D.ask[CANDIDATES]):
        _price_user(P, S, D, c)


@compiled
def alone_cost(P, S, task, user):
    """What a user costs whoever comes along and whenever it is: outsider, headcount, a new face."""
    job = P.tasks[task]
    cost = outsider_cost(P, task, user)
    if S.jobs[user] == 0:
        cost += P.weights[W_HEADCOUNT]
    if P.weights[W_CONTINUITY] and job.client >= 0 and S.served[job.client, user] == 0:
        cost += P.weights[W_CONTINUITY]
    return cost


@compiled
def labor_cost(P, S, numerator):
    """What some labour adds to the labour cost, which is rounded once for the plan."""
    if P.weights[W_LABOR] == 0:
        return 0
    unit, spent = P.weights[RATE_UNIT], S.totals[LABOR]
    return P.weights[W_LABOR] * (whole_currency(spent + numerator, unit) - whole_currency(spent, unit))


@compiled
def note_extremes(P, S, D):
    """Note the longest waits and the smallest loads, one more of each than there are heads."""
    most = D.ask[HEADS] + 1
    for i in range(most):
        D.top_idle[i], D.top_shift[i] = 0, -1
        D.low_load[i], D.low_user[i] = FAR, -1
    if P.weights[W_MAX_WAITING]:
        for shift in range(len(P.shifts)):
            idle, at = S.idle[shift], shift
            for i in range(most):
                if idle > D.top_idle[i]:
                    D.top_idle[i], idle = idle, D.top_idle[i]
                    D.top_shift[i], at = at, D.top_shift[i]
    if P.weights[W_BALANCE]:
        for i in range(len(P.balanced)):
            load, who = S.load[P.balanced[i]], P.balanced[i]
            for j in range(most):
                if load < D.low_load[j]:
                    D.low_load[j], load = load, D.low_load[j]
                    D.low_user[j], who = who, D.low_user[j]


@compiled
def _lone_balance(P, S, D, task, user):
    """What one user alone adds to the price of unequal loads."""
    if P.weights[W_BALANCE] == 0:
        return 0
    load = S.load[user] + P.tasks[task].duration
    least = min(load, D.low_load[1] if D.low_user[0] == user else D.low_load[0])
    return P.weights[W_BALANCE] * (max(0, load - S.totals[LOAD_MAX]) - (least - S.totals[LOAD_MIN]))


@compiled
def _price_user(P, S, D, candidate):
    task, user = D.ask[TASK], D.user[candidate]
    job, who = P.tasks[task], P.subjects[user]
    origin, step, high = D.ask[ORIGIN], D.ask[STEP], D.ask[COUNT] - 1
    fixed = alone_cost(P, S, task, user)
    if D.ask[JOINT] == 0 and D.ask[HEADS] == 1:
        fixed += labor_cost(P, S, job.duration * who.rate) + _lone_balance(P, S, D, task, user)
    first, last = origin, origin + high * step
    if job.fresh:
        first, last = max(first, who.fresh_from), min(last, who.fresh_until)
    if P.weights[TRAVELS] == 0 and P.weights[IDLES] == 0:
        _price_shift(P, S, D, candidate, -1, first, last, fixed)
        return
    for shift in range(who.shift0, who.shift1):
        if P.shifts[shift].first > last:
            break
        if P.shifts[shift].last > first:
            opens, closes = max(first, P.shifts[shift].first), min(last, P.shifts[shift].last - 1)
            _price_shift(P, S, D, candidate, shift, opens, closes, fixed)


@compiled
def _price_shift(P, S, D, candidate, shift, first, last, fixed):
    """Go through the gaps that the services of a user from one minute to another could begin in."""
    user = D.user[candidate]
    job, who = P.tasks[D.ask[TASK]], P.subjects[user]
    base, length = P.line_start[who.line], S.line_length[who.line]
    gap = gap_at(S.line_from, base, length, first - job.before)
    while gap <= length and (gap == 0 or S.line_from[base + gap - 1] < last - job.before):
        low, high, added = gap_bounds(P, S, D.ask[TASK], user, gap, shift)
        low, high = max(low, first), min(high, last)
        if low <= high:
            _price_gap(P, S, D, candidate, shift, gap, low, high, fixed + P.weights[W_TRAVEL] * added)
        gap += 1


@compiled
def _price_gap(P, S, D, candidate, shift, gap, first, last, cost):
    """Price the starts of one gap in the open time of a user."""
    job, who = P.tasks[D.ask[TASK]], P.subjects[D.user[candidate]]
    origin, step = D.ask[ORIGIN], D.ask[STEP]
    low, high = who.open0, who.open1
    while low < high:
        middle = (low + high) >> 1
        if P.opens[middle].last <= first:
            low = middle + 1
        else:
            high = middle
    for i in range(low, who.open1):
        if P.opens[i].first > last:
            break
        opens, closes = max(first, P.opens[i].first), min(last, P.opens[i].last - job.duration)
        bit0, bit1 = max(0, -((origin - opens) // step)), min(D.ask[COUNT] - 1, (closes - origin) // step)
        bit = next_bit(D.free, bit0, bit1)
        while bit >= 0:
            _price_start(P, S, D, candidate, shift, gap, bit, cost)
            bit = next_bit(D.free, bit + 1, bit1)


@compiled
def _price_start(P, S, D, candidate, shift, gap, bit, cost):
    """Keep a user among the cheapest of a kind at a start, if nothing forbids it."""
    task, user = D.ask[TASK], D.user[candidate]
    job, who = P.tasks[task], P.subjects[user]
    place = bit * D.ask[KINDS] + D.kind[candidate]
    kept, most = D.kept[place], D.ask[KEPT]
    base = place * most
    worst = D.kept_price[base + most - 1] if kept == most else INFINITE
    waits = P.weights[IDLES] != 0 and shift >= 0
    least = cost
    if waits:
        least -= P.weights[W_WAITING] * S.idle[shift] + P.weights[W_MAX_WAITING] * S.totals[MAX_WAITING]
    if least >= worst:
        return
    start = D.ask[ORIGIN] + bit * D.ask[STEP]
    more = counted(P, S, user, start, job.duration)
    if more >= INFINITE:
        return
    price, idle = cost + more, 0
    opens, closes = start - job.before, start + job.duration + job.after
    if waits:
        idle = idle_minutes(P, S, user, gap, shift, opens, closes, job.location)
        price += P.weights[W_WAITING] * (idle - S.idle[shift])
        if P.weights[W_MAX_WAITING] and D.ask[HEADS] == 1:
            rest = D.top_idle[1] if D.top_shift[0] == shift else D.top_idle[0]
            price += P.weights[W_MAX_WAITING] * (max(idle, rest) - S.totals[MAX_WAITING])
    if price >= worst:
        return
    if who.break1 > who.break0 and breaks_hold(P, S, user, gap, opens, closes, task) >= 0:
        return
    at = base + min(kept, most - 1)
    while at > base and D.kept_price[at - 1] > price:
        D.kept_price[at], D.kept_who[at] = D.kept_price[at - 1], D.kept_who[at - 1]
        D.kept_idle[at], D.kept_shift[at] = D.kept_idle[at - 1], D.kept_shift[at - 1]
        at -= 1
    D.kept_price[at], D.kept_who[at] = price, candidate
    D.kept_idle[at], D.kept_shift[at] = idle, shift
    if kept < most:
        D.kept[place] = kept + 1
