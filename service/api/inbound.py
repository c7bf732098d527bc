"""What integrations send in: no login, but a signature by the secret of the integration."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Body, Depends, Request, Response
from fastapi.concurrency import run_in_threadpool
from sqlalchemy.orm import Session

from models.records import Role, ScheduleIntegration
from models.records.fields import MAX_ID
from service.callers import Caller
from service.database import POOL, Database
from service.dependencies import TheDatabase, TheSettings
from service.errors import Unauthenticated
from service.idempotency import OnceRoute
from service.problems import responses
from service.rate_limits import spend
from service.routing import BASE
from service.webhooks import inbound
from service.webhooks.messages import Accepted, Message
from service.webhooks.signing import ensure_signed

_HEADERS = {
    "webhook-id": "The id of the message: the same when it is sent again, then with the same answer.",
    "webhook-timestamp": "When it was signed, in seconds since 1970; at most five minutes off.",
    "webhook-signature": "`v1,` and the HMAC-SHA256 of id, timestamp and body, joined by dots, in base64.",
}
_PARAMETERS = [
    {"name": name, "in": "header", "required": True, "description": text, "schema": {"type": "string"}}
    for name, text in _HEADERS.items()
]

router = APIRouter(
    prefix=f"{BASE}/integrations",
    tags=["integrations"],
    route_class=OnceRoute,
    responses=responses("unauthenticated", "invalid", "too_many_requests"),
)


@dataclass(frozen=True, slots=True)
class Signed:
    """An integration that has signed a message.

    Parameters
    ----------
    integration
        Which; it belongs to no session.
    message
        The id of the message.
    caller
        In whose name it writes: a dispatcher's rights.
    """

    integration: ScheduleIntegration
    message: str
    caller: Caller


async def signed_by(request: Request, database: TheDatabase, id: int) -> Signed:
    """Find out who has signed a request; whoever has not does not learn which integrations there are."""
    body = await request.body()
    return await run_in_threadpool(_signed, database, id, request, body)


def _signed(database: Database, key: int, request: Request, body: bytes) -> Signed:
    with database.everywhere(writes=False) as session:
        integration = session.get(ScheduleIntegration, key) if 1 <= key <= MAX_ID else None
    if integration is None:
        raise Unauthenticated("The message is not signed by this integration. Check the address and the api_secret.")
    message = ensure_signed(integration, request.headers, body)
    name = f"{integration.name} (integration {integration.id})"
    owner = integration.organization_id
    return Signed(integration, message, Caller(owner, None, name, Role.DISPATCHER, request_id=request.state.request_id))


def transaction(
    request: Request, database: TheDatabase, settings: TheSettings, signed: Annotated[Signed, Depends(signed_by)]
) -> Iterator[Session]:
    """Open the one session of a signed request, and commit it once, before the answer is sent."""
    spend(database, "inbound", f"{signed.integration.id}", settings.writes_per_minute)
    with database.session(signed.caller) as session:
        request.state.session = session
        yield session
        session.commit()


SignedTransaction = Annotated[Session, Depends(transaction, scope="function", max_concurrency=POOL // 8)]


@router.post(
    "/{id:int}/inbound/",
    responses=responses("unauthenticated", "conflict", "slot_taken", "rule_violated"),
    openapi_extra={"security": [], "parameters": _PARAMETERS},
    summary="Take a signed message of an integration",
)
def take(
    session: SignedTransaction,
    response: Response,
    signed: Annotated[Signed, Depends(signed_by)],
    body: Annotated[Message, Body()],
) -> Accepted:
    """Write what another system sends: `appointment.upsert` and `appointment.cancel` by `external_id`, `client.update`.

    A message that came before is answered as it was; one that was refused may be sent again.
    """
    known = inbound.known_answer(session, signed.integration.id, signed.message)
    if known is not None:
        response.headers["Idempotency-Replayed"] = "true"
        return known
    return inbound.accept(session, signed.integration, signed.message, body)
