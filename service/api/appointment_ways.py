"""Ways onto the plan for what has no time, and slots for which others make way."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from models.records import Appointment
from models.records.fields import Label
from service import crud
from service.conflicts.ways import settling
from service.conflicts.ways.exchanging import Exchange, exchange
from service.conflicts.ways.keeping import keep
from service.conflicts.ways.options import NOTHING_HELPS, Resolutions
from service.crud import Resource
from service.dependencies import Asking, TheDatabase, Transaction, allowed
from service.etags import IfMatch, ensure_current
from service.idempotency import once
from service.problems import responses
from service.routing import single
from service.schemas import schemas_of


class ChosenWay(BaseModel):
    """The way that is applied."""

    model_config = ConfigDict(
        title="ChosenWay", extra="forbid", json_schema_extra={"examples": [{"option": "3f1c09d2b7e4a586"}]}
    )

    option: Annotated[Label, Field(min_length=1, description="One of `suggest-resolutions/`.")]


def add_ways(router: APIRouter, resource: Resource[Appointment]) -> None:
    """Add what gives a time to what has none to the router of appointments."""

    @router.post(
        "/{id:int}/suggest-resolutions/",
        responses=responses("not_found", "conflict"),
        dependencies=[allowed(resource.path, "suggest-resolutions"), once],
        summary="Suggest ways onto the plan",
    )
    def suggest_resolutions(session: Transaction, database: TheDatabase, asking: Asking, id: int) -> Resolutions:
        """Try places for a request: slots, slots for which others make way, and changes that open one."""
        # Read and computed before the transaction begins: nobody has to wait meanwhile.
        with database.session(asking, writes=False) as reading:
            crud.find(reading, resource, id)
            found = settling.ways_for(reading, id)
        keep(session, settling.subject_of_request(id), found.ways, found.read)
        return Resolutions(options=found.ways, reason="" if found.ways else NOTHING_HELPS)

    @router.post(
        "/{id:int}/resolve/",
        response_model=schemas_of(Appointment).read,
        responses=responses("not_found", "conflict", "illegal_transition", "stale"),
        dependencies=[allowed(resource.path, "resolve"), once],
        summary="Apply a way onto the plan",
    )
    def resolve(
        session: Transaction, response: Response, id: int, body: Annotated[ChosenWay, Body()], if_match: IfMatch = None
    ) -> dict[str, Any]:
        """Give a request the place that was suggested, with all that this takes, or change nothing."""
        ensure_current(crud.find(session, resource, id), if_match)
        settling.settle_request(session, id, body.option)
        return _answered(session, response, id)

    @router.post(
        "/{id:int}/book-slot/",
        response_model=schemas_of(Appointment).read,
        responses=responses("not_found", "conflict", "illegal_transition", "stale"),
        dependencies=[allowed(resource.path, "book-slot"), once],
        summary="Book a slot with its moves",
    )
    def book_slot(
        session: Transaction, response: Response, id: int, body: Annotated[Exchange, Body()], if_match: IfMatch = None
    ) -> dict[str, Any]:
        """Book a slot of `suggest-slots/`, and let the others move that make way for it: all together, or nothing."""
        appointment = crud.find(session, resource, id)
        ensure_current(appointment, if_match)
        exchange(session, appointment, body)
        return _answered(session, response, id)

    def _answered(session: Session, response: Response, key: int) -> dict[str, Any]:
        return single(session, crud.find(session, resource, key, lock=True), response)
