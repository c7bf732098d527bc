"""Insertion into routes: a task enters a gap of somebody's line, and what follows makes way.

A task is inserted alone, or together with the one it is linked to closely. Every position to be filled is a *slot*;
for each slot the cheapest gaps are listed by a bound (detour, own start, the push of the next stop), combinations are
tried in that order, and each one's price is taken from the fixpoint of the starts that it moves.
"""

from solver.kernel.arrays import (
    FAR,
    IDLES,
    INFINITE,
    MAX_LATE,
    MAX_WAITING,
    UNPLACED,
    W_MAX_LATE,
    W_MAX_WAITING,
    W_WAITING,
)
from solver.kernel.choices import list_task, push_at_least
from solver.kernel.commit import displace, place
from solver.kernel.compiled import compiled
from solver.kernel.late import least_waiting
from solver.kernel.pricing import start_cost
from solver.kernel.push import begin_push, next_start, propagate
from solver.kernel.resources import choose_resources
from solver.kernel.savings import credit_of
from solver.kernel.scratch import (
    MOST_TRIALS,
    MOVE,
    MOVED,
    PRICE,
    PUSH,
    PUSH_LATE,
    QUEUE,
    QUEUED,
    SLOTS,
)
from solver.kernel.shift import may_stand, shift_back, shift_moved
from solver.kernel.smooth import is_smooth, shift_powers, smooth_rise


@compiled
def _pick(P, X, slot, k):
    """Take one of a slot's choices."""
    X.pick[slot] = k
    user = X.choice_user[slot, k]
    X.slot_user[slot], X.slot_line[slot] = user, P.subjects[user].line
    X.slot_gap[slot], X.slot_shift[slot] = X.choice_gap[slot, k], X.choice_shift[slot, k]
    X.slot_start[slot] = X.choice_start[slot, k]


@compiled
def _earliest_pair(P, X, one, at, other, then):
    """The starts of two tasks that enter together, each raised to what the link between them asks for."""
    job = P.tasks[one]
    for side in range(2):
        low, high = (job.link_in0, job.link_in1) if side == 0 else (job.link_out0, job.link_out1)
        for i in range(low, high):
            link = P.links[P.links_in[i] if side == 0 else P.links_out[i]]
            if side == 0 and link.before == other:
                span = 0 if link.from_start else P.tasks[other].duration
                at = max(at, then + span + link.min_gap)
                then = max(then, at - span - link.max_gap)
            elif side == 1 and link.after == other:
                span = 0 if link.from_start else job.duration
                then = max(then, at + span + link.min_gap)
                at = max(at, then - span - link.max_gap)
    return at, then


@compiled
def _joint_bound(P, S, X, slots):
    """What the picked choices cost at least together."""
    task = X.slot_task[0]
    at = then = -FAR
    other = -1
    bound = 0
    for v in range(slots):
        bound += X.choice_price[v, X.pick[v]] - X.choice_saved[v, X.pick[v]]
        if X.slot_task[v] == task:
            at = max(at, X.slot_start[v])
        else:
            other = X.slot_task[v]
            then = max(then, X.slot_start[v])
    if other >= 0:
        at, then = _earliest_pair(P, X, task, at, other, then)
        bound += start_cost(P.tasks[other], then)
    bound += start_cost(P.tasks[task], at)
    for v in range(slots):
        start = at if X.slot_task[v] == task else then
        bound += push_at_least(P, S, X.slot_task[v], X.slot_user[v], X.slot_gap[v], X.slot_shift[v], start)
    return bound


@compiled
def _waiting_price(P, S, X, slots):
    """What the picked choices add to the price of waiting; an estimate."""
    more, longest, before = 0, 0, S.totals[MAX_WAITING]
    stood = 0
    powers = 0.0
    for v in range(slots):
        line, gap, shift = X.slot_line[v], X.slot_gap[v], X.slot_shift[v]
        waiting = least_waiting(P, S, X, line, gap, shift)
        X.notes[SLOTS] = 0
        X.notes[PUSH] += 1
        old = least_waiting(P, S, X, line, gap, shift)
        X.notes[PUSH] -= 1
        X.notes[SLOTS] = slots
        more += waiting - old
        longest, stood = max(longest, waiting), max(stood, old)
        if is_smooth(S):
            powers += shift_powers(S, old, waiting)
    price = P.weights[W_WAITING] * more
    if is_smooth(S):
        price += int(smooth_rise(P, S, powers))
    elif P.weights[W_MAX_WAITING]:
        if longest < before:
            for shift in range(len(S.idle)):
                other = S.idle[shift]
                for v in range(slots):
                    if X.slot_shift[v] == shift:
                        other = 0
                longest, stood = max(longest, other), max(stood, other)
        price += P.weights[W_MAX_WAITING] * (longest - max(stood, before) if longest > before else longest - stood)
    return price


