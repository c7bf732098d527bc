"""`team`: one of the offered teams comes, its members are the crew, and it is not in too many places at once."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from models.appointments import Appointment
from models.people import Team
from models.plan import Violation
from models.problem import Problem
from solver.instance import Instance, Position, Task, TaskWriter
from solver.placed import Placed
from solver.rules.breach import breach, moment, names
from solver.rules.sweep import Use, excesses

if TYPE_CHECKING:
    from solver.reading import Reading

NAME = "team"


def complete(team: Team, appointment: Appointment) -> bool:
    """Tell whether all members of a team may come to an appointment.

    Parameters
    ----------
    team, appointment
        The whole team, and the appointment with its allowed and excluded users.

    Returns
    -------
    True where each member is allowed and none is excluded.
    """
    wanted = appointment.users
    if wanted.allowed is not None and not set(wanted.allowed).issuperset(team.members):
        return False
    return set(wanted.excluded).isdisjoint(team.members)


def lower(problem: Problem, instance: Instance) -> TaskWriter:
    """Offer the teams, narrow positions to their members, and bound what a team does at once."""
    index_of = {user.id: index for index, user in enumerate(problem.users)}
    teams = {team.id: team for team in problem.teams}
    members = {team.id: frozenset(index_of[user] for user in team.members) for team in problem.teams}
    for subject, team in zip(instance.teams, problem.teams, strict=True):
        subject.capacity = team.max_concurrent
        subject.members = tuple(sorted(members[team.id]))
    # The wide position is kept beside the narrow one: its identity is the key, which must not be given to another.
    narrowed: dict[tuple[int, tuple[str, ...]], tuple[Position, Position]] = {}
    shared: dict[tuple[int, ...], Position] = {}

    def write(task: Task, appointment: Appointment) -> None:
        if appointment.team is None:
            return
        offered = appointment.team.any_of
        task.whole_team = not appointment.crew
        if task.whole_team:
            offered = tuple(team for team in offered if complete(teams[team], appointment))
        task.teams = tuple(instance.subject_index["team", team] for team in offered)
        for place, position in enumerate(task.positions):
            signature = (id(position), offered)
            if signature not in narrowed:
                reachable = frozenset[int]().union(*(members[team] for team in offered))
                users = tuple(user for user in position.users if user in reachable)
                narrowed[signature] = position, shared.setdefault(users, Position(users))
            task.positions[place] = narrowed[signature][1]

    return write


def violations(reading: "Reading") -> Iterator[Violation]:
    """Find wrong teams, strangers in a team, missing members, and teams in too many places at once."""
    for placed in reading.placed.values():
        yield from _choice(reading, placed)
    for key, stops in reading.by_team.items():
        most = reading.teams[key].max_concurrent
        for excess in excesses((Use(stop.busy_start, stop.busy_end, 1, stop) for stop in stops), most):
            message = (
                f"Team {reading.label('team', key)} has {excess.peak} appointments at once from "
                f"{moment(reading, excess.start)}, of at most {most}: {names(excess.involved)}."
            )
            yield breach(
                reading, NAME, excess.involved, message,
                start=excess.start, end=excess.end, amount=excess.peak - most, teams=[key],
            )  # fmt: skip


def _choice(reading: "Reading", placed: Placed) -> Iterator[Violation]:
    """Check one appointment's team and that its crew are members."""
    offered, key = placed.appointment.team, placed.team
    if offered is not None and key not in offered.any_of:
        came = "no team comes" if key is None else f"team {reading.label('team', key)} comes"
        message = f"{placed.id} asks for team {' or '.join(offered.any_of)}, but {came}."
        yield breach(reading, NAME, [placed], message, teams=[] if key is None else [key])
    if key is None:
        return
    team = reading.label("team", key)
    if offered is None and not placed.pinned:
        yield breach(reading, NAME, [placed], f"{placed.id} asks for no team, but team {team} comes.", teams=[key])
    members = set(reading.teams[key].members)
    strangers = [user for user in dict.fromkeys(placed.users) if user not in members]
    if strangers:
        message = f"{', '.join(reading.label('user', user) for user in strangers)} at {placed.id}: not in team {team}."
        yield breach(reading, NAME, [placed], message, amount=len(strangers), users=strangers, teams=[key])
    absent = sorted(members.difference(placed.users))
    if absent and not placed.appointment.crew:
        message = f"{placed.id} takes the whole team {team}, but {', '.join(absent)} stay away."
        yield breach(reading, NAME, [placed], message, amount=len(absent), users=absent, teams=[key])
