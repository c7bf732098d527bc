"""An appointment: what a client gets, when, by whom and with what."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, inspect, text
from sqlalchemy.orm import Mapped, mapped_column

from models.enums import AppointmentStatus, Priority
from models.errors import Fault
from models.fields import Amount, Count, Duration, Flag, Instant, Positive
from models.lifecycle import ensure_transition
from models.people import Zone
from models.records.base import Base, Entity, Hidden
from models.records.fields import (
    Access,
    Address,
    Currency,
    Email,
    JsonObject,
    Label,
    Moment,
    Name,
    Phone,
    Prose,
    Rating,
    field,
    linked,
    links,
    reference,
)
from models.records.requirements import Requirements
from models.records.rules import RecurrenceRule
from models.travel import Latitude, Longitude

LONG_MINUTES = 2880
"""What lasts longer has an index of its own, so that the others are found by their start."""
_TIMES = ("start_datetime", "end_datetime", "duration_minutes")
_FOLLOWS = {
    frozenset({"start_datetime"}): "end_datetime",
    frozenset({"end_datetime"}): "duration_minutes",
    frozenset({"duration_minutes"}): "end_datetime",
    frozenset({"start_datetime", "end_datetime"}): "duration_minutes",
    frozenset({"start_datetime", "duration_minutes"}): "end_datetime",
    frozenset({"end_datetime", "duration_minutes"}): "start_datetime",
}
"""Which of the three times follows when the others are set."""


class AppointmentUser(Base):
    """A user of an appointment, and the position of the crew that the user fills."""

    __tablename__ = "appointment_users"

    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointments.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    position: Mapped[Count | None]


class AppointmentResource(Base):
    """A resource of an appointment, the demand it fills and the units in use; None is the whole of it."""

    __tablename__ = "appointment_resources"

    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointments.id", ondelete="CASCADE"), primary_key=True)
    resource_id: Mapped[int] = mapped_column(ForeignKey("resources.id"), primary_key=True, index=True)
    demand: Mapped[Count | None]
    units: Mapped[Positive | None]


class Appointment(Entity, Hidden):
    """What is to be done for a client; without a time only while it is requested.

    The first occurrence of a series has its rule, the start and the zone from which that is followed, and the starts at
    which there is none; the others name it as `parent_appointment`. `original_start` is where the series wants an
    occurrence, `series_values` what it says where the occurrence was changed by itself. `estimates_cost` is true while
    nobody has set `estimated_cost`.

    `whole_team` says that its users are all members that its team had when it was booked; `held_until`, until when a
    requested one keeps its time and people from others.
    """

    __tablename__ = "appointments"
    FILTERS = (
        "start_datetime",
        "end_datetime",
        "status",
        "priority",
        "assigned_team_id",
        "parent_appointment_id",
        "schedule_template_id",
        "client_name",
        "client_email",
        "is_recurring",
        "is_billable",
        "is_virtual",
        "pinned",
        "reminder_datetime",
        "external_id",
    )
    SEARCHED = ("title", "description", "client_name", "client_email", "client_phone", "location")

    title: Mapped[Name]
    description: Mapped[Prose] = field("")
    start_datetime: Mapped[Instant | None] = field()
    end_datetime: Mapped[Instant | None] = field()
    duration_minutes: Mapped[Duration | None] = field()
    status: Mapped[AppointmentStatus] = field(AppointmentStatus.SCHEDULED)
    priority: Mapped[Priority] = field(Priority.NORMAL)
    client_name: Mapped[Label] = field("")
    client_email: Mapped[Email | None] = field()
    client_phone: Mapped[Phone] = field("")
    client_notes: Mapped[Prose] = field("")
    assigned_team_id: Mapped[int | None] = reference("teams")
    requirements: Mapped[Requirements | None] = field()
    pinned: Mapped[Flag] = field(False)
    whole_team: Mapped[Flag] = field(False, access=Access.READ_ONLY)
    held_until: Mapped[Moment | None] = field(access=Access.READ_ONLY)
    location: Mapped[Label] = field("")
    latitude: Mapped[Latitude | None] = field()
    longitude: Mapped[Longitude | None] = field()
    is_virtual: Mapped[Flag] = field(False)
    meeting_url: Mapped[Address] = field("")
    is_recurring: Mapped[Flag] = field(False)
    recurrence_rule: Mapped[RecurrenceRule | None] = field()
    parent_appointment_id: Mapped[int | None] = reference("appointments", access=Access.READ_ONLY)
    original_start: Mapped[Instant | None] = field(access=Access.READ_ONLY)
    excluded_starts: Mapped[tuple[Instant, ...]] = field(tuple, access=Access.READ_ONLY)
    recurrence_start: Mapped[Instant | None] = field(access=Access.READ_ONLY)
    recurrence_timezone: Mapped[Zone | None] = field(access=Access.READ_ONLY)
    series_values: Mapped[JsonObject] = field(dict, access=Access.READ_ONLY)
    schedule_template_id: Mapped[int | None] = reference("schedule_templates", on_delete="SET NULL")
    estimated_cost: Mapped[Amount | None] = field()
    estimates_cost: Mapped[Flag] = field(True, access=Access.READ_ONLY)
    actual_cost: Mapped[Amount | None] = field()
    currency: Mapped[Currency] = field("USD", inherits="currency")
    is_billable: Mapped[Flag] = field(True)
    reminder_sent: Mapped[Flag] = field(False, access=Access.READ_ONLY)
    reminder_datetime: Mapped[Moment | None] = field()
    completion_notes: Mapped[Prose] = field("")
    completion_rating: Mapped[Rating | None] = field()
    completion_feedback: Mapped[Prose] = field("")
    external_id: Mapped[Label | None] = field()
    external_url: Mapped[Address] = field("")

    user_links: Mapped[list[AppointmentUser]] = links("AppointmentUser.user_id")
    resource_links: Mapped[list[AppointmentResource]] = links("AppointmentResource.resource_id")
    assigned_user_ids = linked("user_links", "user_id", lambda key: AppointmentUser(user_id=key))
    required_resource_ids = linked("resource_links", "resource_id", lambda key: AppointmentResource(resource_id=key))

    @classmethod
    def constraints(cls) -> tuple[CheckConstraint | Index, ...]:
        """Both times or none, and none only while it is not booked."""
        long = text(f"duration_minutes > {LONG_MINUTES}")
        return (
            Index("ix_appointments_team_times", "assigned_team_id", "start_datetime"),
            Index(
                "ix_appointments_long",
                "organization_id",
                "start_datetime",
                sqlite_where=long,
                postgresql_where=long,
            ),
            CheckConstraint("(start_datetime IS NULL) = (end_datetime IS NULL)", name="both_times"),
            CheckConstraint("start_datetime < end_datetime", name="forward"),
            CheckConstraint(
                "start_datetime IS NOT NULL OR status IN ('requested', 'cancelled')", name="booked_has_time"
            ),
        )

    def assign(self, values: Mapping[str, Any]) -> None:
        """Set some fields; of start, end and duration those that are not given follow, a status only its like.

        Raises
        ------
        IllegalTransition
            If the status may not follow the present one.
        """
        wanted = values.get("status", self.status)
        if inspect(self).has_identity and wanted != self.status:
            ensure_transition(self.status, wanted)
        if "estimated_cost" in values and values["estimated_cost"] != self.estimated_cost:
            self.estimates_cost = values["estimated_cost"] is None
        given = frozenset(name for name in _TIMES if name in values)
        follows = _FOLLOWS.get(given)
        start = self.start_datetime
        if follows is not None:
            setattr(self, follows, None)
        reminded = values.get("reminder_datetime", self.reminder_datetime) != self.reminder_datetime
        super().assign(values)
        self._remind_anew(start, reminded)

    def check(self) -> list[Fault]:
        """Derive the third of start, end and duration from the other two, and find what does not fit."""
        start, end = self.start_datetime, self.end_datetime
        if self.duration_minutes is not None:
            length = timedelta(minutes=self.duration_minutes)
            if start is not None and end is None:
                self.end_datetime = end = start + length
            elif end is not None and start is None:
                self.start_datetime = start = end - length
        faults = []
        if start is not None and end is not None:
            faults += self._check_times((end - start) // timedelta(minutes=1))
        elif start is not None or end is not None:
            where = "end_datetime" if end is None else "start_datetime"
            faults.append(Fault(where, "null", "both times, or one and duration_minutes", "Add it."))
        elif self.status not in (AppointmentStatus.REQUESTED, AppointmentStatus.CANCELLED):
            advice = "Add it, or leave the status at requested."
            faults.append(Fault("start_datetime", "null", f"the start of what is {self.status}", advice))
        elif self.duration_minutes is None:
            faults.append(Fault("duration_minutes", "null", "how long it takes", "Add it, or start and end."))
        if (self.latitude is None) != (self.longitude is None):
            missing = "latitude" if self.latitude is None else "longitude"
            faults.append(Fault(missing, "null", "both latitude and longitude", "Add it, or leave both out."))
        return faults

    def _remind_anew(self, start: datetime | None, told: bool) -> None:
        """After a move from a start, let the reminder come as long before the new one, unless its time was told."""
        present = self.start_datetime
        if present is None and self.end_datetime is not None and self.duration_minutes is not None:
            present = self.end_datetime - timedelta(minutes=self.duration_minutes)
        if present == start and not told:
            return
        if inspect(self).has_identity:
            self.reminder_sent = False
        if not told and self.reminder_datetime is not None and start is not None:
            self.reminder_datetime = None if present is None else self.reminder_datetime + (present - start)

    def _check_times(self, minutes: int) -> list[Fault]:
        if minutes <= 0:
            return [Fault("end_datetime", "not after start_datetime", "a later time", "Swap the two.")]
        if self.duration_minutes is None:
            self.duration_minutes = minutes
        if self.duration_minutes != minutes:
            expected = f"the {minutes} minutes from start_datetime to end_datetime"
            found = str(self.duration_minutes)
            return [Fault("duration_minutes", found, expected, "Leave one of the three out.")]
        return []
