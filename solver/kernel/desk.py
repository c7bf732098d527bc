"""What is asked of `offers` and what it answers: one more group of arrays beside the problem and the plan."""

import numpy as np
from numpy.typing import NDArray

from solver.kernel import arrays as a
from solver.kernel.struct import Struct

# Desk.ask
(
    TASK,  # whose places are sought
    ORIGIN,  # minute of start 0
    STEP,  # minutes from one start to the next
    COUNT,  # of starts
    TEAM,  # that serves, -1: none
    HEADS,  # of the crew
    GROUPS,  # of positions that the same users can fill
    KINDS,  # of users that can fill the same groups
    CANDIDATES,
    DEMANDS,
    JOINT,  # whether what people cost together is more than the sum
    KEPT,  # users kept of each kind and start
    MOST_CREWS,  # looked at for one start, where people cost together
    STAMP,
    WIDTH,  # heads of the largest crew among the teams
) = range(15)
ASKED = 15
# Desk.stages: starts that are left after …
GIVEN, GROUND, HELD, SERVED = range(4)
STAGES = 4


class Desk(Struct):
    """A question about one task, room to work on it, and the best place at each start."""

    ask: a.Ints
    stages: a.Ints
    allow: NDArray[np.uint64]  # starts that windows and links leave
    free: NDArray[np.uint64]  # and the team, the organization and the resources
    words: NDArray[np.uint64]
    union: NDArray[np.uint64]
    rooms: NDArray[np.uint64]  # [chair, word]: starts at which a resource is free for a demand
    chair_from: NDArray[np.int64]  # [demand + 1]: its first chair
    chair_resource: NDArray[np.int64]
    chair_units: a.Ints
    owner: NDArray[np.int64]  # demand that holds a resource
    owned: a.Ints  # stamp per resource: whether the owner is of this start
    seen: a.Ints  # stamp per resource
    reached: NDArray[np.int64]  # demand from which a resource was reached
    held: NDArray[np.int64]  # [demand]: chair, -1
    queue: NDArray[np.int64]
    user: NDArray[np.int64]  # [candidate], those who are taken first where all else is equal in front
    kind: NDArray[np.int64]  # [candidate]
    fits: NDArray[np.int64]  # [kind × groups + group]
    heads: NDArray[np.int64]  # [group]
    top_idle: a.Ints  # the longest waits of shifts, one more than heads
    top_shift: NDArray[np.int64]
    low_load: a.Ints  # the smallest loads of balanced users, one more than heads
    low_user: NDArray[np.int64]
    kept: NDArray[np.int64]  # [start × kinds + kind]: number of users found
    kept_price: a.Ints  # [(start × kinds + kind) × most + rank]
    kept_who: NDArray[np.int64]  # candidate
    kept_idle: a.Ints  # waiting of the shift with the task
    kept_shift: NDArray[np.int64]
    pool_price: a.Ints  # users of one start, the cheapest first
    pool_sum: a.Ints  # of the prices before
    pool_who: NDArray[np.int64]
    pool_kind: NDArray[np.int64]
    pool_idle: a.Ints
    pool_shift: NDArray[np.int64]
    trail: NDArray[np.int64]  # [depth]: number in the pool
    trail_sum: a.Ints
    seats: NDArray[np.int64]  # [level × heads + head]: group that a head fills
    used: NDArray[np.int64]  # [level × groups + group]: heads in it
    group_from: NDArray[np.int64]  # head that a group was reached from
    best_crew: NDArray[np.int64]  # [head]: number in the pool
    best_seat: NDArray[np.int64]
    price: a.Ints  # [start]: extra cost of the best place, INFINITE: none
    team: NDArray[np.int64]  # [start]
    crew: NDArray[np.int64]  # [start × width + head]: user
    seat: NDArray[np.int64]  # [start × width + head]: group
    chair: NDArray[np.int64]  # [start × demands + demand]
