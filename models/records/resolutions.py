"""Ways out that were offered, so that whoever offered them, any process can apply them."""

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from models.records.base import Owned, now
from models.records.fields import Digest, JsonObject, Label, Moment, field


class OfferedWay(Owned):
    """A way out of a conflict, or onto the plan: named by its content, with digests of what it was tried on."""

    __tablename__ = "offered_ways"

    subject: Mapped[Label]
    option: Mapped[Digest]
    offered_at: Mapped[Moment] = field(now, index=True)
    way: Mapped[JsonObject]
    read_as: Mapped[JsonObject]

    @classmethod
    def constraints(cls) -> tuple[Index, ...]:
        """The same way out of the same thing is kept once."""
        return (Index("uq_offered_ways_option", "organization_id", "subject", "option", unique=True),)
