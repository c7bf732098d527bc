"""Closing up after removals: what was pushed late by a task that is gone moves back to where it wants to be."""

from solver.kernel.arrays import FAR, IDLES, INFINITE, TRAVELS, UNPLACED
from solver.kernel.compiled import compiled
from solver.kernel.lines import gap_at, located_after, located_before, shift_at
from solver.kernel.push import begin_push, entry_of, propagate, raise_start, start_of
from solver.kernel.scratch import LOOSE, MOST_RAISES, MOVED, PUSH, REMOVED, SLOTS
from solver.kernel.shift import shift_moved

MOST_LOOSE = 400  # tasks that one removal sets free


@compiled
def wish(P, job):
    """The start that a task moves back to if nothing holds it: the cheapest, or the first where waiting counts."""
    if job.best_from > -FAR and P.weights[IDLES] == 0:
        return job.best_from
    return P.segments[job.segment0].start


@compiled
def _loosen(P, S, X, task):
    """Let a placed task move earlier, if it would."""
    job = P.tasks[task]
    if (
        job.pinned
        or S.start[task] == UNPLACED
        or X.tent_mark[task] == X.notes[PUSH]
        or S.start[task] <= wish(P, job)
        or X.notes[LOOSE] >= MOST_LOOSE
    ):
        return
    X.tent_mark[task], X.tent[task], X.raises[task] = X.notes[PUSH], UNPLACED, 0
    X.loose[X.notes[LOOSE]] = task
    X.notes[LOOSE] += 1


@compiled
def _loosen_line(P, S, X, line, gap, shift):
    """Let the first task after a gap move, and the first located one of the shift."""
    base, length = P.line_start[line], S.line_length[line]
    if gap < length:
        _loosen(P, S, X, S.line_task[base + gap])
    if P.weights[TRAVELS] and shift >= 0:
        after, _ = located_after(P, S, base, length, gap, shift)
        if after >= 0:
            _loosen(P, S, X, S.line_task[after])


@compiled
def _loosen_links(P, S, X, task):
    job = P.tasks[task]
    for i in range(job.link_in0, job.link_in1):
        _loosen(P, S, X, P.links[P.links_in[i]].before)
    for i in range(job.link_out0, job.link_out1):
        _loosen(P, S, X, P.links[P.links_out[i]].after)


@compiled
def _loosen_behind(P, S, X, task):
    """Let what follows a placed task on its lines and links move."""
    job = P.tasks[task]
    _loosen_links(P, S, X, task)
    for p in range(S.user_count[task]):
        line = P.subjects[S.users[job.user0 + p]].line
        i = entry_of(P, S, task, line)
        _loosen_line(P, S, X, line, i + 1, S.line_shift[P.line_start[line] + i])
    for r in range(S.resource_count[task]):
        line = P.subjects[S.resources[job.resource0 + r]].line
        if line >= 0:
            _loosen_line(P, S, X, line, entry_of(P, S, task, line) + 1, -1)
    if S.team[task] >= 0 and P.subjects[S.team[task]].line >= 0:
        line = P.subjects[S.team[task]].line
        _loosen_line(P, S, X, line, entry_of(P, S, task, line) + 1, -1)


@compiled
def _held_on_line(P, S, X, task, user, line):
    """The earliest start of a placed task after what stands before it on one line."""
    job = P.tasks[task]
    base = P.line_start[line]
    i = entry_of(P, S, task, line)
    first = -FAR
    if i > 0:
        other = S.line_task[base + i - 1]
        first = start_of(S, X, other) + P.tasks[other].duration + P.tasks[other].after + job.before
    shift = S.line_shift[base + i]
    if user < 0 or shift < 0:
        return first
    first = max(first, P.shifts[shift].first)
    if job.location < 0 or P.weights[TRAVELS] == 0:
        return first
    before, taken = located_before(P, S, base, i, shift)
    if before >= 0:
        other = S.line_task[before]
        rival = P.tasks[other]
        end = start_of(S, X, other) + rival.duration + rival.after
        return max(first, end + taken + P.travel[rival.location, job.location] + job.before)
    if P.subjects[user].start_location >= 0:
        way = P.travel[P.subjects[user].start_location, job.location]
        first = max(first, P.shifts[shift].first + way + job.before)
    return first


