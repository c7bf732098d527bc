"""What may come in from integrations, and what it is answered with."""

from enum import StrEnum
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from models.enums import AppointmentStatus
from models.errors import Fault
from models.faults import faults_of
from models.records.base import InvalidRecord
from models.records.fields import Email, JsonObject, Label, Name, Phone, Prose

Body = TypeVar("Body", bound=BaseModel)
_STRICT = ConfigDict(extra="forbid", hide_input_in_errors=True)


class MessageType(StrEnum):
    """What a message asks for."""

    PING = "ping"
    UPSERT = "appointment.upsert"
    CANCEL = "appointment.cancel"
    CLIENT = "client.update"


class Message(BaseModel):
    """A message in the form of Standard Webhooks; what it says besides is passed over."""

    model_config = ConfigDict(
        title="InboundMessage",
        hide_input_in_errors=True,
        json_schema_extra={
            "examples": [
                {
                    "type": "appointment.upsert",
                    "timestamp": "2026-11-23T17:00:00Z",
                    "data": {
                        "external_id": "booking-4711",
                        "title": "Window cleaning",
                        "start_datetime": "2026-11-30T09:00:00-08:00",
                        "duration_minutes": 60,
                        "client_name": "John Doe",
                    },
                }
            ]
        },
    )

    type: MessageType
    data: JsonObject = Field(default_factory=dict)


class Cancelled(BaseModel):
    """Which appointment is cancelled, and why."""

    model_config = _STRICT

    external_id: Name
    reason: Prose = ""


class ClientFields(BaseModel):
    """What is known of a client."""

    model_config = _STRICT

    client_name: Label | None = None
    client_email: Email | None = None
    client_phone: Phone | None = None


class ClientChanged(BaseModel):
    """A client, by the address known so far, and what has changed."""

    model_config = _STRICT

    client_email: Email
    changes: ClientFields


class Outcome(StrEnum):
    """What became of a message."""

    PONG = "pong"
    CREATED = "created"
    UPDATED = "updated"
    CANCELLED = "cancelled"
    CLASHED = "clashed"


class Accepted(BaseModel):
    """What became of a message that was accepted.

    `clashed` is what could not be booked and is stored all the same: as a request, or as it stood, with a conflict.
    """

    model_config = ConfigDict(title="InboundAnswer")

    outcome: Outcome
    appointments: Annotated[list[int], Field(description="Those that were written.")] = []
    status: AppointmentStatus | None = None
    conflict: int | None = None


def read_as(body: type[Body], data: Any) -> Body:
    """Read the data of a message.

    Raises
    ------
    InvalidRecord
        With all its faults.
    """
    try:
        return body.model_validate(data)
    except ValidationError as error:
        raise InvalidRecord(
            Fault(f"data.{each.where}", each.found, each.expected, each.advice) for each in faults_of(error, body)
        ) from None
