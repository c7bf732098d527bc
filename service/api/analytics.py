"""Figures of periods."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Any

from fastapi import Body, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from models.enums import PeriodType
from models.events import AnalyticsSaved
from models.fields import Day
from models.records import ScheduleAnalytics
from models.records.base import now
from models.zones import zone_of
from service import analytics
from service.analytics.formats import MEDIA_TYPES
from service.analytics.keeping import values_of
from service.analytics.periods import Period, ensure_known_year, ensure_sane
from service.analytics.wholeness import ensure_whole
from service.crud import Resource, ensure_orderable, select_of
from service.dependencies import Transaction, allowed
from service.idempotency import once
from service.lists import narrowed, ordered, query_of
from service.problems import responses
from service.routing import router_of, single, typed
from service.schemas import organization, schemas_of

ANALYTICS = Resource(ScheduleAnalytics, "analytics", "row of analytics", AnalyticsSaved)
_MOST_ROWS = 10_000

router = router_of(ANALYTICS)


class Wanted(BaseModel):
    """Which period to compute: by default the current one."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"period_type": "monthly", "period_start": "2026-11-01"}]}
    )

    period_type: PeriodType
    period_start: Annotated[Day | None, Field(description="A day in the period; by default today.")] = None
    period_end: Annotated[
        Day | None, Field(description="The last day of a period of your own, which begins on `period_start`.")
    ] = None

    def period(self, today: date) -> Period:
        """Find the period that is meant."""
        day = self.period_start or today
        if self.period_end is not None:
            ensure_sane(day, self.period_end)
            return Period(day, self.period_end, self.period_type)
        ensure_known_year(day)
        return analytics.period_of(self.period_type, day)


class Format(StrEnum):
    """The kinds of files that figures are written to."""

    CSV = "csv"
    XLSX = "xlsx"
    PARQUET = "parquet"


class Table(StrEnum):
    """What the rows of a file are: periods, or people, teams and resources in periods."""

    PERIODS = "periods"
    UTILIZATION = "utilization"


@router.post(
    "/generate/",
    response_model=schemas_of(ScheduleAnalytics).read,
    responses=responses("conflict"),
    dependencies=[allowed("analytics", "generate"), once],
    summary="Compute the figures of a period",
)
def generate(session: Transaction, response: Response, body: Annotated[Wanted, Body()]) -> dict[str, Any]:
    """Compute the figures of a period and keep them: its record is made, or brought up to date."""
    zone = zone_of(organization(session).timezone)
    period = body.period(now().astimezone(zone).date())
    ensure_whole(session, period)
    figures, before = (analytics.figures_of(session, each) for each in (period, period.before()))
    record = analytics.store(session, period, body.period_type, values_of(figures, before))
    return single(session, record, response)


_query = query_of(
    ScheduleAnalytics,
    format=(Format, Field(Format.CSV, description="The kind of file.")),
    table=(
        Table,
        Field(
            Table.PERIODS,
            description="Its rows: periods, or the utilization of everybody in them. XLSX has both, as sheets.",
        ),
    ),
)
_file = {"schema": {"type": "string", "format": "binary"}}
_files = {"description": "The file.", "content": {each.partition(";")[0]: _file for each in MEDIA_TYPES.values()}}


@router.get(
    "/export/",
    response_class=Response,
    responses={200: _files},
    dependencies=[allowed("analytics", "read")],
    summary="Export figures as CSV, XLSX or Parquet",
)
@typed(query=Annotated[_query, Query()])
def export(session: Transaction, query: Any) -> Response:
    """Write the figures of periods into a file; filters, search and ordering are those of the list."""
    from service.analytics.export import written  # pandas takes a while to load

    ensure_orderable(ScheduleAnalytics, query.ordering)
    statement = ordered(
        narrowed(select_of(session, ScheduleAnalytics), ScheduleAnalytics, query), ScheduleAnalytics, query.ordering
    )
    records = session.scalars(statement.limit(_MOST_ROWS)).all()
    file = written(records, query.format, query.table)
    name = f"analytics.{query.format}"
    return Response(
        file.content, media_type=file.media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
