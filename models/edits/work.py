"""An appointment takes longer, comes late, is new, or is cancelled; one that must stay, and one that may move again."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator

from models.appointments import Appointment
from models.edits.draft import Draft, changed, title, valid
from models.edits.edit import Edit, minutes_of, refuse_edit, split
from models.edits.moments import read_moment, read_span, spoken
from models.enums import Priority
from models.errors import Fault, InvalidEdit
from models.faults import describe, refuse
from models.fields import Gap, Id, Instant
from models.json_reader import Unreadable, read_json


def _not_zero(minutes: int) -> int:
    if minutes == 0:
        raise refuse(minutes, "a number of minutes other than 0")
    return minutes


Shift = Annotated[Gap, AfterValidator(_not_zero)]


class Now(Edit):
    """It is a certain time: what has begun stays, and nothing else starts before."""

    option: ClassVar[str] = "--now"
    metavar: ClassVar[str] = "TIME"
    does: ClassVar[str] = "What time it is: tue 10:40. What has begun stays, nothing new starts before."

    kind: Literal["now"] = "now"
    time: Instant

    @classmethod
    def read(cls, text: str, draft: Draft) -> Self:
        """Read a moment; days count from the start of the horizon, or from the present `now`."""
        return cls(time=read_moment(text, draft))

    def apply(self, draft: Draft) -> str:
        """Set the problem's `now`."""
        draft.now = self.time
        return f"It is {spoken(self.time, draft)}"


class Longer(Edit):
    """An appointment takes longer than planned, or shorter."""

    option: ClassVar[str] = "--longer"
    metavar: ClassVar[str] = "APPOINTMENT:MINUTES"
    does: ClassVar[str] = "An appointment takes some minutes more (v12:30) or less (v12:-15)."

    kind: Literal["longer"] = "longer"
    appointment: Id
    minutes: Shift

    @classmethod
    def read(cls, text: str, draft: Draft) -> Self:
        """Read `APPOINTMENT:MINUTES`."""
        key, rest = split(text, draft, "appointment")
        return valid(cls, {"appointment": key, "minutes": minutes_of(rest, f"{key}:30")})

    def apply(self, draft: Draft) -> str:
        """Change the duration."""
        appointment = draft.appointment(self.appointment)
        minutes = appointment.duration_minutes + self.minutes
        draft.appointments[appointment.id] = changed(appointment, duration_minutes=minutes)
        how = "longer" if self.minutes > 0 else "shorter"
        return f"{title(appointment)} takes {abs(self.minutes)} min {how}, {minutes} min in all"


class Late(Edit):
    """An appointment starts later than planned, and that is settled."""

    option: ClassVar[str] = "--late"
    metavar: ClassVar[str] = "APPOINTMENT:MINUTES"
    does: ClassVar[str] = "An appointment starts some minutes late (v12:20) or early (v12:-10), with its crew."

    kind: Literal["late"] = "late"
    appointment: Id
    minutes: Shift

    @classmethod
    def read(cls, text: str, draft: Draft) -> Self:
        """Read `APPOINTMENT:MINUTES`."""
        key, rest = split(text, draft, "appointment")
        return valid(cls, {"appointment": key, "minutes": minutes_of(rest, f"{key}:20")})

    def apply(self, draft: Draft) -> str:
        """Move where it stands, and pin it there."""
        appointment = draft.appointment(self.appointment)
        current = appointment.current
        if current is None:
            refuse_edit(appointment.id, "an appointment that stands somewhere today", "It has no time yet.")
        start = current.start + timedelta(minutes=self.minutes)
        later = current.model_copy(update={"start": start})
        draft.appointments[appointment.id] = changed(appointment, current=later, pinned=True)
        how = "late" if self.minutes > 0 else "early"
        return f"{title(appointment)} starts {abs(self.minutes)} min {how}, at {spoken(start, draft)}"


class Urgent(Edit):
    """A new request; it is urgent unless it says otherwise."""

    option: ClassVar[str] = "--urgent"
    metavar: ClassVar[str] = "FILE"
    does: ClassVar[str] = (
        "A new appointment, as a file or as JSON; or like one there is, and when: like:v12, like:v12:tue 11:00..15:00."
    )

    kind: Literal["urgent"] = "urgent"
    appointment: Appointment

    @classmethod
    def read(cls, text: str, draft: Draft) -> Self:
        """Read an appointment, from a file or as it stands, or `like:APPOINTMENT[:WHEN]`."""
        if text.startswith("like:"):
            key, when = split(text.removeprefix("like:"), draft, "appointment")
            return cls(appointment=_alike(draft, key, when))
        return cls(appointment=valid(Appointment, document_of(text, "an appointment")))

    def apply(self, draft: Draft) -> str:
        """Add the appointment."""
        new = self.appointment
        if "priority" not in new.model_fields_set:
            new = changed(new, priority=Priority.URGENT)
        if new.id in draft.appointments:
            refuse_edit(new.id, "an id that no appointment has yet", "Choose another id.")
        draft.appointments[new.id] = new
        return f"{title(new)} is new, {new.duration_minutes} min, {new.priority}"


