"""What a move takes out where people travel: strings of neighbouring routes, related stops, dear stops, any stops.

Sources: adjacent string removal (Christiaens and Vanden Berghe, 2020); related and worst removal (Ropke and Pisinger,
2006).
"""

from math import log

from solver.kernel.arrays import FAR, UNPLACED, W_TRAVEL
from solver.kernel.chance import below, unit
from solver.kernel.compiled import compiled
from solver.kernel.lines import located_after, located_before, way_past
from solver.kernel.push import entry_of
from solver.kernel.ruin import any_task, free_resource, take_out
from solver.kernel.scratch import (
    LONGEST_STRING,
    MEAN_REMOVED,
    RELATED_PERCENT,
    REMOVED,
    RESOURCE_PERCENT,
    STRINGS_PERCENT,
    WORST_PERCENT,
)

SAMPLE = 24  # tasks that are compared for the nearest
DEAR = 6  # tasks that are compared for the dearest
MOST = 60  # tasks that one move takes out


@compiled
def _nearest(P, S, X, seed, when, other_than):
    """Of some random placed tasks the nearest to a task in travel and time, not served by a certain user."""
    best, who = FAR, -1
    here = P.tasks[seed].location
    for _ in range(SAMPLE):
        task = below(X.random, len(P.tasks))
        job = P.tasks[task]
        if S.start[task] == UNPLACED or job.pinned or task == seed or S.user_count[task] == 0:
            continue
        if other_than >= 0 and S.users[job.user0] == other_than:
            continue
        far = abs(S.start[task] - when)
        if here >= 0 and job.location >= 0:
            far = far // 4 + P.travel[here, job.location] + P.travel[job.location, here]
        if far < best:
            best, who = far, task
    return who


@compiled
def _string(P, S, X, task, most):
    """Take out neighbours on one route around a task."""
    job = P.tasks[task]
    user = S.users[job.user0 + below(X.random, S.user_count[task])]
    line = P.subjects[user].line
    base = P.line_start[line]
    i = entry_of(P, S, task, line)
    length = 1 + below(X.random, most)
    first = max(0, i - below(X.random, length))
    shift = S.line_shift[base + i]
    count = 0
    for k in range(first, min(S.line_length[line], first + length)):
        if S.line_shift[base + k] == shift:
            X.stack[len(X.stack) - 1 - count] = S.line_task[base + k]
            count += 1
    for k in range(count):
        take_out(P, S, X, X.stack[len(X.stack) - 1 - k])


@compiled
def _price(P, S, task):
    """What a placed task costs by its detours and its lateness."""
    job = P.tasks[task]
    cost = 0
    if job.late_weight:
        cost += 2 * job.late_weight * max(0, S.start[task] + job.duration - job.due)
    if job.preferred_weight:
        cost += job.preferred_weight * abs(S.start[task] - job.preferred)
    if job.location < 0:
        return cost
    for p in range(S.user_count[task]):
        user = S.users[job.user0 + p]
        line = P.subjects[user].line
        base, length = P.line_start[line], S.line_length[line]
        i = entry_of(P, S, task, line)
        shift = S.line_shift[base + i]
        if shift < 0:
            continue
        before, _ = located_before(P, S, base, i, shift)
        after, _ = located_after(P, S, base, length, i + 1, shift)
        way = way_past(P, S, user, before, base + i) + way_past(P, S, user, base + i, after)
        cost += P.weights[W_TRAVEL] * (way - way_past(P, S, user, before, after))
    return cost


@compiled
def _dearest(P, S, X):
    """Of some random placed tasks the dearest."""
    best, who = -1, -1
    for _ in range(DEAR):
        task = below(X.random, len(P.tasks))
        if S.start[task] == UNPLACED or P.tasks[task].pinned:
            continue
        price = _price(P, S, task)
        if price > best:
            best, who = price, task
    return who


@compiled
def ruin_routes(P, S, X, seed, when):
    """Take out a seed and stops around it.

    Parameters
    ----------
    seed
        A task, placed or not.
    when
        A minute that it stands at or wants.
    """
    size = min(MOST, 2 + int(-float(X.dials[MEAN_REMOVED]) * log(1.0 - unit(X.random))))
    kind = below(X.random, 100)
    user = S.users[P.tasks[seed].user0] if S.start[seed] != UNPLACED and S.user_count[seed] else -1
    strings = X.dials[STRINGS_PERCENT]
    related = strings + X.dials[RELATED_PERCENT]
    worst = related + X.dials[WORST_PERCENT]
    if kind < strings and user >= 0:
        _string(P, S, X, seed, min(X.dials[LONGEST_STRING], size))
    else:
        take_out(P, S, X, seed)
    if user < 0 or below(X.random, 100) < X.dials[RESOURCE_PERCENT]:
        free_resource(P, S, X, P.tasks[seed], when)
    for _ in range(size):
        if X.notes[REMOVED] >= size:
            return
        if kind < strings:
            task = _nearest(P, S, X, seed, when, user)
            if task >= 0:
                _string(P, S, X, task, min(X.dials[LONGEST_STRING], size - X.notes[REMOVED]))
            continue
        if kind < related:
            task = _nearest(P, S, X, seed, when, -1)
        elif kind < worst:
            task = _dearest(P, S, X)
        else:
            task = any_task(P, X)
        if task >= 0:
            take_out(P, S, X, task)
