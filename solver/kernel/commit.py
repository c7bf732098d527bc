"""Putting a task into a plan and taking it out, every total exact."""

from solver.kernel.arrays import (
    ABSENT,
    CONTINUITY,
    COUNTERS,
    FAR,
    HEADCOUNT,
    IDLES,
    LABOR,
    LOAD_MAX,
    LOAD_MIN,
    LOAD_SECOND,
    MANDATORY,
    MANDATORY_COST,
    MAX_LATE,
    MAX_WAITING,
    ORGANIZATION,
    PAD,
    PILE_LENGTH,
    PILE_START,
    RATE_UNIT,
    STARTS,
    STEP,
    TICK,
    TRAVEL,
    TRAVELS,
    UNPLACED,
    USERS,
    W_BALANCE,
    W_CONTINUITY,
    W_HEADCOUNT,
    W_LABOR,
    W_MAX_LATE,
    W_MAX_WAITING,
    W_TRAVEL,
    W_WAITING,
    WAITING,
)
from solver.kernel.bits import FULL, clear, from_bit, up_to_bit
from solver.kernel.compiled import compiled
from solver.kernel.lines import breaks_hold, gap_at, idle_minutes, located_after, located_before, shift_at, way_past
from solver.kernel.pricing import outsider_cost, start_cost, whole_currency
from solver.kernel.scratch import CREW, HELD, START, TEAM


@compiled
def total_cost(P, S):
    """Cost of the plan by the terms of the problem, and the price that the search puts on mandatory tasks left out."""
    T, W = S.totals, P.weights
    cost = T[ABSENT] + T[STARTS] + T[USERS] + T[COUNTERS] + W[W_TRAVEL] * T[TRAVEL] + W[W_WAITING] * T[WAITING]
    cost += W[W_MAX_LATE] * T[MAX_LATE] + W[W_MAX_WAITING] * T[MAX_WAITING] + W[W_HEADCOUNT] * T[HEADCOUNT]
    cost += W[W_CONTINUITY] * T[CONTINUITY] + W[W_BALANCE] * (T[LOAD_MAX] - T[LOAD_MIN])
    if W[W_LABOR]:
        cost += W[W_LABOR] * whole_currency(T[LABOR], W[RATE_UNIT])
    return cost + W[MANDATORY_COST] * T[MANDATORY]


@compiled
def _largest(values):
    largest = 0
    for value in values:
        largest = max(largest, value)
    return largest


@compiled
def _enter_line(P, S, task, subject, opens, closes, shift):
    """Put an entry into a line at its place; returns the number of its gap."""
    line = P.subjects[subject].line
    base, length = P.line_start[line], S.line_length[line]
    gap = gap_at(S.line_from, base, length, opens)
    for i in range(base + length, base + gap, -1):
        S.line_task[i], S.line_from[i], S.line_until[i] = S.line_task[i - 1], S.line_from[i - 1], S.line_until[i - 1]
        S.line_reach[i], S.line_shift[i] = S.line_reach[i - 1], S.line_shift[i - 1]
    at = base + gap
    S.line_task[at], S.line_from[at], S.line_until[at], S.line_shift[at] = task, opens, closes, shift
    S.line_length[line] = length + 1
    _reach(S, base, length + 1, gap)
    _mark_busy(P, S, line, opens, closes)
    return gap


@compiled
def _leave_line(P, S, task, subject, opens):
    """Take an entry out of a line; returns the number of the gap it leaves."""
    line = P.subjects[subject].line
    base, length = P.line_start[line], S.line_length[line]
    gap = gap_at(S.line_from, base, length, opens)
    while S.line_task[base + gap] != task:
        gap += 1
    closes = S.line_until[base + gap]
    for i in range(base + gap, base + length - 1):
        S.line_task[i], S.line_from[i], S.line_until[i] = S.line_task[i + 1], S.line_from[i + 1], S.line_until[i + 1]
        S.line_reach[i], S.line_shift[i] = S.line_reach[i + 1], S.line_shift[i + 1]
    S.line_length[line] = length - 1
    _reach(S, base, length - 1, gap)
    _unmark_busy(P, S, line, opens, closes)
    i = base + gap  # pinned neighbours may overlap what left
    while i < base + length - 1 and S.line_from[i] < closes:
        _mark_busy(P, S, line, S.line_from[i], S.line_until[i])
        i += 1
    i = base + gap - 1
    while i >= base and S.line_reach[i] > opens:
        _mark_busy(P, S, line, S.line_from[i], S.line_until[i])
        i -= 1
    return gap


