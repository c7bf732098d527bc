"""A plan beside its problem, resolved once: who and what is taken when, in epoch minutes, for rules and terms."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property
from zoneinfo import ZoneInfo

from models.calendars import Calendars
from models.errors import Fault, InvalidPlan
from models.faults import describe, nearest
from models.people import Resource, Team, User
from models.plan import Plan
from models.problem import Problem
from models.timegrid import iso_week, local_date, minute_of
from solver.placed import Placed, Taken
from solver.routes import Route, routes_of

NOBODY = "none"


class Reading:
    """A plan beside its problem.

    Parameters
    ----------
    problem, plan
        The plan may break any rule, but it speaks of known appointments, each once, and of known subjects.

    Attributes
    ----------
    placed
        What has a time, by appointment id, in the order of the plan.
    left
        Appointments that are left out, also those the plan says nothing about.
    missing
        Ids of the latter.
    by_user, by_team
        What they serve, by id, sorted by start with buffer; only those who serve anything.
    by_resource
        What takes each resource, and how, in the same order.
    nobody
        What has neither users nor team.
    weights
        Of all terms but `unassigned`.

    Raises
    ------
    InvalidPlan
        Where the plan names what does not exist, or an appointment twice.
    """

    def __init__(self, problem: Problem, plan: Plan) -> None:
        _refuse_strangers(problem, plan)
        self.problem = problem
        self.plan = plan
        self.users = problem.users_by_id
        self.teams = problem.teams_by_id
        self.resources = problem.resources_by_id
        self.appointments = problem.appointments_by_id
        self.weights = problem.weights.effective()
        self.placed: dict[str, Placed] = {}
        for assignment in plan.assignments:
            appointment = self.appointments[assignment.appointment]
            self.placed[appointment.id] = Placed(
                appointment=appointment,
                start=minute_of(assignment.start),
                end=minute_of(assignment.end),
                users=tuple(assignment.users),
                team=assignment.team,
                resources=tuple(
                    Taken(take.resource, index if take.demand is None else take.demand, take.units)
                    for index, take in enumerate(assignment.resources)
                ),
                pinned=problem.is_pinned(appointment),
            )
        named = {entry.appointment for entry in plan.unassigned}
        self.left = [appointment for appointment in problem.appointments if appointment.id not in self.placed]
        self.missing = [appointment.id for appointment in self.left if appointment.id not in named]
        self._index()

    def _index(self) -> None:
        self.by_user: dict[str, list[Placed]] = {}
        self.by_team: dict[str, list[Placed]] = {}
        self.by_resource: dict[str, list[tuple[Placed, Taken]]] = {}
        self.nobody: list[Placed] = []
        for placed in sorted(self.placed.values(), key=lambda placed: (placed.busy_start, placed.busy_end, placed.id)):
            for user in dict.fromkeys(placed.users):
                self.by_user.setdefault(user, []).append(placed)
            if placed.team is not None:
                self.by_team.setdefault(placed.team, []).append(placed)
            for taken in placed.resources:
                self.by_resource.setdefault(taken.resource, []).append((placed, taken))
            if not placed.users and placed.team is None:
                self.nobody.append(placed)

    def subjects(self) -> Iterator[tuple[str, str | None, list[Placed]]]:
        """Everybody and everything that is taken, with what takes it.

        Yields
        ------
        Kind ("user", "team", "resource", "none"), id (None for "none") and what is placed there, sorted by start.
        """
        for user, stops in self.by_user.items():
            yield "user", user, stops
        for team, stops in self.by_team.items():
            yield "team", team, stops
        for resource, takes in self.by_resource.items():
            yield "resource", resource, list(dict.fromkeys(placed for placed, _ in takes))
        if self.nobody:
            yield NOBODY, None, self.nobody

    @cached_property
    def horizon(self) -> tuple[int, int]:
        """First and last epoch minute of the horizon."""
        return minute_of(self.problem.horizon.start), minute_of(self.problem.horizon.end)

    @cached_property
    def now(self) -> int | None:
        """Epoch minute of `now`."""
        return None if self.problem.now is None else minute_of(self.problem.now)

    @cached_property
    def calendars(self) -> Calendars:
        """The calendars, over the horizon and everything that is placed."""
        first, last = self.horizon
        first = min(first, *(placed.start for placed in self.placed.values()), first)
        last = max(last, *(placed.end for placed in self.placed.values()), last)
        return Calendars(self.problem, first, last)

    @cached_property
    def routes(self) -> list[Route]:
        """Every user's shifts that hold any appointment, with the ways between them."""
        routes: list[Route] = []
        for user, stops in self.by_user.items():
            shifts = self.calendars.shifts(user)
            routes += routes_of(self.users[user], shifts, stops, self.problem)
        return routes

    @cached_property
    def weeks(self) -> dict[str, list[list[Placed]]]:
        """What every user serves, by ISO week of the user's zone."""
        return {user: self.by_week(stops, self.zone("user", user)) for user, stops in self.by_user.items()}

    def zone(self, kind: str, key: str | None) -> ZoneInfo:
        """The zone of a subject: its own, else the organization's."""
        return self.problem.subject_zone(kind, key)

    def travel_minutes(self, origin: str | None, destination: str | None) -> int:
        """Minutes of travel from one location to another, 0 from or to nowhere."""
        return self.problem.travel_times.minutes(origin, destination)

    @staticmethod
    def by_day(stops: list[Placed], zone: ZoneInfo) -> list[list[Placed]]:
        """Group by the local day of the start."""
        groups: dict[date, list[Placed]] = {}
        for placed in stops:
            groups.setdefault(local_date(placed.start, zone), []).append(placed)
        return list(groups.values())

    @staticmethod
    def by_week(stops: list[Placed], zone: ZoneInfo) -> list[list[Placed]]:
        """Group by the ISO week of the start."""
        groups: dict[tuple[int, int], list[Placed]] = {}
        for placed in stops:
            groups.setdefault(iso_week(placed.start, zone), []).append(placed)
        return list(groups.values())

    def label(self, kind: str, key: str | None) -> str:
        """The words by which people know a subject: its name and id, or its id alone."""
        if key is None:
            return "nobody"
        subjects: Mapping[str, User | Team | Resource] = self.users
        if kind != "user":
            subjects = self.teams if kind == "team" else self.resources
        name = subjects[key].name
        return f"{name} ({key})" if name and name != key else key


