"""The front door: a problem goes in, the best plan found in the time comes out."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from models.enums import PlanStatus
from models.plan import Plan, SolverEvent, SolverInfo, Unassigned
from models.problem import Problem
from solver.assemble import assemble
from solver.bounds import is_impossible, separate_bound
from solver.check import Report, check
from solver.executors import Executor, executor_for
from solver.explain import reasons
from solver.instance import Instance, Solution
from solver.lower import lower
from solver.model import ModelResult, solve_model
from solver.progress import Clock, Options, Progress, Report as OnProgress, gap_of

WHOLE_MODEL_TASKS = 150  # up to here CP-SAT sees the whole problem; beyond, it is far behind the kernel
WHOLE_ROUTES_TASKS = 40  # the same where people travel
KERNEL_SHARE = 0.35  # of the time at most, where CP-SAT follows
KERNEL_SECONDS_PER_TASK = 0.05  # at most, where CP-SAT follows
MODEL_DETERMINISTIC_SECONDS = 3.0  # of CP-SAT's own measure of work, in runs that count moves
PULSE_SECONDS = 0.1
GRACE_SECONDS = 0.3  # for reasons, at least, when the time is over
DEFAULTS = Options()

__all__ = ["Options", "Progress", "solve"]


def solve(
    problem: Problem,
    options: Options = DEFAULTS,
    on_progress: OnProgress | None = None,
    stop: threading.Event | None = None,
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
    return _Run(problem, options, on_progress, clock, executor_for(options)).plan()


@dataclass
class _Run:
    problem: Problem
    options: Options
    on_progress: OnProgress | None
    clock: Clock
    executor: Executor
    bound: int | None = None
    events: list[SolverEvent] = field(default_factory=list)
    methods: list[str] = field(default_factory=list)
    mandatory_proved: bool = False
    phase: str = "construct"

    def plan(self) -> Plan:
        with self.executor, ThreadPoolExecutor(1) as helper:
            instance = lower(self.problem)
            self.bound = separate_bound(instance)
            self.movable = [i for i, task in enumerate(instance.tasks) if task.pinned is None]
            solution = self._search(instance, helper)
            self.executor.dismiss()
            return self._finish(instance, solution)

    def _search(self, instance: Instance, helper: ThreadPoolExecutor) -> Solution:
        from solver.construct import greedy
        from solver.kernel.pack import pack
        from solver.search import Annealing

        packed = pack(instance)
        start = greedy(instance, packed, self.options.seed)
        self.methods.append("greedy")
        annealing = Annealing(instance, packed, start, self.options.threads, self.options.seed, self.executor)
        self._pulse(annealing.price(), annealing.assigned, 0)
        if not self.movable or self._good_enough(annealing.price()[1]):
            return annealing.solution()
        small = len(self.movable) <= (WHOLE_ROUTES_TASKS if instance.travel_exists else WHOLE_MODEL_TASKS)
        seconds = max(0.01, self.clock.left - self._reserve())
        if small:
            seconds = min(KERNEL_SHARE * seconds, KERNEL_SECONDS_PER_TASK * len(self.movable))
        self.phase = "anneal"
        self.methods.append("ruin and recreate")

        def pulse() -> bool:
            price = annealing.price()
            self._pulse(price, annealing.assigned, annealing.moves)
            return self._good_enough(price[1])

        annealing.run(self.clock, seconds, self.options.max_iterations, pulse, PULSE_SECONDS)
        solution = annealing.solution()
        if small and self.clock.left > self._reserve() and not self._good_enough(annealing.price()[1]):
            solution = self._model(instance, helper, solution, annealing.price(), annealing.moves)
        return solution

    def _model(
        self, instance: Instance, helper: ThreadPoolExecutor, solution: Solution, price: tuple[int, int], moves: int
    ) -> Solution:
        """Hand the whole problem and the plan so far to CP-SAT, for a better plan or the proof that there is none."""
        self.phase = "prove"
        self.methods.append("CP-SAT")
        counted = self.options.max_iterations is not None
        best = [price]
        halt = threading.Event()
        assigned = sum(place is not None for place in solution)
        future: Future[ModelResult] = helper.submit(
            solve_model,
            instance,
            self.movable,
            solution,
            hint=solution,
            seconds=max(0.01, self.clock.left - self._reserve()),
            workers=1 if counted else self.options.threads,
            seed=self.options.seed,
            deterministic_seconds=MODEL_DETERMINISTIC_SECONDS if counted else None,
            stop=halt,
            on_solution=lambda found, cost: best.append((_missing(instance, found), cost)),
        )
        while not future.done():
            if self.clock.left <= 0.0 or self._good_enough(min(best)[1]):
                halt.set()
            try:
                future.exception(timeout=PULSE_SECONDS)
            except TimeoutError:
                self._pulse(min(best), assigned, moves)
        result = future.result()
        if result.solution is None:
            return solution
        if result.exact and result.bound is not None and result.mandatory_out == _missing(instance, result.solution):
            self.bound = max(self.bound or 0, result.bound)
        self.mandatory_proved = result.mandatory_proved
        found = (result.mandatory_out, result.cost or 0)
        return result.solution if found <= price else solution

    def _reserve(self) -> float:
        """Seconds kept for the check and the reasons at the end."""
        return min(0.1 * self.options.time_limit_seconds, 0.05 + 2e-4 * len(self.problem.appointments))

    def _good_enough(self, cost: int) -> bool:
        gap = gap_of(cost, self.bound)
        return gap is not None and gap <= max(0.0, self.options.gap)

    def _pulse(self, price: tuple[int, int], assigned: int, iterations: int) -> None:
        cost = price[1]
        if not self.events or cost != self.events[-1].cost:
            self.events.append(SolverEvent(seconds=round(self.clock.seconds, 3), cost=cost))
        if self.on_progress is not None:
            total = len(self.problem.appointments)
            self.on_progress(
                Progress(
                    self.clock.seconds,
                    self.phase,
                    cost,
                    self.bound,
                    gap_of(cost, self.bound),
                    assigned,
                    total,
                    iterations,
                    tuple(self.executor.messages),
                )
            )

    def _finish(self, instance: Instance, solution: Solution) -> Plan:
        """Check the plan, give its reasons, and say what is proved."""
        solution, plan, report = _sound(self.problem, instance, solution)
        until = max(self.clock.limit, self.clock.seconds + min(GRACE_SECONDS, 0.1 * self.clock.limit))
        if self.clock.stop.is_set():
            until = self.clock.seconds + GRACE_SECONDS
        why = reasons(self.problem, instance, solution, expired=lambda: self.clock.seconds > until)
        missing = _missing(instance, solution)
        bound = None if self.bound is None else min(self.bound, report.cost)
        status = PlanStatus.OPTIMAL if bound == report.cost else PlanStatus.FEASIBLE
        if missing:
            lost = any(task.mandatory and is_impossible(instance, task) for task in instance.tasks)
            status = PlanStatus.INFEASIBLE if lost or self.mandatory_proved else PlanStatus.UNKNOWN
        left_out = tuple(
            Unassigned(appointment=instance.tasks[i].id, reasons=tuple(why.get(i, ())))
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
                    method="; ".join(filter(None, (", ".join(self.methods), self.executor.place))),
                    seed=self.options.seed,
                    workers=self.executor.workers,
                    events=tuple(self.events),
                ),
            }
        )


def _missing(instance: Instance, solution: Solution) -> int:
    return sum(task.mandatory and place is None for task, place in zip(instance.tasks, solution, strict=True))


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
