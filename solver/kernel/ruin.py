"""Which tasks a move takes out, and how it takes them out with all that depends on them."""

from solver.kernel.arrays import (
    CHECK_REMOVAL,
    FAR,
    INFINITE,
    MANDATORY_COST,
    STEP,
    TRAVELS,
    UNPLACED,
    USER_COUNT,
    W_MAX_WAITING,
)
from solver.kernel.chance import below
from solver.kernel.commit import displace
from solver.kernel.compiled import compiled
from solver.kernel.lines import gap_at, shift_at, stands_badly
from solver.kernel.pricing import allows_start
from solver.kernel.scratch import (
    ABSENT_PERCENT,
    FORCE_PERCENT,
    FORCED,
    IDLEST_PERCENT,
    MARK,
    MOST_NEAR,
    MOST_OF_RESOURCE,
    MOST_REMOVED,
    MOST_USERS,
    NEAR_PERCENT,
    REMOVED,
    RESOURCE_PERCENT,
)

RIVALS = 4  # candidates that are compared before one is freed


@compiled
def take_out(P, S, X, task):
    """Displace a task and whatever may not stay without it, each with a line in the journal."""
    X.stack[0] = task
    depth = 1
    while depth > 0:
        depth -= 1
        task = X.stack[depth]
        job = P.tasks[task]
        if job.pinned or S.start[task] == UNPLACED:
            continue
        for i in range(job.link_out0, job.link_out1):
            X.stack[depth] = P.links[P.links_out[i]].after
            depth += 1
        n = X.notes[REMOVED]
        X.notes[REMOVED] = n + 1
        start = S.start[task]
        X.removed[n], X.old_start[n], X.old_team[n] = task, start, S.team[task]
        X.old_user_count[n], X.old_resource_count[n] = S.user_count[task], S.resource_count[task]
        for p in range(S.user_count[task]):
            X.old_users[n, p] = S.users[job.user0 + p]
        for r in range(S.resource_count[task]):
            X.old_resources[n, r], X.old_units[n, r] = S.resources[job.resource0 + r], S.units[job.resource0 + r]
        displace(P, S, task)
        if P.weights[CHECK_REMOVAL] == 0:
            continue
        for p in range(X.old_user_count[n]):
            user = X.old_users[n, p]
            line = P.subjects[user].line
            gap = gap_at(S.line_from, P.line_start[line], S.line_length[line], start - job.before)
            shift = shift_at(P, user, start)
            other = stands_badly(P, S, user, gap, shift) if shift >= 0 else -1
            if other >= 0:
                X.stack[depth] = other
                depth += 1


@compiled
def _around(P, S, X, line, minute, most):
    """Take out entries of a line nearest to a minute."""
    base = P.line_start[line]
    for _ in range(most):
        length = S.line_length[line]
        if length == 0:
            return
        gap = gap_at(S.line_from, base, length, minute)
        right = S.line_from[base + gap] - minute if gap < length else FAR
        left = minute - S.line_until[base + gap - 1] if gap > 0 else FAR
        entry = base + gap if right < left else base + gap - 1
        if min(left, right) > 24 * 60 or P.tasks[S.line_task[entry]].pinned:
            return
        take_out(P, S, X, S.line_task[entry])


@compiled
def _any_candidate(P, X, job):
    """A random user who could fill a random position, or a member of a random offered team; -1: none."""
    if job.position1 > job.position0:
        group = P.positions[job.position0 + below(X.random, job.position1 - job.position0)]
        if group.last > group.first:
            return P.candidates[group.first + below(X.random, group.last - group.first)]
    elif job.whole_team and job.option1 > job.option0:
        team = P.subjects[P.options[job.option0 + below(X.random, job.option1 - job.option0)]]
        if team.member1 > team.member0:
            return P.members[team.member0 + below(X.random, team.member1 - team.member0)]
    return -1


