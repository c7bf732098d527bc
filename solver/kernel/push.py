"""Starts that make way: what follows an inserted task is pushed later, as little as the rules ask for.

New starts are tentative: they stand in `Scratch.tent` and are the least fixpoint of lower bounds along the lines of
users, teams and resources and along links. Tasks that are about to be inserted take part as *slots* of lines that they
do not stand in yet.
"""

from solver.kernel.arrays import FAR, STEP, TRAVELS, UNPLACED
from solver.kernel.bits import next_bit
from solver.kernel.compiled import compiled
from solver.kernel.lines import gap_at, located_before
from solver.kernel.pricing import is_open, start_cost
from solver.kernel.scratch import MOST_RAISES, MOVED, PRICE, PUSH, PUSH_LATE, PUSH_LIMIT, QUEUE, SLOTS

MOST_SEGMENTS = 64  # looked at for one start


@compiled
def begin_push(X, limit):
    """Forget all tentative starts; the new ones may cost less than `limit` together."""
    X.notes[PUSH] += 1
    X.notes[MOVED], X.notes[QUEUE], X.notes[PRICE], X.notes[PUSH_LATE] = 0, 0, 0, 0
    X.notes[PUSH_LIMIT] = limit


@compiled
def start_of(S, X, task):
    """The tentative start of a task, or the one it has."""
    return X.tent[task] if X.tent_mark[task] == X.notes[PUSH] else S.start[task]


