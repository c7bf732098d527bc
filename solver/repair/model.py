"""The best repair within a block, by proof: what may change is a small CP-SAT model beside what stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from time import monotonic

from ortools.sat.python import cp_model

from solver.cpsat.build import Build, Literal, TaskVariables
from solver.cpsat.fixed import EVERYWHERE, Fixed, Scope
from solver.cpsat.read_back import add_hint, read_solution
from solver.cpsat.solve import build_model
from solver.instance import Placement, Solution
from solver.repair.goal import Goal

Weighted = list[tuple[Literal, int]]
LARGEST = 1 << 52  # sums of several levels in one objective stay below
LEAST_SECONDS = 0.02
SMALL = 40  # tasks up to which one thread is faster than several


@dataclass(frozen=True, slots=True)
class Found:
    """What came of a block: the best repair within it or none, and whether nothing better is there."""

    solution: Solution | None
    proved: bool


def solve_block(
    standing: Fixed,
    tasks: Iterable[int],
    goal: Goal,
    *,
    seconds: float,
    scope: Scope = EVERYWHERE,
    hint: Solution | None = None,
    workers: int = 1,
    seed: int = 0,
) -> Found:
    """Find the best repair that differs from what stands within a block only.

    Parameters
    ----------
    standing
        A plan that breaks no rule, nothing of it free.
    tasks
        What may be placed anew, none of it pinned.
    goal
        What is to be made small, level by level.
    seconds
        Limit of wall time.
    scope
        Where the tasks may go.
    hint
        A solution to start from; by default what stands.
    workers, seed
        Of CP-SAT.

    Returns
    -------
    The best plan found.
    """
    until = monotonic() + seconds
    block = frozenset(tasks)
    build = build_model(standing.instance, standing.without(block, scope))
    if not build.feasible:
        return Found(None, False)
    marks = _marks(build, goal)
    _limit(build, goal, marks, standing.placements)
    best: Solution | None = None
    proved = not build.restrictions and scope == EVERYWHERE
    hint = hint or standing.placements
    for objective in _packed(_levels(build, goal, marks)):
        expression = cp_model.LinearExpr.weighted_sum([a for a, _ in objective], [w for _, w in objective])
        build.model.minimize(expression)
        build.model.clear_hints()  # type: ignore[no-untyped-call]  # it has no annotations
        add_hint(build, hint)
        solver = cp_model.CpSolver()
        _set_up(solver, max(LEAST_SECONDS, until - monotonic()), workers if len(block) > SMALL else 1, seed)
        status = solver.solve(build.model)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return Found(best, False)
        best = hint = read_solution(build, solver.value)
        if status != cp_model.OPTIMAL:
            return Found(best, False)
        reached = sum(w * int(solver.value(amount)) for amount, w in objective)
        build.model.add(expression <= reached)
    return Found(best if best is not None else list(standing.placements), proved)


def _set_up(solver: cp_model.CpSolver, seconds: float, workers: int, seed: int) -> None:
    about = solver.parameters
    about.num_workers, about.random_seed = workers, seed
    about.max_time_in_seconds = seconds
    about.catch_sigint_signal = False
    about.cp_model_probing_level = about.symmetry_level = 0
    about.linearization_level = 1


def _levels(build: Build, goal: Goal, marks: dict[int, Literal]) -> list[Weighted]:
    """What is to be made small, the most important first; what no decision changes is left out."""
    wanted = [task for index, task in build.tasks.items() if index in goal.situation.wanted]
    mandatory: Weighted = [(~task.present, 1) for task in wanted if task.task.mandatory]
    cost: Weighted = [(amount, weight) for amount, weight in build.costs if weight]
    if goal.change_cost is not None:
        return [mandatory, cost + [(mark, goal.change_cost) for mark in marks.values()]]
    left_out: Weighted = [(~task.present, task.task.absent_cost) for task in wanted if task.task.absent_cost]
    return [mandatory, left_out, [(mark, 1) for mark in marks.values()], cost]


def _packed(levels: Sequence[Weighted]) -> list[Weighted]:
    """Put levels into as few objectives as numbers allow: one unit of a level outweighs all that follows it."""
    objectives: list[Weighted] = []
    objective: Weighted = []
    width = 0  # what the levels in hand can differ by
    for level in reversed([level for level in levels if level]):
        span = sum(abs(weight) * _width(amount) for amount, weight in level)
        if objective and (width + 1) * (span + 1) > LARGEST:
            objectives.insert(0, objective)
            objective, width = [], 0
        objective = [(amount, weight * (width + 1)) for amount, weight in level] + objective
        width += span * (width + 1)
    return [objective, *objectives] if objective else objectives


def _width(amount: Literal) -> int:
    if isinstance(amount, cp_model.IntVar):
        return int(amount.domain.max()) - int(amount.domain.min())
    return 1


def _marks(build: Build, goal: Goal) -> dict[int, Literal]:
    """A literal for each task of the block that stood: it is true where the task stands elsewhere or nowhere."""
    marks: dict[int, Literal] = {}
    for index, task in build.tasks.items():
        base = goal.situation.base[index]
        if index in goal.counted and base is not None:
            marks[index] = _mark(build, task, base)
    return marks


def _mark(build: Build, task: TaskVariables, base: Placement) -> Literal:
    changed = build.new_bool()
    build.model.add_bool_or([task.present, changed])
    build.keep_within(task, task.starts[task.starts == base.start], ~changed)
    crew = frozenset(base.users)
    other: list[Literal] = []
    if task.task.whole_team:
        members = {team: frozenset(build.instance.subject(team).members) for team in task.teams}
        other += [literal for team, literal in task.teams.items() if (team, members[team]) != (base.team, crew)]
    else:
        other += [literal for team, literal in task.teams.items() if team != base.team]
        other += [literal for user, literal in task.users.items() if user not in crew]
    held = frozenset(base.resources)
    for _, literals in task.demands:
        other += [literal for resource, literal in literals.items() if resource not in held]
    fits = task.task.whole_team or len(task.task.positions) == len(base.users)
    if not fits or len(task.task.demands) != len(base.resources):
        build.model.add_bool_or([changed])
    for literal in other:
        build.model.add_implication(literal, changed)
    return changed


def _limit(build: Build, goal: Goal, marks: dict[int, Literal], places: Solution) -> None:
    """Let no more than the limit change of those that are not affected, what has changed outside the block included."""
    if goal.most_changes is None:
        return
    affected = goal.situation.affected
    elsewhere = len(goal.changed(places) - affected - build.fixed.free)
    lost = sum(index in goal.counted and index not in affected for index in build.unplaceable)
    own = [mark for index, mark in marks.items() if index not in affected]
    build.model.add(cp_model.LinearExpr.sum(own) <= goal.most_changes - elsewhere - lost)
