"""A stored conflict: a violation of the live plan, or a clash that somebody entered, and how it was resolved."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.enums import ConflictStatus, ConflictType, ImpactLevel
from models.errors import Fault
from models.records.base import Base, Entity, now
from models.records.fields import (
    Access,
    Digest,
    JsonObject,
    Label,
    Moment,
    Prose,
    field,
    linked,
    links,
    reference,
)


class ConflictUser(Base):
    """A user whom a conflict affects."""

    __tablename__ = "schedule_conflict_users"

    conflict_id: Mapped[int] = mapped_column(ForeignKey("schedule_conflicts.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True)


class ConflictResource(Base):
    """A resource that a conflict affects."""

    __tablename__ = "schedule_conflict_resources"

    conflict_id: Mapped[int] = mapped_column(ForeignKey("schedule_conflicts.id", ondelete="CASCADE"), primary_key=True)
    resource_id: Mapped[int] = mapped_column(
        ForeignKey("resources.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class ConflictAppointment(Base):
    """An appointment of the set that a conflict is about, the primary one included."""

    __tablename__ = "schedule_conflict_appointments"

    conflict_id: Mapped[int] = mapped_column(ForeignKey("schedule_conflicts.id", ondelete="CASCADE"), primary_key=True)
    appointment_id: Mapped[int] = mapped_column(
        ForeignKey("appointments.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class ScheduleConflict(Entity):
    """A clash; `identity` tells whether the same one was found before, and is null for one entered by hand."""

    __tablename__ = "schedule_conflicts"
    FILTERS = (
        "conflict_type",
        "status",
        "impact_level",
        "conflict_datetime",
        "primary_appointment_id",
        "conflicting_appointment_id",
        "rule",
        "resolved_by_id",
    )
    SEARCHED = ("conflict_description", "resolution_notes")
    UNIQUE = (("identity",),)

    conflict_type: Mapped[ConflictType]
    status: Mapped[ConflictStatus] = field(ConflictStatus.PENDING)
    primary_appointment_id: Mapped[int] = reference("appointments", on_delete="CASCADE")
    conflicting_appointment_id: Mapped[int | None] = reference("appointments", on_delete="CASCADE")
    conflict_description: Mapped[Prose] = field("")
    conflict_datetime: Mapped[Moment] = field(now)
    pending_since: Mapped[Moment | None] = field(access=Access.READ_ONLY)
    resolution_notes: Mapped[Prose] = field("")
    resolved_by_id: Mapped[int | None] = reference("users", on_delete="SET NULL", access=Access.READ_ONLY)
    resolved_at: Mapped[Moment | None] = field(access=Access.READ_ONLY)
    impact_level: Mapped[ImpactLevel] = field(ImpactLevel.MEDIUM)
    rule: Mapped[Label | None] = field(access=Access.READ_ONLY)
    subject: Mapped[Label | None] = field(access=Access.READ_ONLY)
    details: Mapped[JsonObject] = field(dict, access=Access.READ_ONLY)
    identity: Mapped[Digest | None] = field(access=Access.HIDDEN)

    user_links: Mapped[list[ConflictUser]] = links("ConflictUser.user_id")
    resource_links: Mapped[list[ConflictResource]] = links("ConflictResource.resource_id")
    appointment_links: Mapped[list[ConflictAppointment]] = links("ConflictAppointment.appointment_id")
    affected_user_ids = linked("user_links", "user_id", lambda key: ConflictUser(user_id=key))
    affected_resource_ids = linked("resource_links", "resource_id", lambda key: ConflictResource(resource_id=key))
    involved_appointment_ids = linked(
        "appointment_links",
        "appointment_id",
        lambda key: ConflictAppointment(appointment_id=key),
        access=Access.READ_ONLY,
    )

    def check(self) -> list[Fault]:
        """Note since when it waits for somebody to look at it."""
        if self.status is ConflictStatus.PENDING:
            self.pending_since = self.pending_since or now()
        else:
            self.pending_since = None
        return []
