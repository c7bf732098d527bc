"""Webhooks on their way out: what was sent, what waits, what is dead."""

from typing import Any

from fastapi import Response

from models.enums import DeliveryStatus
from models.records import WebhookDelivery
from service import crud
from service.crud import Resource
from service.dependencies import Transaction, allowed
from service.idempotency import once
from service.problems import responses
from service.routing import add_list, router_of, single
from service.schemas import schemas_of
from service.webhooks.replaying import replay

DELIVERIES = Resource(WebhookDelivery, "webhook-deliveries", "webhook delivery")

router = router_of(DELIVERIES, ("list", "read"))
add_list(
    router,
    DELIVERIES,
    "/dead/",
    lambda _session, _query: [WebhookDelivery.status == DeliveryStatus.DEAD],
    "List dead letters",
    without=frozenset({"status"}),
)


@router.post(
    "/{id:int}/replay/",
    status_code=202,
    response_model=schemas_of(WebhookDelivery).read,
    responses=responses("not_found", "conflict"),
    dependencies=[allowed("webhook-deliveries", "replay"), once],
    summary="Send a delivery once more",
)
def replay_one(session: Transaction, response: Response, id: int) -> dict[str, Any]:
    """Send a delivery once more that is over, under the same id and with the same payload."""
    row = crud.find(session, DELIVERIES, id, lock=True)
    replay(session, row)
    return single(session, row, response)
