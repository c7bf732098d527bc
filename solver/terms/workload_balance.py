"""`workload_balance`: minutes between the most and the least loaded user among those who could serve something."""

from typing import TYPE_CHECKING

from models.appointments import Appointment, UserChoice
from models.plan import TermCost
from models.problem import Problem
from solver.instance import Instance
from solver.rules.crew import Qualified, Requirement, requirement_of
from solver.terms.price import priced

if TYPE_CHECKING:
    from solver.reading import Reading

NAME = "workload_balance"


class Able:
    """Who could serve an appointment, whatever their calendars.

    Parameters
    ----------
    problem
        Its users and teams.
    """

    def __init__(self, problem: Problem) -> None:
        self._qualified = Qualified(problem.users)
        self._index_of = {user.id: index for index, user in enumerate(problem.users)}
        self._members = {team.id: frozenset(self._index_of[user] for user in team.members) for team in problem.teams}
        self._known: dict[object, frozenset[int]] = {}

    def of(self, appointment: Appointment) -> frozenset[int]:
        """Find who could serve one appointment.

        Parameters
        ----------
        appointment
            Who is allowed, not excluded, in an offered team where one is asked for, and fits a position, or is a member
            where the whole team comes.

        Returns
        -------
        Positions in `problem.users`.
        """
        wanted, team = appointment.users, appointment.team
        requirements = frozenset(requirement_of(role) for role in appointment.crew)
        offered = None if team is None else team.any_of
        if not requirements and offered is None:
            return frozenset()
        signature = (requirements, offered, wanted.allowed, wanted.excluded)
        if signature not in self._known:
            self._known[signature] = self._find(requirements, offered, wanted)
        return self._known[signature]

    def _find(
        self, requirements: frozenset[Requirement], offered: tuple[str, ...] | None, wanted: UserChoice
    ) -> frozenset[int]:
        reachable = None if offered is None else frozenset[int]().union(*(self._members[key] for key in offered))
        fitting = frozenset[int]().union(*(self._qualified.holders(requirement) for requirement in requirements))
        if not requirements and reachable is not None:
            fitting = reachable
        elif reachable is not None:
            fitting &= reachable
        if wanted.allowed is not None:
            fitting = fitting.intersection(self._index_of[user] for user in wanted.allowed)
        return fitting.difference(self._index_of[user] for user in wanted.excluded)


def able_users(problem: Problem) -> tuple[int, ...]:
    """Find the users who could serve at least one appointment, whatever their calendars.

    Parameters
    ----------
    problem
        Its appointments, users and teams.

    Returns
    -------
    Sorted positions in `problem.users`.
    """
    able = Able(problem)
    return tuple(sorted(frozenset[int]().union(*{able.of(appointment) for appointment in problem.appointments})))


def lower(problem: Problem, instance: Instance) -> None:
    """List the users between whom minutes are balanced."""
    instance.balance_weight = problem.weights.workload_balance
    if instance.balance_weight:
        instance.balance_users = able_users(problem)


def cost(reading: "Reading") -> TermCost:
    """Compare the service minutes of all users who could serve something."""
    minutes = [
        sum(placed.minutes for placed in reading.by_user.get(reading.problem.users[index].id, ()))
        for index in able_users(reading.problem)
    ]
    return priced(reading, NAME, max(minutes, default=0) - min(minutes, default=0))


def shares(reading: "Reading") -> dict[str, int]:
    """Divide nothing: it belongs to no single appointment."""
    return {}
