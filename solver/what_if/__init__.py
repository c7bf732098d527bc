"""What if: variants of a problem, planned under the same conditions and laid side by side.

Every plan gets the same time and seed, and begins with the same plan, where there is one. Half-way, and in the end,
each may go on from any of the others as far as that holds in its problem: a plan that has more to choose from is then
never worse by chance alone.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from models.edits import Scenario, apply_edits
from models.enums import PlanStatus
from models.plan import Plan
from models.problem import Problem
from solver.carry import carried_assignments, judge
from solver.check import Report, check
from solver.progress import Options, Progress, gap_of
from solver.what_if.figures import Figures, figures

__all__ = ["Figures", "Scenario", "Variant", "WhatIf", "what_if"]

BASE = "as it is"
FIRST_SHARE = 0.5  # of the time, before plans are exchanged
LAST_SECONDS = 1.0  # for a plan that goes on from another in the end
PASSES = 2
DEFAULTS = Options(time_limit_seconds=20.0)

OnProgress = Callable[[str, Progress], None]
Price = tuple[int, int]
"""Mandatory appointments left out, and cost."""


@dataclass(frozen=True, slots=True)
class Variant:
    """A problem, its plan, and what there is to say about it.

    Attributes
    ----------
    name
        Of the scenario.
    told
        What is otherwise, in words.
    problem, plan, report, figures
        The changed problem, its plan, what `check` says of it, and its figures.
    """

    name: str
    told: tuple[str, ...]
    problem: Problem
    plan: Plan
    report: Report
    figures: Figures

    @property
    def price(self) -> Price:
        """Mandatory appointments left out, and cost: what makes a plan better."""
        return _price(self.report)


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The problem as it is, and its variants in the order in which they were asked for."""

    base: Variant
    variants: tuple[Variant, ...]


def what_if(
    problem: Problem,
    scenarios: Sequence[Scenario],
    options: Options = DEFAULTS,
    plan: Plan | None = None,
    on_progress: OnProgress | None = None,
    stop: threading.Event | None = None,
) -> WhatIf:
    """Plan a problem as it is and as it could be.

    Parameters
    ----------
    problem
        As it is.
    scenarios
        What could be otherwise, each for itself.
    options
        Limits, workers and seed, the same for every plan.
    plan
        A plan to begin with, as far as it holds.
    on_progress
        Told the name of the plan that is made, and where it stands.
    stop
        When set, the rest is done as quickly as possible.

    Returns
    -------
    All plans, each free of violations but those of pinned or missing mandatory work.

    Raises
    ------
    InvalidEdit, InvalidProblem
        Where a scenario cannot be; before any planning.
    """
    made = [(BASE, apply_edits(problem, ()))] + [(one.name, apply_edits(problem, one.edits)) for one in scenarios]
    runs = [_Run(name, changed, told, options, on_progress, stop) for name, (changed, told) in made]
    first = options.time_limit_seconds * FIRST_SHARE
    for run in runs:
        run.plan_for(first, [] if plan is None else [plan])
    plans = [run.plan for run in runs]
    for run in runs:
        run.plan_for(options.time_limit_seconds - first, plans)
    for _ in range(PASSES):
        plans = [run.plan for run in runs]
        adopted = [run.adopt(plans) for run in runs]
        if not any(adopted):
            break
    base, *variants = [run.variant() for run in runs]
    return WhatIf(base, tuple(variants))


class _Run:
    """The planning of one variant, in several goes."""

    def __init__(
        self,
        name: str,
        problem: Problem,
        told: tuple[str, ...],
        options: Options,
        on_progress: OnProgress | None,
        stop: threading.Event | None,
    ) -> None:
        self.name, self.problem, self.told = name, problem, told
        self._options, self._on_progress, self._stop = options, on_progress, stop
        self.plan = Plan()
        self._goes = 0
        self._bound: int | None = None

    def plan_for(self, seconds: float, starts: Sequence[Plan]) -> None:
        """Plan for some time, from the best of some plans and the one so far; not if that is proved optimal."""
        from solver.solve import solve

        if self.plan.status is PlanStatus.OPTIMAL:
            return
        begin = min(starts, key=self._carried_price, default=None)
        report = None if self._on_progress is None else self._pass_on
        options = replace(self._options, time_limit_seconds=seconds, seed=self._options.seed + self._goes)
        found = solve(self.problem, options, report, self._stop, begin)
        self._goes += 1
        if self._goes == 1 or _price(check(self.problem, found)) <= self._own_price():
            self.plan = found
        if found.bound is not None and not _missing(self.problem, found):
            self._bound = found.bound if self._bound is None else max(self._bound, found.bound)

    def adopt(self, plans: Sequence[Plan]) -> bool:
        """Go on from another plan where that is better; tell whether one was."""
        better = min(plans, key=self._carried_price)
        if self._carried_price(better) >= self._own_price():
            return False
        self.plan_for(min(LAST_SECONDS, self._options.time_limit_seconds), [better])
        return True

    def variant(self) -> Variant:
        """What has come out, with the best bound of all goes."""
        report = check(self.problem, self.plan)
        plan = self.plan
        if self._bound is not None and plan.bound is not None and plan.bound < self._bound <= report.cost:
            status = PlanStatus.OPTIMAL if self._bound == report.cost else plan.status
            gap = gap_of(report.cost, self._bound)
            plan = plan.model_copy(update={"bound": self._bound, "gap": gap, "status": status})
        return Variant(self.name, self.told, self.problem, plan, report, figures(self.problem, plan))

    def _own_price(self) -> Price:
        return _price(check(self.problem, self.plan))

    def _carried_price(self, plan: Plan) -> Price:
        return _price(judge(self.problem, carried_assignments(self.problem, plan).values()))

    def _pass_on(self, progress: Progress) -> None:
        if self._on_progress is not None:
            self._on_progress(self.name, progress)


def _price(report: Report) -> Price:
    return sum(violation.rule == "mandatory" for violation in report.violations), report.cost


def _missing(problem: Problem, plan: Plan) -> bool:
    """Whether something mandatory is left out: then the bound is one of other plans."""
    left = {entry.appointment for entry in plan.unassigned}
    return any(item.mandatory and item.id in left for item in problem.appointments)
