"""Memory that one search thread writes over and over: candidate sets, the best place so far, the journal of a move."""

import numpy as np
from numpy.typing import NDArray

from solver.kernel import arrays as a
from solver.kernel.struct import Struct

# Scratch.found: the best place of the last call
COST, START, TEAM, CREW, HELD = range(5)
# Scratch.notes
(
    STAMP,
    MARK,
    LEAN,
    BLINK,
    SAMPLE,
    TIME_HINT,
    REMOVED,
    FORCED,
    MOVE,  # stamp of the move under way
    QUEUED,  # entries of `order`
    PUSH,  # stamp of the tentative starts
    MOVED,  # entries of `moved`
    QUEUE,  # entries of `queue`
    PRICE,  # of the tentative starts
    PUSH_LATE,  # the largest lateness among them
    PUSH_LIMIT,
    SLOTS,  # entries of `slot_…`
    LOOSE,  # entries of `loose`
    PUSHING,  # whether inserted tasks push what follows
    RISES,  # rises of price that moves offered, in `rises` the last of them
) = range(20)
NOTES = 20

# Scratch.dials: how a move is made
(
    MOST_REMOVED,
    MOST_USERS,
    RESOURCE_PERCENT,
    MOST_OF_RESOURCE,
    NEAR_PERCENT,
    MOST_NEAR,
    ABSENT_PERCENT,
    ABSENT_ADDED,
    BLINK_ONE_IN,
    FORCE_PERCENT,
    MOST_RAISES,
    MOST_TRIALS,
    ROUTES_PERCENT,
    MEAN_REMOVED,
    LONGEST_STRING,
    STRINGS_PERCENT,
    RELATED_PERCENT,
    WORST_PERCENT,
    PUSH_PERCENT,
    IDLEST_PERCENT,
) = range(20)
DIALS = (10, 3, 33, 3, 50, 4, 50, 2, 32, 50, 4, 40, 100, 6, 8, 55, 20, 15, 100, 35)
OPTIONAL_DIALS = {ROUTES_PERCENT: 50, PUSH_PERCENT: 3}  # where most work may be left out, pushing rarely pays;
# but where the longest waiting has a price, it does
LAST_RISES = 512
CHOICES = 10  # places that are kept for each slot


class Scratch(Struct):
    """Work space of one thread; lengths are the largest that the instance can ask for."""

    random: NDArray[np.uint64]
    notes: a.Ints
    dials: a.Ints
    allow: NDArray[np.uint64]
    words: NDArray[np.uint64]
    union: NDArray[np.uint64]
    runs: NDArray[np.uint64]
    counts: NDArray[np.uint64]  # [users at least, word]
    masks: NDArray[np.uint64]  # [candidate, word]
    masked: NDArray[np.int64]  # users of the masks
    banned: a.Ints  # stamp per user
    member: a.Ints
    chosen: a.Ints
    mask_of: a.Ints  # number of the mask of a user
    same: a.Ints  # stamp per user of a crew that must be the same
    found: a.Ints
    found_users: NDArray[np.int64]
    found_resources: NDArray[np.int64]
    found_units: a.Ints
    try_users: NDArray[np.int64]
    try_resources: NDArray[np.int64]
    try_units: a.Ints
    tried: a.Ints
    removed: NDArray[np.int64]  # journal of a move: the tasks taken out, and where they stood
    old_start: a.Ints
    old_team: a.Ints
    old_users: NDArray[np.int64]  # [journal entry, place]
    old_user_count: a.Ints
    old_resources: NDArray[np.int64]
    old_units: a.Ints
    old_resource_count: a.Ints
    stack: NDArray[np.int64]
    order: NDArray[np.int64]  # tasks to be placed again
    keys: NDArray[np.float64]
    marks: a.Ints  # stamp per task
    tent: a.Ints  # tentative start of a task, true where its mark is the stamp of the push
    tent_mark: a.Ints
    raises: a.Ints
    moved: NDArray[np.int64]
    queue: NDArray[np.int64]
    loose: NDArray[np.int64]
    back_start: a.Ints  # of `moved`, before it moved
    back_crew: a.Ints
    back_held: a.Ints
    slot_task: NDArray[np.int64]  # what is about to be inserted: task, user, line, gap, shift, earliest start
    slot_user: NDArray[np.int64]
    slot_line: NDArray[np.int64]
    slot_gap: NDArray[np.int64]
    slot_shift: NDArray[np.int64]
    slot_start: a.Ints
    pick: NDArray[np.int64]  # the choice of each slot that is looked at
    pick_sum: a.Ints
    best_pick: NDArray[np.int64]
    rises: a.Ints
    choice_count: NDArray[np.int64]
    choice_key: NDArray[np.int64]  # [slot, choice]: what it costs at least
    choice_price: NDArray[np.int64]  # the same without starts
    choice_user: NDArray[np.int64]
    choice_gap: NDArray[np.int64]
    choice_shift: NDArray[np.int64]
    choice_start: NDArray[np.int64]
    choice_saved: NDArray[np.int64]  # of waiting, likely; taken off the key, not off the price


