"""The whole of an organization over a horizon, as a problem and the plan that stands."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from models.collector import collector_paused
from models.enums import AppointmentStatus
from models.lifecycle import BUSY
from models.plan import Plan, Unassigned
from models.problem import Appointment as ProblemAppointment, Horizon, Problem, Rule
from models.records import Appointment, Location, Organization
from service.schemas import organization
from service.snapshot.bookings import Booking
from service.snapshot.places import Places
from service.snapshot.reading import bookings_of, bookings_where, linked_where, standing_in
from service.snapshot.rules import bound_to
from service.snapshot.subjects import Cast, cast_of, needed_by, rules_of, subjects_of
from service.snapshot.weeks import Span, weeks_around
from service.snapshot.work import appointment_of, assignment_of, closed_appointment


class Snapshot(NamedTuple):
    """What is to be scheduled, and where everything stands."""

    problem: Problem
    plan: Plan


class Whole(NamedTuple):
    """A snapshot, and what it was made of.

    Parameters
    ----------
    snapshot
        The problem and its plan.
    span
        The weeks from which all that stands is there.
    bookings
        That, and what is linked with it, with a start if it stands.
    places
        The locations that may be named.
    """

    snapshot: Snapshot
    span: Span
    bookings: list[Booking]
    places: Places


def nothing(_booking: Booking) -> bool:
    """Let no booking move."""
    return False


def anything(_booking: Booking) -> bool:
    """Want whatever waits."""
    return True


def unsettled(booking: Booking) -> bool:
    """Let everything move that is neither pinned, under way nor done."""
    return not booking.settled


def problem_of(
    session: Session,
    start: datetime,
    end: datetime,
    *,
    free: Callable[[Booking], bool] = nothing,
    waiting: ColumnElement[bool] | None = None,
    wanted: Callable[[Booking], bool] = anything,
    sought: Booking | None = None,
    now: datetime | None = None,
) -> Snapshot:
    """Read an organization as a problem; the number of queries does not depend on its size.

    Everything that is booked, held, under way or done in the ISO weeks that touch the horizon is there, pinned but for
    what is free. Users, teams and resources out of service are there only if something stands with them, and so is who
    only plans or looks.

    Parameters
    ----------
    session
        Bound to the organization.
    start, end
        The horizon.
    free
        Which bookings may move.
    waiting
        Which requested appointments are to be placed, as a condition on `Appointment`; None is none. Those with a
        live hold stand where they are held.
    wanted
        Which of these, where a condition cannot say it.
    sought
        One more for which a place is sought, stored or not: it is as it is given, and may move from where it stands.
    now
        Reference for notice, before which nothing starts; None judges a plan apart from the clock.

    Returns
    -------
    The problem, and the plan as it stands, in which what waits is unassigned.
    """
    return whole_of(session, start, end, free=free, waiting=waiting, wanted=wanted, sought=sought, now=now).snapshot


def whole_of(
    session: Session,
    start: datetime,
    end: datetime,
    *,
    free: Callable[[Booking], bool] = nothing,
    waiting: ColumnElement[bool] | None = None,
    wanted: Callable[[Booking], bool] = anything,
    sought: Booking | None = None,
    now: datetime | None = None,
) -> Whole:
    """Read the same as `problem_of`, and keep what it was read from."""
    subjects = subjects_of(session)
    owner = organization(session)
    span = weeks_around((start, end), {owner.timezone, *subjects.zones()})
    with collector_paused():
        extra = [] if sought is None else [sought]
        own = {each.id for each in extra}
        booked = [each for each in bookings_where(session, standing_in(span, now)) if each.id not in own]
        held = own | {booking.id for booking in booked}
        queue = [each for each in _waiting(session, waiting) if each.id not in held and wanted(each)]
        others = _linked(session, span, [*booked, *queue, *extra], now)
        movable = {booking.id for booking in booked if booking.status in BUSY}
        stands = [*booked, *(booking for booking in others if booking.start is not None)]
        places = Places(owner.travel, session.scalars(select(Location)))
        cast = cast_of(session, subjects.without_retired(needed_by([*stands, *queue, *extra])), span, places)
        parts = Parts(places)
        for booking in stands:
            parts.stand(booking, free=booking.id in movable and free(booking))
        for booking in queue:
            parts.wait(appointment_of(booking, places))
        for booking in extra:
            parts.seek(appointment_of(booking, places, stands=booking.start is not None), booking)
        for booking in others:
            if booking.start is None:
                parts.wait(closed_appointment(booking, places))
        snapshot = parts.snapshot(owner, Span(start, end), cast, rules_of(session), now)
        return Whole(snapshot, span, [*booked, *others], places)


@dataclass(slots=True)
class Parts:
    """A problem and its plan in the making.

    Parameters
    ----------
    places
        Shared by people and appointments.
    """

    places: Places
    appointments: list[ProblemAppointment] = field(default_factory=list)
    standing: list[Booking] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    def stand(self, booking: Booking, *, free: bool = False, fresh: bool = False) -> None:
        """Note what has a place: it may move if it is free, and is bound by rules on notice if it is fresh."""
        self.appointments.append(appointment_of(booking, self.places, pinned=not free and not fresh, stands=not fresh))
        self.standing.append(booking)

    def seek(self, appointment: ProblemAppointment, booking: Booking) -> None:
        """Note what a place is sought for, and where it stands so far, if anywhere."""
        if booking.start is None:
            self.wait(appointment)
        else:
            self.appointments.append(appointment)
            self.standing.append(booking)

    def wait(self, appointment: ProblemAppointment) -> None:
        """Note what has no place."""
        self.appointments.append(appointment)
        self.left.append(appointment.id)

    def snapshot(
        self, owner: Organization, horizon: Span, cast: Cast, rules: Iterable[Rule], now: datetime | None
    ) -> Snapshot:
        """Put it all together.

        Parameters
        ----------
        owner
            The organization.
        horizon, cast, rules, now
            As the problem has them.

        Returns
        -------
        The problem and its plan.
        """
        problem = Problem(
            name=owner.name,
            timezone=owner.timezone,
            horizon=Horizon(start=horizon.start, end=horizon.end),
            step_minutes=owner.step_minutes,
            now=None if now is None else now.replace(second=0, microsecond=0),
            users=cast.users,
            teams=cast.teams,
            resources=cast.resources,
            appointments=_linked_here(self.appointments),
            rules=bound_to(rules, cast),
            locations=self.places.all(),
            travel=self.places.travel,
            weights=owner.weights,
        )
        plan = Plan(
            problem=owner.name,
            assignments=tuple(assignment_of(booking) for booking in self.standing),
            unassigned=tuple(Unassigned(appointment=key) for key in self.left),
        )
        return Snapshot(problem, plan)


def _linked_here(appointments: Sequence[ProblemAppointment]) -> tuple[ProblemAppointment, ...]:
    """Keep the links between appointments that are there: what was deleted, or is farther away, binds nothing."""
    known = {each.id for each in appointments}
    return tuple(
        each
        if all(link.appointment in known for link in each.after)
        else each.model_copy(update={"after": tuple(link for link in each.after if link.appointment in known)})
        for each in appointments
    )


def _waiting(session: Session, waiting: ColumnElement[bool] | None) -> list[Booking]:
    """Read what is to be placed."""
    if waiting is None:
        return []
    found = bookings_where(session, Appointment.status == AppointmentStatus.REQUESTED, waiting)
    return [replace(booking, start=None) for booking in found]


def _linked(session: Session, span: Span, known: list[Booking], now: datetime | None) -> list[Booking]:
    """Read what the known ones follow or are followed by, elsewhere or nowhere; where it stands nowhere, no start."""
    ids = {booking.id for booking in known}
    named = {key for booking in known for key in booking.follows}
    followed = named | linked_where(session, standing_in(span, now)) if named or ids else named
    return bookings_of(session, followed - ids, now)
