"""Waiting: how little of it an order of stops needs, and moving stops as late as they go for free.

While stops are inserted they stand as early as they can, so that later ones have room. What is idle between them then
goes away by moving each, from the last to the first, up to the next.
"""

from solver.kernel.arrays import FAR, STEP, TRAVELS, UNPLACED
from solver.kernel.bits import last_bit
from solver.kernel.commit import displace, place
from solver.kernel.compiled import compiled
from solver.kernel.lines import located_after
from solver.kernel.pricing import is_open
from solver.kernel.push import begin_push, entry_of, start_of
from solver.kernel.scratch import LOOSE, MOVE, PUSH, QUEUED, SLOTS
from solver.kernel.shift import may_stand, write_journal


@compiled
def _last_open(P, task, subject, at):
    """The last start up to a minute that a subject's calendar allows, UNPLACED: none."""
    step = P.weights[STEP]
    if at % step:
        if is_open(P, subject, at, at + P.tasks[task].duration):
            return at
        at -= at % step
    row = P.mask_rows[P.subjects[subject].calendar, P.tasks[task].length]
    if row < 0 or at < 0:
        return UNPLACED
    slot = last_bit(P.masks[row], 0, min(at // step, 64 * P.masks.shape[1] - 1))
    return slot * step if slot >= 0 else UNPLACED


@compiled
def _last_start(P, S, task, first, at):
    """The last start in (first, at] that the windows and calendars of a placed task allow, else `first`."""
    job, step = P.tasks[task], P.weights[STEP]
    for k in range(job.segment1 - job.segment0):
        segment = P.segments[job.segment1 - 1 - k]
        if segment.start > at:
            continue
        at = min(at, segment.end)
        while at >= segment.start and at > first:
            if segment.start % step == 0:
                at -= at % step
            before = at
            for p in range(S.user_count[task]):
                at = _last_open(P, task, S.users[job.user0 + p], at)
            for r in range(S.resource_count[task]):
                at = _last_open(P, task, S.resources[job.resource0 + r], at)
            if S.team[task] >= 0:
                at = _last_open(P, task, S.team[task], at)
            if at == before:
                return max(at, first) if at >= segment.start else first
        if at <= first:
            return first
    return first


@compiled
def _until_next(P, S, task, line, user):
    """The last start of a placed task before what stands behind it on one line."""
    job = P.tasks[task]
    tail = job.duration + job.after
    base, length = P.line_start[line], S.line_length[line]
    i = entry_of(P, S, task, line)
    last = FAR
    if i + 1 < length:
        last = S.line_from[base + i + 1] - tail
    shift = S.line_shift[base + i]
    if user >= 0 and (i + 1 == length or S.line_shift[base + i + 1] != shift):
        last = min(last, max(S.start[task], job.best_from))  # whoever comes last would only make others wait
    if user < 0 or shift < 0:
        return last
    last = min(last, P.shifts[shift].last - 1)
    if P.weights[TRAVELS] == 0 or job.location < 0:
        return last
    after, taken = located_after(P, S, base, length, i + 1, shift)
    if after >= 0:
        way = P.travel[job.location, P.tasks[S.line_task[after]].location]
        return min(last, S.line_from[after] - taken - way - tail)
    if P.subjects[user].end_location >= 0:
        last = min(last, P.shifts[shift].last - P.travel[job.location, P.subjects[user].end_location] - tail)
    return last


@compiled
def _latest(P, S, task):
    """The last start of a placed task with everything else where it is and no dearer start."""
    job = P.tasks[task]
    last = max(S.start[task], job.best_until)
    for p in range(S.user_count[task]):
        user = S.users[job.user0 + p]
        last = min(last, _until_next(P, S, task, P.subjects[user].line, user))
    for r in range(S.resource_count[task]):
        line = P.subjects[S.resources[job.resource0 + r]].line
        if line >= 0:
            last = min(last, _until_next(P, S, task, line, -1))
    if S.team[task] >= 0 and P.subjects[S.team[task]].line >= 0:
        last = min(last, _until_next(P, S, task, P.subjects[S.team[task]].line, -1))
    for i in range(job.link_in0, job.link_in1):
        link = P.links[P.links_in[i]]
        mark = S.start[link.before] + (0 if link.from_start else P.tasks[link.before].duration)
        last = min(last, mark + link.max_gap)
    for i in range(job.link_out0, job.link_out1):
        link = P.links[P.links_out[i]]
        if S.start[link.after] != UNPLACED:
            last = min(last, S.start[link.after] - link.min_gap - (0 if link.from_start else job.duration))
    return last


@compiled
def _gather(P, S, X):
    """List the tasks on all users' lines that a move has touched."""
    begin_push(X, 1)
    X.notes[LOOSE] = 0
    for k in range(X.notes[QUEUED]):
        task = X.order[k]
        if S.start[task] == UNPLACED:
            continue
        for p in range(S.user_count[task]):
            line = P.subjects[S.users[P.tasks[task].user0 + p]].line
            base = P.line_start[line]
            for i in range(base, base + S.line_length[line]):
                other = S.line_task[i]
                if X.tent_mark[other] != X.notes[PUSH]:
                    X.tent_mark[other], X.tent[other] = X.notes[PUSH], S.start[other]
                    X.loose[X.notes[LOOSE]] = other
                    X.notes[LOOSE] += 1
    count = X.notes[LOOSE]
    for i in range(1, count):
        task = X.loose[i]
        j = i - 1
        while j >= 0 and S.start[X.loose[j]] < S.start[task]:
            X.loose[j + 1] = X.loose[j]
            j -= 1
        X.loose[j + 1] = task
    return count


@compiled
def move_late(P, S, X):
    """Move what stands on the lines that a move has touched as late as it goes for free, from the last to the first."""
    count = _gather(P, S, X)
    for k in range(count):
        task = X.loose[k]
        job = P.tasks[task]
        now = S.start[task]
        if job.pinned or (job.moved_weight and now == job.current):
            continue
        start = _latest(P, S, task)
        if start <= now:
            continue
        start = _last_start(P, S, task, now, start)
        if start <= now:
            continue
        if X.marks[task] != X.notes[MOVE]:
            X.marks[task] = X.notes[MOVE]
            write_journal(P, S, X, task)
            X.order[X.notes[QUEUED]] = task
            X.notes[QUEUED] += 1
        crew, held = S.user_count[task], S.resource_count[task]
        displace(P, S, task)
        if not may_stand(P, S, task, start, crew, held):
            start = now
        S.start[task], S.user_count[task], S.resource_count[task] = start, crew, held
        place(P, S, task)


@compiled
def _slot_task_at(X, line, gap):
    for v in range(X.notes[SLOTS]):
        if X.slot_line[v] == line and X.slot_gap[v] == gap:
            return X.slot_task[v]
    return -1


@compiled
def least_waiting(P, S, X, line, gap, shift):
    """Waiting in a user's shift after stops have moved late for free, with tentative starts and slots; an estimate."""
    base, length = P.line_start[line], S.line_length[line]
    high = gap
    while high < length and S.line_shift[base + high] == shift:
        high += 1
    i = high
    idle, opens, place_after, known = 0, 0, -1, False
    task = _slot_task_at(X, line, i)
    while True:
        if task < 0:
            i -= 1
            if i < 0 or S.line_shift[base + i] != shift:
                return idle
            task = S.line_task[base + i]
            inserted = _slot_task_at(X, line, i)
        else:
            inserted = -1
        job = P.tasks[task]
        start = start_of(S, X, task)
        if known:
            way = 0
            if P.weights[TRAVELS] and job.location >= 0 and place_after >= 0:
                way = P.travel[job.location, place_after]
            close = opens - way - job.duration - job.after
            if close > start and job.pinned == 0:
                last = min(job.best_until, P.segments[job.segment1 - 1].end)
                start = max(start, min(close, last))
            idle += max(0, close - start)
        opens, known = start - job.before, True
        if job.location >= 0:
            place_after = job.location
        task = inserted
