"""Calendar feeds: secret addresses at which calendar programs read appointments, and what they read there."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Header, Request, Response
from pydantic import BaseModel, create_model

from models.records import CalendarFeed
from models.records.base import now
from service import crud
from service.calendars.feeds import feed_by_token, new_token, open_feed
from service.callers import the_service
from service.crud import Resource
from service.dependencies import OpenTransaction, Transaction, allowed
from service.errors import Conflict
from service.etags import NotModified
from service.idempotency import once
from service.linking import ensure_known
from service.own import ensure_own
from service.problems import responses
from service.routing import BASE, router_of, single, typed
from service.schemas import schemas_of, values_of
from service.tenancy import settle

FEEDS = Resource(CalendarFeed, "calendar-feeds", "calendar feed")
NewFeed = create_model(
    "NewCalendarFeed",
    __base__=schemas_of(CalendarFeed).read,
    __doc__="A calendar feed, with its address, this once.",
    url=(str, ...),
)

router = router_of(FEEDS, ("list", "read", "update", "delete"))
files = APIRouter(prefix=f"{BASE}/feeds", tags=["calendar-feeds"])


@router.post(
    "/",
    status_code=201,
    response_model=NewFeed,
    dependencies=[allowed("calendar-feeds", "create")],
    summary="Create a calendar feed",
)
@typed(body=Annotated[schemas_of(CalendarFeed).create, Body()])
def create(request: Request, session: Transaction, response: Response, body: BaseModel) -> dict[str, Any]:
    """Make a feed; the answer is the only place where its address is shown."""
    values = values_of(CalendarFeed, body, given_only=False)
    ensure_known(session, CalendarFeed, values)
    token, stored, prefix = new_token()
    record = CalendarFeed(digest=stored, prefix=prefix, organization_id=None)
    crud.assign(record, values)
    session.add(record)
    session.flush()
    ensure_own(session, record)
    return _with_address(request, session, record, response, token)


@router.post(
    "/{id:int}/rotate/",
    response_model=NewFeed,
    responses=responses("not_found", "conflict"),
    dependencies=[allowed("calendar-feeds", "update")],
    summary="Give a calendar feed a new address",
)
def rotate(request: Request, session: Transaction, response: Response, id: int) -> dict[str, Any]:
    """Make a new address; the old one leads nowhere from now on."""
    record = _in_use(session, id)
    token, record.digest, record.prefix = new_token()
    session.flush()
    return _with_address(request, session, record, response, token)


@router.post(
    "/{id:int}/revoke/",
    response_model=schemas_of(CalendarFeed).read,
    responses=responses("not_found", "conflict"),
    dependencies=[allowed("calendar-feeds", "update"), once],
    summary="Revoke a calendar feed",
)
def revoke(session: Transaction, response: Response, id: int) -> dict[str, Any]:
    """End a feed for good."""
    record = _in_use(session, id)
    record.revoked_at = now()
    session.flush()
    return single(session, record, response)


@files.get(
    "/{token}.ics",
    summary="Read a calendar feed",
    response_class=Response,
    responses={
        200: {"description": "An iCalendar file.", "content": {"text/calendar": {"schema": {"type": "string"}}}},
        304: {"description": "It is as it was."},
        **responses("not_found", "invalid"),
    },
)
def read(
    session: OpenTransaction, token: str, if_none_match: Annotated[str | None, Header(max_length=500)] = None
) -> Response:
    """Read the appointments of a user, a team or a resource, as much of them as the feed shows; nobody logs in."""
    record = feed_by_token(session, token)
    settle(session, the_service(record.organization_id))
    feed = open_feed(session, record)
    tags = [each.strip().removeprefix("W/") for each in (if_none_match or "").split(",")]
    if feed.tag in tags or "*" in tags:
        raise NotModified(feed.tag)
    headers = {"ETag": feed.tag, "Cache-Control": "private, no-cache", "X-Robots-Tag": "noindex"}
    return Response(feed.written(session), media_type="text/calendar; charset=utf-8", headers=headers)


def _in_use(session: Transaction, key: int) -> CalendarFeed:
    record = crud.find(session, FEEDS, key, lock=True)
    if record.revoked_at is not None:
        raise Conflict(f"The feed {record.prefix}… was revoked {record.revoked_at:%Y-%m-%d}. Make a new one.")
    return record


def _with_address(
    request: Request, session: Transaction, record: CalendarFeed, response: Response, token: str
) -> dict[str, Any]:
    response.headers["Cache-Control"] = "no-store"
    return single(session, record, response) | {"url": f"{request.base_url}{files.prefix[1:]}/{token}.ics"}
