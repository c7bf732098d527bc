"""Putting a task into a plan and taking it out, every total exact."""

from solver.kernel.arrays import (
    ABSENT,
    IDLES,
    MANDATORY,
    MANDATORY_COST,
    MAX_LATE,
    ORGANIZATION,
    STARTS,
    TRAVEL,
    TRAVELS,
    UNPLACED,
    W_BALANCE,
    W_CONTINUITY,
)
from solver.kernel.compiled import compiled
from solver.kernel.entries import enter_line, leave_line
from solver.kernel.lines import gap_at, shift_at
from solver.kernel.pricing import start_cost
from solver.kernel.scratch import CREW, HELD, START, TEAM
from solver.kernel.tally import (
    count,
    count_client,
    idle_after_leaving,
    largest,
    load_pile,
    new_idle,
    spread,
    staff,
    total_cost,
    travel_around,
)


@compiled
def _occupy(P, S, task, subject, start, units, sign):
    """A team's, a resource's or the organization's side of a task coming or going."""
    job, who = P.tasks[task], P.subjects[subject]
    opens, closes = start - job.before, start + job.duration + job.after
    if who.line >= 0:
        if sign > 0:
            enter_line(P, S, task, subject, opens, closes, -1)
        else:
            leave_line(P, S, task, subject, opens)
    elif who.pile >= 0:
        load_pile(P, S, who.pile, opens, closes, sign * units)
    if who.service_pile >= 0:
        load_pile(P, S, who.service_pile, start, start + job.duration, sign)
    if job.pinned == 0:
        count(P, S, subject, start, job.duration, sign)


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
            S.totals[TRAVEL] += travel_around(
                P, S, user, gap_at(S.line_from, P.line_start[line], S.line_length[line], opens), shift, job.location
            )
        gap = enter_line(P, S, task, user, opens, closes, shift)
        if P.weights[IDLES] and shift >= 0:
            new_idle(P, S, user, gap + 1, shift)
        staff(P, S, task, user, start, 1)
    if P.weights[W_BALANCE] and S.user_count[task]:
        spread(P, S)
    if P.weights[W_CONTINUITY] and job.client >= 0:
        count_client(P, S, task, 1)


@compiled
def displace(P, S, task):
    """Take a task out of a plan."""
    job = P.tasks[task]
    start = S.start[task]
    opens = start - job.before
    for p in range(S.user_count[task]):
        user = S.users[job.user0 + p]
        gap = leave_line(P, S, task, user, opens)
        shift = shift_at(P, user, start) if P.weights[TRAVELS] or P.weights[IDLES] else -1
        if P.weights[TRAVELS] and shift >= 0 and job.location >= 0:
            S.totals[TRAVEL] -= travel_around(P, S, user, gap, shift, job.location)
        if P.weights[IDLES] and shift >= 0:
            idle_after_leaving(P, S, user, gap, shift)
        staff(P, S, task, user, start, -1)
    if P.weights[W_BALANCE] and S.user_count[task]:
        spread(P, S)
    if P.weights[W_CONTINUITY] and job.client >= 0:
        count_client(P, S, task, -1)
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
            S.totals[MAX_LATE] = largest(S.late)
    S.start[task] = UNPLACED
    S.user_count[task] = 0
    S.resource_count[task] = 0
    _list_absent(S, task, True)


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
def cost_of_trying(P, S, X, task, team, start, crew):
    """What a place adds to the cost of the plan without the price of leaving the task out; tried, then taken back."""
    job = P.tasks[task]
    before = total_cost(P, S)
    S.start[task], S.team[task] = start, team
    S.user_count[task], S.resource_count[task] = crew, job.demand1 - job.demand0
    for p in range(crew):
        S.users[job.user0 + p] = X.try_users[p]
    for d in range(job.demand1 - job.demand0):
        S.resources[job.resource0 + d], S.units[job.resource0 + d] = X.try_resources[d], X.try_units[d]
    place(P, S, task)
    after = total_cost(P, S)
    displace(P, S, task)
    return after - before + job.absent_cost + job.mandatory * P.weights[MANDATORY_COST]