@compiled
def _simulate(P, S, X, slots, team, limit):
    """Price of the picked choices with all that they push; INFINITE: impossible, or no cheaper than the limit."""
    price = saved = 0
    for v in range(slots):
        price += X.choice_price[v, X.pick[v]]
        saved += X.choice_saved[v, X.pick[v]]
    if price - saved >= limit:
        return INFINITE
    begin_push(X, limit - price + saved)
    X.notes[SLOTS] = slots
    v = 0
    while v < slots:
        task = X.slot_task[v]
        job = P.tasks[task]
        at = -FAR
        crew = job.position1 - job.position0
        for p in range(crew):
            S.users[job.user0 + p] = X.slot_user[v + p]
            at = max(at, X.slot_start[v + p])
        S.team[task] = team if v == 0 else -1
        at = next_start(P, S, task, at, crew, 0, S.team[task])
        if at == UNPLACED:
            return INFINITE
        X.tent[task], X.tent_mark[task], X.raises[task] = at, X.notes[PUSH], 0
        X.moved[X.notes[MOVED]] = task
        X.notes[MOVED] += 1
        X.queue[X.notes[QUEUE]] = task
        X.notes[QUEUE] += 1
        X.notes[PRICE] += start_cost(job, at)
        if job.has_due:
            X.notes[PUSH_LATE] = max(X.notes[PUSH_LATE], at + job.duration - job.due)
        v += crew
    if X.notes[PRICE] + price - saved >= limit or not propagate(P, S, X):
        return INFINITE
    price += X.notes[PRICE]
    if P.weights[IDLES]:
        price += _waiting_price(P, S, X, slots)
    if P.weights[W_MAX_LATE]:
        price += P.weights[W_MAX_LATE] * max(0, X.notes[PUSH_LATE] - S.totals[MAX_LATE])
    return price


@compiled
def _try_choices(P, S, X, slots, team, limit):
    """Try combinations of choices, the cheapest bounds first; the best is written to `X.best_pick`."""
    best = limit
    trials = 0
    d = 0
    X.pick[0], X.pick_sum[0] = 0, 0
    while d >= 0:
        k = X.pick[d]
        if k >= X.choice_count[d] or X.pick_sum[d] + X.choice_key[d, k] >= best:
            d -= 1
            if d >= 0:
                X.pick[d] += 1
            continue
        taken = False
        for e in range(d):
            if X.slot_user[e] == X.choice_user[d, k]:
                taken = True
        if taken:
            X.pick[d] += 1
            continue
        _pick(P, X, d, k)
        if d + 1 < slots:
            X.pick_sum[d + 1] = X.pick_sum[d] + X.choice_key[d, k]
            d += 1
            X.pick[d] = 0
            continue
        if slots > 1 and _joint_bound(P, S, X, slots) >= best:
            X.pick[d] += 1
            continue
        trials += 1
        price = _simulate(P, S, X, slots, team, best)
        if price < best:
            best = price
            for v in range(slots):
                X.best_pick[v] = X.pick[v]
        if trials >= X.dials[MOST_TRIALS]:
            break
        X.pick[d] += 1
    return best if best < limit else INFINITE


@compiled
def best_route(P, S, X, task, team, partner, limit):
    """Find the cheapest insertion of a task, and of its partner if there is one, below a limit.

    Returns
    -------
    (price, slots): the number of slots that `X.best_pick` has choices for; INFINITE where there is none.
    """
    credit = credit_of(P, task) + (credit_of(P, partner) if partner >= 0 else 0)
    slots = list_task(P, S, X, task, team, partner, 0, limit + credit)
    if slots and partner >= 0:
        more = list_task(P, S, X, partner, -1, task, slots, limit + credit)
        slots = slots + more if more else 0
    if slots == 0:
        return INFINITE, 0
    price = _try_choices(P, S, X, slots, team, limit + credit)
    return (price - credit if price < INFINITE else INFINITE), slots


@compiled
def take_route(P, S, X, slots, team):
    """Carry the best insertion out; False: something that the bounds do not know forbids it, and all is as before."""
    for v in range(slots):
        _pick(P, X, v, X.best_pick[v])
    if _simulate(P, S, X, slots, team, INFINITE) >= INFINITE or not shift_moved(P, S, X):
        return False
    v = 0
    while v < slots:
        task = X.slot_task[v]
        job = P.tasks[task]
        crew = job.position1 - job.position0
        held = job.demand1 - job.demand0
        start = X.tent[task]
        good = held == 0 or choose_resources(P, S, X, task, start)
        if good:
            for d in range(held):
                S.resources[job.resource0 + d], S.units[job.resource0 + d] = X.try_resources[d], X.try_units[d]
            good = may_stand(P, S, task, start, crew, held)
        if not good:
            w = 0
            while w < v:
                displace(P, S, X.slot_task[w])
                w += P.tasks[X.slot_task[w]].position1 - P.tasks[X.slot_task[w]].position0
            shift_back(P, S, X)
            return False
        S.start[task], S.user_count[task], S.resource_count[task] = start, crew, held
        place(P, S, task)
        if X.marks[task] != X.notes[MOVE]:
            X.marks[task] = X.notes[MOVE]
            X.order[X.notes[QUEUED]] = task
            X.notes[QUEUED] += 1
        v += crew
    return True
