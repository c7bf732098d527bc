"""The cheapest place of one task in a plan: start, team, crew and resources.

Segments of starts are looked at one by one, users gap by gap outward from the cheapest start, and whatever cannot
beat the best place so far is left out by a bound. What is written to `Scratch.found` has passed every rule exactly.
"""

from solver.kernel.arrays import ALIGNED, FAR, IDLES, INFINITE, PERSONAL, STEP, TRAVELS, UNPLACED, W_TRAVEL
from solver.kernel.bits import NONE, has_bit, last_bit, next_bit
from solver.kernel.chance import below
from solver.kernel.compiled import compiled
from solver.kernel.crews import best_crew
from solver.kernel.ground import allowed_starts
from solver.kernel.lines import breaks_hold, gap_at, gap_bounds
from solver.kernel.pricing import client_cost, counted, late_cost, person_cost, start_cost, user_price
from solver.kernel.resources import choose_resources, keep_place
from solver.kernel.savings import credit_of
from solver.kernel.scratch import BLINK, BLINK_ONE_IN, COST, CREW, LEAN, SAMPLE, STAMP, START, TIME_HINT
from solver.kernel.starts import affordable, cheapest_start, free_runs, is_near, near_starts, user_starts
from solver.kernel.widest import day_of, is_too_full


@compiled
def link_bounds(P, S, X, task):
    """First and last start that the placed neighbours in links allow; marks users that are forbidden or the only ones.

    Returns
    -------
    (first, last, required): `required` is a task whose crew must be the same, or -1.
    """
    job = P.tasks[task]
    first, last, required = -FAR, FAR, -1
    stamp = X.notes[STAMP]
    for side in range(2):
        low, high = (job.link_in0, job.link_in1) if side == 0 else (job.link_out0, job.link_out1)
        for i in range(low, high):
            link = P.links[P.links_in[i] if side == 0 else P.links_out[i]]
            other = link.before if side == 0 else link.after
            at = S.start[other]
            if at == UNPLACED:
                if side == 0:
                    return 0, -1, -1
                continue
            if side == 0:
                mark = at if link.from_start else at + P.tasks[other].duration
                first, last = max(first, mark + link.min_gap), min(last, mark + link.max_gap)
            else:
                mark = at if link.from_start else at - job.duration
                first, last = max(first, mark - link.max_gap), min(last, mark - link.min_gap)
            if link.different_users:
                for p in range(S.user_count[other]):
                    X.banned[S.users[P.tasks[other].user0 + p]] = stamp
            if link.same_users:
                if required >= 0 and not _same_crew(P, S, required, other):
                    return 0, -1, -1
                required = other
    return first, last, required


@compiled
def _same_crew(P, S, one, other):
    """Whether two placed tasks have the same users."""
    if S.user_count[one] != S.user_count[other]:
        return False
    for p in range(S.user_count[one]):
        found = False
        for q in range(S.user_count[other]):
            if S.users[P.tasks[one].user0 + p] == S.users[P.tasks[other].user0 + q]:
                found = True
        if not found:
            return False
    return True


@compiled
def best_place(P, S, X, task, limit):
    """Find the cheapest place of a task that costs less than a limit.

    Parameters
    ----------
    task
        One that is not placed.
    limit
        Only places below this cost are looked for.

    Returns
    -------
    Extra cost of the place that was written to `X.found…`; INFINITE if there is none.
    """
    X.notes[STAMP] += 1
    credit = credit_of(P, task)  # bounds are not raised by it: so much the task could save
    X.found[COST] = limit + credit
    X.found[START] = UNPLACED
    X.notes[LEAN] = below(X.random, 2)
    job = P.tasks[task]
    first, last, required = link_bounds(P, S, X, task)
    if first > last or job.hopeless:
        return INFINITE
    if job.option0 == job.option1:
        _best_segment(P, S, X, task, -1, first, last, required)
    for o in range(job.option0, job.option1):
        _best_segment(P, S, X, task, P.options[o], first, last, required)
    X.found[COST] -= credit
    return X.found[COST] if X.found[START] != UNPLACED else INFINITE


