"""From what a peer says to a plan, judged by `check` alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from time import perf_counter

from benchmarks.engine import EngineEvent, EngineResult
from models.enums import PlanStatus
from models.plan import AssignedResource, Assignment, Plan, SolverEvent, SolverInfo, Unassigned
from models.problem import Problem
from models.timegrid import instant
from solver.check import check
from solver.progress import gap_of

Notes = Mapping[str, str | int | float]


@dataclass(frozen=True)
class Placed:
    """Where a peer puts an appointment.

    Parameters
    ----------
    start
        Epoch minutes.
    users
        Ids with the index of the position each fills.
    resources
        Ids with the index of the demand each meets.
    """

    start: int
    users: tuple[tuple[str, int], ...] = ()
    resources: tuple[tuple[str, int], ...] = ()


class Diary:
    """Notes what a peer found and when, from the moment it is made.

    Attributes
    ----------
    events
        Ever cheaper costs, as the peer counts them.
    """

    def __init__(self) -> None:
        self._began = perf_counter()
        self.events: list[EngineEvent] = []

    @property
    def seconds(self) -> float:
        """Seconds since the diary was begun."""
        return perf_counter() - self._began

    def note(self, cost: int) -> None:
        """Write down a cost, if it is the least so far."""
        if not self.events or cost < self.events[-1].cost:
            self.events.append(EngineEvent(round(self.seconds, 3), cost))

    def left(self, seconds: float) -> float:
        """How much is left of a time limit, at least a hundredth of a second."""
        return max(0.01, seconds - self.seconds)


def answer(
    problem: Problem,
    placed: Mapping[str, Placed] | None,
    diary: Diary,
    info: SolverInfo,
    bound: int | None = None,
    notes: Notes | None = None,
) -> EngineResult:
    """Write a peer's plan and judge it.

    Parameters
    ----------
    problem
        What was asked.
    placed
        By appointment id; the others are left out. None where the peer found no plan at all.
    diary
        What was found when; it is closed with the cost by `check`.
    info
        How the plan came about.
    bound
        What no plan can undercut, proved by the peer.
    notes
        What else is worth keeping.

    Returns
    -------
    The plan with its violations, of which there are none unless the translation is wrong, and its true cost.
    """
    notes = notes or {}
    if placed is None:
        return EngineResult(None, None, bound, (), notes)
    chosen = [_assignment(problem, key, placed[key]) for key in problem.appointments_by_id if key in placed]
    left = [Unassigned(appointment=key) for key in problem.appointments_by_id if key not in placed]
    report = check(problem, Plan(assignments=tuple(chosen), unassigned=tuple(left)))
    events = tuple(_closed(diary, report.cost))
    proved = report.valid and bound is not None and bound == report.cost
    plan = Plan(
        problem=problem.name,
        status=PlanStatus.OPTIMAL if proved else PlanStatus.FEASIBLE,
        cost=report.cost,
        bound=bound,
        gap=gap_of(report.cost, bound),
        seconds=round(diary.seconds, 3),
        terms=report.terms,
        assignments=tuple(chosen),
        unassigned=tuple(left),
        violations=report.violations,
        solver=info.model_copy(
            update={"events": tuple(SolverEvent(seconds=one.seconds, cost=one.cost) for one in events)}
        ),
    )
    return EngineResult(plan, report.cost, bound, events, notes)


def _closed(diary: Diary, cost: int) -> Iterable[EngineEvent]:
    """The events with `check`'s cost as the last: a peer's own count is no evidence below it."""
    yield from (event for event in diary.events if event.cost > cost)
    last = next((event.seconds for event in diary.events if event.cost <= cost), round(diary.seconds, 3))
    yield EngineEvent(last, cost)


def _assignment(problem: Problem, key: str, place: Placed) -> Assignment:
    appointment = problem.appointments_by_id[key]
    return Assignment(
        appointment=key,
        start=instant(place.start, problem.zone),
        end=instant(place.start + appointment.duration_minutes, problem.zone),
        users=tuple(user for user, _ in place.users),
        positions=dict(place.users),
        resources=tuple(AssignedResource(resource=resource, demand=index) for resource, index in place.resources),
    )
