"""`workload_balance`: minutes between the most and the least loaded user among those who could serve something."""

from typing import TYPE_CHECKING

from models.plan import TermCost
from models.problem import Problem
from solver.instance import Instance
from solver.rules.crew import Qualified, requirement_of
from solver.terms.price import priced

if TYPE_CHECKING:
    from solver.reading import Reading

NAME = "workload_balance"


def able_users(problem: Problem) -> tuple[int, ...]:
    """Find the users who could serve at least one appointment, whatever their calendars.

    Parameters
    ----------
    problem
        Who is allowed, not excluded, in an offered team where one is asked for, and fits a position, or is a member
        where the whole team comes.

    Returns
    -------
    Sorted positions in `problem.users`.
    """
    qualified = Qualified(problem.users)
    index_of = {user.id: index for index, user in enumerate(problem.users)}
    members = {team.id: frozenset(index_of[user] for user in team.members) for team in problem.teams}
    able: set[int] = set()
    seen: set[object] = set()
    for appointment in problem.appointments:
        wanted, team = appointment.users, appointment.team
        requirements = frozenset(requirement_of(role) for role in appointment.crew)
        offered = None if team is None else team.any_of
        signature = (requirements, offered, wanted.allowed, wanted.excluded)
        if signature in seen or (not requirements and offered is None):
            continue
        seen.add(signature)
        reachable = None if offered is None else frozenset[int]().union(*(members[key] for key in offered))
        fitting = frozenset[int]().union(*(qualified.holders(requirement) for requirement in requirements))
        if not requirements and reachable is not None:
            fitting = reachable
        elif reachable is not None:
            fitting &= reachable
        if wanted.allowed is not None:
            fitting = fitting.intersection(index_of[user] for user in wanted.allowed)
        able |= fitting.difference(index_of[user] for user in wanted.excluded)
    return tuple(sorted(able))


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
