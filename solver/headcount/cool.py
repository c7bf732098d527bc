"""Annealing the number of waiting tasks: put one in at random, push out what is in its way, accept by temperature."""

from __future__ import annotations

import math

from solver.headcount.compiled import compiled
from solver.headcount.form import Work
from solver.headcount.moves import Draft, assign, call_in, release, send_home, value
from solver.kernel.chance import below, unit

HOT, COLD = 0.15, 0.05  # temperatures, in waiting tasks
MOST_OUT = 6  # tasks that one may push out
EXCHANGE_ODDS = 1000  # one of so many moves exchanges a user
GUESTS = 3  # candidates who are tried for it
LOOKS_OF_A_MOVE = 4  # effort of a move, in looks at an entry
HOSTS = 3  # users of whom the one with the fewest tasks goes


@compiled
def cool(work: Work, draft: Draft, effort: int, from_share: float, to_share: float) -> int:
    """Anneal over a part of the way from hot to cold, until nothing waits or the effort is used up.

    Parameters
    ----------
    work, draft
        The work and the plan.
    effort
        Looks at a pair of a task and a user.
    from_share, to_share
        The part of the way, from 0 to 1.

    Returns
    -------
    Looks that are left.
    """
    moves = effort // LOOKS_OF_A_MOVE
    ratio = COLD / HOT
    temperature = HOT
    for move in range(moves):
        if draft.waiting_count[0] == 0:
            return effort - move * LOOKS_OF_A_MOVE
        if move % 1024 == 0:
            temperature = HOT * ratio ** (from_share + (to_share - from_share) * move / moves)
        if below(draft.random, EXCHANGE_ODDS) == 0:
            _exchange(work, draft, temperature)
            continue
        task = draft.waiting[below(draft.random, draft.waiting_count[0])]
        entry = work.first[task] + below(draft.random, work.first[task + 1] - work.first[task])
        user = work.user[entry]
        if draft.present[user] == 0:
            continue
        most = 1 + min(MOST_OUT, int(-temperature * math.log(1.0 - unit(draft.random))))
        out = 0
        for k in range(draft.count[user]):
            other = draft.served[user, k]
            if work.begin[other] < work.end[task] and work.end[other] > work.begin[task]:
                out += 1
                if out > most:
                    break
        if out > most:
            continue
        k = 0
        while out > 0:
            other = draft.served[user, k]
            if work.begin[other] < work.end[task] and work.end[other] > work.begin[task]:
                release(work, draft, other)
                out -= 1
            else:
                k += 1
        assign(work, draft, task, entry)
    return 0


@compiled
def _exchange(work: Work, draft: Draft, temperature: float) -> None:
    """Exchange a user who serves little for one of some random others, if the temperature allows it."""
    users = len(draft.present)
    host = -1
    for _ in range(HOSTS):
        user = below(draft.random, users)
        if draft.present[user] == 0 or work.paid[user] == 1:
            continue
        if host < 0 or draft.count[user] < draft.count[host]:
            host = user
    if host < 0:
        return
    guest = -1
    most = -1.0
    for _ in range(GUESTS):
        user = below(draft.random, users)
        if draft.present[user] == 0:
            worth = value(work, draft, user, host, True)
            if worth > most:
                most = worth
                guest = user
    if guest < 0 or draft.count[host] - most > -temperature * math.log(1.0 - unit(draft.random)):
        return
    send_home(work, draft, host)
    value(work, draft, guest, -1, True)
    call_in(work, draft, guest)
