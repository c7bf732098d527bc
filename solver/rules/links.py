"""`links`: an appointment follows another one in time, with the same or different users, and only if that is placed."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from models.appointments import Appointment
from models.plan import Violation
from models.problem import Problem
from solver.instance import NEVER, Instance, Link, Task, TaskWriter
from solver.rules.breach import breach

if TYPE_CHECKING:
    from solver.reading import Reading

NAME = "links"


def lower(problem: Problem, instance: Instance) -> TaskWriter:
    """Give both tasks of every link the same object."""

    def write(task: Task, appointment: Appointment) -> None:
        for wish in appointment.after:
            before = instance.task_index[wish.appointment]
            link = Link(
                before=before,
                after=instance.task_index[task.id],
                from_start=wish.from_ == "start",
                min_gap=wish.min_gap_minutes,
                max_gap=NEVER if wish.max_gap_minutes is None else wish.max_gap_minutes,
                different_users=wish.different_users,
                same_users=wish.same_users,
            )
            task.links_in.append(link)
            instance.tasks[before].links_out.append(link)

    return write


def violations(reading: "Reading") -> Iterator[Violation]:
    """Find appointments too near to or too far from what they follow, without it, or with the wrong people."""
    for placed in reading.placed.values():
        for wish in placed.appointment.after:
            other = reading.placed.get(wish.appointment)
            if other is None:
                message = f"{placed.id} follows {wish.appointment}, which is left out."
                yield breach(reading, NAME, [placed], message)
                continue
            gap = placed.start - (other.start if wish.from_ == "start" else other.end)
            most = wish.max_gap_minutes
            if gap < wish.min_gap_minutes or (most is not None and gap > most):
                wanted = f"at least {wish.min_gap_minutes}" if most is None else f"{wish.min_gap_minutes} to {most}"
                message = f"{placed.id} starts {gap} minutes from the {wish.from_} of {other.id} instead of {wanted}."
                off = wish.min_gap_minutes - gap if gap < wish.min_gap_minutes else gap - (most or 0)
                yield breach(reading, NAME, [other, placed], message, amount=off)
            both = [user for user in dict.fromkeys(placed.users) if user in other.users]
            if wish.different_users and both:
                message = f"{placed.id} and {other.id} need different people, but both have {', '.join(both)}."
                yield breach(reading, NAME, [other, placed], message, amount=len(both), users=both)
            if wish.same_users and set(placed.users) != set(other.users):
                users = sorted(set(placed.users) ^ set(other.users))
                message = (
                    f"{placed.id} and {other.id} need the same people, but {', '.join(users)} come to one of them."
                )
                yield breach(reading, NAME, [other, placed], message, amount=len(users), users=users)
