"""Importing calendar files."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from service.calendars.importing import import_file
from service.calendars.imports import ImportReport, ImportWish
from service.dependencies import Transaction, allowed
from service.idempotency import OnceRoute, once
from service.problems import responses
from service.routing import BASE, FAULTS

router = APIRouter(
    prefix=f"{BASE}/calendar-imports", tags=["calendar-imports"], route_class=OnceRoute, responses=dict(FAULTS)
)


async def _body(request: Request) -> bytes:
    return await request.body()


@router.post(
    "/",
    responses=responses("too_large"),
    dependencies=[allowed("calendar-imports", "create"), once],
    summary="Import a calendar file",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"text/calendar": {"schema": {"type": "string", "examples": ["BEGIN:VCALENDAR\r\n…"]}}},
        }
    },
)
def create(
    session: Transaction, data: Annotated[bytes, Depends(_body)], wish: Annotated[ImportWish, Query()]
) -> ImportReport:
    """Make appointments or absences of the events of an iCalendar file, and tell what became of each.

    What cannot be booked is skipped, and the answer says why. An event that was imported before is not imported again.
    """
    return import_file(session, data, wish)
