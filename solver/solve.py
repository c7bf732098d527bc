"""The front door: a problem goes in, the best plan found in the time comes out."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from models.collector import collector_paused, collector_spared
from models.enums import PlanStatus
from models.plan import Plan, SolverEvent, SolverInfo, Unassigned
from models.problem import Problem
from solver.assemble import assemble
from solver.bounds import is_impossible
from solver.carry import carried
from solver.check import Report, check
from solver.executors import Executor, executor_for
from solver.explain import helpful, reasons
from solver.instance import Instance, Solution, mandatory_out
from solver.lower import lower
from solver.progress import Clock, Grace, Options, Progress, Report as OnProgress, gap_of

if TYPE_CHECKING:  # it brings the kernel, which takes its time to import
    from solver.portfolio import Portfolio, Standing

GRACE_SECONDS = 0.3  # for reasons, at least, when the time is over
REMEDY_SECONDS = 1.0  # for remedies, at most, where the time is not over
MOST_HELPED = 5  # appointments for which remedies are tried, the dearest
PLAN_SECONDS = 10.0  # between two plans for whoever wants to keep them
DEFAULTS = Options()
OnPlan = Callable[[Plan], None]

__all__ = ["Options", "Progress", "solve"]


def solve(
    problem: Problem,
    options: Options = DEFAULTS,
    on_progress: OnProgress | None = None,
    stop: threading.Event | None = None,
    start: Plan | None = None,
    on_plan: OnPlan | None = None,
    plan_seconds: float = PLAN_SECONDS,
) -> Plan:
    """Plan a problem as well as the time allows.

    Parameters
    ----------
    problem
        What is to be planned.
    options
        Limits, workers and seed.
    on_progress
        Called about ten times a second in the calling thread; the first call has a feasible plan's cost.
    stop
        When set, the best plan so far is returned within about a tenth of a second.
    start
        A plan to begin with, of this problem or of one like it: what of it breaks no rule is taken over.
    on_plan
        Called now and then in the calling thread with the assignments of the best plan so far, to begin with again.
    plan_seconds
        Between two such calls, about.

    Returns
    -------
    A plan that breaks no rule, with its cost by term, a proven bound, and the reasons of what is left out.

    Raises
    ------
    InvalidProblem
        Where the costs of the problem are too large to add up.
    MissingPackage
        Where the executor needs a package that is not installed.
    """
    clock = Clock(options.time_limit_seconds, stop or threading.Event())
    return _Run(problem, options, on_progress, clock, executor_for(options), start, on_plan, plan_seconds).plan()


@dataclass
class _Run:
    problem: Problem
    options: Options
    on_progress: OnProgress | None
    clock: Clock
    executor: Executor
    start: Plan | None = None
    on_plan: OnPlan | None = None
    plan_seconds: float = PLAN_SECONDS
    kept: float = 0.0
    events: list[SolverEvent] = field(default_factory=list)

    def plan(self) -> Plan:
        with self.executor, ExitStack() as end:
            with collector_paused():
                from solver.portfolio import Portfolio

                began = self.clock.seconds
                instance = lower(self.problem)
                start = None if self.start is None else carried(self.problem, instance, self.start)

                def rest(best: Callable[[], Solution]) -> None:
                    self._keep(instance, best)

                on_rest = None if self.on_plan is None else rest
                portfolio = Portfolio(
                    instance,
                    self.options,
                    self.clock,
                    self.executor,
                    self._pulse,
                    began,
                    start,
                    on_rest,
                    self.plan_seconds,
                )
                portfolio.construct()
                end.enter_context(collector_spared())
            solution = portfolio.search()
            self.executor.dismiss()
            return self._finish(instance, solution, portfolio)

    def _pulse(self, standing: Standing) -> None:
        cost = standing.cost
        if not self.events or cost != self.events[-1].cost:
            self.events.append(SolverEvent(seconds=round(self.clock.seconds, 3), cost=cost))
        if self.on_progress is not None:
            self.on_progress(
                Progress(
                    self.clock.seconds,
                    standing.phase,
                    cost,
                    standing.bound,
                    gap_of(cost, standing.bound),
                    standing.assigned,
                    len(self.problem.appointments),
                    standing.iterations,
                    tuple(self.executor.messages),
                )
            )

    def _keep(self, instance: Instance, best: Callable[[], Solution]) -> None:
        """Hand over the best plan so far, if it is time."""
        if self.on_plan is None or self.clock.seconds - self.kept < 0.9 * self.plan_seconds:
            return
        self.kept = self.clock.seconds
        assignments = tuple(assemble(self.problem, instance, best()))
        self.on_plan(Plan(problem=self.problem.name, assignments=assignments, seconds=round(self.kept, 3)))

    def _grace(self) -> Grace:
        """The time left for reasons: what remains, and a little more."""
        limit = 0.0 if self.clock.stop.is_set() else self.clock.limit
        return Grace(self.clock, limit, min(GRACE_SECONDS, 0.1 * self.clock.limit))

    def _remedy_time(self, grace: Grace, each: float) -> Callable[[], bool]:
        """Tell when there is no time for another remedy; a run that counts moves has the same every time.

        Parameters
        ----------
        grace
            The time for the last steps.
        each
            Seconds that one remedy takes: it is a problem to be built, and a plan to be checked.
        """
        if self.options.max_iterations is not None:
            return grace.over
        until = self.clock.seconds + REMEDY_SECONDS
        return lambda: grace.over(each) or self.clock.seconds > until

    def _finish(self, instance: Instance, solution: Solution, portfolio: Portfolio) -> Plan:
        """Check the plan, give its reasons, and say what is proved."""
        began = self.clock.seconds
        with collector_paused():
            solution, plan, report = _sound(self.problem, instance, solution)
        each = portfolio.build_seconds + self.clock.seconds - began
        grace = self._grace()
        why = reasons(self.problem, instance, solution, expired=grace.over, packed=portfolio.packed)
        what = helpful(self.problem, instance, solution, report, MOST_HELPED, self._remedy_time(grace, each))
        missing = mandatory_out(instance, solution)
        bound = min(portfolio.bound, report.cost)
        status = PlanStatus.OPTIMAL if bound == report.cost else PlanStatus.FEASIBLE
        if missing:
            lost = any(task.mandatory and is_impossible(instance, task) for task in instance.tasks)
            status = PlanStatus.INFEASIBLE if lost or portfolio.mandatory_proved else PlanStatus.UNKNOWN
        left_out = tuple(
            Unassigned(appointment=instance.tasks[i].id, reasons=tuple(why.get(i, ())), remedies=tuple(what.get(i, ())))
            for i, place in enumerate(solution)
            if place is None
        )
        return plan.model_copy(
            update={
                "status": status,
                "cost": report.cost,
                "bound": bound,
                "gap": gap_of(report.cost, bound),
                "seconds": round(self.clock.seconds, 3),
                "terms": report.terms,
                "unassigned": left_out,
                "violations": (*report.violations, *report.excused),
                "solver": SolverInfo(
                    method="; ".join(filter(None, (", ".join(portfolio.methods), self.executor.place))),
                    seed=self.options.seed,
                    workers=self.executor.workers,
                    events=tuple(self.events),
                ),
            }
        )


def _sound(problem: Problem, instance: Instance, solution: Solution) -> tuple[Solution, Plan, Report]:
    """Withdraw what the check finds wrong, if anything: nobody gets a plan that breaks a rule."""
    while True:
        left_out = tuple(
            Unassigned(appointment=instance.tasks[i].id) for i, place in enumerate(solution) if place is None
        )
        plan = Plan(problem=problem.name, assignments=tuple(assemble(problem, instance, solution)), unassigned=left_out)
        report = check(problem, plan)
        wrong = {instance.task_index[a] for v in report.violations if v.rule != "mandatory" for a in v.appointments}
        wrong = {i for i in wrong if instance.tasks[i].pinned is None and solution[i] is not None}
        if not wrong:
            return solution, plan, report
        solution = [None if i in wrong else place for i, place in enumerate(solution)]
