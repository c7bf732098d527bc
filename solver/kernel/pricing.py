"""What one subject allows and costs at one start: calendars, bounds, counters, loads, and the user's own terms."""

from solver.kernel.arrays import (
    IDLES,
    INFINITE,
    LABOR,
    LOAD_MAX,
    LOAD_MIN,
    LOAD_SECOND,
    MAX_LATE,
    MAX_WAITING,
    PILE_LENGTH,
    PILE_START,
    RATE_UNIT,
    STEP,
    TICK,
    W_BALANCE,
    W_CONTINUITY,
    W_HEADCOUNT,
    W_LABOR,
    W_MAX_LATE,
    W_MAX_WAITING,
    W_TRAVEL,
    W_WAITING,
)
from solver.kernel.bits import has_bit
from solver.kernel.compiled import compiled
from solver.kernel.lines import breaks_hold, gap_at, gap_bounds, idle_minutes, shift_at
from solver.kernel.smooth import is_smooth, shift_powers, smooth_rise


@compiled
def start_cost(job, start):
    """Cost of a start alone: distance from the preferred one, lateness, and having been moved."""
    cost = job.preferred_weight * abs(start - job.preferred)
    if job.late_weight:
        cost += job.late_weight * max(0, start + job.duration - job.due)
    if job.moved_weight and start != job.current:
        cost += job.moved_weight
    return cost


@compiled
def late_cost(P, S, job, start):
    """What a start adds to the price of the largest lateness."""
    if P.weights[W_MAX_LATE] and job.has_due:
        return P.weights[W_MAX_LATE] * max(0, start + job.duration - job.due - S.totals[MAX_LATE])
    return 0


@compiled
def outsider_cost(P, task, user):
    """Cost of a user being neither preferred nor the current one."""
    job = P.tasks[task]
    for i in range(job.insider0, job.insider1):
        if P.insiders[i].first == user:
            return P.insiders[i].last
    return job.outsider_cost


@compiled
def counted(P, S, subject, start, minutes):
    """Cost that one more task adds to a subject's counters; INFINITE where a limit forbids it."""
    cost = 0
    for c in range(P.subjects[subject].counter0, P.subjects[subject].counter1):
        counter = P.counters[c]
        more = minutes if counter.minutes else 1
        value = S.values[counter.value0 + P.period_of[counter.period, start]]
        if value + more > counter.limit:
            return INFINITE
        if counter.weight:
            cost += counter.weight * (max(0, value + more - counter.threshold) - max(0, value - counter.threshold))
    return cost


@compiled
def whole_currency(numerator, unit):
    """A sum of money in whole units, rounded half up."""
    return (2 * numerator + unit) // (2 * unit)


@compiled
def person_cost(P, S, task, user):
    """What a user costs wherever the task starts: outsider, headcount, labour, balance, continuity; no counters."""
    job = P.tasks[task]
    cost = outsider_cost(P, task, user)
    if P.weights[W_HEADCOUNT] and S.jobs[user] == 0:
        cost += P.weights[W_HEADCOUNT]
    if P.weights[W_LABOR]:
        unit, spent = P.weights[RATE_UNIT], S.totals[LABOR]
        cost += P.weights[W_LABOR] * (
            whole_currency(spent + job.duration * P.subjects[user].rate, unit) - whole_currency(spent, unit)
        )
    if P.weights[W_BALANCE]:
        load = S.load[user]
        least = S.totals[LOAD_MIN]
        if load == least:
            least = min(load + job.duration, S.totals[LOAD_SECOND])
        cost += P.weights[W_BALANCE] * (max(0, load + job.duration - S.totals[LOAD_MAX]) - (least - S.totals[LOAD_MIN]))
    if P.weights[W_CONTINUITY] and job.client >= 0 and S.served[job.client, user] == 0:
        cost += P.weights[W_CONTINUITY]
    return cost


