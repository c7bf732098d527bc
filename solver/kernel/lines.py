"""The line of a subject that takes one task at a time: gaps, travel, waiting, flexible breaks.

A gap `g` lies before the entry with number `g` of the line (numbers count from the line's start). Travel joins
consecutive located tasks of one shift; what lies between them without a location is no travel time. Source of all of
it: the table of hard rules.
"""

from solver.kernel.arrays import FAR, TRAVELS
from solver.kernel.compiled import compiled

ROOM, PINNED_HAVE_NONE, NO_ROOM = 0, 1, 2


@compiled
def gap_at(line_from, base, length, minute):
    """Number of the first entry of a line that begins at or after a minute."""
    low, high = 0, length
    while low < high:
        middle = (low + high) >> 1
        if line_from[base + middle] < minute:
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def shift_at(P, user, minute):
    """Index of the user's shift that holds a minute, -1: none."""
    low, high = P.subjects[user].shift0, P.subjects[user].shift1
    last = low
    while low < high:
        middle = (low + high) >> 1
        if P.shifts[middle].first <= minute:
            low = middle + 1
        else:
            high = middle
    if low > last and minute < P.shifts[low - 1].last:
        return low - 1
    return -1


@compiled
def located_before(P, S, base, gap, shift):
    """The last located entry of a shift before a gap, -1: none; and the minutes taken by unlocated ones since."""
    taken = 0
    i = base + gap - 1
    while i >= base and S.line_shift[i] == shift:
        if P.tasks[S.line_task[i]].location >= 0:
            return i, taken
        taken += S.line_until[i] - S.line_from[i]
        i -= 1
    return -1, taken


@compiled
def located_after(P, S, base, length, gap, shift):
    """The first located entry of a shift after a gap, -1: none; and the minutes taken by unlocated ones until then."""
    taken = 0
    i = base + gap
    while i < base + length and S.line_shift[i] == shift:
        if P.tasks[S.line_task[i]].location >= 0:
            return i, taken
        taken += S.line_until[i] - S.line_from[i]
        i += 1
    return -1, taken


@compiled
def gap_bounds(P, S, task, user, gap, shift):
    """Where a task's service could start in a gap, and what it adds to the travel.

    Returns
    -------
    (first start, last start, travel minutes added); empty where the first lies after the last.
    """
    subject = P.subjects[user]
    base = P.line_start[subject.line]
    length = S.line_length[subject.line]
    job = P.tasks[task]
    tail = job.duration + job.after
    first, last = -FAR, FAR
    if gap > 0:
        first = S.line_reach[base + gap - 1] + job.before
    if gap < length:
        last = S.line_from[base + gap] - tail
    if P.weights[TRAVELS] == 0 or shift < 0:
        return first, last, 0
    first = max(first, P.shifts[shift].first)
    last = min(last, P.shifts[shift].last - 1)
    if first > last:
        return first, last, 0
    before, taken_before = located_before(P, S, base, gap, shift)
    after, taken_after = located_after(P, S, base, length, gap, shift)
    if job.location < 0:
        if before >= 0 and after >= 0:
            left, right = S.line_task[before], S.line_task[after]
            free = S.line_from[after] - S.line_until[before] - taken_before - taken_after - job.before - tail
            way = P.travel[P.tasks[left].location, P.tasks[right].location]
            if free < way and not _pinned_too_close(P, S, before, after, way):
                return 0, -1, 0
        return first, last, 0
    added = 0
    if before >= 0:
        way = P.travel[P.tasks[S.line_task[before]].location, job.location]
        first = max(first, S.line_until[before] + taken_before + way + job.before)
        added += way
    elif subject.start_location >= 0:
        way = P.travel[subject.start_location, job.location]
        first = max(first, P.shifts[shift].first + way + job.before)
        added += way
    if after >= 0:
        way = P.travel[job.location, P.tasks[S.line_task[after]].location]
        last = min(last, S.line_from[after] - taken_after - way - tail)
        added += way
    elif subject.end_location >= 0:
        way = P.travel[job.location, subject.end_location]
        last = min(last, P.shifts[shift].last - way - tail)
        added += way
    return first, last, added - way_past(P, S, user, before, after)


@compiled
def _pinned_too_close(P, S, before, after, way):
    """Whether two entries and what is pinned between them leave too little time for a way, whatever else comes."""
    if P.tasks[S.line_task[before]].pinned == 0 or P.tasks[S.line_task[after]].pinned == 0:
        return False
    free = S.line_from[after] - S.line_until[before]
    for i in range(before + 1, after):
        if P.tasks[S.line_task[i]].pinned:
            free -= S.line_until[i] - S.line_from[i]
    return free < way


@compiled
def way_past(P, S, user, before, after):
    """Travel minutes between two located entries of a shift (-1: the depot) with nothing located between them."""
    if before >= 0:
        start = P.tasks[S.line_task[before]].location
        if after >= 0:
            return P.travel[start, P.tasks[S.line_task[after]].location]
        return P.travel[start, P.subjects[user].end_location] if P.subjects[user].end_location >= 0 else 0
    if after >= 0 and P.subjects[user].start_location >= 0:
        return P.travel[P.subjects[user].start_location, P.tasks[S.line_task[after]].location]
    return 0


