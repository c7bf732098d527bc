"""Ruin and recreate under simulated annealing: the loop of one search thread.

A move takes out a seed with its surroundings, adds tasks that were left out, places them again one by one at their
cheapest places in one of several orders, and is kept by the rule of Metropolis (Schrimpf et al., 2000; Christiaens
and Vanden Berghe, 2020).
"""

from math import exp, log

from solver.kernel.arrays import FAR, IDLES, TRAVELS, UNPLACED
from solver.kernel.best import touch, write_best
from solver.kernel.chance import below, unit
from solver.kernel.commit import displace, place
from solver.kernel.compiled import compiled
from solver.kernel.late import move_late
from solver.kernel.pull import close_up
from solver.kernel.recreate import recreate
from solver.kernel.ruin import find_seed, ruin, wanted_time
from solver.kernel.scratch import (
    ABSENT_ADDED,
    BLINK,
    FORCED,
    LAST_RISES,
    MOVE,
    PUSH_PERCENT,
    PUSHING,
    QUEUED,
    REMOVED,
    RISES,
    ROUTES_PERCENT,
    SAMPLE,
    STAMP,
    TIME_HINT,
)
from solver.kernel.smooth import begin_smoothing
from solver.kernel.strings import ruin_routes
from solver.kernel.tally import energy, total_cost

ORDERS = 5
SEGMENTS_TRIED = 5  # of a task with many; the ones about its time always


@compiled
def _sort(X, count):
    """Insertion sort of `X.order` by `X.keys`: the lists are short."""
    for i in range(1, count):
        key, task = X.keys[i], X.order[i]
        j = i - 1
        while j >= 0 and X.keys[j] > key:
            X.keys[j + 1], X.order[j + 1] = X.keys[j], X.order[j]
            j -= 1
        X.keys[j + 1], X.order[j + 1] = key, task


@compiled
def _queue(P, S, X, seed):
    """List what a move places again: what it took out, the seed, and two tasks that were left out before; sorted."""
    X.notes[STAMP] += 1
    stamp = X.notes[STAMP]
    X.notes[MOVE] = stamp
    count = 0
    for i in range(X.notes[REMOVED]):
        X.order[count] = X.removed[i]
        X.marks[X.removed[i]] = stamp
        count += 1
    if X.marks[seed] != stamp:
        X.order[count] = seed
        X.marks[seed] = stamp
        count += 1
    for _ in range(X.dials[ABSENT_ADDED]):
        if S.absent_count[0] > 0:
            task = S.absent[below(X.random, S.absent_count[0])]
            if X.marks[task] != stamp:
                X.order[count] = task
                X.marks[task] = stamp
                count += 1
    kind = below(X.random, ORDERS)
    for i in range(count):
        job = P.tasks[X.order[i]]
        key = unit(X.random)
        if kind == 1:
            key = -float(job.absent_cost) * (0.8 + 0.4 * key)
        elif kind == 2:
            key = -float(job.duration * max(1, job.position1 - job.position0)) * (0.8 + 0.4 * key)
        elif kind == 3:
            key += float(job.best_from if job.best_from > -FAR else P.segments[job.segment0].start)
        elif kind == 4 and job.position1 > job.position0:
            group = P.positions[job.position0]
            key += float((group.last - group.first) // (job.position1 - job.position0))
        X.keys[i] = key
        if X.notes[FORCED] and X.order[i] == seed:
            X.keys[i] = -1e300
    _sort(X, count)
    X.notes[QUEUED] = count
    return count


@compiled
def _take_back(P, S, X):
    """Undo a move by its journal."""
    for i in range(X.notes[QUEUED]):
        if S.start[X.order[i]] != UNPLACED:
            displace(P, S, X.order[i])
    for n in range(X.notes[REMOVED] - 1, -1, -1):
        task = X.removed[n]
        job = P.tasks[task]
        S.start[task], S.team[task] = X.old_start[n], X.old_team[n]
        S.user_count[task], S.resource_count[task] = X.old_user_count[n], X.old_resource_count[n]
        for p in range(X.old_user_count[n]):
            S.users[job.user0 + p] = X.old_users[n, p]
        for r in range(X.old_resource_count[n]):
            S.resources[job.resource0 + r], S.units[job.resource0 + r] = X.old_resources[n, r], X.old_units[n, r]
        place(P, S, task)


@compiled
def anneal(P, S, X, B, moves, hot, cold):
    """Make a number of moves while the temperature falls from `hot` to `cold`.

    Parameters
    ----------
    moves
        How many; the temperature falls geometrically over them.
    hot, cold
        Temperatures in units of cost.

    Returns
    -------
    Number of moves that were kept.
    """
    X.notes[BLINK], X.notes[SAMPLE] = 1, SEGMENTS_TRIED
    begin_smoothing(P, S, hot)
    stands = energy(P, S)
    fall = exp(log(cold / hot) / max(1, moves))
    temperature = hot
    kept = 0
    for _ in range(moves):
        temperature *= fall
        X.notes[REMOVED] = 0
        seed = find_seed(P, S, X)
        if seed < 0:
            return kept
        minute = wanted_time(P, S, X, seed)
        X.notes[TIME_HINT], X.notes[FORCED] = minute, 0
        if P.weights[TRAVELS] and below(X.random, 100) < X.dials[ROUTES_PERCENT]:
            ruin_routes(P, S, X, seed, minute)
        else:
            ruin(P, S, X, seed, minute)
        count = _queue(P, S, X, seed)
        pushing = P.weights[TRAVELS] != 0 and below(X.random, 100) < X.dials[PUSH_PERCENT]
        X.notes[PUSHING] = pushing
        if pushing:
            close_up(P, S, X)
        recreate(P, S, X, count)
        if pushing and P.weights[IDLES]:
            move_late(P, S, X)
        after = energy(P, S)
        delta = after - stands
        if delta > 0:
            X.rises[X.notes[RISES] % LAST_RISES] = int(delta)
            X.notes[RISES] += 1
        if delta > 0 and unit(X.random) >= exp(-delta / temperature):
            _take_back(P, S, X)
            continue
        kept += 1
        stands = after
        for i in range(X.notes[QUEUED]):
            touch(B, X.order[i])
        cost = total_cost(P, S)
        if cost < B.cost[0]:
            write_best(P, S, B, cost)
    begin_smoothing(P, S, 0.0)
    return kept


@compiled
def construct(P, S, X, order):
    """Place tasks in a given order, each at its cheapest place; a second round for followers."""
    X.notes[BLINK], X.notes[SAMPLE], X.notes[PUSHING] = 0, 0, P.weights[TRAVELS]
    X.notes[REMOVED] = 0
    X.notes[STAMP] += 1
    X.notes[MOVE] = X.notes[STAMP]
    count = 0
    for i in range(len(order)):
        task = order[i]
        if P.tasks[task].pinned == 0 and S.start[task] == UNPLACED:
            X.order[count] = task
            X.marks[task] = X.notes[MOVE]
            count += 1
    X.notes[QUEUED] = count
    recreate(P, S, X, count)
