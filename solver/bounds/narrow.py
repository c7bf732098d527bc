"""Which starts and candidates no plan up to a cost can have, as their prices alone lead beyond it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from solver.bounds.arrays import BEST, NOBODY, STEP, Numbers
from solver.bounds.compiled import compiled
from solver.bounds.evaluate import choose, evaluate
from solver.bounds.lagrangian import LagrangianBound
from solver.bounds.tables import fill, member_price


@dataclass(slots=True)
class Narrowed:
    """What plans up to a cost can have.

    Attributes
    ----------
    starts
        Starts of each task that is not pinned, in minutes, ascending; none where it cannot be placed.
    with_subject
        The same with each subject that it could be given.
    needed
        Tasks that cannot be left out.
    """

    starts: dict[int, Numbers] = field(default_factory=dict)
    with_subject: dict[int, dict[int, Numbers]] = field(default_factory=dict)
    needed: set[int] = field(default_factory=set)


def narrow(bound: LagrangianBound, cost: int) -> Narrowed | None:
    """Find what plans up to a cost can have.

    Parameters
    ----------
    bound
        With good prices.
    cost
        A plan's cost; what any plan of this cost or less has is kept.

    Returns
    -------
    Starts and candidates by task, or None where there are no prices.
    """
    relaxation = bound.relaxation
    if relaxation is None:
        return None
    room = bound.room
    room.price[:] = bound.climb.centre
    evaluate(relaxation, room)
    slack = cost * bound.scale - bound.constant - int(bound.climb.state[BEST])
    found = Narrowed()
    subjects = len(relaxation.fee)
    for number, index in enumerate(bound.free):
        segments = range(int(relaxation.segments_of[number]), int(relaxation.segments_of[number + 1]))
        minutes = [
            relaxation.segment_first[s] + relaxation.frame[STEP] * np.arange(relaxation.segment_count[s])
            for s in segments
        ]
        every = np.concatenate([*minutes, np.zeros(0, np.int64)])
        kept = np.zeros((subjects, len(every)), np.int64)
        least = int(keep_task(relaxation, room, number, slack, kept))
        if relaxation.absent[number] - least > slack:
            found.needed.add(index)
        found.starts[index] = every[kept[-1] > 0]
        takers = np.flatnonzero(kept[:-1].any(axis=1)).tolist()
        found.with_subject[index] = {subject: every[kept[subject] > 0] for subject in takers}
    return found


@compiled
def keep_task(R: Any, X: Any, task: int, slack: int, kept: Any) -> Any:  # noqa: N803
    """Mark the starts of a task, and its starts with each subject, that cost at most `slack` more than its least.

    Parameters
    ----------
    R, X
        A `Relaxation`, and its `Room` evaluated.
    task, slack
        Number of the task, and fractions of a unit of cost.
    kept
        Zeros, (subjects + 1) × starts; marks are written, those of the task itself in the last row.

    Returns
    -------
    The least cost of the task.
    """
    for i in range(R.fills_of[task], R.fills_of[task + 1]):
        fill(R, X, R.fills[i])
    least = choose(R, X, task)
    extra = 0
    for i in range(R.links_of[task], R.links_of[task + 1]):
        extra += R.link_sign[i] * X.price[R.link_row[i]]
    at = 0
    for segment in range(R.segments_of[task], R.segments_of[task + 1]):
        for k in range(R.segment_count[segment]):
            minute = R.segment_first[segment] + k * R.frame[STEP]
            own = extra + R.preferred_weight[task] * abs(minute - R.preferred[task])
            own += R.late_weight[task] * max(0, minute - R.due[task])
            if minute != R.current[task]:
                own += R.moved_weight[task]
            for mode in range(R.modes_of[segment], R.modes_of[segment + 1]):
                cost = own + R.mode_fee[mode]
                for g in range(R.groups_of[mode], R.groups_of[mode + 1]):
                    pool = R.groups[g]
                    cost = min(
                        NOBODY, cost + X.table[R.pool_table[pool] + (minute - R.pool_first[pool]) // R.frame[STEP]]
                    )
                if cost - least > slack or cost >= NOBODY:
                    continue
                kept[len(kept) - 1, at + k] = 1
                for g in range(R.groups_of[mode], R.groups_of[mode + 1]):
                    _keep_members(R, X, R.groups[g], minute, slack + least - cost, kept, at + k)
        at += R.segment_count[segment]
    return least


@compiled
def _keep_members(R: Any, X: Any, pool: int, minute: int, slack: int, kept: Any, at: int) -> None:  # noqa: N803
    """Mark the members of a pool that could stand in for the dearest of its cheapest few."""
    roster, count = R.pool_roster[pool], R.pool_count[pool]
    last = R.pool_takers[pool] + (minute - R.pool_first[pool]) // R.frame[STEP] * count + count - 1
    dearest = member_price(R, X, roster, X.taker[last], minute)
    for member in range(R.members_of[roster], R.members_of[roster + 1]):
        if member_price(R, X, roster, member, minute) - dearest <= slack:
            kept[R.member_subject[member], at] = 1