def scratch(packed: a.Packed, seed: int) -> Scratch:
    """Make the work space of one search thread.

    Parameters
    ----------
    packed
        The problem.
    seed
        Of the thread's random numbers.

    Returns
    -------
    Zeroed arrays, the random state set.
    """
    users = int(packed.weights[a.USER_COUNT])
    words = int(packed.segments["starts"].max(initial=1)) // 64 + 2
    tasks = packed.tasks
    longest = (
        int((tasks["before"] + tasks["duration"] + tasks["after"]).max(initial=0)) // int(packed.weights[a.STEP]) // 64
        + 3
    )
    crew = max(
        1,
        _widest(tasks["user0"]),
        int((packed.subjects["member1"] - packed.subjects["member0"]).max(initial=0)),
        int((tasks["position1"] - tasks["position0"]).max(initial=0)),
    )
    held = max(1, int((tasks["demand1"] - tasks["demand0"]).max(initial=0)), _widest(tasks["resource0"]))
    journal = len(tasks) + 4
    each_user: tuple[int, ...] = (users + 1,)
    each_entry: tuple[int, ...] = (journal,)
    shapes: dict[str, tuple[int, ...]] = dict.fromkeys(
        ("banned", "member", "chosen", "mask_of", "same", "masked"), each_user
    )
    shapes |= dict.fromkeys(
        ("removed", "order", "keys", "old_start", "old_team", "old_user_count", "old_resource_count"), each_entry
    )
    shapes |= dict.fromkeys(("allow", "words", "union"), (words,))
    shapes |= dict.fromkeys(("found_users", "try_users"), (crew,))
    shapes |= dict.fromkeys(("found_resources", "found_units", "try_resources", "try_units", "tried"), (held,))
    shapes |= {"runs": (words + longest,), "counts": (crew + 1, words), "masks": (users + 1, words), "notes": (NOTES,)}
    shapes |= {"old_users": (journal, crew), "old_resources": (journal, held), "old_units": (journal, held)}
    shapes |= {"random": (1,), "dials": (len(DIALS),), "found": (5,), "stack": (4 * journal,), "marks": (journal,)}
    slots = (2 * crew + 1,)
    shapes |= dict.fromkeys(
        ("tent", "tent_mark", "raises", "moved", "loose", "back_start", "back_crew", "back_held"), each_entry
    )
    shapes |= {"queue": (8 * journal + 128,), "rises": (LAST_RISES,)}
    shapes |= dict.fromkeys(("slot_task", "slot_user", "slot_line", "slot_gap", "slot_shift", "slot_start"), slots)
    shapes |= dict.fromkeys(("pick", "pick_sum", "best_pick", "choice_count"), slots)
    shapes |= dict.fromkeys(
        ("choice_key", "choice_price", "choice_user", "choice_gap", "choice_shift", "choice_start", "choice_saved"),
        (*slots, CHOICES),
    )
    bits = {"random", "allow", "words", "union", "runs", "counts", "masks"}
    arrays = {name: np.zeros(shape, np.uint64 if name in bits else np.int64) for name, shape in shapes.items()}
    arrays["keys"] = arrays["keys"].astype(np.float64)
    arrays["dials"][:] = DIALS
    optional = 2 * np.count_nonzero(tasks["mandatory"]) < len(tasks)
    if optional and packed.weights[a.W_MAX_WAITING] == 0:
        for dial, value in OPTIONAL_DIALS.items():
            arrays["dials"][dial] = value
    arrays["random"][0] = np.uint64(seed * 0x9E3779B97F4A7C15 % (1 << 64) ^ 0xD1B54A32D192ED03)
    return Scratch(**arrays)


def _widest(offsets: NDArray[np.int64]) -> int:
    return int(np.diff(offsets).max(initial=0))
