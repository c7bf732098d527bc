"""How often somebody has asked lately: counted in the database, so that all processes share it."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.records.base import Base
from models.records.sql_types import BIG


class RateLimit(Base):
    """The requests of one kind by one caller in the present window."""

    __tablename__ = "rate_limits"

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    window: Mapped[int] = mapped_column(BIG)
    count: Mapped[int]
