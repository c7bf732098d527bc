"""Schedule templates."""

from typing import Any

from fastapi import Response

from models.events import TemplateSaved
from models.records import ScheduleTemplate
from models.records.fields import Access
from models.records.stored import stored_fields
from service import crud
from service.crud import Resource
from service.dependencies import Transaction, allowed
from service.idempotency import once
from service.problems import responses
from service.routing import add_list, router_of, single
from service.schemas import schemas_of

TEMPLATES = Resource(ScheduleTemplate, "schedule-templates", "schedule template", TemplateSaved)
LONGEST_NAME = 200

router = router_of(TEMPLATES)
add_list(
    router,
    TEMPLATES,
    "/active/",
    lambda _session, _query: [ScheduleTemplate.is_active],
    "List active schedule templates",
    without=frozenset({"is_active"}),
)


@router.post(
    "/{id:int}/duplicate/",
    status_code=201,
    response_model=schemas_of(ScheduleTemplate).read,
    responses=responses("not_found"),
    dependencies=[allowed("schedule-templates", "create"), once],
    summary="Duplicate a schedule template",
)
def duplicate(session: Transaction, response: Response, id: int) -> dict[str, Any]:
    """Make a copy that is not the default."""
    original = crud.find(session, TEMPLATES, id)
    fields = stored_fields(ScheduleTemplate).values()
    values = {field.name: getattr(original, field.attribute) for field in fields if field.access is Access.OPEN}
    name = f"{original.name} (copy)"[-LONGEST_NAME:]
    copy = crud.create(session, TEMPLATES, values | {"name": name, "is_default": False})
    return single(session, copy, response)