@compiled
def _points(P, S, opens, closes):
    """First and last number of the grid points in [opens, closes), as bits of `State.busy`."""
    step = P.weights[STEP]
    low = max(0, P.weights[PAD] - (-opens) // step)
    return low, min(64 * S.busy.shape[1] - 1, P.weights[PAD] + (closes - 1) // step)


@compiled
def _mark_busy(P, S, line, opens, closes):
    low, high = _points(P, S, opens, closes)
    if low <= high:
        for w in range(low >> 6, (high >> 6) + 1):
            word = FULL
            if w == low >> 6:
                word &= from_bit(low & 63)
            if w == high >> 6:
                word &= up_to_bit(high & 63)
            S.busy[line, w] |= word


@compiled
def _unmark_busy(P, S, line, opens, closes):
    low, high = _points(P, S, opens, closes)
    clear(S.busy[line], low, high)


@compiled
def _reach(S, base, length, gap):
    """Make the latest ends so far true again from an entry on, until one was true already."""
    for i in range(base + gap, base + length):
        reach = S.line_until[i]
        if i > base:
            reach = max(reach, S.line_reach[i - 1])
        if S.line_reach[i] == reach and i > base + gap:
            return
        S.line_reach[i] = reach


@compiled
def _travel_around(P, S, user, gap, shift, location):
    """Travel minutes that a located task adds between its located neighbours in a gap (the task itself not in the line)."""
    base = P.line_start[P.subjects[user].line]
    before, _ = located_before(P, S, base, gap, shift)
    after, _ = located_after(P, S, base, S.line_length[P.subjects[user].line], gap, shift)
    added = -way_past(P, S, user, before, after)
    if before >= 0:
        added += P.travel[P.tasks[S.line_task[before]].location, location]
    elif P.subjects[user].start_location >= 0:
        added += P.travel[P.subjects[user].start_location, location]
    if after >= 0:
        added += P.travel[location, P.tasks[S.line_task[after]].location]
    elif P.subjects[user].end_location >= 0:
        added += P.travel[location, P.subjects[user].end_location]
    return added


@compiled
def _new_idle(P, S, user, gap, shift):
    """Bring the waiting of a user's shift up to date; `gap` is any gap of the shift."""
    idle = idle_minutes(P, S, user, gap, shift, 1, 0, -1)
    old = S.idle[shift]
    S.idle[shift] = idle
    S.totals[WAITING] += idle - old
    if idle >= S.totals[MAX_WAITING]:
        S.totals[MAX_WAITING] = idle
    elif old == S.totals[MAX_WAITING]:
        S.totals[MAX_WAITING] = _largest(S.idle)


@compiled
def _load_pile(P, S, pile, start, end, units):
    tick = P.weights[TICK]
    low = max(0, (start - P.weights[PILE_START]) // tick)
    high = min(P.weights[PILE_LENGTH], -((P.weights[PILE_START] - end) // tick))
    for i in range(low, high):
        S.piles[pile, i] += units


@compiled
def _count(P, S, subject, start, minutes, sign):
    """Count a task in or out of a subject's days and weeks; minutes outside the horizon's periods are not asked for."""
    for c in range(P.subjects[subject].counter0, P.subjects[subject].counter1):
        counter = P.counters[c]
        at = counter.value0 + P.period_of[counter.period, start]
        old = S.values[at]
        new = old + sign * (minutes if counter.minutes else 1)
        S.values[at] = new
        if counter.weight:
            S.totals[COUNTERS] += counter.weight * (max(0, new - counter.threshold) - max(0, old - counter.threshold))


@compiled
def _spread(P, S):
    """The largest, smallest and second smallest load of the balanced users."""
    largest, least, second = 0, FAR, FAR
    for i in range(len(P.balanced)):
        load = S.load[P.balanced[i]]
        largest = max(largest, load)
        if load < least:
            least, second = load, least
        elif load < second:
            second = load
    S.totals[LOAD_MAX], S.totals[LOAD_MIN], S.totals[LOAD_SECOND] = largest, least, second


@compiled
def _client(P, S, task, sign):
    """Count a task's crew for its client."""
    job = P.tasks[task]
    size = S.user_count[task]
    largest = S.crew_sizes.shape[1] - 1
    while largest > 0 and S.crew_sizes[job.client, largest] == 0:
        largest -= 1
    old = S.served_users[job.client] - largest
    for p in range(size):
        user = S.users[job.user0 + p]
        served = S.served[job.client, user]
        S.served[job.client, user] = served + sign
        if sign > 0 and served == 0:
            S.served_users[job.client] += 1
        elif sign < 0 and served == 1:
            S.served_users[job.client] -= 1
    S.crew_sizes[job.client, size] += sign
    largest = S.crew_sizes.shape[1] - 1
    while largest > 0 and S.crew_sizes[job.client, largest] == 0:
        largest -= 1
    S.totals[CONTINUITY] += S.served_users[job.client] - largest - old


@compiled
def _occupy(P, S, task, subject, start, units, sign):
    """A team's, a resource's or the organization's side of a task coming or going."""
    job, who = P.tasks[task], P.subjects[subject]
    opens, closes = start - job.before, start + job.duration + job.after
    if who.line >= 0:
        if sign > 0:
            _enter_line(P, S, task, subject, opens, closes, -1)
        else:
            _leave_line(P, S, task, subject, opens)
    elif who.pile >= 0:
        _load_pile(P, S, who.pile, opens, closes, sign * units)
    if who.service_pile >= 0:
        _load_pile(P, S, who.service_pile, start, start + job.duration, sign)
    if job.pinned == 0:
        _count(P, S, subject, start, job.duration, sign)


@compiled
def place(P, S, task):
    """Enter a task whose start, team, users and resources stand in the state already."""
    job = P.tasks[task]
    start = S.start[task]
    opens, closes = start - job.before, start + job.duration + job.after
    if job.pinned == 0:
        _list_absent(S, task, False)
    S.totals[ABSENT] -= job.absent_cost
    S.totals[MANDATORY] -= job.mandatory
    S.totals[STARTS] += start_cost(job, start)
    if job.has_due:
        S.late[task] = max(0, start + job.duration - job.due)
        S.totals[MAX_LATE] = max(S.totals[MAX_LATE], S.late[task])
    _occupy(P, S, task, P.weights[ORGANIZATION], start, 0, 1)
    if S.team[task] >= 0:
        _occupy(P, S, task, S.team[task], start, 1, 1)
    for r in range(S.resource_count[task]):
        _occupy(P, S, task, S.resources[job.resource0 + r], start, S.units[job.resource0 + r], 1)
    for p in range(S.user_count[task]):
        user = S.users[job.user0 + p]
        shift = shift_at(P, user, start) if P.weights[TRAVELS] or P.weights[IDLES] else -1
        if P.weights[TRAVELS] and shift >= 0 and job.location >= 0:
            line = P.subjects[user].line
            S.totals[TRAVEL] += _travel_around(P, S, user, gap_at(S.line_from, P.line_start[line], S.line_length[line], opens), shift, job.location)
        gap = _enter_line(P, S, task, user, opens, closes, shift)
        if P.weights[IDLES] and shift >= 0:
            _new_idle(P, S, user, gap + 1, shift)
        _staff(P, S, task, user, start, 1)
    if P.weights[W_BALANCE] and S.user_count[task]:
        _spread(P, S)
    if P.weights[W_CONTINUITY] and job.client >= 0:
        _client(P, S, task, 1)


@compiled
def displace(P, S, task):
    """Take a task out of a plan."""
    job = P.tasks[task]
    start = S.start[task]
    opens = start - job.before
    for p in range(S.user_count[task]):
        user = S.users[job.user0 + p]
        gap = _leave_line(P, S, task, user, opens)
        shift = shift_at(P, user, start) if P.weights[TRAVELS] or P.weights[IDLES] else -1
        if P.weights[TRAVELS] and shift >= 0 and job.location >= 0:
            S.totals[TRAVEL] -= _travel_around(P, S, user, gap, shift, job.location)
        if P.weights[IDLES] and shift >= 0:
            _new_idle_after(P, S, user, gap, shift)
        _staff(P, S, task, user, start, -1)
    if P.weights[W_BALANCE] and S.user_count[task]:
        _spread(P, S)
    if P.weights[W_CONTINUITY] and job.client >= 0:
        _client(P, S, task, -1)
    for r in range(S.resource_count[task]):
        _occupy(P, S, task, S.resources[job.resource0 + r], start, S.units[job.resource0 + r], -1)
    if S.team[task] >= 0:
        _occupy(P, S, task, S.team[task], start, 1, -1)
    _occupy(P, S, task, P.weights[ORGANIZATION], start, 0, -1)
    S.totals[ABSENT] += job.absent_cost
    S.totals[MANDATORY] += job.mandatory
    S.totals[STARTS] -= start_cost(job, start)
    if S.late[task]:
        late = S.late[task]
        S.late[task] = 0
        if late == S.totals[MAX_LATE]:
            S.totals[MAX_LATE] = _largest(S.late)
    S.start[task] = UNPLACED
    S.user_count[task] = 0
    S.resource_count[task] = 0
    _list_absent(S, task, True)


@compiled
def _new_idle_after(P, S, user, gap, shift):
    """Waiting of a shift after an entry left: the gap may lie at either end of the shift, or the shift be empty."""
    base = P.line_start[P.subjects[user].line]
    if gap == 0 or S.line_shift[base + gap - 1] != shift:
        gap += 1 if gap < S.line_length[P.subjects[user].line] and S.line_shift[base + gap] == shift else 0
    _new_idle(P, S, user, gap, shift)


@compiled
def _staff(P, S, task, user, start, sign):
    """A user's own totals when a task comes or goes."""
    job = P.tasks[task]
    S.totals[USERS] += sign * outsider_cost(P, task, user)
    if job.pinned == 0:
        _count(P, S, user, start, job.duration, sign)
    if sign > 0 and S.jobs[user] == 0:
        S.totals[HEADCOUNT] += 1
    S.jobs[user] += sign
    if sign < 0 and S.jobs[user] == 0:
        S.totals[HEADCOUNT] -= 1
    S.load[user] += sign * job.duration
    S.totals[LABOR] += sign * job.duration * P.subjects[user].rate


@compiled
def _list_absent(S, task, absent):
    """Keep the list of tasks that are left out."""
    if absent:
        S.absent_at[task] = S.absent_count[0]
        S.absent[S.absent_count[0]] = task
        S.absent_count[0] += 1
    elif S.absent_at[task] >= 0:
        S.absent_count[0] -= 1
        other = S.absent[S.absent_count[0]]
        S.absent[S.absent_at[task]] = other
        S.absent_at[other] = S.absent_at[task]
        S.absent_at[task] = -1


@compiled
def take_found(P, S, X, task):
    """Place a task where the last search found its best place."""
    job = P.tasks[task]
    S.start[task], S.team[task] = X.found[START], X.found[TEAM]
    S.user_count[task], S.resource_count[task] = X.found[CREW], X.found[HELD]
    for p in range(X.found[CREW]):
        S.users[job.user0 + p] = X.found_users[p]
    for d in range(X.found[HELD]):
        S.resources[job.resource0 + d], S.units[job.resource0 + d] = X.found_resources[d], X.found_units[d]
    place(P, S, task)


@compiled
def stands_badly(P, S, user, gap, shift):
    """Whether what is left around a gap breaks a rule, as it may where a detour was shorter than the way; the entry to go, or -1."""
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
                if S.line_from[i] < P.breaks[b].end and S.line_until[i] > P.breaks[b].start and P.tasks[S.line_task[i]].pinned == 0:
                    return S.line_task[i]
    if bad:
        if after >= 0 and P.tasks[S.line_task[after]].pinned == 0:
            return S.line_task[after]
        if before >= 0 and P.tasks[S.line_task[before]].pinned == 0:
            return S.line_task[before]
    return -1
