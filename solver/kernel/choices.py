"""The gaps that a task could enter by pushing, listed by what each costs at least."""

from solver.kernel.arrays import FAR, INFINITE, MANDATORY_COST, PERSONAL, UNPLACED, W_TRAVEL
from solver.kernel.chance import below
from solver.kernel.compiled import compiled
from solver.kernel.lines import gap_at, gap_bounds, located_after
from solver.kernel.pricing import counted, person_cost, start_cost
from solver.kernel.push import next_start
from solver.kernel.savings import likely_saved, most_saved
from solver.kernel.scratch import BLINK, BLINK_ONE_IN, CHOICES, STAMP
from solver.kernel.starts import cheapest_start


@compiled
def absence(P, task):
    """What leaving a task out costs the search."""
    return P.tasks[task].absent_cost + P.tasks[task].mandatory * P.weights[MANDATORY_COST]


@compiled
def is_routed(P, task):
    """Whether a task can be inserted with pushing: it has a crew that is chosen person by person."""
    job = P.tasks[task]
    return job.position1 > job.position0 and job.whole_team == 0 and job.hopeless == 0 and job.pinned == 0


@compiled
def partner_of(P, S, task):
    """A task that is left out, too, and linked so closely that both should enter together; -1: none."""
    job = P.tasks[task]
    for side in range(2):
        low, high = (job.link_in0, job.link_in1) if side == 0 else (job.link_out0, job.link_out1)
        for i in range(low, high):
            link = P.links[P.links_in[i] if side == 0 else P.links_out[i]]
            other = link.before if side == 0 else link.after
            if S.start[other] == UNPLACED and link.different_users and link.max_gap < FAR and is_routed(P, other):
                return other
    return -1


@compiled
def _route_floor(P, S, X, task, partner):
    """The earliest start that placed link partners allow, and bans of their users; FAR where the task must wait."""
    job = P.tasks[task]
    first = -FAR
    X.notes[STAMP] += 1
    for side in range(2):
        low, high = (job.link_in0, job.link_in1) if side == 0 else (job.link_out0, job.link_out1)
        for i in range(low, high):
            link = P.links[P.links_in[i] if side == 0 else P.links_out[i]]
            other = link.before if side == 0 else link.after
            at = S.start[other]
            if at == UNPLACED:
                if side == 0 and other != partner:
                    return FAR
                continue
            if link.same_users:
                return FAR
            if side == 0:
                first = max(first, (at if link.from_start else at + P.tasks[other].duration) + link.min_gap)
            elif link.max_gap < FAR:
                first = max(first, (at if link.from_start else at - job.duration) - link.max_gap)
            if link.different_users:
                for p in range(S.user_count[other]):
                    X.banned[S.users[P.tasks[other].user0 + p]] = X.notes[STAMP]
    return first


@compiled
def _keep_choice(X, slot, key, price, saved, user, gap, shift, start):
    """Enter a gap into the sorted list of a slot's cheapest ones."""
    count = X.choice_count[slot]
    if count == CHOICES:
        if key >= X.choice_key[slot, count - 1]:
            return
        count -= 1
    k = count
    while k > 0 and X.choice_key[slot, k - 1] > key:
        X.choice_key[slot, k], X.choice_price[slot, k] = X.choice_key[slot, k - 1], X.choice_price[slot, k - 1]
        X.choice_user[slot, k], X.choice_gap[slot, k] = X.choice_user[slot, k - 1], X.choice_gap[slot, k - 1]
        X.choice_shift[slot, k], X.choice_start[slot, k] = X.choice_shift[slot, k - 1], X.choice_start[slot, k - 1]
        X.choice_saved[slot, k] = X.choice_saved[slot, k - 1]
        k -= 1
    X.choice_key[slot, k], X.choice_price[slot, k] = key, price
    X.choice_user[slot, k], X.choice_gap[slot, k] = user, gap
    X.choice_shift[slot, k], X.choice_start[slot, k] = shift, start
    X.choice_saved[slot, k] = saved
    X.choice_count[slot] = count + 1


@compiled
def push_at_least(P, S, task, user, gap, shift, start):
    """What pushing the next stop of a user costs by itself if a task starts in front of it."""
    job = P.tasks[task]
    base, length = P.line_start[P.subjects[user].line], S.line_length[P.subjects[user].line]
    i, taken, way = base + gap, 0, 0
    if job.location >= 0:
        after, taken = located_after(P, S, base, length, gap, shift)
        if after < 0:
            return 0
        i = after
        way = P.travel[job.location, P.tasks[S.line_task[i]].location]
    elif gap >= length:
        return 0
    other = S.line_task[i]
    rival = P.tasks[other]
    need = start + job.duration + job.after + taken + way + rival.before
    if need <= S.start[other]:
        return 0
    if rival.pinned:
        return INFINITE
    return start_cost(rival, need) - start_cost(rival, S.start[other])


