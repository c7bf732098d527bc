"""A process that runs jobs, for as long as it lives."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.records.base import Base, now
from models.records.fields import Label, Moment, field
from models.records.sql_types import BIG


class Executor(Base):
    """A running worker: its beat goes up while it lives, and its row goes when it ends or is given up.

    What it still writes without a row is refused, so that nobody writes beside the one who took over.
    """

    __tablename__ = "executors"

    key: Mapped[str] = mapped_column(String(36), primary_key=True)
    place: Mapped[Label]
    beat: Mapped[int] = field(0, type_=BIG)
    seen_at: Mapped[Moment] = field(now)
