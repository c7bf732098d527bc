"""Which starts the organization, a team and the resources leave to a task."""

from solver.kernel.arrays import INFINITE, ORGANIZATION
from solver.kernel.bits import NONE, ONE, clear, fill, has_bit, keep
from solver.kernel.compiled import compiled
from solver.kernel.desk import COUNT, DEMANDS, ORIGIN, STEP, TASK
from solver.kernel.ground import block, block_line, block_pile
from solver.kernel.pricing import counted


@compiled
def open_starts(P, D, subject, words, target):
    """Write those starts of a set at which the service lies in an open interval of a subject and it may be booked."""
    job, who = P.tasks[D.ask[TASK]], P.subjects[subject]
    origin, step, count = D.ask[ORIGIN], D.ask[STEP], D.ask[COUNT]
    fill(target, ((count - 1) >> 6) + 1, 0, -1)
    low, high = origin, origin + (count - 1) * step
    if job.fresh:
        low, high = max(low, who.fresh_from), min(high, who.fresh_until)
    for i in range(who.open0, who.open1):
        first, last = max(low, P.opens[i].first), min(high, P.opens[i].last - job.duration)
        if P.opens[i].first > high:
            break
        keep(target, words, -((origin - first) // step), (last - origin) // step)


@compiled
def free_starts(P, S, D, subject, units, words):
    """Take out of a set the starts at which a team or a resource has no room, or a limit is reached."""
    job, who = P.tasks[D.ask[TASK]], P.subjects[subject]
    origin, step, high = D.ask[ORIGIN], D.ask[STEP], D.ask[COUNT] - 1
    tail = job.duration + job.after
    if who.line >= 0:
        block_line(P, S, D.ask[TASK], who.line, words, origin, step, 0, high)
    elif who.pile >= 0:
        block_pile(P, S, who.pile, job.before, tail, units, who.capacity, words, origin, step, 0, high)
    if who.service_pile >= 0:
        block_pile(P, S, who.service_pile, 0, job.duration, 1, who.concurrency, words, origin, step, 0, high)
    if who.counter1 > who.counter0:
        for k in range(high + 1):
            if has_bit(words, k) and counted(P, S, subject, origin + k * step, job.duration) >= INFINITE:
                clear(words, k, k)


@compiled
def general_starts(P, S, D):
    """Take out of `allow` the starts that the organization refuses."""
    job = P.tasks[D.ask[TASK]]
    organization = P.weights[ORGANIZATION]
    general = P.subjects[organization]
    origin, step, high = D.ask[ORIGIN], D.ask[STEP], D.ask[COUNT] - 1
    if job.alone:
        open_starts(P, D, organization, D.allow, D.words)
        for w in range((high >> 6) + 1):
            D.allow[w] = D.words[w]
    elif job.fresh:
        block(D.allow, origin, step, 0, high, origin - 1, max(origin, general.fresh_from))
        block(D.allow, origin, step, 0, high, max(origin - 1, general.fresh_until), origin + (high + 1) * step)
    free_starts(P, S, D, organization, 0, D.allow)


@compiled
def held_starts(P, S, D):
    """Keep in `allow` the starts at which each demand has a resource, and note which are free when."""
    words = ((D.ask[COUNT] - 1) >> 6) + 1
    for d in range(D.ask[DEMANDS]):
        for w in range(words):
            D.union[w] = NONE
        for c in range(D.chair_from[d], D.chair_from[d + 1]):
            row = D.rooms[c]
            open_starts(P, D, D.chair_resource[c], D.allow, row)
            free_starts(P, S, D, D.chair_resource[c], D.chair_units[c], row)
            for w in range(words):
                D.union[w] |= row[w]
        for w in range(words):
            D.allow[w] &= D.union[w]


@compiled
def team_starts(P, S, D, team):
    """Write into `free` the starts of `allow` that a team leaves, all of them without one."""
    words = ((D.ask[COUNT] - 1) >> 6) + 1
    if team < 0:
        for w in range(words):
            D.free[w] = D.allow[w]
        return
    open_starts(P, D, team, D.allow, D.free)
    free_starts(P, S, D, team, 1, D.free)


@compiled
def bits_in(words, count):
    """Number of set bits among the first `count`."""
    total = 0
    for w in range(((count - 1) >> 6) + 1):
        word = words[w]
        while word != NONE:
            word &= word - ONE
            total += 1
    return total