@compiled
def _best_segment(P, S, X, task, team, first, last, required):
    job, step = P.tasks[task], P.weights[STEP]
    count = job.segment1 - job.segment0
    most = X.notes[SAMPLE]
    sampled = most > 0 and count > most
    rounds = most if sampled else count
    offset = below(X.random, count) if count > 1 else 0
    for r in range(rounds):
        i = job.segment0 + (offset + r) % count
        if sampled:
            i = _sampled_segment(P, X, job, r)
        segment = P.segments[i]
        low = max(0, -((segment.start - first) // step)) if first > segment.start else 0
        high = segment.starts - 1
        if last < segment.end:
            high = (last - segment.start) // step
        if low > high:
            continue
        bound = cheapest_start(job, segment.start + low * step, segment.start + high * step)
        if bound >= X.found[COST]:
            continue
        shared = allowed_starts(P, S, X, task, team, segment.start, low, high)
        if shared < INFINITE:
            shared += client_cost(P, S, task)
        if shared >= INFINITE or bound + shared >= X.found[COST]:
            continue
        if job.position1 - job.position0 == 1 and required < 0:
            _best_user(P, S, X, task, team, segment.start, low, high, shared)
        else:
            best_crew(P, S, X, task, team, segment.start, low, high, shared, required)


@compiled
def _sampled_segment(P, X, job, r):
    """The segment around the time hint or the cheapest start first, then any."""
    if r < 2:
        at = job.best_from if r == 0 and job.best_from > -FAR else X.notes[TIME_HINT]
        low, high = job.segment0, job.segment1
        while low < high:
            middle = (low + high) >> 1
            if P.segments[middle].end < at:
                low = middle + 1
            else:
                high = middle
        return min(low, job.segment1 - 1)
    return job.segment0 + below(X.random, job.segment1 - job.segment0)


@compiled
def _best_user(P, S, X, task, team, origin, low, high, shared):
    job, step = P.tasks[task], P.weights[STEP]
    candidates = P.positions[job.position0]
    total = candidates.last - candidates.first
    if total == 0:
        return
    stamp = X.notes[STAMP]
    members = stamp * 4096 + (team & 4095)
    if team >= 0:
        for m in range(P.subjects[team].member0, P.subjects[team].member1):
            X.member[P.members[m]] = members
    bound = cheapest_start(job, origin + low * step, origin + high * step)
    offset = below(X.random, total)
    blink = X.notes[BLINK]
    travels = P.weights[TRAVELS] != 0
    personal = P.weights[PERSONAL] != 0
    grid = origin % step == 0
    aligned = grid and P.weights[ALIGNED] != 0
    day = day_of(P, S, task, origin + low * step, origin + high * step)
    floor, budget, bit0, bit1 = shared, INFINITE, low, high
    for c in range(total):
        i = offset + c
        if i >= total:
            i -= total
        user = P.candidates[candidates.first + i]
        if X.banned[user] == stamp or (team >= 0 and X.member[user] != members) or is_too_full(P, S, task, user, day):
            continue
        if personal:
            floor = shared + person_cost(P, S, task, user)
        if floor + bound >= X.found[COST]:
            if personal:
                continue
            return
        if blink and below(X.random, X.dials[BLINK_ONE_IN]) == 0:
            continue
        if X.found[COST] - floor != budget:
            budget = X.found[COST] - floor
            bit0, bit1 = affordable(job, origin, step, low, high, budget)
        if bit0 > bit1:
            continue
        who = P.subjects[user]
        plain = aligned and who.break0 == who.break1
        if plain and is_near(P, task, user, origin, bit0, bit1):
            word = near_starts(P, S, X, task, user, origin, bit0, bit1)
            if word == NONE:
                continue
            X.words[0] = word
            more = counted(P, S, user, origin + low * step, job.duration)
            if more < INFINITE:
                _best_bits(P, S, X, task, team, user, origin + bit0 * step, 0, bit1 - bit0, floor + more)
            continue
        if not user_starts(P, X, X.words, task, user, origin, bit0, bit1):
            continue
        if grid and not free_runs(P, S, X, X.words, task, who.line, origin, bit0, bit1):
            continue
        more = counted(P, S, user, origin + low * step, job.duration)
        if more >= INFINITE or floor + more + bound >= X.found[COST]:
            continue
        first, last = origin + bit0 * step, origin + bit1 * step
        if plain:
            _best_bits(P, S, X, task, team, user, origin, bit0, bit1, floor + more)
            continue
        if not travels:
            _best_gaps(P, S, X, task, team, user, origin, bit0, bit1, -1, first, last, shared, floor + more)
            continue
        for shift in range(P.subjects[user].shift0, P.subjects[user].shift1):
            if P.shifts[shift].first > last:
                break
            if P.shifts[shift].last > first:
                opens, closes = max(first, P.shifts[shift].first), min(last, P.shifts[shift].last - 1)
                _best_gaps(P, S, X, task, team, user, origin, bit0, bit1, shift, opens, closes, shared, floor + more)


@compiled
def _best_bits(P, S, X, task, team, user, origin, low, high, floor):
    """Try the free starts next to the cheapest one, where the bits tell all there is to know."""
    job, step = P.tasks[task], P.weights[STEP]
    at = job.best_until if X.notes[LEAN] and job.best_until < FAR else job.best_from
    aim = max(low, min(high, (at - origin) // step))
    for side in range(3):
        if side == 0:
            bit = next_bit(X.words, aim, high)
        elif side == 1:
            bit = last_bit(X.words, low, aim - 1)
        else:
            bit = (job.current - origin) // step
            if (
                job.moved_weight == 0
                or (job.current - origin) % step
                or not low <= bit <= high
                or not has_bit(X.words, bit)
            ):
                return
        if bit < 0:
            continue
        start = origin + bit * step
        price = floor + start_cost(job, start) + late_cost(P, S, job, start)
        if price < X.found[COST] and (job.demand1 == job.demand0 or choose_resources(P, S, X, task, start)):
            keep_place(P, X, task, team, start, price)
            X.found_users[0] = user
            X.found[CREW] = 1


@compiled
def _best_gaps(P, S, X, task, team, user, origin, low, high, shift, first, last, shared, floor):
    """Try the gaps of a user outward from the cheapest start."""
    job = P.tasks[task]
    line = P.subjects[user].line
    base, length = P.line_start[line], S.line_length[line]
    target = min(max(first, job.best_from), last)
    if target > job.best_until:
        target = max(first, min(last, job.best_until))
    middle = gap_at(S.line_from, base, length, target - job.before + 1)
    tail = job.duration + job.after
    for gap in range(middle, length + 1):
        opens = first
        if gap > 0:
            opens = max(opens, S.line_reach[base + gap - 1] + job.before)
            if opens > last or (
                gap > middle and floor + start_cost(job, max(opens, target)) - job.moved_weight >= X.found[COST]
            ):
                break
        if gap < length and S.line_from[base + gap] - tail < opens:
            continue
        _try_gap(P, S, X, task, team, user, origin, low, high, shift, first, last, shared, floor, gap)
    for gap in range(middle - 1, -1, -1):
        closes = min(last, S.line_from[base + gap] - tail)
        if closes < first or floor + start_cost(job, min(closes, target)) - job.moved_weight >= X.found[COST]:
            break
        if gap > 0 and S.line_reach[base + gap - 1] + job.before > closes:
            continue
        _try_gap(P, S, X, task, team, user, origin, low, high, shift, first, last, shared, floor, gap)


@compiled
def _try_gap(P, S, X, task, team, user, origin, low, high, shift, first, last, shared, floor, gap):
    """Try the starts of one gap: the cheapest free ones, and where waiting or breaks matter the ends too."""
    job, step = P.tasks[task], P.weights[STEP]
    opens, closes, added = gap_bounds(P, S, task, user, gap, shift)
    opens, closes = max(opens, first), min(closes, last)
    bit0 = max(low, -((origin - opens) // step))
    bit1 = min(high, (closes - origin) // step)
    if bit0 > bit1:
        return
    cost = floor + P.weights[W_TRAVEL] * added
    if cost + cheapest_start(job, origin + bit0 * step, origin + bit1 * step) >= X.found[COST]:
        return
    at = job.best_from
    if X.notes[LEAN] and job.best_until > job.best_from:
        at = min(closes, job.best_until)
    aim = bit0 if at <= opens else min((at - origin) // step, bit1)
    aim = max(aim, bit0)
    right = next_bit(X.words, aim, bit1)
    left = last_bit(X.words, bit0, aim - 1)
    tight = -1
    if right >= 0:
        tight = max(tight, _try_start(P, S, X, task, team, user, origin, right, shared, cost, gap))
    if left >= 0:
        tight = max(tight, _try_start(P, S, X, task, team, user, origin, left, shared, cost, gap))
    if job.moved_weight and (job.current - origin) % step == 0:
        bit = (job.current - origin) // step
        if bit0 <= bit <= bit1 and has_bit(X.words, bit):
            tight = max(tight, _try_start(P, S, X, task, team, user, origin, bit, shared, cost, gap))
    if P.weights[IDLES]:
        bit = last_bit(X.words, bit0, bit1)
        if bit > right:
            tight = max(tight, _try_start(P, S, X, task, team, user, origin, bit, shared, cost, gap))
        bit = next_bit(X.words, bit0, bit1)
        if 0 <= bit < aim:
            tight = max(tight, _try_start(P, S, X, task, team, user, origin, bit, shared, cost, gap))
    if tight < 0:
        return
    span = P.breaks[tight]  # the nearest starts that leave room for the break before or after the service
    bit = (max(span.start + job.before, opens) + span.minutes - origin + step - 1) // step
    bit = next_bit(X.words, max(bit0, bit), bit1)
    if bit >= 0:
        _try_start(P, S, X, task, team, user, origin, bit, shared, cost, gap)
    bit = (min(span.end - job.duration - job.after, closes) - span.minutes - origin) // step
    bit = last_bit(X.words, bit0, min(bit1, bit))
    if bit >= 0:
        _try_start(P, S, X, task, team, user, origin, bit, shared, cost, gap)


@compiled
def _try_start(P, S, X, task, team, user, origin, bit, shared, cost, gap):
    """Take one start as the best place if it is cheaper and passes what the gap alone does not tell.

    Returns
    -------
    Number of the break that it leaves no room for, else -1.
    """
    job = P.tasks[task]
    start = origin + bit * P.weights[STEP]
    own = start_cost(job, start) + late_cost(P, S, job, start)
    if cost + own >= X.found[COST]:
        return -1
    if P.subjects[user].break1 > P.subjects[user].break0:
        tight = breaks_hold(P, S, user, gap, start - job.before, start + job.duration + job.after, task)
        if tight >= 0:
            return tight
    price = cost + own
    if P.weights[IDLES]:
        price = shared + user_price(P, S, task, user, start) + own + credit_of(P, task)
        if price >= X.found[COST]:
            return -1
    if job.demand1 > job.demand0 and not choose_resources(P, S, X, task, start):
        return -1
    keep_place(P, X, task, team, start, price)
    X.found_users[0] = user
    X.found[CREW] = 1
    return -1