@compiled
def wanted_time(P, S, X, task):
    """Where a task stands, would like to stand, or could."""
    job = P.tasks[task]
    if S.start[task] != UNPLACED:
        return S.start[task]
    if job.preferred_weight and below(X.random, 4):
        return job.preferred
    segment = P.segments[job.segment0 + below(X.random, job.segment1 - job.segment0)]
    return segment.start + below(X.random, max(1, segment.end - segment.start))


@compiled
def any_task(P, X):
    """A random task that can move, -1: none was found."""
    for _ in range(32):
        task = below(X.random, len(P.tasks))
        if P.tasks[task].pinned == 0 and P.tasks[task].hopeless == 0:
            return task
    return -1


@compiled
def _whose_shift(P, shift):
    """The user of a shift."""
    for user in range(P.weights[USER_COUNT]):
        if P.subjects[user].shift0 <= shift < P.subjects[user].shift1:
            return user
    return -1


@compiled
def _could_serve(P, task, user):
    """Whether a user is a candidate for some position of a task."""
    job = P.tasks[task]
    for p in range(job.position0, job.position1):
        for i in range(P.positions[p].first, P.positions[p].last):
            if P.candidates[i] == user:
                return True
    return False


@compiled
def _task_for_the_idlest(P, S, X):
    """A task that whoever waits longest could serve and does not, -1: none was found."""
    idlest = 0
    for shift in range(len(S.idle)):
        if S.idle[shift] > S.idle[idlest]:
            idlest = shift
    user = _whose_shift(P, idlest)
    for _ in range(32):
        task = any_task(P, X)
        if task < 0 or user < 0:
            return -1
        serves = False
        for p in range(S.user_count[task]):
            if S.users[P.tasks[task].user0 + p] == user:
                serves = True
        if not serves and _could_serve(P, task, user):
            return task
    return -1


@compiled
def find_seed(P, S, X):
    """A task to begin with; -1: none can move.

    Where the longest waiting has a price, sometimes one that would shorten it; half the time one that is left out, of
    two the dearer; else any.
    """
    if P.weights[W_MAX_WAITING] and len(S.idle) and below(X.random, 100) < X.dials[IDLEST_PERCENT]:
        task = _task_for_the_idlest(P, S, X)
        if task >= 0:
            return task
    absent = S.absent_count[0]
    if absent > 0 and below(X.random, 100) < X.dials[ABSENT_PERCENT]:
        one, other = S.absent[below(X.random, absent)], S.absent[below(X.random, absent)]
        return one if P.tasks[one].absent_cost >= P.tasks[other].absent_cost else other
    return any_task(P, X)


@compiled
def _near(P, S, X, seed):
    """Of some random placed tasks the nearest to a located one, in travel and time."""
    best, who = FAR, -1
    here, when = P.tasks[seed].location, wanted_time(P, S, X, seed)
    for _ in range(24):
        task = below(X.random, len(P.tasks))
        if S.start[task] == UNPLACED or P.tasks[task].pinned or P.tasks[task].location < 0 or task == seed:
            continue
        far = 4 * P.travel[here, P.tasks[task].location] + abs(S.start[task] - when)
        if far < best:
            best, who = far, task
    return who


@compiled
def _in_the_way(P, S, line, opens, closes):
    """What the tasks of a line in [opens, closes) would cost if they were left out; INFINITE where one is pinned."""
    base, length = P.line_start[line], S.line_length[line]
    i = gap_at(S.line_from, base, length, opens)
    if i > 0 and S.line_until[base + i - 1] > opens:
        i -= 1
    cost = 0
    while i < length and S.line_from[base + i] < closes:
        job = P.tasks[S.line_task[base + i]]
        if job.pinned:
            return INFINITE
        cost += job.absent_cost + job.mandatory * P.weights[MANDATORY_COST]
        i += 1
    return cost


