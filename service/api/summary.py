"""The figures of days of one's choice, made when they are asked for."""

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from models.fields import Day
from models.records.base import now
from models.zones import zone_of
from service.analytics import Period, figures_of
from service.analytics.periods import ensure_sane
from service.analytics.views import FiguresOut, shown
from service.dependencies import Transaction, allowed
from service.rights import RIGHTS
from service.routing import BASE, FAULTS
from service.schemas import organization
from service.tenancy import caller_of

DEFAULT_DAYS = 30

router = APIRouter(prefix=f"{BASE}/summary", tags=["summary"], responses=dict(FAULTS))


class Days(BaseModel):
    """Which days, both included."""

    model_config = ConfigDict(extra="forbid")

    start_date: Annotated[Day | None, Field(description="By default so that there are 30 days.")] = None
    end_date: Annotated[Day | None, Field(description="By default 30 days after the start, or today.")] = None


def readable(session: Session) -> frozenset[str]:
    """Say which of the things that figures are made of the caller may read by itself."""
    role = caller_of(session).role
    return frozenset(name for name in ("analytics", "conflicts") if RIGHTS[name].of(role) & {"*", "read"})


@router.get("/", response_model=FiguresOut, dependencies=[allowed("summary", "read")], summary="Summarize some days")
def read(session: Transaction, query: Annotated[Days, Query()]) -> dict[str, Any]:
    """Compute the figures of some days and compare them with as many days before; a member gets its own."""
    owner = organization(session)
    length = timedelta(days=DEFAULT_DAYS - 1)
    first, last = query.start_date, query.end_date
    if last is None:
        last = now().astimezone(zone_of(owner.timezone)).date() if first is None else first + length
    first = first or last - length
    ensure_sane(first, last)
    period = Period(first, last)
    return shown(figures_of(session, period), figures_of(session, period.before()), owner.timezone, readable(session))