@compiled
def _list_user(P, S, X, task, slot, user, floor, personal, with_own, limit):
    """List the gaps of one user."""
    job = P.tasks[task]
    who = P.subjects[user]
    base, length = P.line_start[who.line], S.line_length[who.line]
    last = P.segments[job.segment1 - 1].end
    S.users[job.user0] = user
    for shift in range(who.shift0, who.shift1):
        opens = max(floor, P.shifts[shift].first)
        if P.shifts[shift].first > last:
            return
        if opens >= P.shifts[shift].last:
            continue
        gap = gap_at(S.line_from, base, length, P.shifts[shift].first)
        while gap > 0 and S.line_shift[base + gap - 1] == shift:
            gap -= 1
        gap = max(gap, gap_at(S.line_from, base, length, opens - job.before) - 1)
        if gap > 0 and gap < length and S.line_shift[base + gap] != shift and S.line_from[base + gap] < opens:
            gap += 1
        most = likely_saved(P, S, task, shift)
        while gap <= length:
            between = gap > 0 and gap < length and S.line_shift[base + gap - 1] == shift == S.line_shift[base + gap]
            saved = most if between else 0
            first, closes, added = gap_bounds(P, S, task, user, gap, shift)
            at = max(first, opens)
            price = personal + P.weights[W_TRAVEL] * added
            least = cheapest_start(job, at, max(at, last)) if with_own else 0
            if personal - most + least >= limit or at >= P.shifts[shift].last or at > last:
                break
            if X.choice_count[slot] == CHOICES:
                limit = min(limit, X.choice_key[slot, CHOICES - 1])
            if price - saved + least < limit:
                at = next_start(P, S, task, at, 1, 0, -1)
                if at == UNPLACED or at >= P.shifts[shift].last:
                    break
                if who.counter1 > who.counter0:
                    price += counted(P, S, user, at, job.duration)
            if price - saved + least < limit:
                aim = job.best_from
                start = at
                if aim > at and closes > at:
                    start = next_start(P, S, task, min(aim, closes), 1, 0, -1)
                    if start == UNPLACED or start > closes:
                        start = at
                key = price - saved + push_at_least(P, S, task, user, gap, shift, start)
                if with_own:
                    key += start_cost(job, start)
                if key < limit:
                    _keep_choice(X, slot, key, price, saved, user, gap, shift, start)
                if aim > start:
                    start = next_start(P, S, task, aim, 1, 0, -1)
                    if start != UNPLACED and start < P.shifts[shift].last:
                        key = price - saved + push_at_least(P, S, task, user, gap, shift, start)
                        if with_own:
                            key += start_cost(job, start)
                        if key < limit:
                            _keep_choice(X, slot, key, price, saved, user, gap, shift, start)
            if gap < length and S.line_shift[base + gap] != shift:
                break
            gap += 1


@compiled
def list_task(P, S, X, task, team, partner, first_slot, limit):
    """List the choices of all slots of a task; returns the number of slots, 0: one of them has no choice.

    Prices are raised by `most_saved` for each slot, the limit too, so that none is below nothing.
    """
    job = P.tasks[task]
    floor = _route_floor(P, S, X, task, partner)
    if floor >= FAR:
        return 0
    floor = max(floor, P.segments[job.segment0].start)
    stamp = X.notes[STAMP]
    members = stamp * 4096 + (team & 4095)
    if team >= 0:
        for m in range(P.subjects[team].member0, P.subjects[team].member1):
            X.member[P.members[m]] = members
    personal = P.weights[PERSONAL] != 0
    credit = most_saved(P, task)
    for p in range(job.position0, job.position1):
        slot = first_slot + p - job.position0
        X.slot_task[slot] = task
        X.choice_count[slot] = 0
        group = P.positions[p]
        span = group.last - group.first
        offset = below(X.random, span) if span > 1 else 0
        for c in range(span):
            i = offset + c
            user = P.candidates[group.first + (i if i < span else i - span)]
            if X.banned[user] == stamp or (team >= 0 and X.member[user] != members):
                continue
            if X.notes[BLINK] and below(X.random, X.dials[BLINK_ONE_IN]) == 0:
                continue
            price = credit + (person_cost(P, S, task, user) if personal else 0)
            if price - credit < limit:
                _list_user(P, S, X, task, slot, user, floor, price, p == job.position0, limit)
        if X.choice_count[slot] == 0:
            return 0
    return job.position1 - job.position0
