"""What a board shows behind the appointments: closed time with its reasons, and travel."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from models.errors import Fault
from models.records.base import InvalidRecord
from models.timegrid import instant
from models.zones import zone_of
from service.board.rows import By, Row, rows_of
from service.dependencies import Transaction, allowed
from service.lists import QueryMoment
from service.routing import BASE, FAULTS
from service.schemas import organization

LONGEST = timedelta(days=62)
_UTC = zone_of("UTC")

router = APIRouter(prefix=f"{BASE}/board", tags=["board"], responses=dict(FAULTS))


class BoardQuery(BaseModel):
    """Which rows, and when."""

    model_config = ConfigDict(extra="forbid")

    by: Annotated[By, Field(description="What the rows are.")] = By.USER
    start: QueryMoment
    end: Annotated[QueryMoment, Field(description=f"At most {LONGEST.days} days later.")]


class ClosedTime(BaseModel):
    """A stretch of time in which a row takes no appointment."""

    start: datetime
    end: datetime
    rule: Annotated[str, Field(description="The hard rule it counts under.")]
    reason: str


class WayThere(BaseModel):
    """A user on the way between two appointments; null is where the shift starts or ends."""

    start: datetime
    end: datetime
    origin: int | None
    destination: int | None


class BoardRow(BaseModel):
    """A user, a team or a resource: when it is closed, and when it is on the way."""

    id: int
    closed: list[ClosedTime]
    travel: list[WayThere]


class Board(BaseModel):
    """All rows of a kind; times are in UTC."""

    timezone: Annotated[str, Field(description="Of the organization.")]
    rows: list[BoardRow]


@router.get("/", dependencies=[allowed("board", "read")], summary="Get closed time and travel")
def read(session: Transaction, query: Annotated[BoardQuery, Query()]) -> Board:
    """Tell when everybody or everything is closed, with the reasons, and when users are on the way."""
    if not query.start < query.end <= query.start + LONGEST:
        expected = f"a time after the start {query.start.isoformat()}, at most {LONGEST.days} days later"
        raise InvalidRecord([Fault("end", query.end.isoformat(), expected)])
    rows = rows_of(session, query.by, query.start, query.end)
    return Board(timezone=organization(session).timezone, rows=[_shown(row) for row in rows])


def _shown(row: Row) -> BoardRow:
    return BoardRow(
        id=row.id,
        closed=[
            ClosedTime(start=_at(each.start), end=_at(each.end), rule=each.rule, reason=each.reason)
            for each in row.closed
        ],
        travel=[
            WayThere(start=_at(way.start), end=_at(way.end), origin=way.origin, destination=way.destination)
            for way in row.travel
        ],
    )


def _at(minute: int) -> datetime:
    return instant(minute, _UTC)
