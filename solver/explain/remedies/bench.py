"""Where changes are tried: the changed problem is solved for the task beside the others, and the plan is checked."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from models.plan import Assignment, Plan, Unassigned
from models.problem import Problem
from solver.assemble import assemble, read_solution
from solver.check import Report, check
from solver.explain.inquiry import Scene, inquire
from solver.explain.remedies.edit import edited
from solver.explain.search import Search
from solver.instance import Instance, Placement, Solution
from solver.lower import lower

if TYPE_CHECKING:  # it brings the kernel, which takes its time to import
    from solver.explain.price import Prices
    from solver.explain.remedies.change import Change

LEFT_OUT_RULES = {"mandatory", "complete"}  # what a plan breaks by what it leaves out


@dataclass(frozen=True)
class Outcome:
    """What a change comes to.

    `assignments` are all that stand otherwise than before, the task first; `left_out` are those that lost their place.
    """

    cost_delta: int
    placement: Placement
    solution: Solution
    report: Report
    assignments: tuple[Assignment, ...]
    left_out: tuple[str, ...]


class Bench:
    """Tries changes of one problem and its plan.

    Parameters
    ----------
    problem, instance
        A problem and its lowered form.
    solution
        One entry per task; it breaks no rule.
    report
        What the check says of that plan.

    Attributes
    ----------
    tried
        How many changes have been looked at: those that open no place count, too.
    """

    def __init__(self, problem: Problem, instance: Instance, solution: Solution, report: Report) -> None:
        self.problem = problem
        self.instance = instance
        self.solution = solution
        self.report = report
        self.tried = 0

    @cached_property
    def plan(self) -> Plan:
        """The plan as it is."""
        return plan_of(self.problem, self.instance, self.solution)

    @cached_property
    def prices(self) -> Prices:
        """The plan as it is, in the kernel."""
        from solver.explain.price import Prices

        return Prices(self.instance, self.solution)

    def solve(self, index: int, change: Change) -> Outcome | None:
        """Make a change, place the task as well as possible beside the others, and check the plan.

        Parameters
        ----------
        index
            The task that is left out.
        change
            What to try.

        Returns
        -------
        What it comes to; None where the task has no place even then, or the plan would break a rule.
        """
        from solver.explain.price import Prices

        self.tried += 1
        problem = edited(self.problem, change.steps) if change.steps else self.problem
        instance = lower(problem) if change.steps else self.instance
        # What takes the whole of a resource takes more of a larger one: the plan is read anew.
        solution = list(read_solution(problem, instance, self.plan) if change.steps else self.solution)
        for freed in change.freed:
            solution[freed] = None
        prices = Prices(instance, solution)
        for number in (*change.before, index, *change.freed):
            solution[number] = self._place(problem, instance, solution, prices, number)
            if solution[number] is None and number not in change.freed:
                return None
        return self.judge(index, problem, instance, solution)

    def judge(self, index: int, problem: Problem, instance: Instance, solution: Solution) -> Outcome | None:
        """Check a changed plan.

        Parameters
        ----------
        index
            The task that is in the plan now.
        problem, instance
            The problem that the plan is for, in both forms.
        solution
            One entry per task.

        Returns
        -------
        What is otherwise than before; None where the plan breaks a rule, or leaves out what is mandatory instead.
        """
        placement = solution[index]
        plan = plan_of(problem, instance, solution)
        report = check(problem, plan)
        broken = [violation for violation in report.violations if violation.rule not in LEFT_OUT_RULES]
        if placement is None or broken or self._lost_mandatory(solution):
            return None
        before = {entry.appointment: entry for entry in self.plan.assignments}
        changed = {e.appointment: e for e in plan.assignments if e != before.get(e.appointment)}
        first = instance.tasks[index].id
        return Outcome(
            report.cost - self.report.cost,
            placement,
            solution,
            report,
            (changed.pop(first), *changed.values()),
            tuple(entry.appointment for entry in plan.unassigned if entry.appointment in before),
        )

    def _lost_mandatory(self, solution: Solution) -> bool:
        tasks = zip(self.instance.tasks, self.solution, solution, strict=True)
        return any(task.mandatory and was is not None and now is None for task, was, now in tasks)

    def _place(
        self, problem: Problem, instance: Instance, solution: Solution, prices: Prices, index: int
    ) -> Placement | None:
        """Find the best open place of a task, and put it there: of equals the one nearest to where it stood."""
        best = prices.best(index)
        options = [] if best is None else [best]
        old = self.solution[index]
        if old is not None or best is None:
            inquiry = inquire(Scene.of(instance, solution), problem.appointments[index], index)
            inquiry.aim = inquiry.aim if old is None else old.start
            near = Search(inquiry).open_place()
            if near is not None:
                options.insert(0, (prices.of(index, near.placement()), near.placement()))
        if not options:
            return None
        _, placement = min(options, key=lambda option: option[0])
        prices.put(index, placement)
        return placement


def plan_of(problem: Problem, instance: Instance, solution: Solution) -> Plan:
    """Write a solution as a plan that says what it leaves out.

    Parameters
    ----------
    problem, instance
        The problem in both forms.
    solution
        One entry per task.

    Returns
    -------
    The plan.
    """
    left = tuple(
        Unassigned(appointment=task.id)
        for task, placement in zip(instance.tasks, solution, strict=True)
        if placement is None
    )
    return Plan(assignments=tuple(assemble(problem, instance, solution)), unassigned=left)
