"""Timefold with its stock construction and moves on the core of a problem; the model is in `timefold_model`.

A visit has two variables: its start, which begins at the preferred one, and its team, which fills all seats at once.
"""

from __future__ import annotations

from itertools import islice, product
from math import prod
from random import Random
from threading import Timer
from typing import Any

from jpype import JImplements, JOverride
from timefold.solver import SolverFactory
from timefold.solver.config import Duration, ScoreDirectorFactoryConfig, SolverConfig, TerminationConfig

from benchmarks.engine import EngineResult, Json
from benchmarks.peers.answer import Diary, Notes, Placed, answer
from benchmarks.peers.core_problem import CoreProblem, Job, Subject
from benchmarks.peers.timefold_model import Closure, Member, Team, Visit, Week, constraints
from models.plan import SolverInfo
from models.problem import Problem

NAME = "timefold"
NO_LIMIT = 10**9  # minutes
MOST_TEAMS = 400  # of one visit; beyond, a random sample of them

Subjects = tuple[Subject, ...]


class Timefold:
    """Timefold's defaults: first fit, then late acceptance with change and swap moves, in one thread."""

    def solve(self, document: Json, seconds: float, workers: int, seed: int) -> EngineResult:
        """Plan a problem; see `Engine.solve`."""
        diary = Diary()
        problem = Problem.parse(document)
        roster = Roster(CoreProblem(NAME, problem), Random(seed))
        info = SolverInfo(method="Timefold", seed=seed, workers=1)
        if not roster.jobs:
            return answer(problem, {}, diary, info, notes={"method": info.method})
        solver = SolverFactory.create(_config(diary.left(seconds), seed)).build_solver()
        # The public way to listen converts the whole solution each time, which takes longer than to find it.
        solver._delegate.addEventListener(_listener(roster, diary))  # noqa: SLF001
        built = round(diary.seconds, 3)
        # Timefold's own clock starts when the problem is in Java, which takes seconds on a busy machine.
        alarm = Timer(diary.left(seconds), solver.terminate_early)
        alarm.start()
        final = solver.solve(roster.week)
        alarm.cancel()
        notes: Notes = {
            "method": info.method,
            "build_seconds": built,
            "score": str(final.score),
            "sampled": roster.sampled,
        }
        return answer(problem, roster.read(final) if final.score.is_feasible else None, diary, info, notes=notes)


def _config(seconds: float, seed: int) -> Any:
    return SolverConfig(
        solution_class=Week,
        entity_class_list=[Visit],
        random_seed=seed,
        score_director_factory_config=ScoreDirectorFactoryConfig(constraint_provider_function=constraints),
        termination_config=TerminationConfig(spent_limit=Duration(milliseconds=round(1000 * seconds))),
    )


class Roster:
    """The Timefold problem of a problem.

    Parameters
    ----------
    core
        What is to be planned.
    random
        Samples teams where there are too many.

    Attributes
    ----------
    sampled
        Visits whose teams are a sample.
    """

    def __init__(self, core: CoreProblem, random: Random) -> None:
        self.core, self.origin, self.random = core, core.grid.origin, random
        numbers = {subject: number for number, subject in enumerate(core.open)}
        closures = [
            Closure(numbers[subject], start - self.origin, end - self.origin)
            for subject in core.open
            for start, end in core.closed(subject)
        ]
        self.week = Week([], closures, [])
        self.numbers = numbers
        self.teams: dict[Subjects, Team] = {}
        self.takers: list[Subjects] = []
        self.jobs: list[Job] = []
        self.hopeless_cost = 0
        self.sampled = 0
        for job in core.jobs:
            self._add(job)

    def _add(self, job: Job) -> None:
        teams = [self._team(takers) for takers in self._choices(job)]
        if not teams or not job.starts:
            self.hopeless_cost += job.absent_cost
            return
        starts = [start - self.origin for start in job.starts]
        preferred = starts[0] if job.preferred is None else job.preferred - self.origin
        nearest = min(starts, key=lambda start: abs(start - preferred))
        weight = 0 if job.preferred is None else self.core.deviation_weight
        self.week.visits.append(
            Visit(len(self.jobs), job.minutes, job.absent_cost, preferred, weight, starts, teams, nearest)
        )
        self.jobs.append(job)

    def _choices(self, job: Job) -> list[Subjects]:
        """List who can fill the seats together, equal seats in one order only."""
        candidates = [seat.subjects for seat in job.seats]
        if prod(map(len, candidates)) <= 20 * MOST_TEAMS:
            choices = [takers for takers in product(*candidates) if _is_team(job, takers)]
        else:
            drawn = (tuple(self.random.choice(subjects) for subjects in candidates) for _ in range(100 * MOST_TEAMS))
            choices = list(dict.fromkeys(islice((takers for takers in drawn if _is_team(job, takers)), MOST_TEAMS)))
            self.sampled += 1
        if len(choices) > MOST_TEAMS:
            self.sampled += 1
            choices = self.random.sample(choices, MOST_TEAMS)
        return choices

    def _team(self, takers: Subjects) -> Team:
        if takers not in self.teams:
            team = self.teams[takers] = Team(len(self.takers))
            self.takers.append(takers)
            for subject in takers:
                most = self.core.weekly_minutes.get(subject[1], NO_LIMIT) if subject[0] == "user" else NO_LIMIT
                self.week.members.append(Member(team.id, self.numbers[subject], most))
        return self.teams[takers]

    def read(self, week: Any) -> dict[str, Placed]:
        """Read a solution.

        Parameters
        ----------
        week
            Without hard penalties.

        Returns
        -------
        Where the visits stand that have a team, by appointment id.
        """
        placed = {}
        for visit in week.visits:
            if visit.team is not None:
                job = self.jobs[visit.id]
                placed[job.id] = job.placed(self.origin + visit.start, self.takers[visit.team.id])
        return placed


def _is_team(job: Job, takers: Subjects) -> bool:
    """Tell whether nobody is taken twice, and whether takers of equal seats come in order."""
    pairs = zip(job.seats, job.seats[1:], takers, takers[1:], strict=False)
    return len(set(takers)) == len(takers) and all(one < other for seat, next_, one, other in pairs if seat == next_)


def _listener(roster: Roster, diary: Diary) -> Any:
    """A Java object that notes the cost of every feasible solution that is the best; Java must be running by now."""

    @JImplements("ai.timefold.solver.core.api.solver.event.SolverEventListener")
    class Listener:
        @JOverride
        def bestSolutionChanged(self, event: Any) -> None:  # noqa: N802 -- the name that Java calls
            score = event.getNewBestScore()
            if event.isNewBestSolutionInitialized() and score.isFeasible():
                diary.note(roster.hopeless_cost - int(score.softScore()))

    return Listener()
