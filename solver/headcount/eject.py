"""Putting waiting tasks in where they push out the least, with tabus and with weights that grow while tasks wait.

A partial colouring search (Blöchliger and Zufferey, 2008) whose colours are users, with the weights of breakout search;
now and then a user is exchanged for somebody who was not in.
"""

from __future__ import annotations

from solver.headcount.compiled import compiled
from solver.headcount.form import Work
from solver.headcount.moves import Draft, assign, call_in_best, least_missed, release, send_home
from solver.kernel.chance import below

TENURE, SPREAD, SHARE = 5, 10, 0.6  # steps for which a pushed-out task keeps away: base, random part, per waiting task
RIVALS = 6  # users of whom the least missed one goes
NOISE = 0.1  # of the choice of who comes instead
NOBODY = 1e300


@compiled
def eject(work: Work, draft: Draft, effort: int, growth: float, exchange_steps: int) -> int:
    """Search until nothing waits, or for so many looks at an entry.

    Parameters
    ----------
    work, draft
        The work and the plan; who is in is given, but some are exchanged.
    effort
        Looks at a pair of a task and a user.
    growth
        Of the weight of each waiting task, with every step that does not help.
    exchange_steps
        Steps between exchanges of a user.

    Returns
    -------
    Looks that are left.
    """
    while effort > 0 and draft.waiting_count[0] > 0:
        draft.step[0] += 1
        step = draft.step[0]
        best = NOBODY
        chosen = -1
        entry_of_chosen = -1
        ties = 0
        for i in range(draft.waiting_count[0]):
            task = draft.waiting[i]
            begin = work.begin[task]
            end = work.end[task]
            effort -= work.first[task + 1] - work.first[task]
            for entry in range(work.first[task], work.first[task + 1]):
                user = work.user[entry]
                if draft.present[user] == 0:
                    continue
                loss = -draft.weight[task]
                for k in range(draft.count[user]):
                    other = draft.served[user, k]
                    if work.begin[other] < end and work.end[other] > begin:
                        loss += draft.weight[other]
                        if loss > best:
                            break
                if loss > best or (loss >= 0.0 and draft.banned_until[entry] > step):
                    continue
                if loss < best:
                    best = loss
                    ties = 0
                ties += 1
                if below(draft.random, ties) == 0:
                    chosen = task
                    entry_of_chosen = entry
        if chosen >= 0:
            if best >= 0.0:
                for i in range(draft.waiting_count[0]):
                    draft.weight[draft.waiting[i]] += growth
            _put_in(work, draft, chosen, entry_of_chosen)
        if (chosen < 0 or step % exchange_steps == 0) and draft.waiting_count[0] > 0:
            effort -= exchange(work, draft)
    return effort


@compiled
def _put_in(work: Work, draft: Draft, task: int, entry: int) -> None:
    """Let a task be served by an entry, and release whatever is in its way."""
    user = work.user[entry]
    tenure = TENURE + int(SHARE * draft.waiting_count[0])
    k = 0
    while k < draft.count[user]:
        other = draft.served[user, k]
        if work.begin[other] < work.end[task] and work.end[other] > work.begin[task]:
            draft.banned_until[draft.entry[other]] = draft.step[0] + tenure + below(draft.random, SPREAD)
            release(work, draft, other)
        else:
            k += 1
    assign(work, draft, task, entry)


@compiled
def exchange(work: Work, draft: Draft) -> int:
    """Send somebody home and bring in who can take most weight off the waiting list; returns the looks it took."""
    user = least_missed(work, draft, RIVALS)
    if user < 0:
        return 1
    send_home(work, draft, user)
    if call_in_best(work, draft, NOISE) < 0:
        draft.present[user] = 1
    return len(work.user) // 8 + 1
