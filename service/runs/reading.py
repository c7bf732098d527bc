"""What a run is to plan: the snapshot of its horizon, in which its mode and scope say what is free."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from sqlalchemy import true
from sqlalchemy.orm import Session

from models.enums import AppointmentStatus as Status, RunMode
from models.plan import Plan
from models.presets import PRESETS
from models.problem import Problem, Weights
from models.records import Run
from service.schemas import organization
from service.snapshot import Booking, problem_of
from service.snapshot.ids import APPOINTMENT, key_of

MOVABLE: Mapping[RunMode, frozenset[Status]] = {
    RunMode.FILL: frozenset(),
    RunMode.OPTIMIZE: frozenset({Status.SCHEDULED, Status.RESCHEDULED}),
    RunMode.REPAIR: frozenset({Status.SCHEDULED, Status.RESCHEDULED, Status.CONFIRMED}),
}
"""The statuses of what is booked and may move; nothing pinned ever does."""


@dataclass(frozen=True, slots=True)
class Task:
    """What a run is to plan.

    Parameters
    ----------
    problem, before
        The problem, and the plan that stands.
    movable, waiting
        By id what is booked and may move, and what is requested.
    """

    problem: Problem
    before: Plan
    movable: Mapping[int, Booking] = field(default_factory=dict)
    waiting: Mapping[int, Booking] = field(default_factory=dict)

    @property
    def read_as(self) -> dict[str, str]:
        """Digests of what may be changed, by id."""
        return {str(key): digest(booking) for key, booking in {**self.movable, **self.waiting}.items()}


def task_of(session: Session, run: Run, now: datetime) -> Task:
    """Read what a run is to plan.

    Parameters
    ----------
    session
        Bound to its organization.
    run
        With its mode, horizon and scope.
    now
        Before which nothing starts.

    Returns
    -------
    The task. What is booked and may move in `optimize` must keep some place: nobody loses a booking to another.
    """
    movable: dict[int, Booking] = {}
    waiting: dict[int, Booking] = {}
    chosen = within(run)

    def free(booking: Booking) -> bool:
        moves = _is_movable(run, booking, now) and chosen(booking)
        if moves:
            movable[booking.id] = booking
        return moves

    def wanted(booking: Booking) -> bool:
        fits = _touches(run, booking) and chosen(booking)
        if fits:
            waiting[booking.id] = booking
        return fits

    start, end = run.horizon.start, run.horizon.end
    condition = true() if places_requests(run) else None
    problem, before = problem_of(session, start, end, free=free, waiting=condition, wanted=wanted, now=now)
    return Task(_weighed(session, run, problem, frozenset(movable)), before, movable, waiting)


def places_requests(run: Run) -> bool:
    """Tell whether a run places what is requested: a repair does so only if it is told to."""
    if run.scope.statuses:
        return Status.REQUESTED in run.scope.statuses
    return run.mode is not RunMode.REPAIR


def within(run: Run) -> Callable[[Booking], bool]:
    """Make the condition that the scope of a run puts on what it changes."""
    teams, statuses = frozenset(run.scope.teams), frozenset(run.scope.statuses)
    ids = frozenset(run.scope.appointment_ids)

    def holds(booking: Booking) -> bool:
        if ids and booking.id not in ids:
            return False
        if statuses and booking.status not in statuses:
            return False
        return not teams or not teams.isdisjoint(_teams_of(booking))

    return holds


def digest(booking: Booking) -> str:
    """Sum up what the solver has to know of a booking: two that differ in nothing else have the same."""
    known = (
        booking.start if booking.status is not Status.REQUESTED else None,
        booking.minutes,
        booking.status.value,
        booking.priority.value,
        booking.team,
        None if booking.requirements is None else booking.requirements.model_dump_json(exclude_unset=True),
        booking.pinned,
        booking.latitude,
        booking.longitude,
        tuple(sorted(booking.users)),
        tuple(sorted((use.resource, use.units or 0) for use in booking.uses)),
    )
    return sha256(repr(known).encode()).hexdigest()[:16]


def _is_movable(run: Run, booking: Booking, now: datetime) -> bool:
    start, end = booking.start, booking.end
    if start is None or end is None or booking.pinned or booking.status not in MOVABLE[run.mode]:
        return False
    return max(run.horizon.start, now) <= start and end <= run.horizon.end


def _touches(run: Run, booking: Booking) -> bool:
    windows = booking.requirements.windows if booking.requirements is not None else ()
    return not windows or any(window.start < run.horizon.end and window.end > run.horizon.start for window in windows)


def _teams_of(booking: Booking) -> set[int]:
    teams = set() if booking.team is None else {booking.team}
    needs = booking.requirements
    if needs is not None and needs.team is not None:
        teams.update(int(key) for key in needs.team.any_of if key.isdecimal())
    return teams


def _weighed(session: Session, run: Run, problem: Problem, movable: frozenset[int]) -> Problem:
    """Give a problem the weights of a run; made anew, because a copy would keep what was computed from the old one."""
    values = {name: getattr(problem, name) for name in Problem.model_fields}
    base = organization(session).weights if run.preset is None else PRESETS[run.preset].weights
    given = {} if run.weights is None else {name: getattr(run.weights, name) for name in run.weights.model_fields_set}
    values["weights"] = base.model_copy(update=given) if given else base
    if run.mode is RunMode.OPTIMIZE:
        keys = {key_of(APPOINTMENT, number) for number in movable}
        values["appointments"] = tuple(
            each.model_copy(update={"mandatory": True}) if each.id in keys else each for each in problem.appointments
        )
    assert isinstance(values["weights"], Weights)
    return Problem(**values)
