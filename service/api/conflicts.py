"""Conflicts."""

from typing import Annotated, Any

from fastapi import Body, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from models.enums import ConflictStatus
from models.events import ConflictDetected
from models.records import ScheduleConflict
from models.records.fields import Label, Prose
from service import crud
from service.conflicts import resolving
from service.conflicts.ways import settling
from service.conflicts.ways.keeping import keep
from service.conflicts.ways.options import NOTHING_HELPS, Resolutions
from service.crud import Resource
from service.dependencies import Asking, TheDatabase, Transaction, allowed
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
    """How a conflict is or was resolved: by applying an option, or in another way, which is noted."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"option": "3f1c09d2b7e4a586"}, {"resolution_notes": "Ana takes both."}]},
    )

    option: Annotated[
        Label | None, Field(min_length=1, description="One of `suggest-resolutions/`; its changes are made, or none.")
    ] = None
    resolution_notes: Prose = ""


class Escalation(BaseModel):
    """Why a conflict is handed up."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"resolution_notes": "Nobody is left."}]})

    resolution_notes: Prose = ""


@router.post(
    "/{id:int}/suggest-resolutions/",
    response_model=Resolutions,
    responses=responses("not_found"),
    dependencies=[allowed("conflicts", "suggest-resolutions"), once],
    summary="Suggest ways out of a conflict",
)
def suggest_resolutions(session: Transaction, database: TheDatabase, asking: Asking, id: int) -> Resolutions:
    """Try ways out of a conflict; each that is told mends it, breaks nothing else, and can be applied by `resolve/`."""
    # Read and computed before the transaction begins: nobody has to wait meanwhile.
    with database.session(asking, writes=False) as reading:
        conflict = crud.find(reading, CONFLICTS, id)
        subject, found = settling.subject_of(conflict), settling.ways_of(reading, conflict)
    keep(session, subject, found.ways, found.read)
    return Resolutions(options=found.ways, reason="" if found.ways else NOTHING_HELPS)


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
    """Apply an option that was suggested; without one, close it: one that was found, only if its cause is gone."""
    wish = body or Resolution()
    if wish.option is None:
        conflict = _found(session, id, if_match)
        resolving.resolve(session, conflict, wish.resolution_notes)
        return single(session, conflict, response)
    # Not locked before the appointments: bookings lock those first, and the conflicts that they cause or end after.
    conflict = crud.find(session, CONFLICTS, id)
    ensure_current(conflict, if_match)
    settling.settle(session, conflict, wish.option, wish.resolution_notes)
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
