"""Which engine works when: greedy, annealing chains, CP-SAT on a small problem or on parts, and a rising bound."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from math import inf
from typing import TypeVar

from solver.bounds import separate_bound
from solver.components import components
from solver.construct import greedy
from solver.cpsat.price import price as cost_of_solution
from solver.executors import Executor
from solver.headcount import Fewest, Form, HeadcountSearch, read_form
from solver.instance import Instance, Solution, mandatory_out
from solver.kernel.arrays import Packed
from solver.kernel.pack import pack
from solver.model import ModelResult, solve_model
from solver.neighbourhoods import Improvement, Neighbourhoods
from solver.progress import Clock, Options, gap_of
from solver.proof import RisingBound, counted_bound
from solver.search import Annealing

WHOLE_MODEL_TASKS = 150  # up to here CP-SAT sees the whole problem; beyond, it is far behind the kernel
WHOLE_ROUTES_TASKS = 40  # the same where people travel
REPACKED_SHARE = 0.06  # of the time, for CP-SAT on parts of a larger problem once the kernel has cooled down
REPACKED_TASKS = 5000  # at most: beyond, reading the plan takes longer than there is time
KERNEL_SHARE = 0.35  # of the time at most, where CP-SAT follows
KERNEL_SECONDS_PER_TASK = 0.05  # at most, where CP-SAT follows
COUNTED_ROUNDS = 20  # of the headcount search, in runs that count moves
MODEL_DETERMINISTIC_SECONDS = 3.0  # of CP-SAT's own measure of work, in runs that count moves
PULSE_SECONDS = 0.1
CHECK_NOTHING = 0.3  # of what a check takes, where nothing is placed
CHECK_SECONDS, REASON_SECONDS = 1e-4, 5e-3  # that a task takes in the end, and one that is left out, …
CHECK_BUILDS = 1.5  # … or checking as many times as long as building took: machines differ, and so do their hours

T = TypeVar("T")
Price = tuple[int, int]
"""Mandatory tasks left out, and the cost."""
OnRest = Callable[[Callable[[], Solution]], None]
"""Told now and then, in the calling thread, how to get the best plan so far: at once or not at all."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a search stands: the best plan's cost and number of tasks, what is proved, and the moves so far."""

    phase: str
    cost: int
    bound: int
    assigned: int
    iterations: int


