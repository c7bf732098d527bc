"""What can close a subject at a start, as bits of a mask, and how hard each is to understand."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.instance import Closed

Masks = NDArray[np.uint16]
Burdens = NDArray[np.int32]

RULES = (
    "availability",  # away: leave and the like
    "availability",  # outside own hours
    "working_hours",
    "holiday",
    "blackout",
    "maintenance",
    "break_time",
    "overlap",
    "team",
    "capacity",
    "capacity_limit",
    "weekly_hours",
    "advance_booking",
    "travel",
)
"""The rule behind every bit."""

AWAY, HOURS, WORKING, HOLIDAY, BLACKOUT, MAINTENANCE, BREAK, OVERLAP, TEAM, CAPACITY, LIMIT, WEEKLY, BOOKING, TRAVEL = (
    1 << place for place in range(len(RULES))
)
CALENDAR = AWAY | HOURS | WORKING | HOLIDAY | BLACKOUT | MAINTENANCE | BREAK
TAKEN = OVERLAP | TEAM | CAPACITY
TAKEN_BY_KIND = {"user": OVERLAP, "team": TEAM, "resource": CAPACITY}

EACH = 1000
EFFORT = {
    "overlap": EACH,
    "capacity": EACH,
    "team": EACH,
    "travel": EACH - 10,
    "links": EACH + 5,
    "holiday": EACH + 10,
    "blackout": EACH + 10,
    "maintenance": EACH + 10,
    "break_time": EACH + 15,
    "capacity_limit": EACH + 15,
    "weekly_hours": EACH + 20,
    "advance_booking": EACH + 20,
    "availability": EACH + 500,
    "working_hours": EACH + 500,
}
"""What it takes a planner to understand each: who is taken or too far away is easier than closed hours.

A set of causes has to be more than each of its parts, or the least one would not be minimal.
"""
TRAVEL_BESIDE_OVERLAP = 5  # a journey through somebody else's time is lost as well: that is no second story

TWO_STORIES = 20  # of one rule: outside one's hours, and on leave as well

BARRED = 1 << len(RULES)
"""Marks what would be closed even in an empty plan, where only places are looked for that are open there."""
BARRED_BURDEN = 100 * EACH

NONE = 1 << 29  # a burden no place has


def _burdens() -> Burdens:
    masks = np.arange(BARRED << 1)
    total = np.zeros(len(masks), np.int32)
    for rule in dict.fromkeys(RULES):
        total[(masks & bits_of(rule)) != 0] += EFFORT[rule]
    both = OVERLAP | TRAVEL
    total[(masks & both) == both] += TRAVEL_BESIDE_OVERLAP - EFFORT["travel"]
    hours_and_leave = HOURS | AWAY
    total[(masks & hours_and_leave) == hours_and_leave] += TWO_STORIES
    total[(masks & BARRED) != 0] += BARRED_BURDEN
    return total


def bits_of(rule: str) -> int:
    """All bits of a rule."""
    return sum(1 << place for place, name in enumerate(RULES) if name == rule)


def rules_of(mask: int) -> list[str]:
    """The rules in a mask, each once."""
    return list(dict.fromkeys(name for place, name in enumerate(RULES) if mask >> place & 1))


def bit_of(closed: Closed) -> int:
    """The bit of a closed time: absences and the hours outside a subject's own are told apart."""
    if closed.rule == "availability":
        return HOURS if closed.label == "outside own hours" else AWAY
    return bits_of(closed.rule)


BURDEN = _burdens()
"""By mask: how much there is to understand."""

LINKS_BURDEN = EFFORT["links"]


class Cause(NamedTuple):
    """A rule that closes a place, and whose: the index of a subject, or None for the task itself."""

    rule: str
    subject: int | None = None
