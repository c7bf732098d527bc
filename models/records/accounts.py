"""How somebody proves who it is: API keys and the sessions of refresh tokens; only digests are stored."""

from sqlalchemy.orm import Mapped

from models.fields import Names
from models.records.base import Entity, Owned, now
from models.records.fields import Access, Digest, Label, Moment, Name, field, reference


class ApiKey(Entity):
    """A key that acts for a user, within its scopes, until it expires or is revoked."""

    __tablename__ = "api_keys"
    FILTERS = ("user_id", "expires_at", "revoked_at")
    SEARCHED = ("name", "prefix")

    name: Mapped[Name]
    user_id: Mapped[int] = reference("users", on_delete="CASCADE", access=Access.READ_ONLY)
    scopes: Mapped[Names] = field(tuple)
    expires_at: Mapped[Moment | None] = field()
    prefix: Mapped[Label] = field(access=Access.READ_ONLY)
    digest: Mapped[Digest] = field(access=Access.HIDDEN, unique=True)
    revoked_at: Mapped[Moment | None] = field(access=Access.READ_ONLY)
    last_used_at: Mapped[Moment | None] = field(access=Access.READ_ONLY)


class RefreshSession(Owned):
    """One refresh token of a login; all that follow from the same login share a family."""

    __tablename__ = "refresh_sessions"

    user_id: Mapped[int] = reference("users", on_delete="CASCADE")
    family: Mapped[Digest] = field(index=True)
    digest: Mapped[Digest] = field(unique=True)
    created_at: Mapped[Moment] = field(now)
    expires_at: Mapped[Moment]
    used_at: Mapped[Moment | None] = field()
    revoked_at: Mapped[Moment | None] = field()
