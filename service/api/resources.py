"""Resources: rooms, devices, vehicles."""

from typing import Any

from pydantic import Field
from sqlalchemy import exists
from sqlalchemy.orm import Session

from models.enums import ResourceType
from models.errors import Fault
from models.events import ResourceSaved
from models.records import Absence, Occupancy, Resource as ResourceRecord
from models.records.base import InvalidRecord, now
from models.records.occupancy import SubjectKind, subject_key
from models.timegrid import minute_of
from service.crud import Resource
from service.lists import QueryMoment
from service.routing import add_list, router_of

RESOURCES = Resource(ResourceRecord, "resources", "resource", ResourceSaved)


def available(_session: Session, query: Any) -> list[Any]:
    """Say what makes a resource available: in service, and between start and end neither away nor wholly taken."""
    usable = [ResourceRecord.is_active, ResourceRecord.is_available]
    start, end = query.start, query.end
    if (start is None) != (end is None):
        missing = "start" if start is None else "end"
        raise InvalidRecord([Fault(missing, "nothing", "both start and end, or neither", "Add it.")])
    if start is None:
        return usable
    if end <= start:
        expected = f"a time after the start {start.isoformat()}"
        raise InvalidRecord([Fault("end", end.isoformat(), expected, "Swap start and end.")])
    away = exists().where(Absence.resource_id == ResourceRecord.id, Absence.start < end, Absence.end > start)
    subject = ResourceRecord.id * len(SubjectKind) + int(subject_key(SubjectKind.RESOURCE, 0))
    taken = exists().where(
        Occupancy.subject == subject,
        Occupancy.exclusive,
        Occupancy.start_minute < minute_of(end),
        Occupancy.end_minute > minute_of(start),
        Occupancy.expires_at.is_(None) | (Occupancy.expires_at > now()),
    )
    return [*usable, ~away, ~taken]


def _of_type(_session: Session, query: Any) -> list[Any]:
    return [ResourceRecord.resource_type == query.type] if query.type is not None else []


router = router_of(RESOURCES)
add_list(
    router,
    RESOURCES,
    "/available/",
    available,
    "List available resources",
    without=frozenset({"is_active", "is_available"}),
    start=(QueryMoment | None, Field(None, description="Available from this time on.")),
    end=(QueryMoment | None, Field(None, description="Available up to this time.")),
)
add_list(
    router,
    RESOURCES,
    "/by-type/",
    _of_type,
    "List resources of a type",
    type=(ResourceType | None, Field(None, description="The type; `resource_type` says the same.")),
)