@compiled
def _clear(P, S, X, line, opens, closes):
    """Take the tasks of a line in [opens, closes) out."""
    base = P.line_start[line]
    while True:
        i = gap_at(S.line_from, base, S.line_length[line], opens)
        if i > 0 and S.line_until[base + i - 1] > opens:
            i -= 1
        if i >= S.line_length[line] or S.line_from[base + i] >= closes or P.tasks[S.line_task[base + i]].pinned:
            return
        take_out(P, S, X, S.line_task[base + i])


@compiled
def _clear_place(P, S, X, seed, start):
    """Make room for a task at a start: for every position and demand the least dear of some candidates is freed."""
    job = P.tasks[seed]
    opens, closes = start - job.before, start + job.duration + job.after
    X.notes[MARK] += 1
    for p in range(job.position0, job.position1):
        group = P.positions[p]
        best, who = INFINITE, -1
        for _ in range(RIVALS):
            user = P.candidates[group.first + below(X.random, group.last - group.first)]
            if X.chosen[user] == X.notes[MARK] or not allows_start(P, seed, user, start):
                continue
            cost = _in_the_way(P, S, P.subjects[user].line, opens, closes)
            if cost < best:
                best, who = cost, user
        if who >= 0:
            X.chosen[who] = X.notes[MARK]
            _clear(P, S, X, P.subjects[who].line, opens, closes)
    for d in range(job.demand0, job.demand1):
        demand = P.demands[d]
        best, what = INFINITE, -1
        for _ in range(RIVALS):
            resource = P.demand_resources[demand.first + below(X.random, demand.last - demand.first)]
            if P.subjects[resource].line < 0 or not allows_start(P, seed, resource, start):
                continue
            cost = _in_the_way(P, S, P.subjects[resource].line, opens, closes)
            if cost < best:
                best, what = cost, resource
        if what >= 0:
            _clear(P, S, X, P.subjects[what].line, opens, closes)


@compiled
def free_resource(P, S, X, job, minute):
    """Take out tasks of one resource that a task could use, the nearest to a minute."""
    if job.demand1 == job.demand0:
        return
    demand = P.demands[job.demand0 + below(X.random, job.demand1 - job.demand0)]
    if demand.last == demand.first:
        return
    line = P.subjects[P.demand_resources[demand.first + below(X.random, demand.last - demand.first)]].line
    if line >= 0:
        _around(P, S, X, line, minute, 1 + below(X.random, X.dials[MOST_OF_RESOURCE]))


@compiled
def ruin(P, S, X, seed, minute):
    """Take out a seed and tasks around it.

    Around it are: tasks of one to three of its candidate users about its time, of one resource that it could use, and
    where people travel tasks that are near.
    """
    job = P.tasks[seed]
    if S.start[seed] == UNPLACED and below(X.random, 100) < X.dials[FORCE_PERCENT]:
        X.notes[FORCED] = 1
        step = P.weights[STEP]
        segment = P.segments[job.segment0 + below(X.random, job.segment1 - job.segment0)]
        start = (
            segment.start
            + max(0, min(segment.starts - 1, (minute - segment.start) // step + below(X.random, 9) - 4)) * step
        )
        _clear_place(P, S, X, seed, start)
        return
    take_out(P, S, X, seed)
    if P.weights[TRAVELS] and job.location >= 0 and below(X.random, 100) < X.dials[NEAR_PERCENT]:
        for _ in range(1 + below(X.random, X.dials[MOST_NEAR])):
            other = _near(P, S, X, seed)
            if other >= 0:
                take_out(P, S, X, other)
    if below(X.random, 100) < X.dials[RESOURCE_PERCENT]:
        free_resource(P, S, X, job, minute)
    users = 1 + below(X.random, X.dials[MOST_USERS])
    most = X.dials[MOST_REMOVED]
    for _ in range(users):
        user = _any_candidate(P, X, job)
        if user >= 0 and X.notes[REMOVED] < most:
            _around(P, S, X, P.subjects[user].line, minute, 1 + below(X.random, max(1, most // users)))
