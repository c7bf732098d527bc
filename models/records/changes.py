"""What slots depend on has changed: a note for every process that keeps an index, written with the change itself."""

from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.records.base import Base, now
from models.records.fields import Moment, field
from models.records.sql_types import BIG


class Changed(StrEnum):
    """What has changed: an appointment, when somebody or something is away, or what all of the organization obeys."""

    APPOINTMENT = "appointment"
    USER_AWAY = "user_away"
    RESOURCE_AWAY = "resource_away"
    EVERYTHING = "everything"


class PlanChange(Base):
    """A change of an organization's plan.

    `record` is the id of the appointment, the user or the resource, 0 for everything. Notes are numbered when they are
    written and seen when they are committed, which is the same order on SQLite alone: on PostgreSQL `transaction_id`
    tells whose commit has been seen.
    """

    __tablename__ = "plan_changes"
    __table_args__ = (
        Index("ix_plan_changes_followed", "organization_id", "transaction_id", "id"),
        {"sqlite_autoincrement": True},  # a number that was given away never comes again
    )

    id: Mapped[int] = mapped_column(BIG, primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id", ondelete="CASCADE"))
    transaction_id: Mapped[int] = mapped_column(BIG)
    at: Mapped[Moment] = field(now, index=True)
    kind: Mapped[str] = mapped_column(String(40))
    record: Mapped[int] = mapped_column(BIG)
