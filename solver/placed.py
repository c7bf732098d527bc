"""An appointment where a plan puts it."""

from dataclasses import dataclass
from typing import NamedTuple

from models.appointments import Appointment


class Taken(NamedTuple):
    """A resource that an appointment takes: for which of its demands, and how much; None is the whole."""

    resource: str
    demand: int
    units: int | None


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """An appointment where a plan puts it, in epoch minutes."""

    appointment: Appointment
    start: int
    end: int
    users: tuple[str, ...]
    team: str | None
    resources: tuple[Taken, ...]
    pinned: bool

    @property
    def id(self) -> str:
        """The appointment's id."""
        return self.appointment.id

    @property
    def minutes(self) -> int:
        """Length of the service."""
        return self.end - self.start

    @property
    def busy_start(self) -> int:
        """Start of the buffer before the service."""
        return self.start - self.appointment.buffer_before_minutes

    @property
    def busy_end(self) -> int:
        """End of the buffer after the service."""
        return self.end + self.appointment.buffer_after_minutes

    @property
    def location(self) -> str | None:
        """Where it takes place, if that is known."""
        return self.appointment.location
