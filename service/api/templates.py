"""Schedule templates."""

from typing import Annotated, Any

from fastapi import Body, Response
from pydantic import BaseModel, ConfigDict, Field

from models.events import TemplateSaved
from models.fields import Day, Flag
from models.records import Appointment, ScheduleTemplate
from models.records.fields import Access
from models.records.stored import stored_fields
from service import crud
from service.api.appointment_actions import overriding
from service.api.appointments import APPOINTMENTS
from service.api.series import clashing
from service.crud import Resource
from service.dependencies import Transaction, allowed
from service.idempotency import once
from service.problems import responses
from service.routing import add_list, router_of, single
from service.schemas import schemas_of, values_of
from service.series.generating import Wish, generate as generate_all
from service.series.wishes import OccurrenceReport, Outcome, report_of

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


class Generation(BaseModel):
    """What is to be made from a template: from which day to which, both included, and what differs from it."""

    model_config = ConfigDict(
        extra="forbid",
        hide_input_in_errors=True,
        json_schema_extra={
            "examples": [{"from": "2026-12-01", "until": "2026-12-23", "overrides": {"assigned_users": [2]}}]
        },
    )

    from_: Annotated[Day | None, Field(alias="from", description="By default today.")] = None
    until: Annotated[Day | None, Field(description="Needed without a count, unless it is a series.")] = None
    count: Annotated[
        int | None,
        Field(strict=True, ge=1, le=1000, description="So many at most; of a series, so many occurrences at most."),
    ] = None
    series: Annotated[Flag, Field(description="Whether each slot of the day becomes a series.")] = False
    overrides: schemas_of(Appointment).update = Field(  # type: ignore[valid-type]  # a model made at run time
        default_factory=schemas_of(Appointment).update, description="Fields of the appointments; not their times."
    )


class Generated(BaseModel):
    """What was made from a template."""

    created: Annotated[int, Field(description="How many there are now.")]
    occurrences: Annotated[list[OccurrenceReport], Field(description="One for each slot, made or not.")]


@router.post(
    "/{id:int}/generate/",
    status_code=201,
    response_model=Generated,
    responses=responses("not_found", "slot_taken"),
    dependencies=[allowed("schedule-templates", "generate"), once, overriding, clashing],
    summary="Make appointments or series from a schedule template",
)
def generate(session: Transaction, id: int, body: Annotated[Generation, Body()]) -> dict[str, Any]:
    """Make the appointments that a template stands for, slot by slot."""
    template = crud.find(session, TEMPLATES, id)
    overrides = values_of(Appointment, body.overrides, given_only=True)
    generate_all(session, APPOINTMENTS, template, Wish(body.from_, body.until, body.count, body.series, overrides))
    told = report_of(session)
    return {"created": sum(each.outcome is Outcome.CREATED for each in told), "occurrences": told}
