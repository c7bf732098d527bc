"""From the values of a model to a solution, and from a solution to hints for a model."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from ortools.sat.python import cp_model

from solver.cpsat.build import Build, Literal, TaskVariables
from solver.cpsat.candidates import Choice
from solver.instance import NOWHERE, Placement, Solution

Value = Callable[[Literal], int]
ABSENT = Placement(0)


def read_solution(build: Build, value: Value) -> Solution:
    """Read where the free tasks stand; the others stand where they are fixed.

    Parameters
    ----------
    build
        The model.
    value
        The value of a variable in a solution of it.

    Returns
    -------
    One placement or None per task.
    """
    solution = list(build.fixed.placements)
    for index, task in build.tasks.items():
        if value(task.present):
            solution[index] = _placement(build, task, value)
    return solution


def _placement(build: Build, task: TaskVariables, value: Value) -> Placement:
    team = next((team for team, literal in task.teams.items() if value(literal)), NOWHERE)
    if task.task.whole_team:
        users = build.instance.subject(team).members
    else:
        users = _by_place(task.positions, value, len(task.task.positions))
    resources = _by_place(task.demands, value, len(task.task.demands))
    units_at = {place: group.units for group, _ in task.demands for place in group.places}
    units = tuple(units_at[place][resource] for place, resource in enumerate(resources))
    start = _start(build, task, value)
    return Placement(start, team, users, resources, units)


def _start(build: Build, task: TaskVariables, value: Value) -> int:
    if build.timed is None:
        return value(task.slots.variable) * task.slots.unit + task.slots.offset
    return next(start for start, literal in build.timed.starts[task.index].items() if value(literal))


def _by_place(filled: list[tuple[Choice, dict[int, Literal]]], value: Value, count: int) -> tuple[int, ...]:
    """Give each position or demand the subject that was chosen for it."""
    chosen = [NOWHERE] * count
    for group, literals in filled:
        takers = [subject for subject, literal in literals.items() if value(literal)]
        for place, subject in zip(group.places, takers, strict=True):
            chosen[place] = subject
    return tuple(chosen)


def add_hint(build: Build, hint: Solution) -> None:
    """Hint a model at a solution, task by task.

    Parameters
    ----------
    build
        The model.
    hint
        One placement or None per task; what it says of fixed tasks is ignored.
    """
    hints: dict[int, tuple[Literal, int]] = {}
    for index, task in build.tasks.items():
        place = hint[index]
        if place is None or place.start not in task.starts:
            place = ABSENT
        else:
            slot = (place.start - task.slots.offset) // task.slots.unit
            if build.timed is None or task.slots.made is not None:
                hints[task.slots.variable.index] = task.slots.variable, slot
        for team, literal in task.teams.items():
            hints[literal.index] = literal, int(team == place.team)
        for user, literal in task.users.items():
            hints[literal.index] = literal, int(user in place.users)
        for filled, takers in ((task.positions, place.users), (task.demands, place.resources)):
            for group, literals in filled:
                theirs = {takers[number] for number in group.places if number < len(takers)}
                for subject, literal in literals.items():
                    hints[literal.index] = literal, int(subject in theirs)
        hints[task.present.index] = task.present, int(place is not ABSENT)
        if build.timed is not None:
            chosen = None if place is ABSENT else place.start
            hints |= {one.index: (one, int(s == chosen)) for s, one in build.timed.starts[index].items()}
            for literal, parts in build.timed.ways(task):
                taken = chosen if literal.index in hints and hints[literal.index][1] else None
                hints |= {one.index: (one, int(s == taken)) for s, one in parts.items()}
    for literal, number in hints.values():
        build.model.add_hint(cast(cp_model.IntVar, literal), number)
