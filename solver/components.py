"""Tasks that have nothing to do with each other: no subject, no link and no term of the cost in common."""

from __future__ import annotations

from solver.instance import NEVER, Instance, Task


def components(instance: Instance) -> list[list[int]]:
    """Divide the tasks of a problem into groups that can be planned apart.

    Parameters
    ----------
    instance
        The lowered problem.

    Returns
    -------
    Groups of task indices, each ascending; what one group does changes neither what another may do nor its cost.
    """
    tasks = range(len(instance.tasks))
    if _shares_terms(instance):
        return [list(tasks)] if tasks else []
    first_task = instance.subject_count
    root = list(range(first_task + len(instance.tasks)))

    def find(node: int) -> int:
        while root[node] != node:
            root[node] = root[root[node]]
            node = root[node]
        return node

    joined: dict[int, tuple[int, ...]] = {}
    for index, task in enumerate(instance.tasks):
        for subjects in _needs(instance, task):
            if not subjects:
                continue
            if id(subjects) not in joined:
                joined[id(subjects)] = subjects
                for subject in subjects[1:]:
                    root[find(subject)] = find(subjects[0])
            root[find(first_task + index)] = find(subjects[0])
        for link in task.links_in:
            root[find(first_task + link.before)] = find(first_task + index)
    groups: dict[int, list[int]] = {}
    for index in tasks:
        groups.setdefault(find(first_task + index), []).append(index)
    return list(groups.values())


def _shares_terms(instance: Instance) -> bool:
    """Whether the organization limits all tasks, or some term is not a sum over tasks and users."""
    everybody = instance.organization
    return bool(
        everybody.counters
        or everybody.concurrency < NEVER
        or instance.max_late_weight
        or instance.max_waiting_weight
        or instance.balance_weight
        or instance.labor_weight
        or instance.continuity_weight
    )


def _needs(instance: Instance, task: Task) -> list[tuple[int, ...]]:
    """The subjects that a task could take, group by group."""
    needs = [position.users for position in task.positions] + [demand.resources for demand in task.demands]
    needs.append(task.teams)
    if task.whole_team:
        needs += [instance.subject(team).members for team in task.teams]
    if task.pinned is not None:
        needs += [task.pinned.users, task.pinned.resources, (task.pinned.team,) if task.pinned.team >= 0 else ()]
    return needs
