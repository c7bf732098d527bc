"""`overlap`: a user is in one place at a time, buffers included."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from models.plan import Violation
from models.problem import Problem
from solver.instance import Instance
from solver.rules.breach import breach, moment
from solver.rules.sweep import meetings

if TYPE_CHECKING:
    from solver.reading import Reading

NAME = "overlap"


def lower(problem: Problem, instance: Instance) -> None:
    """Let every user be taken once at a time."""
    for user in instance.users:
        user.capacity = 1


def violations(reading: "Reading") -> Iterator[Violation]:
    """Find pairs of appointments that need the same user at the same time."""
    for user, stops in reading.by_user.items():
        for earlier, later in meetings(stops):
            start, end = later.busy_start, min(earlier.busy_end, later.busy_end)
            message = (
                f"{reading.label('user', user)} is needed by {earlier.id} and {later.id} at once, buffers included, "
                f"for {end - start} minutes from {moment(reading, start)}."
            )
            yield breach(
                reading, NAME, [earlier, later], message, start=start, end=end, amount=end - start, users=[user]
            )
