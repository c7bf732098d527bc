"""PyJobShop on the core of a problem, stated in its own words.

An appointment is an optional task for each of its seats, which start together; the modes of a task are those who can
take the seat. The first task also needs a machine of its own that is down outside the windows. People and resources
are machines with breaks, weekly hours a consumable. Of its objectives, earliness and tardiness of a job with the
preferred start as due date are the deviation; leaving out is another task, late by what it costs.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Any

from ortools.sat.python import cp_model
from pyjobshop import Model
from pyjobshop.solvers.ortools import CPModel

from benchmarks.engine import EngineResult, Json
from benchmarks.peers.answer import Diary, Notes, Placed, answer
from benchmarks.peers.core_problem import CoreProblem, Job, Subject
from benchmarks.peers.features import refuse
from models.intervals import Interval, subtract, union
from models.plan import SolverInfo
from models.problem import Problem
from models.timegrid import TimeGrid, minute_of

NAME = "pyjobshop"
ROUNDING = 1e-6  # a bound is a float, and costs are whole


class PyJobShop:
    """PyJobShop's model and its solver's defaults, with an ear on the solutions."""

    def solve(self, document: Json, seconds: float, workers: int, seed: int) -> EngineResult:
        """Plan a problem; see `Engine.solve`."""
        diary = Diary()
        problem = Problem.parse(document)
        refuse(NAME, off_the_grid(problem))
        shop = Shop(CoreProblem(NAME, problem))
        model = CPModel(shop.model.data())
        listener = Listener(shop, model.variables, diary)
        solver = cp_model.CpSolver()
        solver.parameters.max_time_in_seconds = diary.left(seconds)
        solver.parameters.num_workers = workers
        solver.parameters.random_seed = seed
        built = round(diary.seconds, 3)
        status = solver.solve(model.model, listener)
        bound = ceil(solver.best_objective_bound - ROUNDING) + shop.hopeless_cost
        info = SolverInfo(method="PyJobShop", seed=seed, workers=workers)
        notes: Notes = {"method": info.method, "build_seconds": built, "status": solver.status_name(status)}
        return answer(problem, listener.placed, diary, info, max(0, bound), notes)


def off_the_grid(problem: Problem) -> list[str]:
    """List what cannot be said in steps of the grid, which is PyJobShop's unit of time here.

    Parameters
    ----------
    problem
        Any.

    Returns
    -------
    Features with the first place of each.
    """
    grid, beyond = TimeGrid.of(problem), dict[str, str]()
    for index, appointment in enumerate(problem.appointments):
        place = f"appointments[{index}]"
        if appointment.duration_minutes % grid.step:
            beyond.setdefault(f"durations beside the step of {grid.step} minutes", f"{place}.duration_minutes")
        preferred = appointment.preferred_start
        if preferred is not None and problem.weights.preferred_time and not grid.on_grid(minute_of(preferred)):
            beyond.setdefault("preferred starts off the grid", f"{place}.preferred_start")
        windows = [(minute_of(window.start), minute_of(window.end)) for window in appointment.windows]
        if len(union(windows)) < len(windows):
            beyond.setdefault("windows that touch", f"{place}.windows")
    return [f"{feature} ({place})" for feature, place in beyond.items()]


@dataclass(frozen=True)
class Entry:
    """An appointment in the model: its first task, and by seat who each mode stands for."""

    job: Job
    task: int
    takers: list[dict[int, Subject]]


class Shop:
    """The PyJobShop model of a problem.

    Parameters
    ----------
    core
        What is to be planned.
    """

    def __init__(self, core: CoreProblem) -> None:
        self.core, self.step, self.model = core, core.grid.step, Model()
        self.origin = core.grid.floor(core.grid.start)
        self.end = (core.grid.end - self.origin) // self.step
        self.machines: dict[Subject, Any] = {
            subject: self.model.add_machine(breaks=self._in_steps(core.closed(subject))) for subject in core.open
        }
        self.hours = {user: self.model.add_consumable(minutes) for user, minutes in core.weekly_minutes.items()}
        self.entries: list[Entry] = []
        self.hopeless_cost = 0
        for job in core.jobs:
            self._add(job)
        self.model.set_objective(weight_makespan=0, weight_total_tardiness=1, weight_total_earliness=1)

    def _in_steps(self, closed: list[Interval]) -> list[Interval]:
        """Widen closed minutes to whole steps: work that begins and ends on the grid meets the same of them."""
        origin, step = self.origin, self.step
        steps = [(max(0, (start - origin) // step), -((origin - end) // step)) for start, end in closed]
        return [(start, end) for start, end in union(steps) if start < end]

    def _add(self, job: Job) -> None:
        if not job.starts or not all(seat.subjects for seat in job.seats):
            self.hopeless_cost += job.absent_cost
            return
        length = job.minutes // self.step
        first = self._add_task(job, self._timed_job(job, length))
        calendar = self.model.add_machine(breaks=self._outside_windows(job, length))
        entry = Entry(job, len(self.model.tasks) - 1, [self._modes(job, 0, first, [calendar], length)])
        others = [self._add_task(job, None) for _ in job.seats[1:]]
        for place, task in enumerate(others, start=1):
            entry.takers.append(self._modes(job, place, task, [], length))
            self.model.add_start_at_start(first, task)
        if others:
            self.model.add_select_all_or_none([first, *others])
        self._add_leaving_out(job, first)
        self.entries.append(entry)

    def _add_task(self, job: Job, timed: Any) -> Any:
        return self.model.add_task(job=timed, latest_end=self.end, optional=True, name=job.id)

    def _timed_job(self, job: Job, length: int) -> Any:
        """A job whose earliness and tardiness are what the deviation from the preferred start costs."""
        preferred = job.starts[0] if job.preferred is None else job.preferred
        weight = 0 if job.preferred is None else self.core.deviation_weight * self.step
        return self.model.add_job(weight=weight, due_date=(preferred - self.origin) // self.step + length)

    def _outside_windows(self, job: Job, length: int) -> list[Interval]:
        slots = [(start - self.origin) // self.step for start in job.starts]
        return subtract([(0, self.end)], union([(slot, slot + length) for slot in slots]))

    def _modes(self, job: Job, place: int, task: Any, own: list[Any], length: int) -> dict[int, Subject]:
        """Add a mode for everybody who can take a seat; a job without seats has one mode."""
        if not job.seats:
            self.model.add_mode(task, own, length)
            return {}
        takers = {}
        for kind, key in job.seats[place].subjects:
            machines, demands = [*own, self.machines[kind, key]], [0] * (len(own) + 1)
            if kind == "user" and key in self.hours:
                machines.append(self.hours[key])
                demands.append(job.minutes)
            takers[len(self.model.modes)] = (kind, key)
            self.model.add_mode(task, machines, length, demands)
        return takers

    def _add_leaving_out(self, job: Job, first: Any) -> None:
        """A task, due when it starts, that takes as long as leaving out costs: a weight instead would overflow."""
        late = self.model.add_job(weight=1, due_date=0)
        task = self.model.add_task(job=late, latest_start=0, optional=True, name=f"without {job.id}")
        self.model.add_mode(task, [], job.absent_cost)
        self.model.add_select_exactly_one([first, task])

    def read(self, variables: Any, value: Any) -> dict[str, Placed]:
        """Read a solution.

        Parameters
        ----------
        variables
            Of PyJobShop's model.
        value
            From a variable to its value.

        Returns
        -------
        Where the tasks that are present stand, by appointment id.
        """
        placed = {}
        for entry in self.entries:
            times = variables.task_vars[entry.task]
            if value(times.present):
                start = self.origin + self.step * value(times.start)
                seats = [modes for modes in entry.takers if modes]
                takers = [
                    next(taker for mode, taker in modes.items() if value(variables.mode_vars[mode])) for modes in seats
                ]
                placed[entry.job.id] = entry.job.placed(start, takers)
        return placed


class Listener(cp_model.CpSolverSolutionCallback):
    """Keeps the best solution and notes the cost of each."""

    def __init__(self, shop: Shop, variables: Any, diary: Diary) -> None:
        super().__init__()
        self.shop, self.variables, self.diary = shop, variables, diary
        self.placed: dict[str, Placed] | None = None

    def on_solution_callback(self) -> None:
        """Note the objective, which is the cost but for what nobody can do."""
        self.diary.note(round(self.objective_value) + self.shop.hopeless_cost)
        self.placed = self.shop.read(self.variables, self.value)
