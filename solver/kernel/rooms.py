"""How much room the line of each subject needs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from solver.instance import NOWHERE, Instance, Task


def line_rooms(instance: Instance, shared: set[int]) -> list[int]:
    """Count the tasks that each line may ever hold: those that could use the subject, but no more than fit.

    Parameters
    ----------
    instance
        The problem.
    shared
        Subjects that have no line, as they serve several tasks at once.

    Returns
    -------
    A number for every line, in the order of the subjects.
    """
    wanted = Counter(
        id(group) for task in instance.tasks for group in {id(g): g for g in _groups(instance, task)}.values()
    )
    groups = {id(group): group for task in instance.tasks for group in _groups(instance, task)}
    rooms = [0] * instance.subject_count
    for key, times in wanted.items():
        for subject in groups[key]:
            rooms[subject] += times
    shortest = min((task.duration + task.before + task.after for task in instance.tasks), default=1)
    for index, owner in instance.subjects():
        rooms[index] = min(rooms[index], sum((end - start) // shortest + 2 for start, end in owner.open))
    for task in instance.tasks:
        if task.pinned is not None:
            for index in {*task.pinned.users, *task.pinned.resources, task.pinned.team} - {NOWHERE}:
                rooms[index] += 1
    return [room for index, room in enumerate(rooms[:-1]) if index not in shared]


def _groups(instance: Instance, task: Task) -> Iterator[tuple[int, ...]]:
    """The subjects that a task could take, group by group."""
    yield from (position.users for position in task.positions)
    yield from (demand.resources for demand in task.demands)
    yield task.teams
    if task.whole_team:
        yield from (instance.subject(team).members for team in task.teams)
