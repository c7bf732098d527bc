"""`window`: the service lies inside one of the appointment's windows."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from models.appointments import Appointment
from models.plan import Violation
from models.problem import Problem
from models.timegrid import minute_of
from solver.instance import Instance, Interval, Task, TaskWriter
from solver.rules.breach import breach, moment

if TYPE_CHECKING:
    from solver.reading import Reading

NAME = "window"


def lower(problem: Problem, instance: Instance) -> TaskWriter:
    """Narrow the tasks with windows to these, clipped to the horizon; a window too short for the service goes."""

    def write(task: Task, appointment: Appointment) -> None:
        if not appointment.windows:
            return
        clipped: set[Interval] = set()
        for window in appointment.windows:
            start = max(instance.start, minute_of(window.start) - instance.origin)
            end = min(instance.end, minute_of(window.end) - instance.origin)
            if end - start >= task.duration:
                clipped.add((start, end))
        task.windows = sorted(clipped)

    return write


def violations(reading: "Reading") -> Iterator[Violation]:
    """Find services that lie in none of their windows."""
    for placed in reading.placed.values():
        windows = placed.appointment.windows
        if placed.pinned or not windows:
            continue
        outside = min(
            placed.minutes - max(0, min(placed.end, minute_of(window.end)) - max(placed.start, minute_of(window.start)))
            for window in windows
        )
        if outside:
            message = (
                f"{placed.id} at {moment(reading, placed.start)} lies {outside} minutes outside its nearest window."
            )
            yield breach(reading, NAME, [placed], message, amount=outside)
