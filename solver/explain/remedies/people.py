"""Somebody who is able and may not come: excluded, or not among those allowed."""

from collections.abc import Iterable, Iterator

from solver.explain.remedies.case import Case
from solver.explain.remedies.change import Change, put
from solver.explain.remedies.skill import opening
from solver.explain.wording import listed
from solver.instance import Instance
from solver.rules.crew import Qualified, requirement_of


def changes(case: Case) -> Iterable[Change]:
    """Propose to let people come who are able.

    Parameters
    ----------
    case
        The task that is left out, and why.

    Yields
    ------
    One change per person; where whole teams come, one per team.
    """
    if case.task.whole_team or (case.appointment.team is not None and not case.appointment.crew):
        yield from _whole_teams(case)
        return
    qualified = Qualified(case.problem.users)
    offered = () if case.appointment.team is None else case.appointment.team.any_of
    members = {user for team in offered for user in case.problem.teams_by_id[team].members}
    for number, role in enumerate(case.appointment.crew):
        barred = [user for user in sorted(qualified.holders(requirement_of(role))) if _is_barred(case, user)]
        if offered:
            barred = [user for user in barred if case.instance.users[user].id in members]
        for user in opening(case, number, barred):
            yield _admitting(case, [user])


def _is_barred(case: Case, user: int) -> bool:
    wanted, key = case.appointment.users, case.instance.users[user].id
    return key in wanted.excluded or (wanted.allowed is not None and key not in wanted.allowed)


def _whole_teams(case: Case) -> Iterator[Change]:
    offered = () if case.appointment.team is None else case.appointment.team.any_of
    for team in offered:
        barred = [user for user in _members(case.instance, team) if _is_barred(case, user)]
        if barred:
            yield _admitting(case, barred)


def _members(instance: Instance, team: str) -> tuple[int, ...]:
    return instance.subject(instance.subject_index["team", team]).members


def _admitting(case: Case, users: list[int]) -> Change:
    wanted = case.appointment.users
    keys = [case.instance.users[user].id for user in users]
    document = wanted.model_dump(mode="json")
    document["excluded"] = [key for key in wanted.excluded if key not in keys]
    if wanted.allowed is not None:
        document["allowed"] = [*wanted.allowed, *(key for key in keys if key not in wanted.allowed)]
    excluded = any(key in wanted.excluded for key in keys)
    state = "excluded" if excluded else "not among those allowed"
    who, verb = listed([case.words.subject(user) for user in users]), "is" if len(users) == 1 else "are"
    return Change("people", f"let {who} come, who {verb} {state}", (put(f"{case.path}/users", document),))
