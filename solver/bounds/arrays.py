"""The flat form of a relaxation that compiled functions read, and the room they work in."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from solver.kernel.struct import Struct

Numbers = NDArray[np.int64]
Reals = NDArray[np.float64]
NOBODY = 1 << 58  # a price that nothing else reaches: there is no candidate

STEP, UNIT, FIRST, INSTANTS, LINES, LINE_TOP = range(6)  # in `Relaxation.frame`
MODE, MINUTE = range(2)  # in `Room.place`
BEST, LAST, STEPS = range(3)  # in `Climb.state`
TARGET, RISE, REACH, LENGTH, AT = range(5)  # in `Climb.pace`


class Relaxation(Struct):
    """A problem whose tasks meet only in priced rows; costs are in fractions of a unit of cost.

    Rows are numbered line by line, one row for each instant, then amounts per day and week, then links. Ranges are
    pairs of first and one past the last.
    """

    frame: Numbers  # minutes between starts and between instants, the first instant, numbers, and the highest price
    # tasks
    segments_of: Numbers  # (tasks + 1)
    fills_of: Numbers  # (tasks + 1): own pools of each task
    links_of: Numbers  # (tasks + 1)
    absent: Numbers
    preferred: Numbers
    preferred_weight: Numbers
    due: Numbers  # of the start
    late_weight: Numbers
    current: Numbers
    moved_weight: Numbers
    # segments, modes, groups
    segment_first: Numbers
    segment_count: Numbers
    modes_of: Numbers  # (segments + 1)
    mode_fee: Numbers
    groups_of: Numbers  # (modes + 1)
    groups: Numbers  # pools
    # pools
    shared: Numbers  # numbers of the pools that several tasks ask
    fills: Numbers  # numbers of the others, task by task
    pool_roster: Numbers
    pool_count: Numbers
    pool_first: Numbers
    pool_starts: Numbers
    pool_table: Numbers  # where its prices are
    pool_takers: Numbers  # and who has them
    # rosters
    members_of: Numbers  # (rosters + 1)
    lead: Numbers
    duration: Numbers
    tail: Numbers  # from start to end, buffer included
    member_subject: Numbers
    member_run0: Numbers
    member_run1: Numbers
    member_occupied: Numbers
    member_served: Numbers
    member_units: Numbers
    member_price: Numbers
    run_first: Numbers
    run_count: Numbers
    run_charge0: Numbers
    run_charge1: Numbers
    charge_row: Numbers
    charge_amount: Numbers
    # rows
    limit: Numbers  # (rows)
    line_owner: Numbers
    other_owner: Numbers
    top: Numbers  # of the rows that are in no line
    floor: Numbers
    weight: Reals  # (rows): squared inverse of a typical amount
    link_row: Numbers
    link_sign: Numbers
    fee: Numbers  # (owners): what taking anything of an owner costs


class Room(Struct):
    """What evaluating prices writes."""

    price: Numbers  # (rows)
    excess: Numbers  # (rows): taken less the limit
    prefix: Numbers  # (lines × (instants + 1))
    table: Numbers
    taker: Numbers  # members that have the prices of the table
    best: Numbers  # the cheapest few of a pool
    place: Numbers  # the mode that a task chose last, -1 for none, and the start
    total: Numbers  # (owners)
    halt: Numbers  # one number: not 0 ends whatever runs, and what it wrote counts for nothing


class Climb(Struct):
    """Where an ascent stands."""

    centre: Numbers  # (rows): the best prices so far
    now: Reals  # (rows): the last ones, before they were rounded
    mean: Reals  # (rows): smoothed excess
    square: Reals  # (rows): its square, smoothed
    state: Numbers  # best and last sum of least costs, and steps taken
    pace: Reals  # the target of the sum, a typical price, how many of it a step goes, steps of a cycle, and those taken
