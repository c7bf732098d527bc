"""Which starts of a segment are possible before any user is looked at: the team, the resources, the organization."""

from solver.kernel.arrays import ALIGNED, INFINITE, ORGANIZATION, PILE_LENGTH, PILE_START, STEP, TICK
from solver.kernel.bits import NONE, clear, fill, spread, up_to_bit, window_word
from solver.kernel.chance import below
from solver.kernel.compiled import compiled
from solver.kernel.lines import gap_at
from solver.kernel.pricing import allows_start, counted
from solver.kernel.starts import free_runs, is_near, near_starts


@compiled
def block(words, origin, step, low, high, after, before):
    """Take out the starts strictly between two minutes, as far as they are among the bits low…high."""
    first = (after - origin) // step + 1
    last = -((origin - before) // step) - 1
    clear(words, max(low, first), min(high, last))


@compiled
def block_calendar(P, task, subject, words, origin, step, low, high):
    """Keep only the starts that a subject's calendar and its bounds for new bookings allow; False: none is left."""
    job, who = P.tasks[task], P.subjects[subject]
    if origin % step:
        if not allows_start(P, task, subject, origin):
            words[0] = NONE
            return False
        return True
    row = P.mask_rows[who.calendar, job.length]
    if row < 0:
        return False
    slot = origin // step
    rest = NONE
    for w in range(low >> 6, (high >> 6) + 1):
        words[w] &= window_word(P.masks[row], slot + (w << 6))
        rest |= words[w]
    if job.fresh:
        if who.fresh_from > origin:
            block(words, origin, step, low, high, origin - 1, who.fresh_from)
        if who.fresh_until < origin + high * step:
            block(words, origin, step, low, high, who.fresh_until, origin + (high + 1) * step)
    return rest != NONE


@compiled
def block_line(P, S, task, line, words, origin, step, low, high):
    """Take out the starts that would meet another task of a line."""
    job = P.tasks[task]
    tail = job.duration + job.after
    base, length = P.line_start[line], S.line_length[line]
    g = gap_at(S.line_from, base, length, origin + low * step - job.before)
    if g > 0:
        g -= 1
        while g > 0 and S.line_reach[base + g - 1] > origin + low * step - job.before:
            g -= 1
    limit = origin + high * step + tail
    while g < length and S.line_from[base + g] < limit:
        block(words, origin, step, low, high, S.line_from[base + g] - tail, S.line_until[base + g] + job.before)
        g += 1


@compiled
def block_pile(P, S, pile, before, tail, units, capacity, words, origin, step, low, high):
    """Take out the starts at which `units` more would not fit under a capacity."""
    tick, start = P.weights[TICK], P.weights[PILE_START]
    i = max(0, (origin + low * step - before - start) // tick)
    end = min(P.weights[PILE_LENGTH], -((start - origin - high * step - tail) // tick))
    while i < end:
        if S.piles[pile, i] + units > capacity:
            run = i
            while i < end and S.piles[pile, i] + units > capacity:
                i += 1
            block(words, origin, step, low, high, start + run * tick - tail, start + i * tick + before)
        else:
            i += 1


@compiled
def block_subject(P, S, X, task, subject, units, words, origin, step, low, high):
    """Keep the starts at which a team, a resource or the organization can take a task; False: none is left."""
    job, who = P.tasks[task], P.subjects[subject]
    tail = job.duration + job.after
    if who.line >= 0:
        if origin % step == 0:
            if not free_runs(P, S, X, words, task, who.line, origin, low, high):
                return False
        if origin % step or P.weights[ALIGNED] == 0:
            block_line(P, S, task, who.line, words, origin, step, low, high)
    elif who.pile >= 0:
        block_pile(P, S, who.pile, job.before, tail, units, who.capacity, words, origin, step, low, high)
    if who.service_pile >= 0:
        block_pile(P, S, who.service_pile, 0, job.duration, 1, who.concurrency, words, origin, step, low, high)
    for w in range(low >> 6, (high >> 6) + 1):
        if words[w] != NONE:
            return True
    return False


@compiled
def allowed_starts(P, S, X, task, team, origin, low, high):
    """Write the starts low…high of a segment that team, resources and organization allow into `X.allow`.

    Returns
    -------
    Cost of the counters that every start shares, or INFINITE where nothing is left.
    """
    job, step = P.tasks[task], P.weights[STEP]
    organization = P.weights[ORGANIZATION]
    words = X.allow
    count = (high >> 6) + 1
    first = origin + low * step
    fill(words, count, low, high)
    cost = counted(P, S, organization, first, job.duration)
    if cost >= INFINITE:
        return INFINITE
    general = P.subjects[organization]
    if job.fresh:
        block(words, origin, step, low, high, origin - 1, max(origin, general.fresh_from))
        block(words, origin, step, low, high, max(origin - 1, general.fresh_until), origin + (high + 1) * step)
    if job.alone and not block_calendar(P, task, organization, words, origin, step, low, high):
        return INFINITE
    if general.service_pile >= 0 and not block_subject(P, S, X, task, organization, 0, words, origin, step, low, high):
        return INFINITE
    if team >= 0:
        more = counted(P, S, team, first, job.duration)
        if more >= INFINITE:
            return INFINITE
        cost += more
        if not block_calendar(P, task, team, words, origin, step, low, high):
            return INFINITE
        if not block_subject(P, S, X, task, team, 1, words, origin, step, low, high):
            return INFINITE
    for d in range(job.demand0, job.demand1):
        if not _allow_demand(P, S, X, task, d, origin, step, low, high):
            return INFINITE
    return cost


@compiled
def _allow_demand(P, S, X, task, demand, origin, step, low, high):
    """Keep the starts at which at least one resource of a demand is free; False: none is left."""
    count = (high >> 6) + 1
    first = origin + low * step
    for w in range(count):
        X.union[w] = NONE
    near = NONE
    allow = window_word(X.allow, low) & up_to_bit(min(63, high - low))
    span = P.demands[demand].last - P.demands[demand].first
    offset = below(X.random, span) if span > 1 else 0
    for k in range(span):
        i = P.demands[demand].first + (offset + k if offset + k < span else offset + k - span)
        resource = P.demand_resources[i]
        if counted(P, S, resource, first, P.tasks[task].duration) >= INFINITE:
            continue
        if is_near(P, task, resource, origin, low, high):
            near |= near_starts(P, S, X, task, resource, origin, low, high)
            if near == allow:
                return True
            continue
        for w in range(count):
            X.words[w] = X.allow[w]
        if not block_calendar(P, task, resource, X.words, origin, step, low, high):
            continue
        block_subject(P, S, X, task, resource, P.demand_units[i], X.words, origin, step, low, high)
        missing = NONE
        for w in range(low >> 6, count):
            X.union[w] |= X.words[w]
            missing |= X.allow[w] & ~X.union[w]
        if missing == NONE:
            return True
    rest = NONE
    if near != NONE:
        spread(X.words, count, low, near)
        for w in range(count):
            X.union[w] |= X.words[w]
    for w in range(count):
        X.allow[w] &= X.union[w]
        rest |= X.allow[w]
    return rest != NONE
