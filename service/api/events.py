"""Changes of others as they happen: server-sent events."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header, Request
from fastapi.responses import StreamingResponse

from models.records import Role
from service.callers import Caller
from service.dependencies import Asking, TheSettings, allowed
from service.live import Change, Feed
from service.rights import may
from service.routing import BASE, FAULTS

SILENCE_SECONDS = 15.0
"""After so long a comment is sent, so that nothing on the way takes the stream for dead."""

KINDS = {
    "absence": "absences",
    "appointment": "appointments",
    "conflict": "conflicts",
    "location": "locations",
    "organization": "organization",
    "resource": "resources",
    "rule": "rules",
    "team": "teams",
    "team_member": "team-members",
    "user": "users",
}
"""What is told, by the names of the audit log, and whose right to read it takes."""

router = APIRouter(prefix=f"{BASE}/events", tags=["events"], responses=dict(FAULTS))


@router.get(
    "/",
    dependencies=[allowed("events", "read")],
    summary="Listen to changes",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "Server-sent events `change`; their data is `{kind, id, action, actor}`.",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        }
    },
)
async def listen(
    request: Request,
    asking: Asking,
    settings: TheSettings,
    last_event_id: Annotated[int | None, Header(ge=0, lt=2**63, description="The last one that was received.")] = None,
) -> StreamingResponse:
    """Tell what changes in the organization until the stream ends; browsers then ask again by themselves.

    A member is told that something of a kind changed, but not what.
    """
    feed: Feed = request.app.state.feed
    stream = _stream(feed, asking, last_event_id, settings.events_seconds)
    return StreamingResponse(stream, media_type="text/event-stream", headers={"Cache-Control": "no-store"})


async def _stream(feed: Feed, asking: Caller, last: int | None, seconds: float) -> AsyncIterator[str]:
    ends = time.monotonic() + seconds
    async with feed.listening() as queue:
        yield "retry: 2000\n: listening\n\n"
        for change in [] if last is None else await feed.since(last, asking.organization_id):
            if _concerns(asking, change):
                yield _written(asking, change)
        spoke = time.monotonic()
        while time.monotonic() < ends and not feed.closed:
            try:
                change = await asyncio.wait_for(queue.get(), 0.5)
            except TimeoutError:
                if time.monotonic() - spoke > SILENCE_SECONDS:
                    spoke = time.monotonic()
                    yield ":\n\n"
                continue
            if _concerns(asking, change):
                spoke = time.monotonic()
                yield _written(asking, change)


def _concerns(asking: Caller, change: Change) -> bool:
    resource = KINDS.get(change.kind)
    return change.organization == asking.organization_id and resource is not None and may(asking, resource, "read")


def _written(asking: Caller, change: Change) -> str:
    told: dict[str, object] = {"kind": change.kind}
    if asking.role is not Role.MEMBER:
        told |= {"id": change.record, "action": change.action, "actor": change.actor}
    return f"id: {change.id}\nevent: change\ndata: {json.dumps(told)}\n\n"
