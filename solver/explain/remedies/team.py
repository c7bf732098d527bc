"""Another team than those that are offered, or one team in more places at once."""

from collections.abc import Iterable, Iterator

from solver.explain.causes import TEAM
from solver.explain.remedies.case import Case
from solver.explain.remedies.change import Change, put

MOST_TEAMS = 10


def changes(case: Case) -> Iterable[Change]:
    """Propose other teams, those with the most able members first, and one place more for those that are offered.

    Parameters
    ----------
    case
        The task that is left out, and why.

    Yields
    ------
    One change per team.
    """
    if case.appointment.team is None:
        return
    yield from _others(case, case.appointment.team.any_of)
    yield from _at_once(case)


def _others(case: Case, offered: tuple[str, ...]) -> Iterator[Change]:
    teams = [team for team in case.problem.teams if team.id not in offered]
    ability = {team.id: _able(case, team.members) for team in teams}
    for team in sorted(teams, key=lambda team: -ability[team.id])[:MOST_TEAMS]:
        name = case.words.subject(case.instance.subject_index["team", team.id])
        choice = put(f"{case.path}/team", {"any_of": [*offered, team.id]})
        yield Change("team", f"let {name} come instead", (choice,))


def _able(case: Case, members: tuple[str, ...]) -> int:
    """How many members have some of the skills that are asked for."""
    asked = {skill.name for role in case.appointment.crew for skill in role.skills}
    return sum(any(skill.name in asked for skill in case.problem.users_by_id[user].skills) for user in members)


def _at_once(case: Case) -> Iterator[Change]:
    first = len(case.instance.users)
    for team in case.task.teams:
        place = case.opens({team: TEAM})
        if place is None or place.crew.team != team:
            continue
        more = case.problem.teams[team - first].max_concurrent + 1
        text = f"let {case.words.subject(team)} serve {more} appointments at once"
        yield Change("team", text, (put(f"/teams/{team - first}/max_concurrent", more),))