@compiled
def idle_minutes(P, S, user, gap, shift, start, end, location):
    """Waiting of a user in a shift with one more task in a gap (`start` above `end`: with the line as it is)."""
    base = P.line_start[P.subjects[user].line]
    length = S.line_length[P.subjects[user].line]
    i = gap
    while i > 0 and S.line_shift[base + i - 1] == shift:
        i -= 1
    virtual = start <= end
    idle, free = 0, 0
    last_end, last_place, place, began = 0, -1, -1, False
    while True:
        if virtual and i == gap:
            opens, closes, place = start, end, location
            virtual = False
        elif i < length and S.line_shift[base + i] == shift:
            opens, closes, place = (
                S.line_from[base + i],
                S.line_until[base + i],
                P.tasks[S.line_task[base + i]].location,
            )
            i += 1
        else:
            break
        if began:
            free += max(0, opens - last_end)
        if place >= 0:
            idle += max(0, free - (P.travel[last_place, place] if last_place >= 0 and P.weights[TRAVELS] else 0))
            free, last_place = 0, place
        last_end, began = closes, True
    return idle + free


@compiled
def breaks_hold(P, S, user, gap, start, end, task):
    """Whether the user's flexible breaks near a gap fit with a task in it (`start` above `end`: with nothing new).

    Returns
    -------
    -1 if they do, else the number of the first break span that has no room.
    """
    subject = P.subjects[user]
    base = P.line_start[subject.line]
    length = S.line_length[subject.line]
    virtual = start <= end
    reach_from = S.line_from[base + gap - 1] if gap > 0 else (start if virtual else -FAR)
    reach_until = S.line_until[base + gap] if gap < length else (end if virtual else FAR)
    for b in range(subject.break0, subject.break1):
        span = P.breaks[b]
        if span.start >= reach_until:
            break
        if span.end <= reach_from:
            continue
        room = _break_room(P, S, base, length, gap, span.start, span.end, span.minutes, start, end, task)
        if room == NO_ROOM:
            return b
        if room == PINNED_HAVE_NONE and virtual:
            if _break_room(P, S, base, length, gap, span.start, span.end, span.minutes, 1, 0, -1) == ROOM:
                return b
    return -1


@compiled
def _break_room(P, S, base, length, gap, low, high, minutes, start, end, task):
    """Whether a break span has room, has none though nobody but pinned tasks is in it, or has none."""
    virtual = start <= end
    i = gap_at(S.line_from, base, length, low)
    while i > 0 and S.line_reach[base + i - 1] > low:
        i -= 1
    i = max(0, i - 1)
    if virtual and gap < i:
        i = gap
    occupied, mixed = False, False
    known = False
    last_end, last_place = low, -1
    while True:
        if virtual and i == gap:
            opens, closes, who = start, end, task
            virtual = False
        elif i < length:
            opens, closes, who = S.line_from[base + i], S.line_until[base + i], S.line_task[base + i]
            i += 1
        else:
            if high - max(low, last_end) >= minutes:
                return ROOM
            break
        if opens < high and closes > low:
            occupied = True
            if P.tasks[who].pinned == 0:
                mixed = True
        first, last = max(low, last_end), min(high, opens)
        if last > first:
            lost = 0
            place = P.tasks[who].location
            if known and last_place >= 0 and place >= 0 and P.weights[TRAVELS]:
                lost = max(0, P.travel[last_place, place] - (opens - last_end) + (last - first))
            if last - first - lost >= minutes:
                return ROOM
        if opens >= high:
            break
        if not known or closes > last_end:
            last_end, last_place, known = closes, P.tasks[who].location, True
    if mixed:
        return NO_ROOM
    return PINNED_HAVE_NONE if occupied else ROOM


@compiled
def stands_badly(P, S, user, gap, shift):
    """A task to go because what is left around a gap breaks a rule, as it may where a detour was shorter; or -1."""
    subject = P.subjects[user]
    base, length = P.line_start[subject.line], S.line_length[subject.line]
    before, taken_before = located_before(P, S, base, gap, shift)
    after, taken_after = located_after(P, S, base, length, gap, shift)
    bad = False
    if before >= 0 and after >= 0:
        free = S.line_from[after] - S.line_until[before] - taken_before - taken_after
        bad = free < way_past(P, S, user, before, after)
    elif after >= 0 and subject.start_location >= 0:
        bad = S.line_from[after] < P.shifts[shift].first + way_past(P, S, user, -1, after)
    elif before >= 0 and subject.end_location >= 0:
        bad = S.line_until[before] + way_past(P, S, user, before, -1) > P.shifts[shift].last
    if not bad and subject.break1 > subject.break0:
        b = breaks_hold(P, S, user, gap, 1, 0, -1)
        if b >= 0:
            for i in range(base, base + length):
                if (
                    S.line_from[i] < P.breaks[b].end
                    and S.line_until[i] > P.breaks[b].start
                    and P.tasks[S.line_task[i]].pinned == 0
                ):
                    return S.line_task[i]
    if bad:
        if after >= 0 and P.tasks[S.line_task[after]].pinned == 0:
            return S.line_task[after]
        if before >= 0 and P.tasks[S.line_task[before]].pinned == 0:
            return S.line_task[before]
    return -1
