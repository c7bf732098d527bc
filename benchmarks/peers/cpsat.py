"""The plain CP-SAT baseline: one model of the whole problem as the textbook has it, left to the solver."""

from __future__ import annotations

from math import ceil

from ortools.sat.python import cp_model

from benchmarks.engine import EngineResult, Json
from benchmarks.peers.answer import Diary, Notes, Placed, answer
from benchmarks.peers.core_problem import CoreProblem, Job, Subject
from models.plan import SolverInfo
from models.problem import Problem

NAME = "cpsat"
ROUNDING = 1e-6  # a bound is a float, and costs are whole


class PlainCpSat:
    """An optional interval for each job and each who could serve it, and one NoOverlap for each of them."""

    def solve(self, document: Json, seconds: float, workers: int, seed: int) -> EngineResult:
        """Plan a problem; see `Engine.solve`."""
        diary = Diary()
        problem = Problem.parse(document)
        model = WholeModel(CoreProblem(NAME, problem))
        solver = cp_model.CpSolver()
        solver.parameters.max_time_in_seconds = diary.left(seconds)
        solver.parameters.num_workers = workers
        solver.parameters.random_seed = seed
        built = round(diary.seconds, 3)
        status = solver.solve(model.model, NoteCosts(diary))
        placed = model.read(solver) if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else None
        bound = ceil(solver.best_objective_bound - ROUNDING)
        info = SolverInfo(method="one CP-SAT model", seed=seed, workers=workers)
        notes: Notes = {"method": info.method, "build_seconds": built, "status": solver.status_name(status)}
        return answer(problem, placed, diary, info, bound, notes)


class NoteCosts(cp_model.CpSolverSolutionCallback):
    """Writes the cost of every solution into a diary."""

    def __init__(self, diary: Diary) -> None:
        super().__init__()
        self.diary = diary

    def on_solution_callback(self) -> None:
        """Note the objective, which is the cost."""
        self.diary.note(round(self.objective_value))


class WholeModel:
    """The model of a whole problem.

    Parameters
    ----------
    core
        What is to be planned.
    """

    def __init__(self, core: CoreProblem) -> None:
        self.core, self.model = core, cp_model.CpModel()
        self.origin, self.step = core.grid.origin, core.grid.step
        self.busy: dict[Subject, list[cp_model.IntervalVar]] = {subject: [] for subject in core.open}
        self.worked: dict[str, list[cp_model.LinearExprT]] = {user: [] for user in core.weekly_minutes}
        self.costs: list[cp_model.LinearExprT] = []
        self.present: dict[str, cp_model.IntVar] = {}
        self.start: dict[str, cp_model.IntVar] = {}
        self.taken: dict[str, list[dict[Subject, cp_model.IntVar]]] = {}
        for job in core.jobs:
            self._add(job)
        self._keep_apart()
        for user, minutes in self.worked.items():
            self.model.add(sum(minutes) <= core.weekly_minutes[user])
        self.model.minimize(sum(self.costs))

    def _add(self, job: Job) -> None:
        """State one job: when it starts, who takes each seat, and what it costs."""
        model = self.model
        present = self.present[job.id] = model.new_bool_var(f"present {job.id}")
        self.costs.append(job.absent_cost * (1 - present))
        self.taken[job.id] = []
        if not job.starts:
            model.add(present == 0)
            return
        slots = [(start - self.origin) // self.step for start in job.starts]
        slot = self.start[job.id] = model.new_int_var_from_domain(cp_model.Domain.from_values(slots), f"start {job.id}")
        start = slot * self.step
        for seat in job.seats:
            takes = {subject: model.new_bool_var(f"{job.id} takes {subject}") for subject in seat.subjects}
            model.add(sum(takes.values()) == present)
            for (kind, key), take in takes.items():
                interval = model.new_optional_fixed_size_interval_var(start, job.minutes, take, f"{job.id} {key}")
                self.busy[kind, key].append(interval)
                if kind == "user" and key in self.worked:
                    self.worked[key].append(job.minutes * take)
            self.taken[job.id].append(takes)
        if job.preferred is not None:
            self._price_deviation(job, start, job.preferred - self.origin)

    def _price_deviation(self, job: Job, start: cp_model.LinearExprT, preferred: int) -> None:
        most = max(abs(each - self.origin - preferred) for each in job.starts)
        deviation = self.model.new_int_var(0, most, f"deviation {job.id}")
        present = self.present[job.id]
        self.model.add(deviation >= start - preferred).only_enforce_if(present)
        self.model.add(deviation >= preferred - start).only_enforce_if(present)
        self.costs.append(self.core.deviation_weight * deviation)

    def _keep_apart(self) -> None:
        """Everybody does one thing at a time, and nothing while closed."""
        for subject, intervals in self.busy.items():
            closed = [
                self.model.new_fixed_size_interval_var(start - self.origin, end - start, f"closed {subject}")
                for start, end in self.core.closed(subject)
            ]
            self.model.add_no_overlap(intervals + closed)

    def read(self, solver: cp_model.CpSolver) -> dict[str, Placed]:
        """Read a solution.

        Parameters
        ----------
        solver
            With a solution.

        Returns
        -------
        Where the jobs that are present stand, by appointment id.
        """
        placed = {}
        for job in self.core.jobs:
            if solver.value(self.present[job.id]):
                start = self.origin + self.step * solver.value(self.start[job.id])
                seats = self.taken[job.id]
                takers = [next(subject for subject, take in takes.items() if solver.value(take)) for takes in seats]
                placed[job.id] = job.placed(start, takers)
        return placed
