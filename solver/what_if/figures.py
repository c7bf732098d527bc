"""A plan in figures: how much is done, by how many, and how busy people and resources are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from models.enums import Priority
from models.intervals import Interval, intersect, union
from models.plan import Plan
from models.problem import Problem
from models.timegrid import minute_of
from solver.reading import Reading


@dataclass(frozen=True, slots=True)
class Figures:
    """A plan in figures.

    Attributes
    ----------
    assigned, left_out
        Appointments with a place, and those without one by priority.
    people, people_at_work
        Users of the problem, and those who serve anything.
    service_minutes, open_minutes
        What users serve, everybody in a crew counted, and what their calendars leave open in the horizon.
    used_minutes, usable_minutes
        The same of resources: minutes in which any of their units are taken, and what their calendars leave open.
    """

    assigned: int
    left_out: dict[str, int]
    people: int
    people_at_work: int
    service_minutes: int
    open_minutes: int
    used_minutes: int
    usable_minutes: int

    @property
    def busy(self) -> float | None:
        """The share of their open time that people serve; None where there is none."""
        return self.service_minutes / self.open_minutes if self.open_minutes else None

    @property
    def in_use(self) -> float | None:
        """The share of their open time that resources are in use; None where there is none."""
        return self.used_minutes / self.usable_minutes if self.usable_minutes else None


def figures(problem: Problem, plan: Plan) -> Figures:
    """Count what a plan amounts to.

    Parameters
    ----------
    problem, plan
        The plan speaks of what the problem knows.

    Returns
    -------
    Its figures; minutes are those inside the horizon.
    """
    reading = Reading(problem, plan)
    horizon = [(minute_of(problem.horizon.start), minute_of(problem.horizon.end))]
    left = Counter(str(appointment.priority) for appointment in reading.left)
    served = [(placed.start, placed.end) for stops in reading.by_user.values() for placed in stops]
    used = [
        span
        for takes in reading.by_resource.values()
        for span in union((placed.busy_start, placed.busy_end) for placed, _ in takes)
    ]
    calendars = reading.calendars
    return Figures(
        assigned=len(reading.placed),
        left_out={str(priority): left[priority] for priority in reversed(Priority)},
        people=len(problem.users),
        people_at_work=len(reading.by_user),
        service_minutes=_inside(served, horizon),
        open_minutes=sum(_inside(calendars.available("user", user.id), horizon) for user in problem.users),
        used_minutes=_inside(used, horizon),
        usable_minutes=sum(_inside(calendars.available("resource", one.id), horizon) for one in problem.resources),
    )


def _inside(spans: Iterable[Interval], horizon: list[Interval]) -> int:
    """Minutes of spans inside the horizon; spans may overlap, and count each."""
    return sum(end - start for span in spans for start, end in intersect([span], horizon))
