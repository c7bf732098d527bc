"""The core of a problem, read plainly: jobs with starts and seats, and subjects with opening times."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from benchmarks.peers.answer import Placed
from benchmarks.peers.features import beyond_core, refuse, several_weeks
from models.appointments import Appointment, Demand, Position
from models.calendars import Calendars
from models.intervals import Interval, contains, intersect, subtract
from models.people import Resource, User
from models.problem import Problem
from models.timegrid import TimeGrid, minute_of

Subject = tuple[str, str]
"""`user` or `resource`, and the id."""


@dataclass(frozen=True)
class Seat:
    """What a job takes one of: a person for the position, or a resource for the demand, of that index."""

    kind: str
    index: int
    subjects: tuple[Subject, ...]


@dataclass(frozen=True)
class Job:
    """An appointment: its possible starts in epoch minutes, the preferred one, and what leaving it out costs."""

    id: str
    minutes: int
    starts: tuple[int, ...]
    preferred: int | None
    absent_cost: int
    seats: tuple[Seat, ...]

    def placed(self, start: int, takers: Iterable[Subject]) -> Placed:
        """Write down where a peer puts the job.

        Parameters
        ----------
        start
            Epoch minutes.
        takers
            Of the seats, in their order.

        Returns
        -------
        The same in the words of a plan.
        """
        taken = list(zip(takers, self.seats, strict=True))
        users = tuple((key, seat.index) for (kind, key), seat in taken if kind == "user")
        return Placed(start, users, tuple((key, seat.index) for (kind, key), seat in taken if kind == "resource"))


class CoreProblem:
    """A problem without anything beyond the core, in plain lists.

    Parameters
    ----------
    engine
        For whom it is read; named when it is refused.
    problem
        Any.

    Attributes
    ----------
    grid
        Of the starts.
    jobs
        In the order of the appointments.
    open
        When each subject is available, epoch minutes within the horizon, sorted and disjoint.
    weekly_minutes
        By user id, the most service in the one week there is; users without a limit are not in it.
    deviation_weight
        What a minute between start and preferred start costs.

    Raises
    ------
    Unsupported
        With everything that goes beyond the core.
    """

    def __init__(self, engine: str, problem: Problem) -> None:
        refuse(engine, beyond_core(problem) + several_weeks(problem))
        self.problem = problem
        self.grid = TimeGrid.of(problem)
        self.deviation_weight = problem.weights.preferred_time
        calendars = Calendars(problem, self.grid.start, self.grid.end)
        horizon = [(self.grid.start, self.grid.end)]
        self.open: dict[Subject, list[Interval]] = {}
        for user in problem.users:
            self.open["user", user.id] = intersect(horizon, calendars.available("user", user.id))
        for resource in problem.resources:
            self.open["resource", resource.id] = intersect(horizon, calendars.available("resource", resource.id))
        self.weekly_minutes = {
            user.id: int(60 * (user.max_hours_per_week + (user.overtime_hours_per_week or 0)))
            for user in problem.users
            if user.max_hours_per_week is not None
        }
        self._anybody = calendars.available("none", None)
        self.jobs = [self._job(appointment) for appointment in problem.appointments]

    def closed(self, subject: Subject) -> list[Interval]:
        """List when a subject is not available within the horizon.

        Parameters
        ----------
        subject
            Kind and id.

        Returns
        -------
        Epoch minutes, sorted and disjoint.
        """
        return subtract([(self.grid.start, self.grid.end)], self.open[subject])

    def _job(self, appointment: Appointment) -> Job:
        seats = [
            Seat("user", index, self._people(appointment, position))
            for index, position in enumerate(appointment.crew)
            for _ in range(position.count)
        ]
        seats += [Seat("resource", index, self._things(demand)) for index, demand in enumerate(appointment.resources)]
        preferred = appointment.preferred_start
        return Job(
            id=appointment.id,
            minutes=appointment.duration_minutes,
            starts=self._starts(appointment),
            preferred=None if preferred is None or not self.deviation_weight else minute_of(preferred),
            absent_cost=self.problem.unassigned_weight(appointment),
            seats=tuple(seats),
        )

    def _starts(self, appointment: Appointment) -> tuple[int, ...]:
        grid, minutes = self.grid, appointment.duration_minutes
        earliest = grid.start if self.problem.now is None else max(grid.start, minute_of(self.problem.now))
        windows = [(minute_of(window.start), minute_of(window.end)) for window in appointment.windows]
        starts: set[int] = set()
        for opens, closes in windows or [(grid.start, grid.end)]:
            first, last = grid.ceil(max(opens, earliest)), min(closes, grid.end) - minutes
            starts.update(range(first, last + 1, grid.step))
        if not appointment.crew:
            starts = {start for start in starts if contains(self._anybody, start, start + minutes)}
        return tuple(sorted(starts))

    def _people(self, appointment: Appointment, position: Position) -> tuple[Subject, ...]:
        minutes = appointment.duration_minutes
        return tuple(
            ("user", user.id)
            for user in self.problem.users
            if may_serve(user, appointment, position) and minutes <= self.weekly_minutes.get(user.id, minutes)
        )

    def _things(self, demand: Demand) -> tuple[Subject, ...]:
        return tuple(("resource", resource.id) for resource in self.problem.resources if meets(resource, demand))


def may_serve(user: User, appointment: Appointment, position: Position) -> bool:
    """Tell whether a user is allowed, not excluded, and has the skills and certifications of a position.

    Parameters
    ----------
    user, appointment, position
        All as in the problem; the position is one of the appointment's crew.

    Returns
    -------
    False also where a level is too low.
    """
    allowed = appointment.users.allowed
    if user.id in appointment.users.excluded or (allowed is not None and user.id not in allowed):
        return False
    levels: dict[str, int] = {}
    for skill in user.skills:
        levels[skill.name] = max(skill.level, levels.get(skill.name, 0))
    skilled = all(skill.name in levels and levels[skill.name] >= skill.level for skill in position.skills)
    return skilled and set(position.certifications) <= set(user.certifications)


def meets(resource: Resource, demand: Demand) -> bool:
    """Tell whether a resource has the name or type, the features and the size that are demanded.

    Parameters
    ----------
    resource, demand
        Both as in the problem.

    Returns
    -------
    True where it has all of them; whether it is free is another question.
    """
    named = demand.resource in (None, resource.id) and demand.resource_type in (None, resource.resource_type)
    return named and set(demand.features) <= set(resource.features) and resource.capacity >= demand.min_capacity
