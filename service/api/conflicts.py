"""Conflicts."""

from typing import Annotated, Any

from fastapi import Body, Response
from pydantic import BaseModel, ConfigDict
from sqlalchemy.orm import Session

from models.enums import ConflictStatus
from models.events import ConflictDetected
from models.records import ScheduleConflict
from models.records.fields import Prose
from service import crud
from service.conflicts import resolving
from service.crud import Resource
from service.dependencies import Transaction, allowed
from service.etags import IfMatch, ensure_current
from service.idempotency import once
from service.problems import responses
from service.routing import add_list, router_of, single
from service.schemas import schemas_of

CONFLICTS = Resource(
    ScheduleConflict,
    "conflicts",
    "conflict",
    created=ConflictDetected,
    create=resolving.create,
    update=resolving.update,
)
UNRESOLVED = (ConflictStatus.PENDING, ConflictStatus.ESCALATED)

router = router_of(CONFLICTS)
add_list(
    router,
    CONFLICTS,
    "/unresolved/",
    lambda _session, _query: [ScheduleConflict.status.in_(UNRESOLVED)],
    "List unresolved conflicts",
    without=frozenset({"status"}),
)


class Resolution(BaseModel):
    """How a conflict was resolved."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"resolution_notes": "Ana takes both."}]})

    resolution_notes: Prose = ""


class Escalation(BaseModel):
    """Why a conflict is handed up."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"resolution_notes": "Nobody is left."}]})

    resolution_notes: Prose = ""


@router.post(
    "/{id:int}/resolve/",
    response_model=schemas_of(ScheduleConflict).read,
    responses=responses("not_found", "conflict", "stale"),
    dependencies=[allowed("conflicts", "resolve"), once],
    summary="Resolve a conflict",
)
def resolve(
    session: Transaction,
    response: Response,
    id: int,
    body: Annotated[Resolution | None, Body()] = None,
    if_match: IfMatch = None,
) -> dict[str, Any]:
    """Close a conflict; one that was found, only if its cause is gone."""
    conflict = _found(session, id, if_match)
    resolving.resolve(session, conflict, (body or Resolution()).resolution_notes)
    return single(session, conflict, response)


@router.post(
    "/{id:int}/escalate/",
    response_model=schemas_of(ScheduleConflict).read,
    responses=responses("not_found", "conflict", "stale"),
    dependencies=[allowed("conflicts", "escalate"), once],
    summary="Escalate a conflict",
)
def escalate(
    session: Transaction,
    response: Response,
    id: int,
    body: Annotated[Escalation | None, Body()] = None,
    if_match: IfMatch = None,
) -> dict[str, Any]:
    """Hand a conflict up."""
    conflict = _found(session, id, if_match)
    resolving.escalate(session, conflict, (body or Escalation()).resolution_notes)
    return single(session, conflict, response)


def _found(session: Session, key: int, if_match: str | None) -> ScheduleConflict:
    conflict = crud.find(session, CONFLICTS, key, lock=True)
    ensure_current(conflict, if_match)
    return conflict
