"""What a refused booking is answered with."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from service.api.appointment_checks import ShownViolation
from service.problems import Problem


class Slot(BaseModel):
    """A time at which a booking would be possible, with the same people and things."""

    model_config = ConfigDict(title="Slot")

    start: datetime
    end: datetime
    team: int | None
    users: list[int]
    resources: list[int]


class Refusal(Problem):
    """A booking that would break hard rules: what it would break, and when it would be possible."""

    model_config = ConfigDict(
        title="Refusal",
        json_schema_extra={
            "examples": [
                {
                    "type": "urn:tidyplan:problem:slot_taken",
                    "title": "The time is taken",
                    "status": 409,
                    "detail": "User 3 (Ana) is booked for appointment 12 from 2026-11-30 09:00 to "
                    "2026-11-30 10:00 UTC.",
                    "code": "slot_taken",
                    "errors": [],
                    "request_id": "3f0c2a9e6c1f4b7f8a54a0c0a1a0a7b1",
                    "violations": [
                        {
                            "rule": "overlap",
                            "conflict_type": "double_booking",
                            "impact_level": "medium",
                            "appointments": [12],
                            "users": [3],
                            "resources": [],
                            "teams": [],
                            "start": "2026-11-30T09:30:00Z",
                            "end": "2026-11-30T10:00:00Z",
                            "amount": 30,
                            "message": "User 3 (Ana) is booked for appointment 12 from 2026-11-30 09:00 to "
                            "2026-11-30 10:00 UTC.",
                        }
                    ],
                    "can_be_overridden": False,
                    "alternatives": [
                        {
                            "start": "2026-11-30T10:00:00Z",
                            "end": "2026-11-30T11:00:00Z",
                            "team": None,
                            "users": [3],
                            "resources": [],
                        }
                    ],
                }
            ]
        },
    )

    violations: list[ShownViolation] = Field([], description="What it would break.")
    can_be_overridden: bool = Field(False, description="Whether a planner may store it all the same, with a reason.")
    alternatives: list[Slot] = Field([], description="The nearest possible times, at most three.")
