"""Runs of the auto-scheduler: asked for, watched, cancelled, compared, published."""

from typing import Annotated, Any

from fastapi import Body, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.plan import Plan
from models.records import Appointment, Run, RunDraft
from models.records.fields import Keys
from service import crud
from service.crud import Resource
from service.dependencies import Asking, TheDatabase, Transaction, allowed
from service.errors import Conflict
from service.etags import IfMatch, ensure_current
from service.idempotency import once
from service.problems import responses
from service.routing import router_of, single, typed
from service.runs import asking
from service.runs.comparing import RunDiff, diff
from service.runs.publishing import Publication, publish
from service.runs.streaming import events_of
from service.schemas import schemas_of, values_of

RUNS = Resource(Run, "runs", "run", create=asking.create)
AT_ONCE = 5000


class Chosen(BaseModel):
    """Which part of a draft."""

    model_config = ConfigDict(
        extra="forbid", hide_input_in_errors=True, json_schema_extra={"examples": [{"appointment_ids": [101, 102]}]}
    )

    appointment_ids: Annotated[Keys | None, Field(description="By default all that the run changes.")] = None


router = router_of(RUNS, ("list", "read"))


@router.post(
    "/",
    status_code=202,
    response_model=schemas_of(Run).read,
    dependencies=[allowed("runs", "create"), once],
    summary="Ask for a run",
)
@typed(body=Annotated[schemas_of(Run).create, Body()])
def create(request: Request, session: Transaction, response: Response, body: BaseModel) -> dict[str, Any]:
    """Ask a worker to plan a horizon; an organization's runs go one after the other."""
    run = crud.create(session, RUNS, values_of(Run, body, given_only=False))
    response.headers["Location"] = f"{request.url.path}{run.id}/"
    return single(session, run, response)


@router.post(
    "/{id:int}/cancel/",
    response_model=schemas_of(Run).read,
    responses=responses("not_found", "conflict", "stale"),
    dependencies=[allowed("runs", "cancel"), once],
    summary="Cancel a run",
)
def cancel(session: Transaction, response: Response, id: int, if_match: IfMatch = None) -> dict[str, Any]:
    """End a run early: it stops within a second, and the best plan so far becomes its draft."""
    run = crud.find(session, RUNS, id, lock=True)
    ensure_current(run, if_match)
    asking.cancel(session, run)
    return single(session, run, response)


@router.get(
    "/{id:int}/events/",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {}}}, **responses("not_found")},
    dependencies=[allowed("runs", "read")],
    summary="Watch a run",
)
def events(session: Transaction, database: TheDatabase, asking_one: Asking, id: int) -> StreamingResponse:
    """Server-sent events while a run is queued and running; each has the state as its name and the progress as data."""
    run = crud.find(session, RUNS, id)
    headers = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
    return StreamingResponse(events_of(database, asking_one, run.id), media_type="text/event-stream", headers=headers)


@router.get(
    "/{id:int}/plan/",
    response_model=Plan,
    responses=responses("not_found", "conflict"),
    dependencies=[allowed("runs", "read")],
    summary="Get the draft of a run",
)
def plan(session: Transaction, id: int) -> JSONResponse:
    """The whole plan as a plan.json in which ids are those of the API, with the reasons of what is left out."""
    return JSONResponse(_draft(session, crud.find(session, RUNS, id)).plan)


@router.get(
    "/{id:int}/diff/",
    response_model=RunDiff,
    responses=responses("not_found", "conflict"),
    dependencies=[allowed("runs", "read")],
    summary="Compare the draft of a run with what stood",
)
def compare(session: Transaction, id: int) -> RunDiff:
    """Before and after, per appointment that changes and per term of the cost."""
    run = crud.find(session, RUNS, id)
    draft = _draft(session, run)
    keys = [int(key) for key in draft.read_as]
    titles: dict[int, str] = {}
    for first in range(0, len(keys), AT_ONCE):
        some = select(Appointment.id, Appointment.title).where(Appointment.id.in_(keys[first : first + AT_ONCE]))
        titles.update((key, title) for key, title in session.execute(some))
    return diff(run.id, draft.before, draft.plan, keys, titles)


@router.post(
    "/{id:int}/publish/",
    response_model=Publication,
    responses=responses("not_found", "conflict"),
    dependencies=[allowed("runs", "publish"), once],
    summary="Publish the draft of a run",
)
def publish_draft(session: Transaction, id: int, body: Annotated[Chosen | None, Body()] = None) -> Publication:
    """Book the draft or a part of it; what was changed meanwhile, or cannot be booked any more, is told and stays."""
    run = crud.find(session, RUNS, id, lock=True)
    return publish(session, run, None if body is None else body.appointment_ids)


def _draft(session: Session, run: Run) -> Any:
    columns = (RunDraft.plan, RunDraft.before, RunDraft.read_as)
    draft = session.execute(select(*columns).where(RunDraft.run_id == run.id)).one_or_none()
    if draft is None or draft.plan is None:
        raise Conflict(f"Run {run.id} is {run.state} and has no plan yet. Wait for its end, or cancel it.")
    return draft
