"""Changing who serves what: assigning and releasing tasks, calling users in and sending them home.

A plan here may leave tasks out; they wait in a list. Only users who are in serve anything.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from solver.headcount.compiled import compiled
from solver.headcount.form import Floats, Form, Ints, Work
from solver.kernel.chance import below
from solver.kernel.struct import Struct

WAITING = -1


class Draft(Struct):
    """Who serves what so far, and what a search remembers.

    A task is served by an entry of its own (see `Work`) or waits. `served` lists what each user serves, in no order.
    """

    entry: Ints  # by task; WAITING
    place: Ints  # of a task among those of its user
    served: NDArray[np.int64]  # user × place
    count: Ints  # tasks of each user
    present: Ints  # 1: the user is in
    waiting: Ints  # tasks that nobody serves
    waiting_at: Ints  # of a task in that list
    waiting_count: Ints
    weight: Floats  # of leaving a task out
    banned_until: Ints  # step before which an entry is not taken again
    step: Ints
    best: Ints  # entries of the last complete plan
    chain: Floats  # scratch of `value`
    random: NDArray[np.uint64]


def empty_draft(form: Form, seed: int) -> Draft:
    """Make a plan in which everything waits, and only those are in who must come anyway."""
    work, tasks, users = form.work, len(form.tasks), form.user_count
    longest = int(np.diff(work.user_first).max())
    return Draft(
        entry=np.full(tasks, WAITING, np.int64),
        place=np.zeros(tasks, np.int64),
        served=np.zeros((users, form.most_served + 1), np.int64),
        count=np.zeros(users, np.int64),
        present=work.paid.copy(),
        waiting=np.arange(tasks, dtype=np.int64),
        waiting_at=np.arange(tasks, dtype=np.int64),
        waiting_count=np.array([tasks], np.int64),
        weight=np.ones(tasks),
        banned_until=np.zeros(len(work.user), np.int64),
        step=np.zeros(1, np.int64),
        best=np.full(tasks, WAITING, np.int64),
        chain=np.zeros(longest + 1),
        random=np.array([(seed * 2 + 1) * 0x9E3779B97F4A7C15 % (1 << 64)], np.uint64),
    )


@compiled
def assign(work: Work, draft: Draft, task: int, entry: int) -> None:
    """Let a waiting task be served by an entry of its own, whose user is free then."""
    at = draft.waiting_at[task]
    draft.waiting_count[0] -= 1
    last = draft.waiting[draft.waiting_count[0]]
    draft.waiting[at] = last
    draft.waiting_at[last] = at
    user = work.user[entry]
    draft.entry[task] = entry
    draft.place[task] = draft.count[user]
    draft.served[user, draft.count[user]] = task
    draft.count[user] += 1


@compiled
def release(work: Work, draft: Draft, task: int) -> None:
    """Let a served task wait."""
    user = work.user[draft.entry[task]]
    draft.count[user] -= 1
    last = draft.served[user, draft.count[user]]
    draft.served[user, draft.place[task]] = last
    draft.place[last] = draft.place[task]
    draft.entry[task] = -1
    draft.waiting[draft.waiting_count[0]] = task
    draft.waiting_at[task] = draft.waiting_count[0]
    draft.waiting_count[0] += 1


@compiled
def send_home(work: Work, draft: Draft, user: int) -> None:
    """Take a user out; what they serve waits."""
    draft.present[user] = 0
    while draft.count[user] > 0:
        release(work, draft, draft.served[user, 0])


@compiled
def value(work: Work, draft: Draft, user: int, other: int, alike: bool) -> float:
    """The most weight of waiting tasks, and of those of another user, that a user could serve.

    Parameters
    ----------
    work, draft, user
        Somebody who serves nothing yet.
    other
        A user whose tasks count as waiting, or -1.
    alike
        Whether every task weighs one.

    Returns
    -------
    The weight; `draft.chain` then holds it for the first so many tasks of the user.
    """
    low = work.user_first[user]
    chain = draft.chain
    chain[0] = 0.0
    for i in range(work.user_first[user + 1] - low):
        task = work.user_task[low + i]
        best = chain[i]
        entry = draft.entry[task]
        if entry < 0 or work.user[entry] == other:
            served = (1.0 if alike else draft.weight[task]) + chain[work.user_free[low + i]]
            if served > best:
                best = served
        chain[i + 1] = best
    return float(chain[work.user_first[user + 1] - low])


@compiled
def call_in(work: Work, draft: Draft, user: int) -> None:
    """Bring a user in, who serves what `value` has just found."""
    draft.present[user] = 1
    low = work.user_first[user]
    i = work.user_first[user + 1] - low
    while i > 0:
        if draft.chain[i] == draft.chain[i - 1]:
            i -= 1
        else:
            assign(work, draft, work.user_task[low + i - 1], work.user_entry[low + i - 1])
            i = work.user_free[low + i - 1]


@compiled
def call_in_best(work: Work, draft: Draft, noise: float) -> int:
    """Bring in the user who takes the most weight off the waiting list; -1 if nobody takes anything."""
    best = 0.0
    chosen = -1
    for user in range(len(draft.present)):
        if draft.count[user] == 0 and (draft.present[user] == 0 or work.paid[user] == 1):
            worth = value(work, draft, user, -1, False) * (1.0 + noise * below(draft.random, 1024) / 1024.0)
            if worth > best:
                best = worth
                chosen = user
    if chosen >= 0:
        value(work, draft, chosen, -1, False)
        call_in(work, draft, chosen)
    return chosen


@compiled
def least_missed(work: Work, draft: Draft, tries: int) -> int:
    """Of some random users who are in, the one whose tasks weigh least; -1 if there is nobody to send home."""
    least = 1e300
    chosen = -1
    users = len(draft.present)
    for _ in range(tries):
        user = below(draft.random, users)
        if draft.present[user] == 0 or work.paid[user] == 1:
            continue
        weight = 0.0
        for i in range(draft.count[user]):
            weight += draft.weight[draft.served[user, i]]
        if weight < least:
            least = weight
            chosen = user
    return chosen


@compiled
def keep_complete(draft: Draft) -> None:
    """Remember the plan, which leaves nothing out."""
    for task in range(len(draft.entry)):
        draft.best[task] = draft.entry[task]