@compiled
def _held(P, S, X, task):
    """The earliest start of a placed task beside everything else as it tentatively stands."""
    job = P.tasks[task]
    first = wish(P, job)
    for p in range(S.user_count[task]):
        user = S.users[job.user0 + p]
        first = max(first, _held_on_line(P, S, X, task, user, P.subjects[user].line))
    for r in range(S.resource_count[task]):
        line = P.subjects[S.resources[job.resource0 + r]].line
        if line >= 0:
            first = max(first, _held_on_line(P, S, X, task, -1, line))
    if S.team[task] >= 0 and P.subjects[S.team[task]].line >= 0:
        first = max(first, _held_on_line(P, S, X, task, -1, P.subjects[S.team[task]].line))
    for i in range(job.link_in0, job.link_in1):
        link = P.links[P.links_in[i]]
        mark = start_of(S, X, link.before)
        if mark > UNPLACED:
            first = max(first, mark + link.min_gap + (0 if link.from_start else P.tasks[link.before].duration))
    for i in range(job.link_out0, job.link_out1):
        link = P.links[P.links_out[i]]
        mark = start_of(S, X, link.after)
        if mark > UNPLACED and link.max_gap < FAR:
            first = max(first, mark - link.max_gap - (0 if link.from_start else job.duration))
    return first


@compiled
def _sort_by_start(S, X, count):
    for i in range(1, count):
        task = X.loose[i]
        j = i - 1
        while j >= 0 and S.start[X.loose[j]] > S.start[task]:
            X.loose[j + 1] = X.loose[j]
            j -= 1
        X.loose[j + 1] = task


@compiled
def close_up(P, S, X):
    """Move everything that what was taken out held back to its earliest wished start."""
    begin_push(X, INFINITE)
    X.notes[LOOSE], X.notes[SLOTS] = 0, 0
    for n in range(X.notes[REMOVED]):
        task = X.removed[n]
        job = P.tasks[task]
        start = X.old_start[n]
        _loosen_links(P, S, X, task)
        for p in range(X.old_user_count[n]):
            user = X.old_users[n, p]
            line = P.subjects[user].line
            gap = gap_at(S.line_from, P.line_start[line], S.line_length[line], start - job.before)
            _loosen_line(P, S, X, line, gap, shift_at(P, user, start))
        for r in range(X.old_resource_count[n]):
            line = P.subjects[X.old_resources[n, r]].line
            if line >= 0:
                gap = gap_at(S.line_from, P.line_start[line], S.line_length[line], start - job.before)
                _loosen_line(P, S, X, line, gap, -1)
        if X.old_team[n] >= 0 and P.subjects[X.old_team[n]].line >= 0:
            line = P.subjects[X.old_team[n]].line
            gap = gap_at(S.line_from, P.line_start[line], S.line_length[line], start - job.before)
            _loosen_line(P, S, X, line, gap, -1)
    if P.weights[IDLES] and len(P.tasks) <= MOST_LOOSE:
        for task in range(len(P.tasks)):
            _loosen(P, S, X, task)
    done = 0
    while done < X.notes[LOOSE]:
        _loosen_behind(P, S, X, X.loose[done])
        done += 1
    count = X.notes[LOOSE]
    if count == 0:
        return
    _sort_by_start(S, X, count)
    patience = X.dials[MOST_RAISES]
    X.dials[MOST_RAISES] = 4 * patience + count
    good = True
    for k in range(count):
        task = X.loose[k]
        if not raise_start(P, S, X, task, _held(P, S, X, task)):
            good = False
            break
    good = good and propagate(P, S, X)
    X.dials[MOST_RAISES] = patience
    if not good or X.notes[MOVED]:
        return
    for k in range(count):
        task = X.loose[k]
        if X.tent[task] > S.start[task] or X.tent[task] == UNPLACED:
            return
        X.moved[k] = task
    X.notes[MOVED] = count
    shift_moved(P, S, X)
