"""Building a model, running CP-SAT on it, and reading what it found and proved."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from ortools.sat.python import cp_model

from solver.cpsat.breaks import add_breaks
from solver.cpsat.build import Build, Literal
from solver.cpsat.capacity import add_capacity
from solver.cpsat.ceiling import Ceiling
from solver.cpsat.fixed import Fixed
from solver.cpsat.idle import add_waiting
from solver.cpsat.ledger import ShiftCost
from solver.cpsat.links import add_links
from solver.cpsat.objective import add_costs
from solver.cpsat.price import price, walks
from solver.cpsat.read_back import add_hint, read_solution
from solver.cpsat.routes import add_route
from solver.cpsat.stops import Shift, shifts_of
from solver.instance import Instance, Solution

LARGEST = 1 << 60  # CP-SAT's objective stays below
POLL_SECONDS = 0.05
LEAST_SECONDS = 0.01  # for the search, when building the model took all the time
BOUND_NOISE, RELATIVE_NOISE = 1e-6, 1e-14  # CP-SAT reports integers as doubles


@dataclass(frozen=True, slots=True)
class Limits:
    """How long to build and search, and how."""

    seconds: float
    deterministic_seconds: float | None
    workers: int
    seed: int
    short: bool


@dataclass(slots=True)
class Outcome:
    """What a search found; `closed` says that there is nothing more to find."""

    exact: bool
    closed: bool = False
    solution: Solution | None = None
    cost: int | None = None
    bound: int | None = None
    mandatory_out: int = 0
    mandatory_proved: bool = False


def build_model(instance: Instance, fixed: Fixed, *, timed: bool = False, ceiling: Ceiling | None = None) -> Build:
    """State every constraint and cost of the free tasks.

    Parameters
    ----------
    instance, fixed
        The problem and what stands.
    timed
        Whether to give every start a literal of its own, where there are not too many.
    ceiling
        A cost; only plans up to it need be solutions.

    Returns
    -------
    The model, its objective still open.
    """
    needs_shifts = instance.travel_exists or instance.waiting_weight or instance.max_waiting_weight
    # Routes and waiting hang on start variables, which literals of starts only make harder to find.
    build = Build(instance, fixed, timed=timed and not needs_shifts, ceiling=ceiling)
    add_capacity(build)
    add_links(build)
    every: list[Shift] = []
    settled: list[ShiftCost] = []
    busy = {user for task in build.tasks.values() for user in task.users}
    for user in range(len(instance.users)):
        if user not in busy and fixed.is_settled(user):
            settled += walks(fixed, user) if needs_shifts else []
            continue
        shifts = shifts_of(build, user) if needs_shifts else []
        for shift in shifts:
            add_route(build, shift)
        add_breaks(build, user, shifts)
        every += shifts
    build.constant += instance.travel_weight * sum(minutes.travel for minutes in settled)
    add_waiting(build, every, [minutes.waiting for minutes in settled])
    add_costs(build)
    return build


def solve(
    instance: Instance,
    free: Sequence[int],
    fixed: Solution,
    limits: Limits,
    *,
    hint: Solution | None,
    goal: tuple[int, int] | None,
    stop: threading.Event | None,
    on_solution: Callable[[Solution, int], None] | None,
    ceiling: Ceiling | None = None,
) -> Outcome:
    """Build and solve the model of some free tasks.

    Parameters
    ----------
    instance, free, fixed
        As in `solver.model.solve_model`; no free task is pinned.
    limits
        How long and how to search.
    hint, stop, on_solution
        As in `solver.model.solve_model`.
    goal
        Number of mandatory tasks left out, and cost, which a solution must beat in this order.
    ceiling
        A cost; only plans up to it need be solutions.

    Returns
    -------
    What was found and proved, of the solutions that the model has.
    """
    began = time.monotonic()
    build = build_model(instance, Fixed(instance, free, fixed), timed=not limits.short, ceiling=ceiling)
    objective = Objective(build, goal)
    outcome = Outcome(exact=not build.restrictions and objective.exact)
    if not build.feasible or not objective.attainable:
        outcome.closed = True
        return outcome
    if hint is not None:
        add_hint(build, hint)
    solver = cp_model.CpSolver()
    _set_parameters(solver, limits)
    if build.timed is not None:
        # Sums over starts lose much of what they say once at-most-ones within them are taken off.
        solver.parameters.presolve_inclusion_work_limit = 0
    solver.parameters.max_time_in_seconds = max(LEAST_SECONDS, limits.seconds - (time.monotonic() - began))
    with _stopped_by(stop, solver):
        status = solver.solve(build.model, _Report(build, on_solution) if on_solution is not None else None)
    if status == cp_model.MODEL_INVALID:
        raise RuntimeError(f"CP-SAT refuses the model: {build.model.validate()}; this is a fault of the program")
    outcome.closed = status in (cp_model.OPTIMAL, cp_model.INFEASIBLE)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return outcome
    outcome.solution = read_solution(build, solver.value)
    outcome.cost = price(instance, outcome.solution)
    outcome.mandatory_out = sum(
        place is None and task.mandatory for task, place in zip(instance.tasks, outcome.solution, strict=True)
    )
    if goal is not None and (outcome.mandatory_out, outcome.cost) >= goal:
        # Where pinned tasks overlap, the model can promise less than the plan costs.
        return Outcome(outcome.exact)
    proved = objective.value(solver) if status == cp_model.OPTIMAL else _round_up(solver.best_objective_bound)
    objective.conclude(proved, outcome)
    return outcome


class Objective:
    """Mandatory tasks before cost: each one left out weighs more than the cost can differ.

    Parameters
    ----------
    build
        The model with all its costs.
    goal
        What a solution must beat.
    """

    def __init__(self, build: Build, goal: tuple[int, int] | None) -> None:
        self.build = build
        self.exact, self.attainable = True, True
        variables = [amount for amount, _ in build.costs]
        weights = [weight for _, weight in build.costs]
        ranges = [_range(amount) for amount in variables]
        self.low = sum(w * (low if w > 0 else high) for w, (low, high) in zip(weights, ranges, strict=True))
        self.high = sum(w * (high if w > 0 else low) for w, (low, high) in zip(weights, ranges, strict=True))
        mandatory = [task for task in build.tasks.values() if task.task.mandatory]
        self.lost = sum(
            place is None and task.mandatory and index not in build.tasks
            for index, (task, place) in enumerate(zip(build.instance.tasks, build.fixed.placements, strict=True))
        )
        self.lead = self.high - self.low + 1
        if goal is not None:
            self.lead = max(self.lead, self.high - goal[1] + build.constant, goal[1] - build.constant - self.low) + 1
        if mandatory and self.lead * (len(mandatory) + 1) > LARGEST:
            self.exact, self.lead = False, 0
            build.model.add_bool_and([task.present for task in mandatory])
        self._variables = [*variables, *(~task.present for task in mandatory)]
        self._weights = [*weights, *[self.lead] * len(mandatory)]
        total = cp_model.LinearExpr.weighted_sum(self._variables, self._weights)
        if goal is not None:
            limit = self.lead * (goal[0] - self.lost) + goal[1] - 1 - build.constant
            self.attainable = self.low <= limit
            build.model.add(total <= limit)
        build.model.minimize(total)

    def value(self, solver: cp_model.CpSolver) -> int:
        """The objective of the solver's solution, exactly."""
        return sum(w * int(solver.value(variable)) for variable, w in zip(self._variables, self._weights, strict=True))

    def conclude(self, proved: int, outcome: Outcome) -> None:
        """Write what the bound of the objective says about cost and mandatory tasks.

        Parameters
        ----------
        proved
            Lower bound of the objective, constant left out.
        outcome
            With solution and cost; gets bound and proof.
        """
        left_out = outcome.mandatory_out - self.lost
        proved = max(proved, self.low)
        outcome.mandatory_proved = left_out == 0 or proved > self.lead * (left_out - 1) + self.high
        if outcome.mandatory_proved and outcome.cost is not None:
            outcome.bound = min(outcome.cost, max(proved - self.lead * left_out, self.low) + self.build.constant)


