"""Where changes are tried: the changed problem is solved for the task beside the others, and the plan is checked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

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


class Trial(NamedTuple):
    """What it adds to the cost to let some make way, by the kernel alone."""

    cost_delta: int
    freed: tuple[int, ...]


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
    trials
        By task who could make way, as far as that has been tried.
    """

    def __init__(self, problem: Problem, instance: Instance, solution: Solution, report: Report) -> None:
        self.problem = problem
        self.instance = instance
        self.solution = solution
        self.report = report
        self.tried = 0
        self.trials: dict[int, list[Trial]] = {}

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
        self.tried += 1
        problem = edited(self.problem, change.steps) if change.steps else self.problem
        instance = lower(problem) if change.steps else self.instance
        # What takes the whole of a resource takes more of a larger one: the plan is read anew.
        solution = list(read_solution(problem, instance, self.plan) if change.steps else self.solution)
        touched = (*change.before, index, *change.freed)
        with self._opened(instance, solution, change) as prices:
            for number in change.freed:
                solution[number] = None
            for number in touched:
                placement = self._best(problem, instance, solution, prices, number)
                solution[number] = placement
                if placement is not None:
                    prices.put(number, placement)
                elif number not in change.freed:
                    return None
        return self._judge(index, problem, instance, solution, touched)

    @contextmanager
    def _opened(self, instance: Instance, solution: Solution, change: Change) -> Iterator[Prices]:
        """Lend a plan in the kernel from which what makes way is taken; that of the plan as it is comes back so."""
        from solver.explain.price import Prices

        prices = Prices(instance, [*solution]) if change.steps else self.prices
        for number in change.freed:
            prices.take(number)
        yield prices
        if not change.steps:
            prices.reset()

    def _best(
        self, problem: Problem, instance: Instance, solution: Solution, prices: Prices, index: int
    ) -> Placement | None:
        """Find the best open place of a task: of equals the one nearest to where it stood."""
        best = prices.best(index)
        options = [] if best is None else [best]
        old = self.solution[index]
        if old is not None or best is None:
            inquiry = inquire(Scene.of(instance, solution), problem.appointments[index], index)
            inquiry.aim = inquiry.aim if old is None else old.start
            near = Search(inquiry).open_place()
            if near is not None:
                options.insert(0, (prices.of(index, near.placement()), near.placement()))
        return min(options, key=lambda option: option[0])[1] if options else None

    def _judge(
        self, index: int, problem: Problem, instance: Instance, solution: Solution, touched: Sequence[int]
    ) -> Outcome | None:
        """Check a changed plan; None where it breaks a rule, or leaves out what is mandatory instead."""
        placement = solution[index]
        moved: Solution = [None] * len(solution)
        for number in touched:
            moved[number] = solution[number]
        placed = {entry.appointment: entry for entry in assemble(problem, instance, moved)}
        keys = {instance.tasks[number].id for number in touched}
        before = {entry.appointment: entry for entry in self.plan.assignments}
        kept = tuple(entry for key, entry in before.items() if key not in keys)
        left = tuple(entry for entry in self.plan.unassigned if entry.appointment not in placed)
        lost = tuple(key for key in before if key in keys and key not in placed)
        gone = tuple(Unassigned(appointment=key) for key in lost)
        report = check(problem, Plan(assignments=(*kept, *placed.values()), unassigned=(*left, *gone)))
        broken = any(violation.rule not in LEFT_OUT_RULES for violation in report.violations)
        if placement is None or broken or any(self.problem.appointments_by_id[key].mandatory for key in lost):
            return None
        first = placed.pop(instance.tasks[index].id)
        changed = tuple(entry for key, entry in placed.items() if entry != before.get(key))
        return Outcome(report.cost - self.report.cost, placement, solution, report, (first, *changed), lost)


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
