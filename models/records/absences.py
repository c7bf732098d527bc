"""A stretch of time in which a user or a resource is away."""

from enum import StrEnum

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped

from models.errors import Fault
from models.fields import Instant
from models.records.base import Entity
from models.records.fields import Access, Label, Prose, field, reference


class AbsenceKind(StrEnum):
    """Why somebody or something is away."""

    LEAVE = "leave"
    SICKNESS = "sickness"
    TRAINING = "training"
    MAINTENANCE = "maintenance"
    UNAVAILABLE = "unavailable"
    EXTERNAL = "external"


class Absence(Entity):
    """One user or one resource is unavailable from `start` to `end`, half-open.

    What an integration has read from a calendar names it, with the event's UID and which of its recurrences it is.
    """

    __tablename__ = "absences"
    FILTERS = ("user_id", "resource_id", "kind", "start", "end")
    SEARCHED = ("reason", "notes")
    UNIQUE = (("integration_id", "external_uid", "recurrence_id"),)

    user_id: Mapped[int | None] = reference("users", on_delete="CASCADE")
    resource_id: Mapped[int | None] = reference("resources", on_delete="CASCADE")
    kind: Mapped[AbsenceKind] = field(AbsenceKind.UNAVAILABLE)
    start: Mapped[Instant]
    end: Mapped[Instant]
    reason: Mapped[Label] = field("")
    notes: Mapped[Prose] = field("")
    external_uid: Mapped[Label | None] = field(index=True)
    integration_id: Mapped[int | None] = reference(
        "schedule_integrations", on_delete="CASCADE", access=Access.READ_ONLY
    )
    recurrence_id: Mapped[Label | None] = field(access=Access.READ_ONLY)

    @classmethod
    def constraints(cls) -> tuple[CheckConstraint, ...]:
        """It runs forward and is of exactly one subject."""
        return (
            CheckConstraint('"start" < "end"', name="forward"),
            CheckConstraint("(user_id IS NULL) <> (resource_id IS NULL)", name="one_subject"),
        )

    def check(self) -> list[Fault]:
        """Find an absence of nobody or of two, and one that ends before it starts."""
        faults = []
        if (self.user_id is None) == (self.resource_id is None):
            found = "neither user nor resource" if self.user_id is None else "a user and a resource"
            faults.append(Fault("user", found, "either a user or a resource", "Name one of them."))
        if self.end <= self.start:
            expected = f"a time after the start {self.start.isoformat()}"
            faults.append(Fault("end", self.end.isoformat(), expected, "Swap start and end."))
        return faults