class Cancelled(Edit):
    """An appointment does not take place."""

    option: ClassVar[str] = "--cancelled"
    metavar: ClassVar[str] = "APPOINTMENT"
    does: ClassVar[str] = "An appointment is cancelled; what was to follow it no longer waits for it."

    kind: Literal["cancelled"] = "cancelled"
    appointment: Id

    @classmethod
    def read(cls, text: str, draft: Draft) -> Self:
        """Read `APPOINTMENT`."""
        draft.demand("appointment", text)
        return cls(appointment=text)

    def apply(self, draft: Draft) -> str:
        """Take the appointment out, and the links of others to it."""
        gone = draft.appointment(self.appointment)
        remove_appointment(draft, gone.id)
        return f"{title(gone)} is cancelled"


class Pinned(Edit):
    """An appointment stays exactly where it stands."""

    option: ClassVar[str] = "--keep"
    metavar: ClassVar[str] = "APPOINTMENT"
    does: ClassVar[str] = "An appointment stays exactly where it stands, with its crew."

    kind: Literal["pinned"] = "pinned"
    appointment: Id

    @classmethod
    def read(cls, text: str, draft: Draft) -> Self:
        """Read `APPOINTMENT`."""
        draft.demand("appointment", text)
        return cls(appointment=text)

    def apply(self, draft: Draft) -> str:
        """Pin the appointment."""
        appointment = draft.appointment(self.appointment)
        if appointment.current is None:
            refuse_edit(appointment.id, "an appointment that stands somewhere today", "It has no time yet.")
        draft.appointments[appointment.id] = changed(appointment, pinned=True)
        return f"{title(appointment)} stays where it is"


class Unpinned(Edit):
    """An appointment that was pinned may move again."""

    option: ClassVar[str] = "--release"
    metavar: ClassVar[str] = "APPOINTMENT"
    does: ClassVar[str] = "A pinned appointment may move again."

    kind: Literal["unpinned"] = "unpinned"
    appointment: Id

    @classmethod
    def read(cls, text: str, draft: Draft) -> Self:
        """Read `APPOINTMENT`."""
        draft.demand("appointment", text)
        return cls(appointment=text)

    def apply(self, draft: Draft) -> str:
        """Unpin the appointment."""
        appointment = draft.appointment(self.appointment)
        draft.appointments[appointment.id] = changed(appointment, pinned=False)
        return f"{title(appointment)} may move"


def _alike(draft: Draft, key: str, when: str) -> Appointment:
    """A new appointment that asks for the same as one there is, at any time from now on or within a stretch."""
    pattern = draft.appointment(key)
    asked = {"duration_minutes", "client", "title", "crew", "team", "users", "resources", "location"}
    buffers = {"buffer_before_minutes", "buffer_after_minutes"}
    document = pattern.model_dump(include=asked | buffers, by_alias=True, exclude_unset=True)
    start, end = read_span(when, draft)
    window = {"start": max(start, draft.reference), "end": min(end, draft.horizon.end)}
    return valid(Appointment, {**document, "id": draft.free_id(f"{key}-urgent", "appointment"), "windows": [window]})


def remove_appointment(draft: Draft, key: str) -> None:
    """Take an appointment out, and the links of others to it."""
    del draft.appointments[key]
    for other in draft.appointments.values():
        if any(link.appointment == key for link in other.after):
            links = tuple(link for link in other.after if link.appointment != key)
            draft.appointments[other.id] = changed(other, after=links)


def document_of(text: str, what: str) -> dict[str, object]:
    """Read a JSON object that is typed, or lies in a file.

    Parameters
    ----------
    text
        The object itself where it begins with a brace, else the name of a file.
    what
        Which object, for the fault.

    Returns
    -------
    Plain JSON values.

    Raises
    ------
    InvalidEdit
        Where there is no such file, or no object in it.
    """
    try:
        return read_json(text if text.lstrip().startswith("{") else Path(text).read_bytes())
    except Unreadable as unreadable:
        raise InvalidEdit([unreadable.fault]) from None
    except OSError as error:
        expected = f"a file with {what}, or {what} as JSON"
        raise InvalidEdit([Fault("", describe(text), expected, f"{error.strerror or error}.")]) from None
