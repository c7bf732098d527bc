"""How many appointments must change at least, whatever the repair."""

from __future__ import annotations

from dataclasses import dataclass

from solver.bounds import is_impossible
from solver.cpsat.candidates import Candidate, find_candidate
from solver.cpsat.fixed import Fixed
from solver.instance import Instance, Placement, Task
from solver.repair.goal import Goal

MENDABLE = frozenset({"links"})  # what has no place yet could mend it, and nobody would change
BY_DETOURS = frozenset({"travel", "break_time"})  # the same where a detour can be shorter than the way


@dataclass(frozen=True, slots=True)
class Least:
    """What every repair has in common.

    Attributes
    ----------
    changes
        So many appointments change at least.
    among
        With no more changes than these, all that change are among these tasks.
    hopeless
        Tasks that can have no place at all.
    """

    changes: int
    among: frozenset[int]
    hopeless: frozenset[int]


def least(goal: Goal) -> Least:
    """Find what no repair can do without.

    Parameters
    ----------
    goal
        The situation, and which tasks count.

    Returns
    -------
    Tasks that cannot stay even if all others were gone, and one for each further breach that shares no task with
    another: unless one of those in it moves, it stays.
    """
    situation = goal.situation
    tasks = situation.instance.tasks
    alone = Fixed(situation.instance, (), [None] * len(tasks))
    forced = {index for index in situation.withdrawn if index in goal.counted and not _may_stay(alone, goal, index)}
    among, changes = set(forced), len(forced)
    mendable = MENDABLE if situation.instance.triangular else MENDABLE | BY_DETOURS
    for violation in sorted(situation.violations, key=lambda violation: len(violation.appointments)):
        involved = {situation.instance.task_index[key] for key in violation.appointments} & goal.counted
        if violation.rule not in mendable and involved and not involved & among:
            among |= involved
            changes += 1
    hopeless = frozenset(index for index in situation.wanted if is_impossible(situation.instance, tasks[index]))
    return Least(changes, frozenset(among), hopeless)


def _may_stay(alone: Fixed, goal: Goal, index: int) -> bool:
    """Whether a task could stand where it stood if nothing but pinned work and what it is linked to were there."""
    task, base = goal.instance.tasks[index], goal.situation.base[index]
    linked = {link.before for link in task.links_in} | {link.after for link in task.links_out}
    free = {index, *(other for other in linked if goal.instance.tasks[other].pinned is None)}
    candidate = find_candidate(goal.instance, alone.without(free), index)
    return candidate is not None and base is not None and _holds(goal.instance, candidate, task, base)


def _holds(instance: Instance, candidate: Candidate, task: Task, base: Placement) -> bool:
    start = base.start
    if start not in candidate.starts or (task.teams and base.team not in candidate.teams):
        return False
    if task.teams and start not in candidate.allowed[base.team]:
        return False
    if task.whole_team:
        if frozenset(base.users) != frozenset(instance.subject(base.team).members):
            return False
    else:
        able = {user for group in candidate.positions for user in group.units}
        if len(base.users) != len(task.positions) or not able.issuperset(base.users):
            return False
    if any(user not in candidate.allowed or start not in candidate.allowed[user] for user in base.users):
        return False
    taken = dict(zip(base.resources, base.units, strict=True))
    if len(taken) != len(task.demands):
        return False
    allowed = candidate.allowed_units
    return all(start in allowed.get((resource, units), ()) for resource, units in taken.items())
