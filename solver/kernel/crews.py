"""The cheapest place of a task that takes several users, a whole team, or nobody."""

from solver.kernel.arrays import ALIGNED, IDLES, INFINITE, PERSONAL, STEP, TRAVELS
from solver.kernel.bits import NONE, fill, has_bit, keep, last_bit, next_bit, spread
from solver.kernel.chance import below
from solver.kernel.commit import cost_of_trying
from solver.kernel.compiled import compiled
from solver.kernel.ground import block_line
from solver.kernel.lines import gap_at, gap_bounds
from solver.kernel.pricing import counted, late_cost, start_cost, user_price
from solver.kernel.resources import choose_resources, keep_place
from solver.kernel.savings import credit_of
from solver.kernel.scratch import BLINK, BLINK_ONE_IN, COST, CREW, MARK, STAMP
from solver.kernel.starts import free_runs, is_near, near_starts, user_starts
from solver.kernel.widest import day_of, is_too_full

MOST_TRIES = 16  # starts at which a crew is put together, per segment


@compiled
def best_crew(P, S, X, task, team, origin, low, high, shared, required):
    """Try the starts of a segment outward from the cheapest; `required`: a task whose crew must be the same, or -1."""
    job, step = P.tasks[task], P.weights[STEP]
    positions = job.position1 - job.position0
    whole = job.whole_team != 0
    count = (high >> 6) + 1
    crew = P.subjects[team].member1 - P.subjects[team].member0 if whole else positions
    if required >= 0 and S.user_count[required] != crew:
        return
    if crew == 0:
        for w in range(count):
            X.union[w] = X.allow[w]
    elif not _crew_starts(P, S, X, task, team, origin, low, high, required):
        return
    aim = max(low, min(high, (job.best_from - origin) // step))
    right, left = next_bit(X.union, aim, high), last_bit(X.union, low, aim - 1)
    joint = crew > 1 and (P.weights[PERSONAL] != 0 or P.weights[IDLES] != 0)  # prices of people do not add up
    credit = credit_of(P, task)
    tries = 0
    while (right >= 0 or left >= 0) and tries < MOST_TRIES:
        if left < 0 or (right >= 0 and start_cost(job, origin + right * step) <= start_cost(job, origin + left * step)):
            bit = right
            right = next_bit(X.union, right + 1, high)
        else:
            bit = left
            left = last_bit(X.union, low, left - 1)
        start = origin + bit * step
        cost = shared + start_cost(job, start) + late_cost(P, S, job, start)
        if cost >= X.found[COST]:
            if job.moved_weight == 0:
                return
            continue
        tries += 1
        people = 0
        if whole:
            for m in range(crew):
                X.try_users[m] = P.members[P.subjects[team].member0 + m]
                people = min(INFINITE, people + user_price(P, S, task, X.try_users[m], start))
        elif crew > 0:
            people = _crew_price(P, S, X, task, start, bit)
        price = cost + people + credit
        if people >= INFINITE or (price >= X.found[COST] and not joint):
            continue
        if job.demand1 > job.demand0 and not choose_resources(P, S, X, task, start):
            continue
        if joint:
            price = cost_of_trying(P, S, X, task, team, start, crew) + credit
            if price >= X.found[COST]:
                continue
        keep_place(P, X, task, team, start, price)
        X.found[CREW] = crew
        for p in range(crew):
            X.found_users[p] = X.try_users[p]


@compiled
def _free_starts(P, S, X, words, task, user, origin, low, high):
    """Write the starts at which a user could serve a task, breaks and waiting left out; False: none."""
    step = P.weights[STEP]
    job = P.tasks[task]
    first, last = origin + low * step, origin + high * step
    if is_too_full(P, S, task, user, day_of(P, S, task, first, last)):
        return False
    if is_near(P, task, user, origin, low, high):
        word = near_starts(P, S, X, task, user, origin, low, high)
        if word == NONE or counted(P, S, user, first, job.duration) >= INFINITE:
            return False
        spread(words, (high >> 6) + 1, low, word)
        return True
    if counted(P, S, user, first, job.duration) >= INFINITE or not user_starts(
        P, X, X.words, task, user, origin, low, high
    ):
        return False
    count = (high >> 6) + 1
    line = P.subjects[user].line
    if origin % step == 0 and not free_runs(P, S, X, X.words, task, line, origin, low, high):
        return False
    if P.weights[TRAVELS] == 0:
        if P.weights[ALIGNED] == 0 or origin % step:
            block_line(P, S, task, line, X.words, origin, step, low, high)
        rest = NONE
        for w in range(count):
            words[w] = X.words[w] if w >= low >> 6 else NONE
            rest |= words[w]
        return rest != NONE
    fill(words, count, 0, -1)
    base, length = P.line_start[line], S.line_length[line]
    for shift in range(P.subjects[user].shift0, P.subjects[user].shift1):
        opens, closes = max(first, P.shifts[shift].first), min(last, P.shifts[shift].last - 1)
        if opens > closes:
            continue
        gap = gap_at(S.line_from, base, length, opens - job.before)
        while gap <= length and (gap == 0 or S.line_from[base + gap - 1] < closes):
            a, b, _ = gap_bounds(P, S, task, user, gap, shift)
            a, b = max(a, opens), min(b, closes)
            keep(words, X.words, max(low, -((origin - a) // step)), min(high, (b - origin) // step))
            gap += 1
    for w in range(count):
        if words[w] != NONE:
            return True
    return False


@compiled
def _crew_starts(P, S, X, task, team, origin, low, high, required):
    """Write the starts with enough free users for every position into `X.union`, and each user's into `X.masks`."""
    job = P.tasks[task]
    stamp = X.notes[STAMP]
    count = (high >> 6) + 1
    for w in range(count):
        X.union[w] = X.allow[w]
    if required >= 0:
        for p in range(S.user_count[required]):
            X.same[S.users[P.tasks[required].user0 + p]] = stamp
    if job.whole_team:
        for m in range(P.subjects[team].member0, P.subjects[team].member1):
            user = P.members[m]
            if X.banned[user] == stamp or (required >= 0 and X.same[user] != stamp):
                return False
            if not _free_starts(P, S, X, X.masks[0], task, user, origin, low, high):
                return False
            rest = NONE
            for w in range(count):
                X.union[w] &= X.masks[0, w]
                rest |= X.union[w]
            if rest == NONE:
                return False
        return True
    members = stamp * 4096 + (team & 4095)
    if team >= 0:
        for m in range(P.subjects[team].member0, P.subjects[team].member1):
            X.member[P.members[m]] = members
    known = 0
    aim = max(low, min(high, (job.best_from - origin) // P.weights[STEP]))
    simple = job.groups == 1 and P.weights[PERSONAL] == 0 and P.weights[TRAVELS] == 0 and P.weights[IDLES] == 0
    X.notes[MARK] += 1
    mark = X.notes[MARK]
    p = job.position0
    while p < job.position1:
        group = P.positions[p]
        heads = 0
        while p < job.position1 and P.positions[p].first == group.first and P.positions[p].last == group.last:
            heads += 1
            p += 1
        for h in range(heads + 1):
            for w in range(count):
                X.counts[h, w] = NONE
        span = group.last - group.first
        offset = below(X.random, span) if span > 1 else 0
        for c in range(span):
            i = offset + c
            user = P.candidates[group.first + (i if i < span else i - span)]
            if X.chosen[user] != mark:
                X.chosen[user] = mark
                X.mask_of[user] = -1
                if (
                    X.banned[user] == stamp
                    or (team >= 0 and X.member[user] != members)
                    or (required >= 0 and X.same[user] != stamp)
                ):
                    continue
                if X.notes[BLINK] and required < 0 and below(X.random, X.dials[BLINK_ONE_IN]) == 0:
                    continue
                if _free_starts(P, S, X, X.masks[known], task, user, origin, low, high):
                    X.mask_of[user] = known
                    X.masked[known] = user
                    known += 1
            if X.mask_of[user] < 0:
                continue
            for w in range(count):
                carry = X.masks[X.mask_of[user], w]
                for h in range(heads):
                    more = X.counts[h, w] & carry
                    X.counts[h, w] |= carry
                    carry = more
            if simple and has_bit(
                X.counts[heads - 1], aim
            ):  # enough people at the cheapest start: who else is free does not matter
                break
        rest = NONE
        for w in range(count):
            X.union[w] &= X.counts[heads - 1, w]
            rest |= X.union[w]
        if rest == NONE:
            return False
    return True


@compiled
def _crew_price(P, S, X, task, start, bit):
    """Fill the positions at a start with the cheapest free users, a different order of positions where the first fails.

    Returns
    -------
    Extra cost of the crew written to `X.try_users`, or INFINITE.
    """
    job = P.tasks[task]
    crew = job.position1 - job.position0
    for turn in range(job.groups):
        total = 0
        for n in range(crew):
            p = (n + turn * (crew // job.groups)) % crew
            position = P.positions[job.position0 + p]
            best, who = INFINITE, -1
            span = position.last - position.first
            offset = below(X.random, span) if span > 1 else 0
            for c in range(span):
                i = offset + c
                user = P.candidates[position.first + (i if i < span else i - span)]
                if X.chosen[user] != X.notes[MARK] or X.mask_of[user] < 0 or not has_bit(X.masks[X.mask_of[user]], bit):
                    continue
                taken = False
                for m in range(n):
                    if X.try_users[(m + turn * (crew // job.groups)) % crew] == user:
                        taken = True
                if taken:
                    continue
                price = user_price(P, S, task, user, start)
                if price < best:
                    best, who = price, user
                    if total + best <= 0:
                        break
            if who < 0:
                total = INFINITE
                break
            X.try_users[p] = who
            total += best
        if total < INFINITE:
            return total
    return INFINITE
