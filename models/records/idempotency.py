"""A request that must not be done twice, and the answer it got."""

from sqlalchemy import Index, LargeBinary
from sqlalchemy.orm import Mapped

from models.records.base import Owned, now
from models.records.fields import Digest, JsonObject, Label, Moment, field


class IdempotencyKey(Owned):
    """A key of a caller for a path; without a status the request is still under way."""

    __tablename__ = "idempotency_keys"

    caller: Mapped[Label]
    path: Mapped[Label]
    key: Mapped[Label]
    body_digest: Mapped[Digest]
    created_at: Mapped[Moment] = field(now, index=True)
    status: Mapped[int | None] = field()
    headers: Mapped[JsonObject] = field(dict)
    body: Mapped[bytes | None] = field(type_=LargeBinary)

    @classmethod
    def constraints(cls) -> tuple[Index, ...]:
        """A key is used once by a caller for a path."""
        return (Index("uq_idempotency_keys_use", "organization_id", "caller", "path", "key", unique=True),)
