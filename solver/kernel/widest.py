"""The widest free stretch of a user's day: where a task does not fit into it, nobody needs to look at its gaps.

Most people of a full plan have no room for most tasks, and scanning them is what large problems spend their time on.
"""

from solver.kernel.arrays import DAY_MINUTES, UNKNOWN
from solver.kernel.compiled import compiled
from solver.kernel.lines import gap_at


@compiled
def forget_widest(S, line, opens, closes):
    """Take back what is known of the days that an entry in [opens, closes) touches."""
    days = S.widest.shape[1]
    if days:
        for day in range(max(0, opens // DAY_MINUTES - 1), min(days - 1, closes // DAY_MINUTES) + 1):
            S.widest[line, day] = UNKNOWN


@compiled
def day_of(P, S, task, first, last):
    """The day that holds all starts from the first to the last of a task, -1 where its free stretches are not kept."""
    day = first // DAY_MINUTES
    if 0 <= day < S.widest.shape[1] and last < (day + 1) * DAY_MINUTES and P.tasks[task].duration <= DAY_MINUTES:
        return day
    return -1


@compiled
def _first_open_after(P, subject, minute):
    """Number of the first open interval of a subject that ends after a minute."""
    low, high = P.subjects[subject].open0, P.subjects[subject].open1
    while low < high:
        middle = (low + high) >> 1
        if P.opens[middle].last <= minute:
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def _measure(P, S, user, line, day):
    """Minutes of the longest open stretch without an entry, from the start of a day to the end of the next one."""
    first, last = day * DAY_MINUTES, (day + 2) * DAY_MINUTES
    base, length = P.line_start[line], S.line_length[line]
    i = gap_at(S.line_from, base, length, first)
    widest = 0
    for k in range(_first_open_after(P, user, first), P.subjects[user].open1):
        at, closes = max(first, P.opens[k].first), min(last, P.opens[k].last)
        if at >= last:
            break
        if i > 0:
            at = max(at, S.line_reach[base + i - 1])
        while i < length and S.line_from[base + i] < closes:
            widest = max(widest, S.line_from[base + i] - at)
            at = max(at, S.line_until[base + i])
            i += 1
        widest = max(widest, closes - at)
    return widest


@compiled
def is_too_full(P, S, task, user, day):
    """Whether a user's day has no stretch for a task's service; False where that is not kept."""
    if day < 0:
        return False
    line = P.subjects[user].line
    if S.widest[line, day] == UNKNOWN:
        S.widest[line, day] = _measure(P, S, user, line, day)
    return S.widest[line, day] < P.tasks[task].duration