class Portfolio:
    """The engines that work on one problem.

    Parameters
    ----------
    instance
        The problem.
    options, clock
        Limits.
    executor
        Where the chains run.
    on_pulse
        Told about ten times a second where the search stands, in the calling thread.
    start
        Feasible placements to begin with, if there are any.
    began
        Seconds of the clock when building the instance began.
    on_rest, rest_seconds
        Told about that often what the best plan is, where somebody wants to keep it.

    Attributes
    ----------
    bound
        A proved lower bound of the cost.
    mandatory_proved
        Whether it is proved that no plan leaves out fewer mandatory tasks.
    methods
        The engines that worked, for the plan.
    packed, build_seconds
        The problem in the kernel's arrays once there is a first plan, and how long building it took.
    """

    def __init__(
        self,
        instance: Instance,
        options: Options,
        clock: Clock,
        executor: Executor,
        on_pulse: Callable[[Standing], None],
        began: float,
        start: Solution | None = None,
        on_rest: OnRest | None = None,
        rest_seconds: float = inf,
    ) -> None:
        self._start = start
        self._on_rest, self._rest_seconds = on_rest, rest_seconds
        self._newest: Solution | None = None  # by an engine that is not annealing
        self.instance, self.options, self.clock, self.executor = instance, options, clock, executor
        self.bound = separate_bound(instance)
        self.mandatory_proved = False
        self.methods: list[str] = []
        self.packed: Packed | None = None
        self._on_pulse = on_pulse
        self._phase = "construct"
        self._movable = [i for i, task in enumerate(instance.tasks) if task.pinned is None]
        self._left_out = 0  # by greedy
        self._began, self.build_seconds = began, 0.0
        self._annealing: Annealing | None = None
        self._counted = options.max_iterations is not None
        self._rising: RisingBound | None = None

    def search(self) -> Solution:
        """Find the best plan that the time allows.

        Returns
        -------
        One entry per task; it breaks no rule.
        """
        annealing = self._annealing or self.construct()
        if not self._movable or self._good_enough(annealing.price()[1]) or self._must_check():
            return annealing.solution()
        form = read_form(self.instance)
        if form is not None:
            return self._serve_fixed(form, annealing.solution(), annealing.price())
        if self._counted or "bound" in self.options.without:
            return self._improve(annealing)
        self._rising = RisingBound(self.instance, lambda: annealing.price()[1])
        self._rising.begin()
        try:
            return self._improve(annealing)
        finally:
            self.bound = max(self.bound, self._rising.halt())

    def construct(self) -> Annealing:
        """Make the first plan, and the chains that will improve it."""
        self.packed = pack(self.instance)
        self.build_seconds = self.clock.seconds - self._began
        start = greedy(self.instance, self.packed, self.options.seed, self._start, self._must_check)
        self.methods.append("greedy")
        self._annealing = Annealing(
            self.instance,
            self.packed,
            start,
            self.options.threads,
            self.options.seed,
            self.executor,
            components(self.instance),
            exchanging="exchange" not in self.options.without,
        )
        self._left_out = len(self.instance.tasks) - self._annealing.assigned
        self._pulse(self._annealing.price(), self._annealing.assigned, 0)
        return self._annealing

    def _improve(self, annealing: Annealing) -> Solution:
        limit = WHOLE_ROUTES_TASKS if self.instance.travel_exists else WHOLE_MODEL_TASKS
        whole = len(self._movable) <= limit and "CP-SAT" not in self.options.without
        seconds = max(0.01, self.clock.left - self._reserve())
        if whole:
            seconds = min(KERNEL_SHARE * seconds, KERNEL_SECONDS_PER_TASK * len(self._movable))
        repacks = not whole and not self._counted and len(self._movable) <= REPACKED_TASKS
        repacks = repacks and "CP-SAT" not in self.options.without
        if repacks:
            seconds *= 1.0 - REPACKED_SHARE
        self._phase = "anneal"
        self.methods.append("ruin and recreate")

        def pulse() -> bool:
            price = annealing.price()
            self._pulse(price, annealing.assigned, annealing.moves)
            return self._good_enough(price[1])

        def rest() -> None:
            if self._on_rest is not None:
                self._on_rest(annealing.solution)

        on_rest = rest if self._on_rest is not None else None
        moves = self.options.max_iterations
        annealing.run(self.clock, seconds, moves, pulse, PULSE_SECONDS, on_rest, self._rest_seconds)
        solution, price = annealing.solution(), annealing.price()
        if self._counted:
            self.bound = max(self.bound, counted_bound(self.instance, price[1]))
        if whole and not self._must_check() and not self._good_enough(price[1]):
            with ThreadPoolExecutor(1, thread_name_prefix="model") as helper:
                solution = self._prove(helper, solution, price, annealing.moves)
        if repacks and not self._must_check() and not self._good_enough(price[1]):
            solution = self._repack(solution, price, annealing.moves)
        return solution

    def _repack(self, solution: Solution, price: Price, moves: int) -> Solution:
        """Solve parts of the plan exactly, where annealing has come to rest."""
        self._phase = "repack"
        self.methods.append("CP-SAT neighbourhoods")
        best = [price]
        halt = threading.Event()
        search = Neighbourhoods(self.instance, self.options.seed)

        def keep(better: Improvement) -> None:
            best.append(better.price)
            self._newest = better.solution

        def run() -> Improvement | None:
            return search.improve(
                solution,
                price,
                seconds=max(0.01, self.clock.left - self._reserve()),
                threads=self.options.threads,
                stop=halt,
                on_better=keep,
            )

        assigned = sum(place is not None for place in solution)
        with ThreadPoolExecutor(1, thread_name_prefix="repack") as helper:
            better = self._watched(helper.submit(run), best, halt, assigned, moves)
        return solution if better is None else better.solution

    def _prove(self, helper: ThreadPoolExecutor, solution: Solution, price: Price, moves: int) -> Solution:
        """Hand the whole problem and the plan so far to CP-SAT, for a better plan or the proof that there is none."""
        self._phase = "prove"
        self.methods.append("CP-SAT")
        best = [price]
        halt = threading.Event()
        assigned = sum(place is not None for place in solution)

        def keep(found: Solution, cost: int) -> None:
            best.append((mandatory_out(self.instance, found), cost))
            if best[-1] == min(best):
                self._newest = found

        future: Future[ModelResult] = helper.submit(
            solve_model,
            self.instance,
            self._movable,
            solution,
            hint=solution,
            seconds=max(0.01, self.clock.left - self._reserve()),
            workers=1 if self._counted else self.options.threads,
            seed=self.options.seed,
            deterministic_seconds=MODEL_DETERMINISTIC_SECONDS if self._counted else None,
            stop=halt,
            on_solution=keep,
        )
        result = self._watched(future, best, halt, assigned, moves)
        if result.solution is None:
            return solution
        out = mandatory_out(self.instance, result.solution)
        if result.exact and result.bound is not None and result.mandatory_out == out:
            self.bound = max(self.bound, result.bound)
        self.mandatory_proved = result.mandatory_proved
        return result.solution if (result.mandatory_out, result.cost or 0) <= price else solution

    def _serve_fixed(self, form: Form, solution: Solution, price: Price) -> Solution:
        """Give the work to as few people as possible, where nothing else is open."""
        self._phase = "headcount"
        self.methods.append("headcount search")
        best = [price]
        halt = threading.Event()
        search = HeadcountSearch(form, self.options.seed, 1 if self._counted else self.options.threads)

        def keep(found: Solution, _users: int) -> None:
            best.append((mandatory_out(self.instance, found), cost_of_solution(self.instance, found)))
            self._newest = found

        def run() -> Fewest:
            seconds = max(0.01, self.clock.left - self._reserve())
            rounds = COUNTED_ROUNDS if self._counted else None
            return search.run(seconds=seconds, rounds=rounds, start=solution, stop=halt, on_better=keep)

        with ThreadPoolExecutor(1, thread_name_prefix="headcount") as helper:
            fewest = self._watched(helper.submit(run), best, halt, len(solution), 0)
        if fewest.solution is None:
            return solution
        cost = cost_of_solution(self.instance, fewest.solution)
        self.bound = max(self.bound, cost - fewest.spare)
        return fewest.solution if (mandatory_out(self.instance, fewest.solution), cost) <= price else solution

    def _watched(self, future: Future[T], best: list[Price], halt: threading.Event, assigned: int, moves: int) -> T:
        """Tell where an engine stands that adds to a list of prices, and halt it when it is time."""
        while not future.done():
            if self.clock.left <= 0.0 or self._good_enough(min(best)[1]):
                halt.set()
            try:
                future.exception(timeout=PULSE_SECONDS)
            except TimeoutError:
                self._pulse(min(best), assigned, moves)
                self._show_newest()
        return future.result()

    def _show_newest(self) -> None:
        newest = self._newest
        if newest is not None and self._on_rest is not None:
            self._on_rest(lambda: newest)

    def _reserve(self) -> float:
        """Seconds kept for the check and the reasons at the end."""
        check = max(CHECK_SECONDS * len(self.instance.tasks), CHECK_BUILDS * self.build_seconds)
        return 0.05 + check + min(0.1 * self.options.time_limit_seconds, REASON_SECONDS * self._left_out)

    def _must_check(self, tried: int | None = None) -> bool:
        """Whether the time left is only enough to check a plan, of which so many tasks are tried (None: all)."""
        share = 1.0 if tried is None else CHECK_NOTHING + (1.0 - CHECK_NOTHING) * tried / len(self.instance.tasks)
        return self.clock.left <= share * self._reserve()

    def _good_enough(self, cost: int) -> bool:
        if self._rising is not None:
            self.bound = max(self.bound, self._rising.bound)
        gap = gap_of(cost, self.bound)
        return gap is not None and gap <= max(0.0, self.options.gap)

    def _pulse(self, price: Price, assigned: int, iterations: int) -> None:
        self._on_pulse(Standing(self._phase, price[1], self.bound, assigned, iterations))