@compiled
def _next_open(P, task, subject, at):
    """The first start from a minute on that a subject's calendar allows, UNPLACED: none."""
    step = P.weights[STEP]
    if at % step:
        if is_open(P, subject, at, at + P.tasks[task].duration):
            return at
        at += step - at % step
    row = P.mask_rows[P.subjects[subject].calendar, P.tasks[task].length]
    if row < 0:
        return UNPLACED
    slot = next_bit(P.masks[row], max(0, at // step), 64 * P.masks.shape[1] - 1)
    return slot * step if slot >= 0 else UNPLACED


@compiled
def next_start(P, S, task, at, crew, held, team):
    """The first start from a minute on in the task's windows at which the calendars of those who serve it agree.

    Parameters
    ----------
    crew, held
        How many of the users and resources in the task's fields count.
    team
        Its team, -1: none.

    Returns
    -------
    A minute, or UNPLACED where there is none.
    """
    job, step = P.tasks[task], P.weights[STEP]
    low, high = job.segment0, job.segment1
    while low < high:
        middle = (low + high) >> 1
        if P.segments[middle].end < at:
            low = middle + 1
        else:
            high = middle
    for i in range(low, min(job.segment1, low + MOST_SEGMENTS)):
        segment = P.segments[i]
        at = max(at, segment.start)
        while at <= segment.end:
            if segment.start % step == 0 and at % step:
                at += step - at % step
            before = at
            for p in range(crew):
                at = _next_open(P, task, S.users[job.user0 + p], at)
                if at == UNPLACED:
                    return UNPLACED
            for r in range(held):
                at = _next_open(P, task, S.resources[job.resource0 + r], at)
                if at == UNPLACED:
                    return UNPLACED
            if team >= 0:
                at = _next_open(P, task, team, at)
                if at == UNPLACED:
                    return UNPLACED
            if at == before and at <= segment.end:
                return at
    return UNPLACED


@compiled
def raise_start(P, S, X, task, at):
    """Let a task start no earlier than a minute; False: it cannot, or at too high a price."""
    now = start_of(S, X, task)
    if at <= now:
        return True
    job = P.tasks[task]
    if job.pinned:
        return False
    if X.tent_mark[task] != X.notes[PUSH]:
        X.tent_mark[task], X.raises[task] = X.notes[PUSH], 0
        X.moved[X.notes[MOVED]] = task
        X.notes[MOVED] += 1
    X.raises[task] += 1
    if X.raises[task] > X.dials[MOST_RAISES]:
        return False
    if S.start[task] != UNPLACED:
        at = next_start(P, S, task, at, S.user_count[task], S.resource_count[task], S.team[task])
    else:
        at = next_start(P, S, task, at, job.position1 - job.position0, 0, S.team[task])
    if at == UNPLACED:
        return False
    X.tent[task] = at
    X.queue[X.notes[QUEUE]] = task
    X.notes[QUEUE] += 1
    if now > UNPLACED:
        X.notes[PRICE] += start_cost(job, at) - start_cost(job, now)
        if job.has_due:
            X.notes[PUSH_LATE] = max(X.notes[PUSH_LATE], at + job.duration - job.due)
    return X.notes[PRICE] < X.notes[PUSH_LIMIT]


@compiled
def _slot_at(X, line, gap):
    """The task about to be inserted into a gap of a line, -1: none."""
    for v in range(X.notes[SLOTS]):
        if X.slot_line[v] == line and X.slot_gap[v] == gap:
            return X.slot_task[v]
    return -1


@compiled
def push_next(P, S, X, task, subject, line, i, shift, at, past_slot):
    """Raise what follows a task on a line, from entry number `i` on; False: impossible."""
    job = P.tasks[task]
    base, length = P.line_start[line], S.line_length[line]
    end = at + job.duration + job.after
    travels = P.weights[TRAVELS] != 0 and shift >= 0 and job.location >= 0
    inserted = -1 if past_slot else _slot_at(X, line, i)
    taken = 0
    first = True
    while True:
        if inserted >= 0:
            other = inserted
            inserted = -1
        elif i < length:
            other = S.line_task[base + i]
            if S.line_shift[base + i] != shift:
                if first and not raise_start(P, S, X, other, end + P.tasks[other].before):
                    return False
                break
            i += 1
            inserted = _slot_at(X, line, i)
        else:
            break
        rival = P.tasks[other]
        if first:
            if not raise_start(P, S, X, other, end + rival.before):
                return False
            first = False
        if not travels:
            return True
        if rival.location >= 0:
            return raise_start(P, S, X, other, end + taken + P.travel[job.location, rival.location] + rival.before)
        taken += rival.before + rival.duration + rival.after
    if travels and P.subjects[subject].end_location >= 0:
        return end + P.travel[job.location, P.subjects[subject].end_location] <= P.shifts[shift].last
    return True


@compiled
def entry_of(P, S, task, line):
    """Number of a placed task's entry in a line."""
    base = P.line_start[line]
    i = gap_at(S.line_from, base, S.line_length[line], S.start[task] - P.tasks[task].before)
    while S.line_task[base + i] != task:
        i += 1
    return i


@compiled
def _push_placed(P, S, X, task, at):
    """Raise what stands behind a placed task on all its lines; False: impossible."""
    job = P.tasks[task]
    for p in range(S.user_count[task]):
        user = S.users[job.user0 + p]
        line = P.subjects[user].line
        i = entry_of(P, S, task, line)
        shift = S.line_shift[P.line_start[line] + i]
        if shift >= 0 and at >= P.shifts[shift].last:
            return False
        if not push_next(P, S, X, task, user, line, i + 1, shift, at, False):
            return False
    for r in range(S.resource_count[task]):
        resource = S.resources[job.resource0 + r]
        line = P.subjects[resource].line
        if line >= 0 and not push_next(P, S, X, task, resource, line, entry_of(P, S, task, line) + 1, -1, at, False):
            return False
    if S.team[task] >= 0:
        line = P.subjects[S.team[task]].line
        if line >= 0 and not push_next(
            P, S, X, task, S.team[task], line, entry_of(P, S, task, line) + 1, -1, at, False
        ):
            return False
    return True


@compiled
def _push_slots(P, S, X, task, at):
    """Raise what stands behind the slots of a task that is about to be inserted; False: impossible."""
    for v in range(X.notes[SLOTS]):
        if X.slot_task[v] != task:
            continue
        line, gap, shift = X.slot_line[v], X.slot_gap[v], X.slot_shift[v]
        if shift >= 0 and at >= P.shifts[shift].last:
            return False
        if not push_next(P, S, X, task, X.slot_user[v], line, gap, shift, at, True):
            return False
        if P.tasks[task].location < 0 and P.weights[TRAVELS] and shift >= 0:
            before, _ = located_before(P, S, P.line_start[line], gap, shift)
            if before >= 0:
                other = S.line_task[before]
                i = before + 1 - P.line_start[line]
                if not push_next(P, S, X, other, X.slot_user[v], line, i, shift, start_of(S, X, other), False):
                    return False
    return True


@compiled
def _push_links(P, S, X, task, at):
    """Raise the other ends of a task's links; False: impossible."""
    job = P.tasks[task]
    for i in range(job.link_out0, job.link_out1):
        link = P.links[P.links_out[i]]
        if S.start[link.after] == UNPLACED and X.tent_mark[link.after] != X.notes[PUSH]:
            continue
        mark = at if link.from_start else at + job.duration
        if not raise_start(P, S, X, link.after, mark + link.min_gap):
            return False
    for i in range(job.link_in0, job.link_in1):
        link = P.links[P.links_in[i]]
        if link.max_gap >= FAR or (S.start[link.before] == UNPLACED and X.tent_mark[link.before] != X.notes[PUSH]):
            continue
        mark = at - link.max_gap
        if not link.from_start:
            mark -= P.tasks[link.before].duration
        if not raise_start(P, S, X, link.before, mark):
            return False
    return True


@compiled
def propagate(P, S, X):
    """Raise starts until every bound holds; False: impossible, or at too high a price."""
    most = len(X.queue) - 64
    done = 0
    while done < X.notes[QUEUE]:
        if X.notes[QUEUE] > most:
            return False
        task = X.queue[done]
        done += 1
        at = X.tent[task]
        if not _push_links(P, S, X, task, at):
            return False
        if S.start[task] == UNPLACED:
            if not _push_slots(P, S, X, task, at):
                return False
        elif not _push_placed(P, S, X, task, at):
            return False
    return True
