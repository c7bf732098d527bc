"""A connection to an outside system."""

from sqlalchemy.orm import Mapped

from models.enums import IntegrationType, SyncFrequency, SyncStatus
from models.fields import Count, Flag
from models.records.base import Entity
from models.records.fields import Access, Address, JsonObject, Label, Moment, Name, Prose, field
from models.records.sealed import SealedText


class ScheduleIntegration(Entity):
    """How to reach an outside system, and how the last exchange went."""

    __tablename__ = "schedule_integrations"
    FILTERS = ("name", "integration_type", "is_active", "sync_enabled", "sync_frequency", "sync_status", "last_sync")
    SEARCHED = ("name", "provider_name")

    name: Mapped[Name]
    integration_type: Mapped[IntegrationType]
    provider_name: Mapped[Label] = field("")
    provider_url: Mapped[Address] = field("")
    is_active: Mapped[Flag] = field(True)
    configuration: Mapped[JsonObject] = field(dict)
    api_key: Mapped[Address | None] = field(type_=SealedText, access=Access.WRITE_ONLY)
    api_secret: Mapped[Address | None] = field(type_=SealedText, access=Access.WRITE_ONLY)
    access_token: Mapped[Prose | None] = field(type_=SealedText, access=Access.WRITE_ONLY)
    refresh_token: Mapped[Prose | None] = field(type_=SealedText, access=Access.WRITE_ONLY)
    token_expires_at: Mapped[Moment | None] = field()
    sync_enabled: Mapped[Flag] = field(False)
    sync_frequency: Mapped[SyncFrequency] = field(SyncFrequency.DAILY)
    last_sync: Mapped[Moment | None] = field(access=Access.READ_ONLY)
    sync_status: Mapped[SyncStatus] = field(SyncStatus.DISCONNECTED, access=Access.READ_ONLY)
    error_message: Mapped[Prose] = field("", access=Access.READ_ONLY)
    retry_count: Mapped[Count] = field(0, access=Access.READ_ONLY)
    max_retries: Mapped[Count] = field(3)
