"""The totals of a plan and what they are added up from: travel, waiting, loads, counters, clients."""

from solver.kernel.arrays import (
    ABSENT,
    CONTINUITY,
    COUNTERS,
    FAR,
    HEADCOUNT,
    LABOR,
    LOAD_MAX,
    LOAD_MIN,
    LOAD_SECOND,
    MANDATORY,
    MANDATORY_COST,
    MAX_LATE,
    MAX_WAITING,
    PILE_LENGTH,
    PILE_START,
    RATE_UNIT,
    SMOOTH_SUM,
    STARTS,
    TICK,
    TRAVEL,
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
from solver.kernel.compiled import compiled
from solver.kernel.lines import idle_minutes, located_after, located_before, way_past
from solver.kernel.pricing import outsider_cost, whole_currency
from solver.kernel.smooth import is_smooth, shift_powers, smoothed


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
def energy(P, S):
    """What annealing goes by: the cost, with the longest waiting smoothed while it is hot."""
    longest = S.totals[MAX_WAITING]
    return total_cost(P, S) + P.weights[W_MAX_WAITING] * (smoothed(S, longest) - longest)


@compiled
def largest(values):
    """The largest of some numbers that are not negative."""
    most = 0
    for value in values:
        most = max(most, value)
    return most


@compiled
def travel_around(P, S, user, gap, shift, location):
    """Travel minutes that a located task, itself not in the line, adds between its located neighbours in a gap."""
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
def new_idle(P, S, user, gap, shift):
    """Bring the waiting of a user's shift up to date; `gap` is any gap of the shift."""
    idle = idle_minutes(P, S, user, gap, shift, 1, 0, -1)
    old = S.idle[shift]
    S.idle[shift] = idle
    S.totals[WAITING] += idle - old
    if is_smooth(S):
        S.smooth[SMOOTH_SUM] += shift_powers(S, old, idle)
    if idle >= S.totals[MAX_WAITING]:
        S.totals[MAX_WAITING] = idle
    elif old == S.totals[MAX_WAITING]:
        S.totals[MAX_WAITING] = largest(S.idle)


@compiled
def idle_after_leaving(P, S, user, gap, shift):
    """Waiting of a shift after an entry left: the gap may lie at either end of the shift, or the shift be empty."""
    base = P.line_start[P.subjects[user].line]
    if gap == 0 or S.line_shift[base + gap - 1] != shift:
        gap += 1 if gap < S.line_length[P.subjects[user].line] and S.line_shift[base + gap] == shift else 0
    new_idle(P, S, user, gap, shift)


@compiled
def load_pile(P, S, pile, start, end, units):
    """Add units to a load during [start, end)."""
    tick = P.weights[TICK]
    low = max(0, (start - P.weights[PILE_START]) // tick)
    high = min(P.weights[PILE_LENGTH], -((P.weights[PILE_START] - end) // tick))
    for i in range(low, high):
        S.piles[pile, i] += units


@compiled
def count(P, S, subject, start, minutes, sign):
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
def spread(P, S):
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
def count_client(P, S, task, sign):
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
def staff(P, S, task, user, start, sign):
    """A user's own totals when a task comes or goes."""
    job = P.tasks[task]
    S.totals[USERS] += sign * outsider_cost(P, task, user)
    if job.pinned == 0:
        count(P, S, user, start, job.duration, sign)
    if sign > 0 and S.jobs[user] == 0:
        S.totals[HEADCOUNT] += 1
    S.jobs[user] += sign
    if sign < 0 and S.jobs[user] == 0:
        S.totals[HEADCOUNT] -= 1
    S.load[user] += sign * job.duration
    S.totals[LABOR] += sign * job.duration * P.subjects[user].rate
