"""How a calendar file is imported, and what is told of it."""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from models.faults import refuse
from models.fields import Instant
from models.people import Zone
from models.records.fields import Key


class Into(StrEnum):
    """What events become."""

    APPOINTMENTS = "appointments"
    ABSENCES = "absences"


class Imported(StrEnum):
    """What became of an event."""

    IMPORTED = "imported"
    SKIPPED = "skipped"


class ImportWish(BaseModel):
    """How a calendar file is imported."""

    model_config = ConfigDict(extra="forbid")

    into: Annotated[Into, Field(description="What events become; absences need a user or a resource.")] = (
        Into.APPOINTMENTS
    )
    user: Annotated[Key | None, Field(strict=False, description="Who has the appointments, or is away.")] = None
    team: Annotated[Key | None, Field(strict=False, description="Which team has the appointments.")] = None
    resource: Annotated[Key | None, Field(strict=False, description="Which resource is used, or away.")] = None
    since: Annotated[Instant | None, Field(alias="from", description="By default now.")] = None
    until: Annotated[Instant | None, Field(description="By default 90 days later; at most 400.")] = None
    timezone: Annotated[Zone | None, Field(description="Of times without one; by default the organization's.")] = None
    dry_run: Annotated[bool, Field(description="Only tell what would become of each event.")] = False

    @model_validator(mode="after")
    def _says_whose(self) -> "ImportWish":
        if self.into is Into.ABSENCES and ((self.user is None) == (self.resource is None) or self.team is not None):
            raise refuse("", "either user or resource", "Say who or what is away.", "user")
        return self


class ImportedEvent(BaseModel):
    """What became of one event, or of one time of a recurring one."""

    uid: str
    recurrence_id: str
    title: str
    start: Instant | None
    end: Instant | None
    outcome: Imported
    id: Annotated[int | None, Field(description="Of the appointment or absence; null of what was not made.")]
    why: Annotated[str, Field(description="Why it was skipped.")]


class ImportReport(BaseModel):
    """What became of the events of a file."""

    dry_run: bool
    imported: int
    skipped: int
    events: list[ImportedEvent]
