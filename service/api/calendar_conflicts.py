"""Deciding conflicts about what was changed in a calendar elsewhere."""

from typing import Any

from fastapi import APIRouter, Response

from models.records import ScheduleConflict
from service import crud
from service.api.conflicts import CONFLICTS
from service.calendars.review import take
from service.dependencies import Asking, Transaction, allowed
from service.etags import IfMatch, ensure_current
from service.idempotency import OnceRoute, once
from service.problems import responses
from service.rights import ensure_may
from service.routing import BASE, FAULTS, single
from service.schemas import schemas_of

router = APIRouter(prefix=f"{BASE}/conflicts", tags=["conflicts"], route_class=OnceRoute, responses=dict(FAULTS))


@router.post(
    "/{id:int}/follow-calendar/",
    response_model=schemas_of(ScheduleConflict).read,
    responses=responses("not_found", "conflict", "stale", "slot_taken", "illegal_transition", "rule_violated"),
    dependencies=[allowed("conflicts", "resolve"), once],
    summary="Let an appointment follow a calendar",
)
def follow(
    session: Transaction, asking: Asking, response: Response, id: int, if_match: IfMatch = None
) -> dict[str, Any]:
    """Change the appointment to what the calendar elsewhere says, or cancel it if it was deleted there.

    To keep the appointment as it is, and have it written over what stands in the calendar, resolve the conflict.
    """
    ensure_may(asking, "appointments", "update")
    conflict = crud.find(session, CONFLICTS, id, lock=True)
    ensure_current(conflict, if_match)
    take(session, conflict)
    return single(session, conflict, response)