def _range(amount: Literal) -> tuple[int, int]:
    if isinstance(amount, cp_model.IntVar):
        return int(amount.domain.min()), int(amount.domain.max())
    return 0, 1


def _round_up(bound: float) -> int:
    """The least integer that a bound in floating point proves."""
    return math.ceil(bound - BOUND_NOISE - abs(bound) * RELATIVE_NOISE)


def _set_parameters(solver: cp_model.CpSolver, limits: Limits) -> None:
    if limits.deterministic_seconds is not None:
        solver.parameters.max_deterministic_time = limits.deterministic_seconds
    solver.parameters.num_workers = limits.workers
    solver.parameters.random_seed = limits.seed
    solver.parameters.catch_sigint_signal = False
    if limits.short:
        solver.parameters.cp_model_probing_level = 0
        solver.parameters.symmetry_level = 0
        solver.parameters.linearization_level = 1


@contextmanager
def _stopped_by(stop: threading.Event | None, solver: cp_model.CpSolver) -> Iterator[None]:
    """Watch an event while the solver runs, and stop the search when it is set."""
    if stop is None:
        yield
        return
    done = threading.Event()

    def watch() -> None:
        while not done.is_set():
            if stop.wait(POLL_SECONDS):
                solver.stop_search()
                done.wait(POLL_SECONDS)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


class _Report(cp_model.CpSolverSolutionCallback):
    """Passes solutions on as they are found."""

    def __init__(self, build: Build, listener: Callable[[Solution, int], None]) -> None:
        super().__init__()
        self._build = build
        self._listener = listener

    def on_solution_callback(self) -> None:
        solution = read_solution(self._build, self.value)
        self._listener(solution, price(self._build.instance, solution))