def _refuse_strangers(problem: Problem, plan: Plan) -> None:
    """Refuse a plan that names what the problem does not know, or an appointment twice."""
    faults: list[Fault] = []
    seen: dict[str, str] = {}

    def known(where: str, key: str, kind: str, ids: Mapping[str, object]) -> None:
        if key not in ids:
            advice = nearest(key, ids) or "Check the plan against the problem it was made for."
            faults.append(Fault(where, describe(key), f"the id of {kind} of the problem", advice))

    def once(where: str, key: str) -> None:
        known(where, key, "an appointment", problem.appointments_by_id)
        if key in seen:
            advice = f"Leave one out: {seen[key]} names it already."
            faults.append(Fault(where, f"{describe(key)} again", "every appointment once", advice))
        seen.setdefault(key, where)

    for index, assignment in enumerate(plan.assignments):
        where = f"assignments[{index}]"
        once(f"{where}.appointment", assignment.appointment)
        for place, user in enumerate(assignment.users):
            known(f"{where}.users[{place}]", user, "a user", problem.users_by_id)
        if assignment.team is not None:
            known(f"{where}.team", assignment.team, "a team", problem.teams_by_id)
        for place, take in enumerate(assignment.resources):
            known(f"{where}.resources[{place}].resource", take.resource, "a resource", problem.resources_by_id)
    for index, entry in enumerate(plan.unassigned):
        once(f"unassigned[{index}].appointment", entry.appointment)
    if faults:
        raise InvalidPlan(faults)
