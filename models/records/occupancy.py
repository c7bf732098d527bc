"""Who and what is taken, when: one row per appointment and subject, buffers included."""

from enum import IntEnum

from sqlalchemy import CheckConstraint, Index, func, literal_column
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped

from models.fields import Flag, Positive
from models.records.base import Owned
from models.records.fields import Moment, field, reference
from models.records.sql_types import BIG


class SubjectKind(IntEnum):
    """What can be taken; the numbers are stored."""

    USER = 0
    TEAM = 1
    RESOURCE = 2
    ORGANIZATION = 3


def subject_key(kind: SubjectKind, key: int) -> int:
    """Put the kind and the id of a subject into one number, by which subjects are locked in order."""
    return key * len(SubjectKind) + kind


def subject_of(key: int) -> tuple[SubjectKind, int]:
    """Take a subject's number apart again."""
    return SubjectKind(key % len(SubjectKind)), key // len(SubjectKind)


class Occupancy(Owned):
    """A subject is taken by an appointment from one epoch minute to another, half-open.

    An exclusive one never overlaps another exclusive one of its subject: the database sees to it. One with an expiry
    is a hold.
    """

    __tablename__ = "occupancies"

    appointment_id: Mapped[int] = reference("appointments", on_delete="CASCADE")
    subject: Mapped[int] = field(type_=BIG)
    start_minute: Mapped[int] = field(type_=BIG)
    end_minute: Mapped[int] = field(type_=BIG)
    exclusive: Mapped[Flag] = field(True)
    units: Mapped[Positive | None] = field()
    expires_at: Mapped[Moment | None] = field(index=True)

    @classmethod
    def constraints(cls) -> tuple[CheckConstraint | Index | ExcludeConstraint, ...]:
        """It runs forward, is found by its subject, and stands alone if it is exclusive."""
        alone = ExcludeConstraint(
            (func.int8range(literal_column("subject"), literal_column("subject"), literal_column("'[]'")), "&&"),
            (func.int8range(literal_column("start_minute"), literal_column("end_minute")), "&&"),
            where=literal_column("exclusive"),
            using="gist",
            name="ex_occupancies_alone",
        )
        return (
            CheckConstraint("start_minute < end_minute", name="forward"),
            Index("ix_occupancies_subject", "subject", "start_minute", "end_minute"),
            alone.ddl_if(dialect="postgresql"),
        )
