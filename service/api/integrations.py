"""Connections to outside systems: their records, whether they work, and what is exchanged with them."""

import time
from typing import Annotated, Any

from fastapi import Body, Depends, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from models.enums import DeliveryStatus
from models.errors import Fault, TidyplanError
from models.events import IntegrationSaved
from models.records import ScheduleIntegration
from models.records.base import InvalidRecord
from models.records.fields import Moment
from service import crud
from service.calendars.outside import leave
from service.crud import Resource, Values
from service.dependencies import Asking, TheDatabase, TheSettings, Transaction, allowed
from service.errors import Conflict
from service.idempotency import once
from service.integrations.connectors import connector_of
from service.integrations.state import note_connected, note_failed
from service.integrations.syncing import ask_for_sync
from service.outgoing import Guard, Refused
from service.problems import responses
from service.routing import add_list, router_of
from service.webhooks.replaying import replay_many
from service.webhooks.signing import new_secret

_GUARD = "outgoing_guard"


def _create(session: Session, resource: Resource[ScheduleIntegration], values: Values) -> ScheduleIntegration:
    _ensure_may_connect(session, values)
    return crud.create_plainly(session, resource, values)


def _update(
    session: Session, resource: Resource[ScheduleIntegration], record: ScheduleIntegration, values: Values
) -> None:
    _ensure_may_connect(session, values)
    crud.update_plainly(session, resource, record, values)


def _delete(session: Session, resource: Resource[ScheduleIntegration], record: ScheduleIntegration) -> None:
    leave(session, record.id)
    crud.delete_plainly(session, resource, record)


def _guard(session: Transaction, settings: TheSettings) -> None:
    """Let a session know where the service may connect to."""
    session.info[_GUARD] = settings.guard


def _ensure_may_connect(session: Session, values: Values) -> None:
    """Refuse an address that says by itself that it leads where nothing may go; names are looked up when connecting."""
    url, guard = values.get("provider_url"), session.info.get(_GUARD)
    if url and isinstance(guard, Guard):
        try:
            guard.read(url)
        except Refused as error:
            raise InvalidRecord(
                [Fault("provider_url", f'"{url[:100]}"', "an address to connect to", str(error))]
            ) from None


INTEGRATIONS = Resource(
    ScheduleIntegration,
    "integrations",
    "integration",
    IntegrationSaved,
    create=_create,
    update=_update,
    delete=_delete,
    asks={"create": (Depends(_guard),), "update": (Depends(_guard),)},
)

router = router_of(INTEGRATIONS)
add_list(
    router,
    INTEGRATIONS,
    "/active/",
    lambda _session, _query: [ScheduleIntegration.is_active],
    "List active integrations",
    without=frozenset({"is_active"}),
)


class ConnectionTest(BaseModel):
    """Whether an outside system can be reached and takes what it is sent."""

    connected: bool
    message: str
    seconds: float


class Synchronization(BaseModel):
    """A job that synchronizes an integration; its record tells how that goes."""

    job: str


class Secret(BaseModel):
    """What an integration's webhooks are signed with from now on: this is the only time it is shown."""

    secret: str


class Rotation(BaseModel):
    """How a secret is changed."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"keep_previous": True}]})

    keep_previous: Annotated[
        bool, Field(description="Whether messages are signed with the present one, too, until the next rotation.")
    ] = True


class ReplayOf(BaseModel):
    """Which deliveries are sent once more, by when they were made."""

    model_config = ConfigDict(
        extra="forbid",
        hide_input_in_errors=True,
        json_schema_extra={"examples": [{"from": "2026-11-23T08:00:00Z", "until": "2026-11-23T12:00:00Z"}]},
    )

    since: Annotated[Moment | None, Field(alias="from")] = None
    until: Annotated[Moment | None, Field(description="Exclusive.")] = None
    statuses: Annotated[list[DeliveryStatus], Field(min_length=1, max_length=3)] = [DeliveryStatus.DEAD]


class Replayed(BaseModel):
    """How many deliveries are sent once more."""

    count: int


@router.post(
    "/{id:int}/test-connection/",
    response_model=ConnectionTest,
    responses=responses("not_found", "conflict"),
    dependencies=[allowed("integrations", "test-connection"), once],
    summary="Test the connection of an integration",
)
def test_connection(
    session: Transaction, asking: Asking, database: TheDatabase, settings: TheSettings, id: int
) -> ConnectionTest:
    """Connect to the other system; a webhook's receiver is sent an event "ping". The record keeps how that went."""
    with database.session(asking, writes=False) as reading:  # nothing is locked while the other system is waited for
        integration = crud.find(reading, INTEGRATIONS, id)
    connector = connector_of(integration)
    started = time.monotonic()
    try:
        message, connected = connector.tested(settings.guard, integration), True
    except TidyplanError as error:
        message, connected = str(error), False
    seconds = round(time.monotonic() - started, 3)
    crud.find(session, INTEGRATIONS, id)
    if connected:
        note_connected(session, id, exchanged=False)
    else:
        note_failed(session, id, message)
    return ConnectionTest(connected=connected, message=message, seconds=seconds)


@router.post(
    "/{id:int}/sync/",
    status_code=202,
    response_model=Synchronization,
    responses=responses("not_found", "conflict"),
    dependencies=[allowed("integrations", "sync"), once],
    summary="Synchronize an integration",
)
def sync(session: Transaction, id: int) -> Synchronization:
    """Ask a worker to exchange now what waits; `sync_status` and `error_message` tell how that goes."""
    integration = _in_use(session, id)
    connector_of(integration)
    return Synchronization(job=ask_for_sync(session, id))


@router.post(
    "/{id:int}/rotate-secret/",
    response_model=Secret,
    responses=responses("not_found"),
    dependencies=[allowed("integrations", "rotate-secret")],
    summary="Make a new secret for an integration",
)
def rotate_secret(
    session: Transaction, response: Response, id: int, body: Annotated[Rotation | None, Body()] = None
) -> Secret:
    """Make a secret that webhooks are signed with; with the previous one as well, so that nothing is lost meanwhile."""
    integration = crud.find(session, INTEGRATIONS, id, lock=True)
    previous = (integration.api_secret or "").split()[:1] if (body or Rotation()).keep_previous else []
    secret = new_secret()
    integration.api_secret = " ".join([secret, *previous])
    session.flush()
    response.headers["Cache-Control"] = "no-store"
    return Secret(secret=secret)


@router.post(
    "/{id:int}/replay/",
    status_code=202,
    response_model=Replayed,
    responses=responses("not_found", "conflict"),
    dependencies=[allowed("integrations", "replay"), once],
    summary="Send deliveries of a time once more",
)
def replay(session: Transaction, id: int, body: Annotated[ReplayOf | None, Body()] = None) -> Replayed:
    """Send the dead deliveries of an integration once more, or others of a time, oldest first."""
    integration = crud.find(session, INTEGRATIONS, id)
    wish = body or ReplayOf()
    return Replayed(count=replay_many(session, integration, wish.since, wish.until, wish.statuses))


def _in_use(session: Session, key: int) -> Any:
    integration = crud.find(session, INTEGRATIONS, key)
    if not integration.is_active:
        raise Conflict(f"Integration {key} is not active. Set is_active first.")
    return integration
