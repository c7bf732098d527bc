"""The organization of the caller."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Header, Response
from pydantic import BaseModel
from sqlalchemy.orm import Session

from models.events import OrganizationSaved
from models.records import Organization
from service.bus import emit
from service.crud import assign
from service.dependencies import Transaction, allowed
from service.etags import IfMatch, ensure_current, ensure_news, tag_of
from service.problems import responses
from service.routing import BASE, FAULTS, typed
from service.schemas import organization, schemas_of, shown, values_of

_MODELS = schemas_of(Organization)

router = APIRouter(prefix=f"{BASE}/organization", tags=["organization"], responses=dict(FAULTS))


def change(session: Session, record: Organization, body: BaseModel) -> None:
    """Change an organization as a body says, and say so."""
    assign(record, values_of(Organization, body, given_only=True))
    if session.is_modified(record):
        emit(session, OrganizationSaved(record.id))


def _single(session: Session, record: Organization, response: Response) -> dict[str, Any]:
    response.headers["ETag"] = tag_of(record) or ""
    return shown(session, record)


@router.get(
    "/", response_model=_MODELS.read, dependencies=[allowed("organization", "read")], summary="Get the organization"
)
def read(
    session: Transaction, response: Response, if_none_match: Annotated[str | None, Header(max_length=200)] = None
) -> dict[str, Any]:
    """Get the organization of the caller."""
    record = organization(session)
    ensure_news(record, if_none_match)
    return _single(session, record, response)


@typed(body=Annotated[_MODELS.update, Body()])
def update(session: Transaction, response: Response, body: BaseModel, if_match: IfMatch = None) -> dict[str, Any]:
    """Change the organization of the caller."""
    record = organization(session)
    ensure_current(record, if_match)
    change(session, record, body)
    return _single(session, record, response)


for _method, _verb in (("PUT", "Update"), ("PATCH", "Patch")):
    router.add_api_route(
        "/",
        update,
        methods=[_method],
        response_model=_MODELS.read,
        responses=responses("stale"),
        dependencies=[allowed("organization", "update")],
        summary=f"{_verb} the organization",
    )
