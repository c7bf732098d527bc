"""Appointments as a problem has them, and where they stand as a plan has it.

What `requirements` say counts. Where they are silent, what is assigned is what is asked for: the assigned users are
the exact crew, an assigned team without users sends all its members, and an assigned resource is needed by name.
"""

from typing import Any

from models.plan import AssignedResource, Assignment
from models.problem import Appointment, Current, Demand, Link, Position, ResourceUse, TeamChoice, UserChoice
from models.records.requirements import Requirements
from service.snapshot.bookings import Booking
from service.snapshot.ids import APPOINTMENT, RESOURCE, TEAM, USER, key_of, keys_of, respelled
from service.snapshot.places import Places

NOTHING = Requirements()
CLOSED = {"crew": (Position(),), "users": UserChoice(allowed=()), "unassigned_weight": 0}
"""Nobody may come: it cannot be placed, and what follows it cannot be either."""


def appointment_of(booking: Booking, places: Places, *, pinned: bool = False, stands: bool = False) -> Appointment:
    """Read a booking as an appointment of a problem.

    Parameters
    ----------
    booking
        Stored or not.
    places
        Where its place is noted.
    pinned
        Whether it stays where it stands.
    stands
        Whether it is booked there already: one that is not is bound by rules on notice, and may move for nothing.

    Returns
    -------
    The appointment.
    """
    asked = booking.requirements or NOTHING
    return Appointment(
        id=key_of(APPOINTMENT, booking.id),
        title=booking.title,
        client=asked.client or booking.client,
        duration_minutes=booking.minutes,
        buffer_before_minutes=asked.buffer_before_minutes,
        buffer_after_minutes=asked.buffer_after_minutes,
        priority=booking.priority,
        unassigned_weight=asked.unassigned_weight,
        windows=asked.windows,
        due=asked.due,
        preferred_start=asked.preferred_start,
        location=places.at(booking.latitude, booking.longitude),
        after=tuple(_link(link) for link in asked.after),
        mandatory=asked.mandatory,
        current=_current(booking) if (pinned or stands) and booking.start is not None else None,
        pinned=pinned,
        resources=tuple(_demand(need) for need in asked.resources) or _named(booking),
        **_people(booking, asked),
    )


def closed_appointment(booking: Booking, places: Places) -> Appointment:
    """Read a booking that waits elsewhere: it is named, but has no place here."""
    return appointment_of(booking, places).model_copy(update=CLOSED | {"team": None, "mandatory": False, "after": ()})


def assignment_of(booking: Booking) -> Assignment:
    """Say where a booking stands.

    Parameters
    ----------
    booking
        One with a start.

    Returns
    -------
    Its entry in a plan.
    """
    start, end = booking.start, booking.end
    assert start is not None, f"appointment {booking.id} stands nowhere"
    assert end is not None
    return Assignment(
        appointment=key_of(APPOINTMENT, booking.id),
        start=start,
        end=end,
        team=None if booking.team is None else key_of(TEAM, booking.team),
        users=keys_of(USER, booking.users),
        positions={key_of(USER, seat.user): seat.position for seat in booking.seats if seat.position is not None},
        resources=tuple(
            AssignedResource(resource=key_of(RESOURCE, use.resource), demand=use.demand, units=use.units)
            for use in booking.uses
        ),
    )


def _people(booking: Booking, asked: Requirements) -> dict[str, Any]:
    """Say who is asked for: positions, team and choice of users."""
    wanted = UserChoice(
        allowed=None if asked.users.allowed is None else respelled(USER, asked.users.allowed),
        excluded=respelled(USER, asked.users.excluded),
        preferred=respelled(USER, asked.users.preferred),
    )
    if asked.crew or asked.team is not None:
        team = None if asked.team is None else TeamChoice(any_of=respelled(TEAM, asked.team.any_of))
        if team is None and booking.team is not None:
            team = TeamChoice(any_of=(key_of(TEAM, booking.team),))
        return {"crew": asked.crew, "team": team, "users": wanted}
    team = None if booking.team is None else TeamChoice(any_of=(key_of(TEAM, booking.team),))
    if booking.seats:
        exact = UserChoice(allowed=keys_of(USER, booking.users), excluded=wanted.excluded, preferred=wanted.preferred)
        return {"crew": (Position(count=len(booking.seats)),), "team": team, "users": exact}
    return {"team": team, "users": wanted}


def _named(booking: Booking) -> tuple[Demand, ...]:
    return tuple(Demand(resource=key_of(RESOURCE, use.resource), units=use.units) for use in booking.uses)


def _demand(need: Demand) -> Demand:
    if need.resource is None:
        return need
    return need.model_copy(update={"resource": respelled(RESOURCE, [need.resource])[0]})


def _link(link: Link) -> Link:
    return link.model_copy(update={"appointment": respelled(APPOINTMENT, [link.appointment])[0]})


def _current(booking: Booking) -> Current:
    assert booking.start is not None
    return Current(
        start=booking.start,
        team=None if booking.team is None else key_of(TEAM, booking.team),
        users=keys_of(USER, booking.users),
        resources=tuple(ResourceUse(resource=key_of(RESOURCE, use.resource), units=use.units) for use in booking.uses),
    )
