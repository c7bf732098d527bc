"""Resources: rooms, devices, vehicles."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Body, Query, Request, Response
from pydantic import Field, create_model
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from models.enums import ResourceType
from models.errors import Fault
from models.events import ResourceSaved
from models.records import Absence, Occupancy, Resource as ResourceRecord
from models.records.base import InvalidRecord, now
from models.records.occupancy import SubjectKind, subject_key
from models.timegrid import minute_of
from service import crud
from service.availability import maintenance, periods
from service.availability.periods import NewAvailability, NewMaintenance
from service.availability.reading import stretch
from service.availability.units import units_left
from service.crud import Resource
from service.dependencies import Transaction, allowed
from service.idempotency import once
from service.lists import QueryMoment, narrowed, query_of
from service.problems import responses
from service.routing import add_list, page_body, router_of, single, typed
from service.schemas import page_of, schemas_of
from service.snapshot.weeks import Span

RESOURCES = Resource(
    ResourceRecord,
    "resources",
    "resource",
    ResourceSaved,
    create=maintenance.create_resource,
    update=maintenance.update_resource,
)
AvailableResource = create_model(
    "AvailableResource",
    __base__=schemas_of(ResourceRecord).read,
    __doc__="A resource that can be booked.",
    units_left=(int | None, Field(description="Units that nobody uses from start to end; null without these.")),
)
AvailableQuery = query_of(
    ResourceRecord,
    frozenset({"is_active", "is_available"}),
    start=(QueryMoment | None, Field(None, description="Available from this time on.")),
    end=(QueryMoment | None, Field(None, description="Available up to this time.")),
    units=(int, Field(1, ge=1, le=10**6, description="At least so many units must be left.")),
)


def _of_type(_session: Session, query: Any) -> list[Any]:
    return [ResourceRecord.resource_type == query.type] if query.type is not None else []


router = router_of(RESOURCES)
add_list(
    router,
    RESOURCES,
    "/by-type/",
    _of_type,
    "List resources of a type",
    type=(ResourceType | None, Field(None, description="The type; `resource_type` says the same.")),
)


@router.get(
    "/available/",
    response_model=page_of(AvailableResource),
    dependencies=[allowed("resources", "read")],
    summary="List available resources",
)
@typed(query=Annotated[AvailableQuery, Query()])
def available(request: Request, session: Transaction, query: Any) -> dict[str, Any]:
    """List what is in service; from start to end: what is open, not away, and not used up."""
    usable = [ResourceRecord.is_active, ResourceRecord.is_available, ResourceRecord.capacity >= query.units]
    span = _span(query.start, query.end)
    left: dict[int, int] = {}
    if span is not None:
        usable += _neither_away_nor_taken(span)
        columns: list[Any] = [ResourceRecord.id, ResourceRecord.capacity]
        candidates = session.execute(narrowed(select(*columns).where(*usable), ResourceRecord, query))
        left = units_left(session, [(row.id, row.capacity) for row in candidates], span)
        usable.append(ResourceRecord.id.in_([key for key, units in left.items() if units >= query.units]))
    page = crud.listed(session, ResourceRecord, query, *usable)
    body = page_body(request, session, page, query)
    for row in body["results"]:
        row["units_left"] = left.get(row["id"])
    return body


@router.post(
    "/{id:int}/set-availability/",
    response_model=schemas_of(ResourceRecord).read,
    responses=responses("not_found"),
    dependencies=[allowed("resources", "set-availability"), once],
    summary="Set the availability of a resource",
)
def set_availability(
    session: Transaction, response: Response, id: int, body: Annotated[NewAvailability, Body()]
) -> dict[str, Any]:
    """Take a resource out of service, or back in, for good or from one time to another."""
    periods.lock_resource(session, id)
    record = crud.find(session, RESOURCES, id, lock=True)
    periods.set_availability(session, RESOURCES, record, body)
    return single(session, record, response)


@router.post(
    "/{id:int}/schedule-maintenance/",
    status_code=201,
    response_model=schemas_of(Absence).read,
    responses=responses("not_found"),
    dependencies=[allowed("resources", "schedule-maintenance"), once],
    summary="Schedule maintenance of a resource",
)
def schedule_maintenance(
    session: Transaction, response: Response, id: int, body: Annotated[NewMaintenance, Body()]
) -> dict[str, Any]:
    """Keep a time free for maintenance; the answer is the absence that stands for it."""
    periods.lock_resource(session, id)
    record = crud.find(session, RESOURCES, id, lock=True)
    return single(session, periods.schedule_maintenance(session, record, body), response)


def _span(start: datetime | None, end: datetime | None) -> Span | None:
    if (start is None) != (end is None):
        missing = "start" if start is None else "end"
        raise InvalidRecord([Fault(missing, "nothing", "both start and end, or neither", "Add it.")])
    return None if start is None or end is None else stretch(start, end, ("start", "end"), end - start)


def _neither_away_nor_taken(span: Span) -> list[Any]:
    """Rule out in the database what no calendar has to be made for."""
    away = exists().where(Absence.resource_id == ResourceRecord.id, Absence.start < span.end, Absence.end > span.start)
    subject = ResourceRecord.id * len(SubjectKind) + int(subject_key(SubjectKind.RESOURCE, 0))
    taken = exists().where(
        Occupancy.subject == subject,
        Occupancy.exclusive,
        Occupancy.start_minute < minute_of(span.end),
        Occupancy.end_minute > minute_of(span.start),
        Occupancy.expires_at.is_(None) | (Occupancy.expires_at > now()),
    )
    return [~away, ~taken]
