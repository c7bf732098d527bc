"""The starts of a segment: the least cost among them, and which of them a user's calendar leaves open."""

import numpy as np

from solver.kernel.arrays import ALIGNED, PAD, STEP
from solver.kernel.bits import FULL, NONE, ONE, next_bit, up_to_bit, window_word
from solver.kernel.compiled import compiled
from solver.kernel.pricing import allows_start


@compiled
def cheapest_start(job, low, high):
    """The least start cost in a range of minutes; being back at the current start is left open."""
    at = min(max(low, job.best_from), high)
    if at > job.best_until:
        at = max(low, min(high, job.best_until))
    cost = job.preferred_weight * abs(at - job.preferred)
    if job.late_weight:
        cost += job.late_weight * max(0, at + job.duration - job.due)
    if job.moved_weight and not low <= job.current <= high:
        cost += job.moved_weight
    return cost


@compiled
def user_starts(P, X, words, task, user, origin, low, high):
    """Write the starts that the user's calendar and the ground allow; False: none."""
    job, step = P.tasks[task], P.weights[STEP]
    who = P.subjects[user]
    rest = NONE
    if origin % step == 0 and (not job.fresh or (who.fresh_from <= origin and who.fresh_until >= origin + high * step)):
        row = P.mask_rows[who.calendar, job.length]
        if row < 0:
            return False
        slot = origin // step
        for w in range(low >> 6, (high >> 6) + 1):
            words[w] = X.allow[w] & window_word(P.masks[row], slot + (w << 6))
            rest |= words[w]
        return rest != NONE
    for w in range(low >> 6, (high >> 6) + 1):
        words[w] = X.allow[w]
    bit = next_bit(words, low, high)
    while bit >= 0:
        if allows_start(P, task, user, origin + bit * step):
            rest |= words[bit >> 6]
        else:
            words[bit >> 6] &= ~(ONE << np.uint64(bit & 63))
        bit = next_bit(words, bit + 1, high)
    return rest != NONE


@compiled
def affordable(job, origin, step, low, high, budget):
    """Narrow the bits low…high to those whose distance from the preferred start and lateness could fit a budget."""
    if budget <= 0:
        return 0, -1
    if job.preferred_weight:
        reach = (budget - 1) // job.preferred_weight
        low = max(low, -((origin - job.preferred + reach) // step))
        high = min(high, (job.preferred + reach - origin) // step)
    if job.late_weight:
        high = min(high, (job.due - job.duration + (budget - 1) // job.late_weight - origin) // step)
    return low, high


@compiled
def free_runs(P, S, X, words, task, line, origin, low, high):
    """Keep the starts at which no grid point of the task's time is busy in a line; False: none is left.

    Necessary for every task; with all times on the grid it is all that the line asks for.
    """
    job, step = P.tasks[task], P.weights[STEP]
    ahead = job.before // step
    need = ahead - (-(job.duration + job.after) // step)
    first = low >> 6
    row = S.busy[line]
    at = P.weights[PAD] + origin // step - ahead + (first << 6)
    count = (high >> 6) - first + 1 + ((need + 63) >> 6)
    last = len(row) - 2
    for w in range(count):
        bit = at + (w << 6)
        X.runs[w] = ~window_word(row, bit) if (bit >> 6) <= last else FULL
    have = 1
    while have < need:
        more = min(have, need - have)
        whole, part = more >> 6, more & 63
        for w in range(count - whole):
            word = X.runs[w + whole]
            if part:
                word >>= np.uint64(part)
                if w + whole + 1 < count:
                    word |= X.runs[w + whole + 1] << np.uint64(64 - part)
            X.runs[w] &= word
        have += more
    rest = NONE
    for w in range(first, (high >> 6) + 1):
        words[w] &= X.runs[w - first]
        rest |= words[w]
    return rest != NONE


@compiled
def is_near(P, task, subject, origin, low, high):
    """Whether `near_starts` tells all about a subject: few starts, times on the grid, one task at a time, no bounds."""
    job, who, step = P.tasks[task], P.subjects[subject], P.weights[STEP]
    if P.weights[ALIGNED] == 0 or high - low >= 64 or origin % step or who.line < 0 or who.service_pile >= 0:
        return False
    if job.before + job.duration + job.after > 64 * step:
        return False
    return job.fresh == 0 or (who.fresh_from <= origin + low * step and who.fresh_until >= origin + high * step)


@compiled
def near_starts(P, S, X, task, subject, origin, low, high):
    """The starts of `X.allow` that a subject's calendar and line leave, as one word: bit 0 is start `low`."""
    job, who, step = P.tasks[task], P.subjects[subject], P.weights[STEP]
    row = P.mask_rows[who.calendar, job.length]
    if row < 0:
        return NONE
    slot = origin // step + low
    word = window_word(P.masks[row], slot) & window_word(X.allow, low) & up_to_bit(high - low)
    if word == NONE:
        return NONE
    ahead = job.before // step
    need = ahead + (job.duration + job.after) // step
    busy = S.busy[who.line]
    at = P.weights[PAD] + slot - ahead
    free = ~window_word(busy, at)
    then = ~window_word(busy, at + 64) if (at + 64) >> 6 < len(busy) - 1 else FULL
    have = 1
    while have < need:
        more = min(have, need - have)
        free &= (free >> np.uint64(more)) | (then << np.uint64(64 - more))
        then &= then >> np.uint64(more)
        have += more
    return word & free
