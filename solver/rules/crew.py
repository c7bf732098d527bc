"""`crew`: every position is filled by different, able and allowed users, and nobody else comes."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from models.appointments import Appointment, Position as Role
from models.people import User
from models.plan import Violation
from models.problem import Problem
from solver.instance import Instance, Position, Task, TaskWriter
from solver.rules.breach import breach

if TYPE_CHECKING:
    from solver.reading import Reading

NAME = "crew"

Requirement = tuple[tuple[tuple[str, int], ...], tuple[str, ...]]


def requirement_of(role: Role) -> Requirement:
    """Reduce a position to what it asks of a user.

    Parameters
    ----------
    role
        Skills, certifications and count.

    Returns
    -------
    Sorted (skill, least level) pairs and sorted certifications: equal for positions that the same users can fill.
    """
    skills = tuple(sorted((skill.name, skill.level) for skill in role.skills))
    return skills, tuple(sorted(role.certifications))


def heads(appointment: Appointment) -> list[int]:
    """Number the people of a crew.

    Parameters
    ----------
    appointment
        Its positions with their counts.

    Returns
    -------
    For every head the index of its position in `crew`.
    """
    return [index for index, role in enumerate(appointment.crew) for _ in range(role.count)]


class Qualified:
    """Who has the skills and certifications of a requirement; calendars and lists of users are ignored.

    Parameters
    ----------
    users
        All users of the problem.
    """

    def __init__(self, users: Sequence[User]) -> None:
        self._levels: dict[str, dict[int, int]] = {}
        self._certified: dict[str, set[int]] = {}
        self._everybody = frozenset(range(len(users)))
        self._known: dict[Requirement, frozenset[int]] = {}
        for index, user in enumerate(users):
            for skill in user.skills:
                holders = self._levels.setdefault(skill.name, {})
                holders[index] = max(skill.level, holders.get(index, 0))
            for certification in user.certifications:
                self._certified.setdefault(certification, set()).add(index)

    def holders(self, requirement: Requirement) -> frozenset[int]:
        """Find who meets a requirement.

        Parameters
        ----------
        requirement
            Skills with least levels, and certifications.

        Returns
        -------
        Indices of users, the same object for the same requirement.
        """
        if requirement not in self._known:
            able = self._everybody
            for name, level in requirement[0]:
                able &= {user for user, held in self._levels.get(name, {}).items() if held >= level}
            for certification in requirement[1]:
                able &= self._certified.get(certification, set())
            self._known[requirement] = able
        return self._known[requirement]


def match(candidates: Sequence[Iterable[int]], taken: Sequence[int]) -> list[int | None]:
    """Fill as many places as possible with different people (augmenting paths), leaving whom it can where they are.

    Parameters
    ----------
    candidates
        For each place, who could fill it.
    taken
        Who is there, each once; who stands at the index of a place is tried there first.

    Returns
    -------
    For each place who fills it, or None.
    """
    filled: dict[int, int] = {}
    options = []
    for index, able in enumerate(map(frozenset, candidates)):
        there = taken[index : index + 1]
        options.append([person for person in (*there, *taken) if person in able])

    def place(index: int, seen: set[int]) -> bool:
        for person in options[index]:
            if person not in filled:
                filled[person] = index
                return True
        for person in options[index]:
            if person not in seen:
                seen.add(person)
                if place(filled[person], seen):
                    filled[person] = index
                    return True
        return False

    for index in range(len(options)):
        place(index, set())
    by_place = {index: person for person, index in filled.items()}
    return [by_place.get(index) for index in range(len(options))]


def lower(problem: Problem, instance: Instance) -> TaskWriter:
    """Give every task one position per head; positions that the same users can fill are one object."""
    qualified = Qualified(problem.users)
    index_of = {user.id: index for index, user in enumerate(problem.users)}
    known: dict[tuple[Requirement, tuple[str, ...] | None, tuple[str, ...]], Position] = {}
    tuples: dict[tuple[int, ...], Position] = {}

    def write(task: Task, appointment: Appointment) -> None:
        wanted = appointment.users
        for role in appointment.crew:
            signature = (requirement_of(role), wanted.allowed, wanted.excluded)
            if signature not in known:
                able = qualified.holders(signature[0])
                if wanted.allowed is not None:
                    able = able.intersection(index_of[user] for user in wanted.allowed)
                able = able.difference(index_of[user] for user in wanted.excluded)
                users = tuple(sorted(able))
                known[signature] = tuples.setdefault(users, Position(users))
            task.positions.extend([known[signature]] * role.count)

    return write


def violations(reading: "Reading") -> Iterator[Violation]:
    """Find users who may not come, come twice or are not asked for, and positions that nobody there can fill."""
    qualified = Qualified(reading.problem.users)
    index_of = {user.id: index for index, user in enumerate(reading.problem.users)}
    for placed in reading.placed.values():
        wanted, roles = placed.appointment.users, placed.appointment.crew
        for user in dict.fromkeys(placed.users):
            who = reading.label("user", user)
            if placed.users.count(user) > 1:
                yield breach(reading, NAME, [placed], f"{who} comes twice to {placed.id}.", users=[user])
            if (wanted.allowed is not None and user not in wanted.allowed) or user in wanted.excluded:
                yield breach(reading, NAME, [placed], f"{who} may not come to {placed.id}.", users=[user])
        if not roles:
            if placed.users and placed.team is None and not placed.pinned:
                message = f"{placed.id} asks for nobody, but {len(placed.users)} come."
                yield breach(reading, NAME, [placed], message, amount=len(placed.users), users=placed.users)
            continue
        needed = sum(role.count for role in roles)
        if len(placed.users) != needed:
            message = f"{placed.id} needs {needed} people, but {len(placed.users)} come."
            amount = abs(needed - len(placed.users))
            yield breach(reading, NAME, [placed], message, amount=amount, users=placed.users)
            continue
        places = [qualified.holders(requirement_of(roles[index])) for index in heads(placed.appointment)]
        empty = match(places, [index_of[user] for user in dict.fromkeys(placed.users)]).count(None)
        if empty:
            who = ", ".join(reading.label("user", user) for user in placed.users)
            message = f"{placed.id}: {who} lack the skills or certifications for {empty} of {needed} positions."
            yield breach(reading, NAME, [placed], message, amount=empty, users=placed.users)
