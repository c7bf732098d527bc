"""What has become of a plan: where everything stood, what breaks there now, and what may stay without a doubt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from models.plan import Assignment, Plan, Violation
from models.problem import Problem
from solver.assemble import read_solution
from solver.carry import LOST, judge, movable_in, sound_part, standing
from solver.instance import Instance, Solution
from solver.lower import lower


@dataclass(frozen=True)
class Situation:
    """A changed problem and the plan that stood before.

    Attributes
    ----------
    problem, instance
        The changed problem, in which every appointment's `current` is its place in the plan, and its lowered form.
    standing
        Where each appointment stood, changes by the events themselves made, by id.
    base
        The same as a solution; it may break rules.
    violations
        What it breaks, but for what pinned work breaks among itself.
    follow_ups
        What breaks only once the tasks in those are gone, such as the order of what follows them.
    affected
        Tasks that take part in any of that.
    rest
        The base without the affected: it breaks nothing.
    wanted
        Tasks to be placed: those that stood, that are new, and that are mandatory.
    idle
        Tasks that had no place before, and are not to get one unless that disturbs nobody.
    """

    problem: Problem
    instance: Instance
    standing: Mapping[str, Assignment]
    base: Solution
    violations: tuple[Violation, ...]
    follow_ups: tuple[Violation, ...]
    affected: frozenset[int]
    rest: Solution
    wanted: frozenset[int]
    idle: frozenset[int]

    @property
    def withdrawn(self) -> list[int]:
        """Tasks that stood, and that the rest does not hold."""
        pairs = enumerate(zip(self.base, self.rest, strict=True))
        return [index for index, (stood, stays) in pairs if stood is not None and stays is None]


def assess(problem: Problem, plan: Plan, known: Iterable[str]) -> Situation:
    """See what has become of a plan.

    Parameters
    ----------
    problem
        The changed problem; every appointment's `current` is its place in the plan.
    plan
        The plan that stood before.
    known
        Ids of the appointments before the change; others are new.

    Returns
    -------
    The situation.
    """
    instance = lower(problem)
    places = {assignment.appointment: assignment for assignment in plan.assignments}
    stood = {
        item.id: standing(problem, item, places.get(item.id))
        for item in problem.appointments
        if item.current is not None and (problem.is_pinned(item) or item.id in places)
    }
    base = read_solution(problem, instance, Plan(assignments=tuple(stood.values())))
    report = judge(problem, stood.values())
    broken: list[Violation] = []
    kept = sound_part(problem, stood, report, broken)
    before = frozenset(known)
    wanted = frozenset(
        index
        for index, task in enumerate(instance.tasks)
        if task.pinned is None and (base[index] is not None or task.mandatory or task.id not in before)
    )
    unpinned = {index for index, task in enumerate(instance.tasks) if task.pinned is None}
    return Situation(
        problem,
        instance,
        stood,
        base,
        tuple(violation for violation in report.violations if violation.rule != LOST),
        tuple(broken),
        frozenset(instance.task_index[key] for key in movable_in(problem, report) | stood.keys() - kept.keys()),
        [place if instance.tasks[index].id in kept else None for index, place in enumerate(base)],
        wanted,
        frozenset(unpinned - wanted),
    )
