"""Who and what could serve a task by skills, teams and types alone; where nobody could, what must be lifted."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from models.appointments import Appointment
from solver.instance import NOWHERE, Demand, Instance, Link, Solution, Task
from solver.rules.crew import match

Group = tuple[tuple[int, ...], int]
"""Candidates, and how many of them are needed."""


class Crew(NamedTuple):
    """One way to staff a task; `alone` where nobody comes and no team, `unlinked` where its links must be lifted."""

    team: int
    groups: tuple[Group, ...]
    alone: bool = False
    unlinked: bool = False

    @property
    def heads(self) -> list[tuple[int, ...]]:
        """The candidates of every head."""
        return [candidates for candidates, count in self.groups for _ in range(count)]


class Staffing(NamedTuple):
    """All ways to staff a task; `lifted` where its crew cannot be found and nobody has to come."""

    crews: tuple[Crew, ...]
    lifted: bool


class Ties(NamedTuple):
    """What links demand of the people: users who may not come, and sets of users of which each must be the crew."""

    banned: frozenset[int]
    required: tuple[frozenset[int], ...]

    def __bool__(self) -> bool:
        """Whether they demand anything."""
        return bool(self.banned or self.required)


def staffing(instance: Instance, task: Task, appointment: Appointment) -> Staffing:
    """List the ways to staff a task, calendars and other tasks ignored.

    Parameters
    ----------
    instance, task, appointment
        The task in both forms.

    Returns
    -------
    One crew for every team that could, or the only one where no team is asked for; where none could, those that are
    left when the rule `crew` does not bind the task: nobody, or anybody instead of its crew.
    """
    crews = tuple(crew for crew in _crews(instance, task) if fillable(crew.groups))
    if crews:
        return Staffing(crews, lifted=False)
    if task.whole_team and appointment.team is not None:
        offered = [instance.subject_index["team", team] for team in appointment.team.any_of]
        return Staffing(tuple(Crew(team, _all(instance.subject(team).members)) for team in offered), lifted=True)
    if task.teams:
        return Staffing(tuple(Crew(team, ()) for team in task.teams), lifted=True)
    anybody = Crew(NOWHERE, ((tuple(range(len(instance.users))), 1),))
    return Staffing((Crew(NOWHERE, (), alone=True), *([anybody] if instance.users else [])), lifted=True)


def _crews(instance: Instance, task: Task) -> Iterator[Crew]:
    if not task.teams:
        if not task.whole_team:
            yield Crew(NOWHERE, _grouped(task, None), alone=not task.positions)
        return
    for team in task.teams:
        members = instance.subject(team).members
        yield Crew(team, _all(members) if task.whole_team else _grouped(task, members))


def _grouped(task: Task, members: tuple[int, ...] | None) -> tuple[Group, ...]:
    counts: dict[tuple[int, ...], int] = {}
    for position in task.positions:
        candidates = position.users if members is None else _within(position.users, members)
        counts[candidates] = counts.get(candidates, 0) + 1
    return tuple(counts.items())


@lru_cache(4096)
def _within(users: tuple[int, ...], members: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(user for user in users if user in members)


def _all(users: tuple[int, ...]) -> tuple[Group, ...]:
    return tuple(((user,), 1) for user in users)


@lru_cache(4096)
def fillable(groups: tuple[Group, ...]) -> bool:
    """Tell whether different candidates can fill all places."""
    heads = sum(count for _, count in groups)
    if all(len(candidates) >= heads for candidates, _ in groups):
        return True
    if any(len(candidates) < count for candidates, count in groups):
        return False
    places = [candidates for candidates, count in groups for _ in range(count)]
    return None not in match(places, sorted(set(chain.from_iterable(places))))


def demanded(task: Task) -> tuple[tuple[Demand, ...], bool]:
    """List the demands of a task, or none and True where no different resources fit them all."""
    if fillable(tuple((demand.resources, 1) for demand in task.demands)):
        return tuple(task.demands), False
    return (), True


def ties_of(task: Task, solution: Solution) -> Ties:
    """Find whom the links of a task to what is placed forbid or require."""
    banned: set[int] = set()
    required: dict[frozenset[int], None] = {}
    for link, other in neighbours(task):
        placement = solution[other]
        if placement is not None:
            banned.update(placement.users if link.different_users else ())
            required.update({frozenset(placement.users): None} if link.same_users else {})
    return Ties(frozenset(banned), tuple(required))


def neighbours(task: Task) -> Iterator[tuple[Link, int]]:
    """Yield the links of a task, each with the index of the task at its other end."""
    yield from ((link, link.before) for link in task.links_in)
    yield from ((link, link.after) for link in task.links_out)


def tied(instance: Instance, task: Task, staff: Staffing, ties: Ties) -> tuple[Crew, ...]:
    """Split every crew into those that keep what links demand of the people, and itself with the links lifted.

    Parameters
    ----------
    instance, task
        The lowered problem and one of its tasks.
    staff, ties
        How it could be staffed without links, and what these demand.

    Returns
    -------
    The crews themselves where the links demand nothing.
    """
    if not ties:
        return staff.crews
    kept = [crew for base in staff.crews for crew in _keeping(instance, task, base, ties, lifted=staff.lifted)]
    return (*kept, *(crew._replace(unlinked=True) for crew in staff.crews))


def _keeping(instance: Instance, task: Task, crew: Crew, ties: Ties, *, lifted: bool) -> Iterator[Crew]:
    if not ties.required:
        groups = tuple((tuple(user for user in users if user not in ties.banned), n) for users, n in crew.groups)
        if fillable(groups):
            yield crew._replace(groups=groups)
        return
    wanted = tuple(sorted(ties.required[0]))
    members = instance.subject(crew.team).members if crew.team != NOWHERE else wanted
    if len(ties.required) > 1 or not ties.banned.isdisjoint(wanted) or not set(members).issuperset(wanted):
        return
    if task.whole_team and len(members) != len(wanted):
        return
    if not lifted and not task.whole_team:
        places = match(crew.heads, wanted)
        if None in places or len(places) != len(wanted):
            return
    yield Crew(crew.team, _all(wanted), alone=crew.team == NOWHERE and not wanted)
