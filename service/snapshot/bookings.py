"""An appointment as a snapshot reads it: read from a record at hand, from rows, or made up to ask what if."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from models.enums import AppointmentStatus, Priority
from models.fields import FIRST_YEAR, LAST_YEAR
from models.records import Appointment
from models.records.requirements import Requirements

SETTLED = frozenset({AppointmentStatus.IN_PROGRESS, AppointmentStatus.COMPLETED})
_MINUTE = timedelta(minutes=1)
DAWN, DUSK = datetime(FIRST_YEAR, 2, 1, tzinfo=UTC), datetime(LAST_YEAR, 12, 1, tzinfo=UTC)


class Seat(NamedTuple):
    """A user who comes, and the position of the crew that the user fills, where that is known."""

    user: int
    position: int | None = None


class Use(NamedTuple):
    """A resource in use, for which demand, where that is known, and how many units; None is the whole of it."""

    resource: int
    demand: int | None = None
    units: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """What the solver has to know of an appointment, stored or not.

    Parameters
    ----------
    id
        Of the record, 0 for one that is not stored.
    client
        By which continuity tells clients apart: email, else name.
    start
        Where it stands, None for nowhere.
    minutes
        How long it takes.
    team, seats, uses
        Who and what it stands with, in the order of positions and demands.
    pinned
        As its record says.
    """

    id: int = 0
    title: str = ""
    client: str | None = None
    start: datetime | None = None
    minutes: int
    status: AppointmentStatus = AppointmentStatus.SCHEDULED
    priority: Priority = Priority.NORMAL
    team: int | None = None
    requirements: Requirements | None = None
    pinned: bool = False
    latitude: float | None = None
    longitude: float | None = None
    seats: tuple[Seat, ...] = ()
    uses: tuple[Use, ...] = ()

    @property
    def end(self) -> datetime | None:
        """When the service ends."""
        return None if self.start is None else self.start + self.minutes * _MINUTE

    @property
    def settled(self) -> bool:
        """Whether it stays as it is whatever it breaks: pinned, under way or done."""
        return self.pinned or self.status in SETTLED

    @property
    def judgeable(self) -> bool:
        """Whether it stands, and far enough from the ends of time that its surroundings can be read."""
        start, end = self.start, self.end
        return start is not None and end is not None and start >= DAWN and end <= DUSK

    @property
    def users(self) -> tuple[int, ...]:
        """Who comes, in the order of positions."""
        return tuple(seat.user for seat in self.seats)

    @property
    def follows(self) -> tuple[int, ...]:
        """Ids of the appointments that it follows."""
        links = self.requirements.after if self.requirements is not None else ()
        return tuple(int(link.appointment) for link in links if link.appointment.isdecimal())

    def within(self, users: frozenset[int], teams: frozenset[int], resources: frozenset[int]) -> "Booking":
        """Forget whoever and whatever else it takes: what is left matters to those subjects all the same."""
        return replace(
            self,
            team=self.team if self.team in teams else None,
            seats=tuple(seat for seat in self.seats if seat.user in users),
            uses=tuple(use for use in self.uses if use.resource in resources),
        )


def booking_of(record: Appointment) -> Booking:
    """Read a record as it is at hand, written or not, with its linking rows loaded.

    Parameters
    ----------
    record
        Of an appointment; its duration or both of its times must be known.

    Returns
    -------
    The booking.
    """
    start, end, minutes = record.start_datetime, record.end_datetime, record.duration_minutes
    if minutes is None and start is not None and end is not None:
        minutes = (end - start) // _MINUTE
    assert minutes is not None, f"appointment {record.id} has neither a duration nor two times"
    return Booking(
        id=record.id or 0,
        title=record.title,
        client=record.client_email or record.client_name or None,
        start=start,
        minutes=minutes,
        status=record.status,
        priority=record.priority,
        team=record.assigned_team_id,
        requirements=record.requirements,
        pinned=record.pinned,
        latitude=record.latitude,
        longitude=record.longitude,
        seats=in_order(Seat(link.user_id, link.position) for link in record.user_links),
        uses=uses_in_order(Use(link.resource_id, link.demand, link.units) for link in record.resource_links),
    )


def in_order(seats: Iterable[Seat]) -> tuple[Seat, ...]:
    """Sort seats by position, those without one last."""
    return tuple(sorted(seats, key=lambda seat: (seat.position is None, seat.position or 0, seat.user)))


def uses_in_order(uses: Iterable[Use]) -> tuple[Use, ...]:
    """Sort uses by demand, those without one last."""
    return tuple(sorted(uses, key=lambda use: (use.demand is None, use.demand or 0, use.resource)))
