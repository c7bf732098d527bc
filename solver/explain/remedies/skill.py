"""A skill or a certificate that one more person would need, or one more person who may come."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from pydantic import JsonValue

from models.appointments import Position as Role
from models.people import User
from solver.explain.remedies.case import Case
from solver.explain.remedies.change import Change, dumped, put
from solver.explain.wording import listed
from solver.instance import Position, Task
from solver.rules.crew import heads

MOST_PEOPLE = 40
MOST = 4


def changes(case: Case) -> Iterable[Change]:
    """Propose people who lack little, those first who lack least.

    Parameters
    ----------
    case
        The task that is left out, and why.

    Yields
    ------
    At most a few changes for every position.
    """
    for number, role in enumerate(case.appointment.crew):
        people = [user for user in _outside(case, number) if _may_come(case, user)]
        lacking = {user: _lacking(case.problem.users[user], role) for user in people}
        # Who lacks two things is a candidate only where nobody at all is able.
        most = 2 if case.finding.inquiry.staff.lifted else 1
        near = [user for user in people if 0 < len(lacking[user]) <= most]
        near = sorted(near, key=lambda user: (len(lacking[user]), sum(lacking[user].values())))[:MOST_PEOPLE]
        for user in opening(case, number, near):
            yield _learning(case, user, role, lacking[user])


def _outside(case: Case, number: int) -> list[int]:
    """Members of the offered teams, or anybody, who cannot fill a position."""
    head = heads(case.appointment).index(number)
    able = set(case.task.positions[head].users)
    offered = () if case.appointment.team is None else case.appointment.team.any_of
    members = {
        case.instance.subject_index["user", user] for team in offered for user in case.problem.teams_by_id[team].members
    }
    people = sorted(members) if offered else range(len(case.instance.users))
    return [user for user in people if user not in able]


def _may_come(case: Case, user: int) -> bool:
    wanted, key = case.appointment.users, case.instance.users[user].id
    return key not in wanted.excluded and (wanted.allowed is None or key in wanted.allowed)


def _lacking(user: User, role: Role) -> dict[tuple[str, str], int]:
    """What a user lacks for a position, and by how many levels."""
    held: dict[str, int] = {}
    for skill in user.skills:
        held[skill.name] = max(skill.level, held.get(skill.name, 0))
    missing = {("skill", skill.name): skill.level - held.get(skill.name, 0) for skill in role.skills}
    missing |= {("certification", name): int(name not in user.certifications) for name in role.certifications}
    unknown = {("skill", skill.name) for skill in role.skills if skill.name not in held}
    return {what: max(1, levels) for what, levels in missing.items() if levels > 0 or what in unknown}


def with_candidates(case: Case, number: int, users: Iterable[int]) -> Task:
    """See the task as if some more people could fill one of its positions.

    Parameters
    ----------
    case, number
        The task, and the position in its crew.
    users
        Indices of users.

    Returns
    -------
    A changed copy.
    """
    wider = tuple(sorted({*case.task.positions[heads(case.appointment).index(number)].users, *users}))
    positions = [
        Position(wider) if head == number else position
        for head, position in zip(heads(case.appointment), case.task.positions, strict=True)
    ]
    return replace(case.task, positions=positions)


def opening(case: Case, number: int, users: list[int]) -> Iterator[int]:
    """Find those of some people with one of whom in a position the task would have a place.

    Parameters
    ----------
    case, number
        The task, and the position in its crew.
    users
        Who cannot fill it as things are.

    Yields
    ------
    A few of them.
    """
    if not users or case.opens(altered=with_candidates(case, number, users)) is None:
        return
    found = 0
    for user in users:
        if case.opens(altered=with_candidates(case, number, [user])) is not None:
            yield user
            found += 1
        if found == MOST:
            return


def _learning(case: Case, index: int, role: Role, lacking: dict[tuple[str, str], int]) -> Change:
    user = case.problem.users[index]
    levels = {skill.name: skill.level for skill in role.skills}
    names = list(user.certifications)
    learned: list[JsonValue] = dumped([skill for skill in user.skills if ("skill", skill.name) not in lacking])
    told, steps = [], []
    for kind, name in lacking:
        if kind == "certification":
            names.append(name)
            told.append(f"the certification {name}")
        else:
            learned.append({"name": name, "level": levels[name]})
            told.append(name if levels[name] <= 1 else f"{name} level {levels[name]}")
    if len(names) > len(user.certifications):
        steps.append(put(f"/users/{index}/certifications", [*names]))
    if any(kind == "skill" for kind, _ in lacking):
        steps.append(put(f"/users/{index}/skills", learned))
    verb = "qualify for" if any(kind == "certification" for kind, _ in lacking) else "learn"
    return Change("skill", f"let {case.words.subject(index)} {verb} {listed(told)}", tuple(steps))
