"""The routing part of a problem, read plainly: visits of one person each, and a vehicle for every shift of a user."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.engine import Unsupported
from benchmarks.peers.core_problem import may_serve
from benchmarks.peers.features import beyond_routing, refuse
from models.appointments import Appointment
from models.calendars import Calendars
from models.intervals import Interval, intersect, length
from models.people import User
from models.problem import Problem
from models.timegrid import TimeGrid, minute_of


@dataclass(frozen=True)
class Visit:
    """A located appointment: between which starts in epoch minutes it can begin, and by whom."""

    id: str
    minutes: int
    location: str
    first: int
    last: int
    prize: int
    required: bool
    users: frozenset[str]


@dataclass(frozen=True)
class Shift:
    """A way of a user: from when to when in epoch minutes, and where it begins and ends; None is anywhere."""

    user: str
    start: int
    end: int
    origin: str | None
    destination: str | None


class RoutingProblem:
    """A problem of nothing but routes, in plain lists.

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
    visits
        In the order of the appointments, without those that nobody can ever do.
    hopeless
        Ids of the latter.
    shifts
        Of all users.

    Raises
    ------
    Unsupported
        With everything that goes beyond routing.
    """

    def __init__(self, engine: str, problem: Problem) -> None:
        refuse(engine, beyond_routing(problem))
        self.engine, self.problem, self.grid = engine, problem, TimeGrid.of(problem)
        self._calendars = Calendars(problem, self.grid.start, self.grid.end)
        self.shifts = [shift for index, user in enumerate(problem.users) for shift in self._shifts(index, user)]
        known = [(appointment.id, self._visit(appointment)) for appointment in problem.appointments]
        self.visits = [visit for _, visit in known if visit is not None]
        self.hopeless = [key for key, visit in known if visit is None]

    def _shifts(self, index: int, user: User) -> list[Shift]:
        """A user's shifts, refused where the user is not free for all of each."""
        shifts = [one for one in self._calendars.shifts(user.id) if one[0] < self.grid.end and self.grid.start < one[1]]
        available = self._calendars.available("user", user.id)
        if any(intersect([shift], available) != [shift] for shift in shifts):
            self._refuse_user("breaks and closures inside a shift", index, "availability")
        if user.max_hours_per_week is not None and length(shifts) > 60 * user.max_hours_per_week:
            self._refuse_user("weekly hours below the length of the shifts", index, "max_hours_per_week")
        return [Shift(user.id, start, end, user.start_location, user.end_location) for start, end in shifts]

    def _refuse_user(self, feature: str, index: int, field: str) -> None:
        raise Unsupported(
            f"{self.engine} does not model {feature} (users[{index}].{field}). Leave it out, or choose another engine."
        )

    def _visit(self, appointment: Appointment) -> Visit | None:
        first, last = self._starts(appointment)
        able = [user.id for user in self.problem.users if may_serve(user, appointment, appointment.crew[0])]
        if first > last or not able or appointment.location is None:
            return None
        return Visit(
            id=appointment.id,
            minutes=appointment.duration_minutes,
            location=appointment.location,
            first=first,
            last=last,
            prize=self.problem.unassigned_weight(appointment),
            required=appointment.mandatory,
            users=frozenset(able),
        )

    def _starts(self, appointment: Appointment) -> Interval:
        """The first and the last start on the grid; the first is after the last where there is none."""
        grid = self.grid
        opens, closes = grid.start, grid.end
        for window in appointment.windows:
            opens, closes = max(opens, minute_of(window.start)), min(closes, minute_of(window.end))
        if self.problem.now is not None:
            opens = max(opens, minute_of(self.problem.now))
        return grid.ceil(opens), grid.floor(closes - appointment.duration_minutes)
