"""Who changed what, when, from what to what; rows are only ever added."""

from sqlalchemy.orm import Mapped

from models.records.base import Owned, now
from models.records.fields import Access, JsonObject, Key, Label, Moment, Prose, field
from models.records.sql_types import BIG


class AuditEntry(Owned):
    """One change of one record, with the values before and after it."""

    __tablename__ = "audit_entries"
    FILTERS = ("at", "actor", "action", "record_type", "record")
    SEARCHED = ("actor_name", "reason")

    at: Mapped[Moment] = field(now, access=Access.READ_ONLY)
    actor: Mapped[Key | None] = field(access=Access.READ_ONLY, type_=BIG)
    actor_name: Mapped[Label] = field("", access=Access.READ_ONLY)
    action: Mapped[Label] = field(access=Access.READ_ONLY)
    record_type: Mapped[Label] = field(access=Access.READ_ONLY)
    record: Mapped[Key] = field(access=Access.READ_ONLY, type_=BIG)
    before: Mapped[JsonObject | None] = field(access=Access.READ_ONLY)
    after: Mapped[JsonObject | None] = field(access=Access.READ_ONLY)
    reason: Mapped[Prose] = field("", access=Access.READ_ONLY)
    request_id: Mapped[Label | None] = field(access=Access.READ_ONLY)
