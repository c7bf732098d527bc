"""Repairs: after something happened, the plan with the fewest and cheapest changes.

What must be placed comes first: mandatory work, then everything that stood or is new, by the weights of the problem.
Then as few appointments as possible change: another time, other people, another team or other resources, or no place at
all. Then the cost decides, in which `moved` and `reassigned` have their weights. What is not affected changes only to
make room.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass

from models.edits import Edit, apply_edits
from models.enums import PlanStatus
from models.plan import Plan, SolverInfo, Unassigned
from models.problem import Problem
from solver.assemble import assemble
from solver.check import Report, check
from solver.explain import reasons
from solver.instance import Solution, mandatory_out
from solver.progress import Clock, Grace, Options
from solver.reading import Reading
from solver.repair.changes import Change, ChangeKind, changes_between
from solver.repair.goal import Goal
from solver.repair.situation import Situation, assess

__all__ = ["Change", "ChangeKind", "Repair", "RepairOptions", "repair"]

WRITING_SECONDS, WRITING_SHARE = 0.5, 0.25  # kept for the check and the reasons, and at most so much of the limit
REASON_SECONDS = 0.3  # at least, for the reasons of what is left out


@dataclass(frozen=True, slots=True)
class RepairOptions:
    """How to repair.

    Attributes
    ----------
    time_limit_seconds
        For all of it, the reasons included. Most repairs are done much earlier: when they are proved to be the best, or
        when nothing better is found for a twelfth of it.
    most_changes
        How many appointments may change that the event does not touch; None: as many as it takes.
    change_cost
        What a changed appointment costs; None: no cost outweighs a change. With a number, changes also happen where
        they save more.
    fill
        Whether what had no place before gets one where that changes nothing else.
    workers, seed
        Threads (0: one for every core), and the start of random choices.
    """

    time_limit_seconds: float = 2.0
    most_changes: int | None = None
    change_cost: int | None = None
    fill: bool = False
    workers: int = 0
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Repair:
    """A repaired plan.

    Attributes
    ----------
    problem
        The changed problem, in which every appointment's `current` is its place before: the plan is one of this.
    plan
        The repaired plan.
    told
        What happened, in words.
    changes
        What differs from the plan before.
    affected
        How many appointments broke a rule where they stood.
    least_changes
        So many of those that stood change in every repair.
    proved
        Whether no repair is better, by places, changes and cost in this order.
    """

    problem: Problem
    plan: Plan
    told: tuple[str, ...]
    changes: tuple[Change, ...]
    affected: int
    least_changes: int
    proved: bool


def repair(
    problem: Problem,
    plan: Plan,
    events: Sequence[Edit],
    options: RepairOptions | None = None,
    stop: threading.Event | None = None,
) -> Repair:
    """Repair a plan after something happened.

    Parameters
    ----------
    problem, plan
        The problem, and a plan of it, which stands; it may break rules.
    events
        What happened.
    options
        How to repair.
    stop
        When set, the best repair so far is returned soon.

    Returns
    -------
    The repaired plan with all that differs; it breaks no rule but those that pinned work breaks by itself.

    Raises
    ------
    InvalidPlan
        Where the plan names what the problem does not know.
    InvalidEdit, InvalidProblem
        Where an event cannot be applied.
    """
    from solver.repair.search import Search

    options = options or RepairOptions()
    clock = Clock(options.time_limit_seconds, stop or threading.Event())
    Reading(problem, plan)  # refuses a plan of another problem
    made = apply_edits(problem, events, plan)
    situation = assess(made.problem, plan, [item.id for item in problem.appointments])
    goal = Goal(situation, options.change_cost, options.most_changes)
    kept = min(WRITING_SECONDS, WRITING_SHARE * clock.limit)
    searching = Clock(clock.limit - kept, clock.stop, clock.began)
    search = Search(goal, searching, Options(workers=options.workers).threads, options.seed)
    outcome = search.run()
    solution = search.fill().solution if options.fill else outcome.solution
    repaired = _written(situation, solution, plan, goal, clock, options)
    changes = tuple(changes_between(problem, plan, situation, repaired))
    least_changes, proved = outcome.least.changes, outcome.proved
    return Repair(made.problem, repaired, made.told, changes, len(situation.affected), least_changes, proved)


def _written(
    situation: Situation, solution: Solution, before: Plan, goal: Goal, clock: Clock, options: RepairOptions
) -> Plan:
    """Write a solution as a plan, with its cost, its violations, and the reasons of what is left out."""
    problem, instance = situation.problem, situation.instance
    solution, plan, report = _sound(situation, solution, goal)
    same = {i for i, place in enumerate(solution) if place is None and situation.base[i] is None}
    known = {entry.appointment: entry for entry in before.unassigned}
    unchanged = plan.assignments == before.assignments
    grace = Grace(clock, 0.0, REASON_SECONDS)
    left = [i for i, place in enumerate(solution) if place is None and not (unchanged and i in same)]
    why = reasons(problem, instance, solution, left, grace.over)
    unassigned = []
    for index, place in enumerate(solution):
        key = instance.tasks[index].id
        if place is None:
            kept = known[key] if unchanged and key in known else Unassigned(appointment=key)
            unassigned.append(Unassigned(appointment=key, reasons=tuple(why[index])) if index in why else kept)
    status = PlanStatus.UNKNOWN if mandatory_out(instance, solution) else PlanStatus.FEASIBLE
    return plan.model_copy(
        update={
            "status": status,
            "cost": report.cost,
            "seconds": round(clock.seconds, 3),
            "terms": report.terms,
            "unassigned": tuple(unassigned),
            "violations": (*report.violations, *report.excused),
            "solver": SolverInfo(method="repair", seed=options.seed, workers=Options(workers=options.workers).threads),
        }
    )


def _sound(situation: Situation, solution: Solution, goal: Goal) -> tuple[Solution, Plan, Report]:
    """Write a plan in which nothing breaks a rule; what stays keeps its assignment as it was written."""
    problem, instance = situation.problem, situation.instance
    solution = [goal.as_it_was(index, place) for index, place in enumerate(solution)]
    while True:
        written = {assignment.appointment: assignment for assignment in assemble(problem, instance, solution)}
        for key, assignment in situation.standing.items():
            index = instance.task_index[key]
            if solution[index] == situation.base[index]:
                written[key] = assignment
        left = tuple(Unassigned(appointment=item.id) for item in problem.appointments if item.id not in written)
        plan = Plan(problem=problem.name, assignments=tuple(written.values()), unassigned=left)
        report = check(problem, plan)
        keys = {key for v in report.violations if v.rule != "mandatory" for key in v.appointments}
        wrong = {index for key in keys if instance.tasks[index := instance.task_index[key]].pinned is None}
        if not wrong:
            return solution, plan, report
        solution = [None if index in wrong else place for index, place in enumerate(solution)]
