"""A connection to an outside system."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, ValidationError
from sqlalchemy.orm import Mapped

from models.cron import Cron
from models.enums import IntegrationType, SyncFrequency, SyncStatus
from models.errors import Fault
from models.faults import faults_of
from models.fields import Count, Flag, Part, Text
from models.records.base import Entity
from models.records.fields import Access, Address, JsonObject, Label, Moment, Name, Prose, field
from models.records.sealed import SealedText


class OnClash(StrEnum):
    """What becomes of an appointment that comes in and cannot be booked."""

    REFUSE = "refuse"
    REQUEST = "request"


class IntegrationOptions(Part):
    """What `configuration` may say to the service; all else in it is the owner's.

    `cron` goes before `sync_frequency`; `events` are what webhooks tell, such as "appointment.*"; `on_clash` says what
    becomes of an incoming appointment that cannot be booked.
    """

    cron: Cron | None = None
    events: Annotated[tuple[Text, ...], Field(max_length=100)] = ("*",)
    on_clash: OnClash = OnClash.REFUSE


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

    @property
    def options(self) -> IntegrationOptions:
        """What the configuration says to the service."""
        return IntegrationOptions.model_validate(self._said())

    def check(self) -> list[Fault]:
        """Find what the configuration says to the service and the service does not understand."""
        try:
            IntegrationOptions.model_validate(self._said())
        except ValidationError as error:
            return [
                Fault(f"configuration.{each.where}", each.found, each.expected, each.advice)
                for each in faults_of(error, IntegrationOptions)
            ]
        return []

    def _said(self) -> dict[str, object]:
        return {name: value for name, value in self.configuration.items() if name in IntegrationOptions.model_fields}
