"""What the kernel reads (`Packed`) and writes (`State`): records and flat arrays, one line per field.

Times are minutes since the instance's origin. Ranges are pairs `x0, x1` into a flat array. A user is subject 0…U-1; a
*line* is the sorted list of tasks of a subject that takes one task at a time; a *pile* is the load over time of one
that takes several.
"""

import numpy as np
from numpy.typing import NDArray

from solver.kernel.struct import Struct

INFINITE = 1 << 60  # a cost no placement has
FAR = 1 << 40  # minutes beyond every time
UNPLACED = -FAR
DAY_MINUTES = 24 * 60
UNKNOWN = -1  # a widest stretch that was not measured since its day changed

Ints = NDArray[np.int64]
Records = NDArray[np.void]


def _record(*names: str) -> np.dtype[np.void]:
    return np.dtype([(name, np.int64) for name in names], align=True)


TASK = _record(
    "duration", "before", "after", "location",
    "absent_cost", "mandatory", "pinned", "fresh", "hopeless",
    "preferred", "preferred_weight", "due", "late_weight", "has_due", "current", "moved_weight",
    "best_from", "best_until",  # the starts of least cost: an interval
    "segment0", "segment1", "position0", "position1", "groups", "option0", "option1", "whole_team",
    "demand0", "demand1",
    "user0", "resource0",  # offsets of its places in State.task_users and task_resources
    "link_in0", "link_in1", "link_out0", "link_out1",
    "outsider_cost", "insider0", "insider1", "client", "length", "alone",
)  # fmt: skip
SEGMENT = _record("start", "end", "starts")  # first and last start, and how many in between on the grid
SUBJECT = _record(
    "line", "pile", "capacity", "service_pile", "concurrency", "counter0", "counter1", "fresh_from", "fresh_until",
    "shift0", "shift1", "break0", "break1", "start_location", "end_location", "rate", "member0", "member1",
    "open0", "open1", "calendar",
)  # fmt: skip
COUNTER = _record("period", "minutes", "limit", "threshold", "weight", "value0")
LINK = _record("before", "after", "from_start", "min_gap", "max_gap", "different_users", "same_users")
SPAN = _record("start", "end", "minutes")
RANGE = _record("first", "last")

# State.totals
(
    ABSENT,
    STARTS,
    USERS,
    TRAVEL,
    COUNTERS,
    WAITING,
    LABOR,
    HEADCOUNT,
    CONTINUITY,
    MAX_LATE,
    MAX_WAITING,
    LOAD_MAX,
    LOAD_MIN,
    LOAD_SECOND,
    MANDATORY,
) = range(15)
TOTALS = 15
# Packed.weights
(
    W_TRAVEL,
    W_WAITING,
    W_MAX_WAITING,
    W_MAX_LATE,
    W_BALANCE,
    W_CONTINUITY,
    W_HEADCOUNT,
    W_LABOR,
    RATE_UNIT,
    STEP,
    TICK,
    PILE_START,
    PILE_LENGTH,
    TRAVELS,
    IDLES,
    MANDATORY_COST,
    CHECK_REMOVAL,
    USER_COUNT,
    ORGANIZATION,
    PERSONAL,
    PAD,
    ALIGNED,
) = range(22)
WEIGHTS = 22
# State.smooth
SMOOTH_UNIT, SMOOTH_SUM = range(2)


class Packed(Struct):
    """A lowered problem in arrays; never written after packing."""

    tasks: Records
    segments: Records
    positions: Records  # RANGE into candidates; equal neighbours are one group
    candidates: NDArray[np.int64]
    options: Ints  # teams of tasks, as subjects
    demands: Records  # RANGE into demand_resources
    demand_resources: NDArray[np.int64]
    demand_units: Ints
    links: Records
    links_in: Ints
    links_out: Ints
    insiders: Records  # first: user, last: cost instead of the task's outsider_cost
    subjects: Records
    members: NDArray[np.int64]
    opens: Records  # RANGE of minutes
    shifts: Records  # RANGE of minutes
    breaks: Records
    counters: Records
    period_of: NDArray[np.int32]  # [period table, minute of the horizon]
    masks: NDArray[np.uint64]  # [row, word]: starts at which a service lies in an open interval
    mask_rows: NDArray[np.int32]  # [calendar, length] -> row, -1: not one start
    travel: NDArray[np.int32]
    balanced: NDArray[np.int64]
    line_start: Ints  # offsets of the lines in State.line_*
    weights: Ints


class State(Struct):
    """A plan: where every task stands, what every subject does, and what it costs."""

    start: Ints  # of a task; UNPLACED
    team: Ints
    users: NDArray[np.int64]
    user_count: Ints
    resources: NDArray[np.int64]
    units: Ints
    resource_count: Ints
    line_length: Ints
    line_task: NDArray[np.int64]
    line_from: Ints
    line_until: Ints
    line_reach: Ints  # latest end so far: differs from line_until only where pinned tasks overlap
    line_shift: NDArray[np.int32]
    busy: NDArray[np.uint64]  # [line, word]: grid points inside some entry of the line, PAD points before the origin
    widest: NDArray[np.int32]  # [line, day]: minutes of its longest free stretch, UNKNOWN; no days where few compete
    piles: NDArray[np.int64]  # [pile, tick]
    values: Ints  # of the counters
    load: Ints  # service minutes of a user
    jobs: Ints  # tasks of a user
    idle: Ints  # waiting minutes of a shift
    smooth: NDArray[np.float64]  # a unit of waiting, 0: not smoothed; the sum of its powers over all shifts
    late: Ints  # of a task
    served: NDArray[np.int32]  # [client, user]
    served_users: Ints
    crew_sizes: NDArray[np.int32]  # [client, size]
    totals: Ints
    absent: NDArray[np.int64]  # tasks left out that could be tried
    absent_at: NDArray[np.int64]
    absent_count: Ints
