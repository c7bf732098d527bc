"""What actions on appointments can be told."""

from datetime import timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from models.fields import Amount, Duration, Instant
from models.records.fields import Key, Keys, Prose, Rating

LONGEST_HOLD_SECONDS = 86_400


class Asked(BaseModel):
    """What an action can be told."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class Cancellation(Asked):
    """Why something is cancelled."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "The client is ill."}]})

    reason: Prose = ""


class Move(Asked):
    """Where an appointment goes; what is left out stays."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"start_datetime": "2026-12-01T10:00:00-08:00", "assigned_users": [3]}]}
    )

    start_datetime: Instant
    end_datetime: Instant | None = None
    duration_minutes: Duration | None = None
    assigned_team: Key | None = None
    assigned_users: Keys | None = None
    required_resources: Keys | None = None
    reason: Prose = ""


class Completion(Asked):
    """How it went."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"completion_notes": "All windows done.", "completion_rating": 5, "actual_cost": "120.00"}]
        }
    )

    completion_notes: Prose | None = None
    completion_rating: Rating | None = None
    completion_feedback: Prose | None = None
    actual_cost: Amount | None = None


class Hold(Asked):
    """What is kept from others for a while; what is left out is as the appointment says."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"start": "2026-12-01T10:00:00-08:00", "users": [2], "ttl": 300}]}
    )

    start: Instant
    team: Key | None = None
    users: Keys | None = None
    resources: Keys | None = None
    ttl: Annotated[
        int | None,
        Field(
            strict=True,
            ge=1,
            le=LONGEST_HOLD_SECONDS,
            description="Seconds; by default the `hold_minutes` of the organization's policies.",
        ),
    ] = None

    @property
    def length(self) -> timedelta | None:
        """How long it is kept."""
        return None if self.ttl is None else timedelta(seconds=self.ttl)
