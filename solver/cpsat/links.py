"""Links between two free tasks: order, gaps, and who serves both. Fixed neighbours are met by the candidates."""

from __future__ import annotations

from solver.cpsat.build import Build, TaskVariables
from solver.instance import NEVER, Link


def add_links(build: Build) -> None:
    """Let a free task follow another free one only where that is placed, at the right distance, with the right crew.

    Parameters
    ----------
    build
        The model with the variables of its tasks.
    """
    for after in build.tasks.values():
        for link in after.task.links_in:
            if link.before not in build.fixed.free:
                continue
            before = build.tasks.get(link.before)
            if before is None:
                build.model.add_bool_or([~after.present])
                continue
            build.model.add_implication(after.present, before.present)
            _keep_distance(build, link, before, after)
            _relate_crews(build, link, before, after)


def _keep_distance(build: Build, link: Link, before: TaskVariables, after: TaskVariables) -> None:
    reach = 0 if link.from_start else before.task.duration
    gap = after.slots.minute - before.slots.minute - reach
    least = int(after.starts[0]) - int(before.starts[-1]) - reach
    most = int(after.starts[-1]) - int(before.starts[0]) - reach
    if least < link.min_gap:
        build.model.add(gap >= link.min_gap).only_enforce_if(after.present)
    if link.max_gap != NEVER and most > link.max_gap:
        build.model.add(gap <= link.max_gap).only_enforce_if(after.present)


def _relate_crews(build: Build, link: Link, before: TaskVariables, after: TaskVariables) -> None:
    if link.different_users:
        for user in before.users.keys() & after.users.keys():
            build.model.add_bool_or([~before.users[user], ~after.users[user]])
    if link.same_users:
        for user in before.users.keys() | after.users.keys():
            first, second = before.users.get(user), after.users.get(user)
            if second is None and first is not None:
                build.model.add_bool_or([~after.present, ~first])
            elif first is None and second is not None:
                build.model.add_bool_or([~second])
            elif first is not None and second is not None:
                build.model.add_implication(second, first)
                build.model.add_bool_or([~after.present, ~first, second])
