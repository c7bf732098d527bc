"""A slot for which others move: the booking and their moves, together or not at all."""

from datetime import timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from models.fields import Count, Instant, Positive
from models.records import Appointment
from models.records.fields import Key, Keys
from service.auditing import because
from service.conflicts.ways.applying import rearrange
from service.conflicts.ways.keeping import utc_text
from service.conflicts.ways.options import WayChange, WayPlace, WayUse
from service.conflicts.ways.outdated import Outdated, told_standing
from service.linking import ensure_known
from service.runs.publishing import lock_rows
from service.snapshot import Booking
from service.snapshot.reading import bookings_of

MOST_MOVES = 10


class SlotUse(BaseModel):
    """A resource of a slot."""

    model_config = ConfigDict(extra="forbid")

    resource: Key
    demand: Count | None = None
    units: Positive | None = None


class SlotPlace(BaseModel):
    """When and with whom and what, as `suggest-slots/` tells it."""

    model_config = ConfigDict(extra="ignore")

    start: Instant
    end: Instant
    team: Key | None = None
    users: Keys = Field(default_factory=list)
    positions: dict[int, Count] = Field(default_factory=dict)
    resources: list[SlotUse] = Field(default_factory=list, max_length=100)


class SlotMoved(BaseModel):
    """Another appointment that makes way: from where, so that it is still there, to where."""

    model_config = ConfigDict(extra="ignore")

    appointment: Key
    before: SlotPlace
    after: SlotPlace


class Exchange(SlotPlace):
    """A slot of `suggest-slots/`, to be booked as it was suggested, with the moves that it needs."""

    model_config = ConfigDict(
        extra="ignore",
        json_schema_extra={
            "examples": [
                {
                    "start": "2026-11-30T09:00:00-08:00",
                    "end": "2026-11-30T10:00:00-08:00",
                    "users": [3],
                    "moves": [
                        {
                            "appointment": 12,
                            "before": {
                                "start": "2026-11-30T09:00:00-08:00",
                                "end": "2026-11-30T10:00:00-08:00",
                                "users": [3],
                            },
                            "after": {
                                "start": "2026-11-30T10:00:00-08:00",
                                "end": "2026-11-30T11:00:00-08:00",
                                "users": [3],
                            },
                        }
                    ],
                }
            ]
        },
    )

    moves: Annotated[list[SlotMoved], Field(max_length=MOST_MOVES)] = Field(default_factory=list)


def exchange(session: Session, appointment: Appointment, wish: Exchange) -> None:
    """Book an appointment at a slot, and let others make way for it.

    Parameters
    ----------
    session
        Bound to a caller; nothing is locked yet.
    appointment
        A request, or one that is booked elsewhere.
    wish
        The slot.

    Raises
    ------
    Outdated
        If one of the others is no longer where it was, or it does not fit any more: nothing may be kept then.
    InvalidRecord
        If it names what is not there.
    """
    for place in (wish, *(move.after for move in wish.moves)):
        named = {
            "assigned_team": place.team,
            "assigned_users": place.users,
            "required_resources": [use.resource for use in place.resources],
        }
        ensure_known(session, Appointment, named)
    numbers = [appointment.id, *(move.appointment for move in wish.moves)]
    lock_rows(session, sorted(set(numbers)))
    present = {each.id: each for each in bookings_of(session, numbers)}
    gone = [_gone(move, present.get(move.appointment)) for move in wish.moves]
    if changed := [each for each in gone if each is not None]:
        told = ", ".join(f"appointment {each['appointment']}" for each in changed)
        raise Outdated(f"No longer where it was: {told}.", changed)
    because(session, f"Slot for {appointment.title or 'appointment'} ({appointment.id})")
    booking = present[appointment.id]
    changes = [_change(booking, wish), *(_change(present[move.appointment], move.after) for move in wish.moves)]
    rearrange(session, changes)


def _change(booking: Booking, place: SlotPlace) -> WayChange:
    uses = [WayUse(resource=use.resource, demand=use.demand, units=use.units) for use in place.resources]
    after = WayPlace(
        start=place.start,
        end=place.end,
        team=place.team,
        users=place.users,
        positions=place.positions,
        resources=uses,
    )
    return WayChange(appointment=booking.id, title=booking.title, before=None, after=after)


def _gone(move: SlotMoved, booking: Booking | None) -> dict[str, object] | None:
    """Tell where an appointment is that is no longer where it was."""
    if booking is None:
        return {"appointment": move.appointment, "was": _shown(move.before), "is": None}
    users = not move.before.users or set(move.before.users) == set(booking.users)
    if booking.start == move.before.start and booking.end == move.before.end and users:
        return None
    here = told_standing(booking)
    return {"appointment": move.appointment, "was": _shown(move.before), "is": here}


def _shown(place: SlotPlace) -> dict[str, object]:
    minutes = (place.end - place.start) // timedelta(minutes=1)
    return {"start": utc_text(place.start), "minutes": minutes, "team": place.team, "users": sorted(place.users)}