@compiled
def client_cost(P, S, task):
    """What the size of a task's crew takes off the continuity cost of its client, as far as it is the largest."""
    job = P.tasks[task]
    if P.weights[W_CONTINUITY] == 0 or job.client < 0:
        return 0
    size = crew_size(P, job)
    largest = S.crew_sizes.shape[1] - 1
    while largest > 0 and S.crew_sizes[job.client, largest] == 0:
        largest -= 1
    return -P.weights[W_CONTINUITY] * max(0, size - largest)


@compiled
def crew_size(P, job):
    """Number of people a task asks for; of a whole team that of its first offered one."""
    if job.whole_team and job.option1 > job.option0:
        team = P.subjects[P.options[job.option0]]
        return team.member1 - team.member0
    return job.position1 - job.position0


@compiled
def is_open(P, subject, start, end):
    """Whether a whole service lies in one open interval of a subject."""
    low, high = P.subjects[subject].open0, P.subjects[subject].open1
    bottom = low
    while low < high:
        middle = (low + high) >> 1
        if P.opens[middle].first <= start:
            low = middle + 1
        else:
            high = middle
    return low > bottom and end <= P.opens[low - 1].last


@compiled
def allows_start(P, task, subject, start):
    """Whether a subject's calendar and its bounds for new bookings allow a start."""
    job = P.tasks[task]
    if job.fresh and not P.subjects[subject].fresh_from <= start <= P.subjects[subject].fresh_until:
        return False
    if start % P.weights[STEP]:
        return is_open(P, subject, start, start + job.duration)
    row = P.mask_rows[P.subjects[subject].calendar, job.length]
    slot = start // P.weights[STEP]
    return row >= 0 and has_bit(P.masks[row], slot)


@compiled
def pile_has_room(P, S, pile, start, end, units, capacity):
    """Whether `units` more fit under a capacity during [start, end)."""
    tick = P.weights[TICK]
    low = max(0, (start - P.weights[PILE_START]) // tick)
    high = min(P.weights[PILE_LENGTH], -((P.weights[PILE_START] - end) // tick))
    for i in range(low, high):
        if S.piles[pile, i] + units > capacity:
            return False
    return True


@compiled
def has_room(P, S, task, subject, start, units):
    """Whether a team, a resource or the organization can take a task at a start, its calendar left out."""
    job = P.tasks[task]
    who = P.subjects[subject]
    opens, closes = start - job.before, start + job.duration + job.after
    if who.line >= 0:
        base, length = P.line_start[who.line], S.line_length[who.line]
        gap = gap_at(S.line_from, base, length, opens)
        if (gap > 0 and S.line_reach[base + gap - 1] > opens) or (gap < length and S.line_from[base + gap] < closes):
            return False
    elif who.pile >= 0 and not pile_has_room(P, S, who.pile, opens, closes, units, who.capacity):
        return False
    return who.service_pile < 0 or pile_has_room(
        P, S, who.service_pile, start, start + job.duration, 1, who.concurrency
    )


@compiled
def user_price(P, S, task, user, start):
    """Exact extra cost of a user serving a task at a start open to both; INFINITE where a rule forbids it."""
    job = P.tasks[task]
    subject = P.subjects[user]
    base, length = P.line_start[subject.line], S.line_length[subject.line]
    opens, closes = start - job.before, start + job.duration + job.after
    gap = gap_at(S.line_from, base, length, opens)
    shift = shift_at(P, user, start)
    first, last, added = gap_bounds(P, S, task, user, gap, shift)
    if start < first or start > last:
        return INFINITE
    cost = counted(P, S, user, start, job.duration)
    if cost >= INFINITE:
        return INFINITE
    if subject.break1 > subject.break0 and breaks_hold(P, S, user, gap, opens, closes, task) >= 0:
        return INFINITE
    if P.weights[IDLES] and shift >= 0:
        idle = idle_minutes(P, S, user, gap, shift, opens, closes, job.location)
        cost += P.weights[W_WAITING] * (idle - S.idle[shift])
        if is_smooth(S):
            cost += int(smooth_rise(P, S, shift_powers(S, S.idle[shift], idle)))
        else:
            cost += P.weights[W_MAX_WAITING] * max(0, idle - S.totals[MAX_WAITING])
    return cost + P.weights[W_TRAVEL] * added + person_cost(P, S, task, user)
