"""What is known of an event: when it is, what it says, and which of a series it is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple


class Window(NamedTuple):
    """From when until when recurring events are followed, half-open."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One event, or one time of a recurring event.

    Parameters
    ----------
    recurrence_id
        Which time of a recurring event, as RFC 5545 writes it in UTC, or on the wall where it has no zone; "" of one
        that does not recur.
    start, end
        Whole minutes in UTC, half-open; they hold the event.
    title, location, description
        What it says.
    blocks
        Whether it takes the time of whoever has it in the calendar.
    """

    recurrence_id: str
    start: datetime
    end: datetime
    title: str = ""
    location: str = ""
    description: str = ""
    blocks: bool = True


@dataclass(frozen=True, slots=True)
class Series:
    """An event with all its times in a window.

    Parameters
    ----------
    uid
        What tells it from others.
    sequence
        How often it was changed, as it says.
    occurrences
        In the order of time.
    recurs
        Whether there may be others outside the window.
    """

    uid: str
    sequence: int
    occurrences: tuple[Occurrence, ...]
    recurs: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """An event that was not read.

    Parameters
    ----------
    uid, title
        What it says of itself, as far as that is known.
    why
        A sentence with what was found and what is expected.
    """

    uid: str
    title: str
    why: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What both sides of a synchronization know of an appointment.

    Parameters
    ----------
    start, end
        Whole minutes in UTC.
    title, location, description
        As much of it as the calendar may show.
    odd
        What cannot be said of an appointment, such as a recurrence; "" if there is nothing of the kind.
    """

    start: datetime
    end: datetime
    title: str
    location: str = ""
    description: str = ""
    odd: str = ""

    def stored(self) -> dict[str, Any]:
        """Write them as JSON."""
        return {
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            "title": self.title,
            "location": self.location,
            "description": self.description,
            "odd": self.odd,
        }

    @classmethod
    def read(cls, stored: dict[str, Any] | None) -> "Facts | None":
        """Read them from JSON; nothing, and what says it is gone, are None."""
        if not stored or stored.get("gone"):
            return None
        times = {name: datetime.fromisoformat(stored[name]) for name in ("start", "end")}
        return cls(**(stored | times))
