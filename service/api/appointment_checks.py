"""What bookings break: one that is only thought of, or all that stand."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.enums import ConflictType, ImpactLevel
from models.errors import Fault, NotFound
from models.lifecycle import FINAL
from models.records import Appointment, ScheduleConflict
from models.records.base import InvalidRecord
from models.records.conflicts import ConflictAppointment, ConflictResource, ConflictUser
from service import crud
from service.conflicts.mirror import OPEN
from service.crud import Resource
from service.dependencies import Transaction, allowed
from service.errors import Conflict
from service.explaining import explained
from service.linking import ensure_known
from service.lists import PageQuery, QueryKey, QueryMoment
from service.problems import responses
from service.routing import paged
from service.snapshot import Booking, violations_of
from service.snapshot.bookings import Seat, Use
from service.snapshot.reading import bookings_of, bookings_where
from service.snapshot.telling import document_of

_MINUTE = timedelta(minutes=1)
_LONGEST_MINUTES = 400 * 1440


class CheckQuery(PageQuery):
    """A booking to be judged, or nothing for all that is broken at present."""

    start_datetime: Annotated[QueryMoment | None, Field(description="When it would start.")] = None
    end_datetime: Annotated[
        QueryMoment | None, Field(description="When it would end; that of `exclude_id` lasts as long as it does.")
    ] = None
    users: Annotated[list[QueryKey], Field(default_factory=list, description="Who would come.")]
    team: Annotated[QueryKey | None, Field(description="Which team.")] = None
    resources: Annotated[list[QueryKey], Field(default_factory=list, description="What would be taken whole.")]
    exclude_id: Annotated[
        QueryKey | None,
        Field(description="The appointment that would be moved: what is not said here stays as it has it."),
    ] = None


class ShownViolation(BaseModel):
    """A breach of a hard rule."""

    model_config = ConfigDict(
        title="Violation",
        json_schema_extra={
            "examples": [
                {
                    "rule": "overlap",
                    "conflict_type": "double_booking",
                    "impact_level": "medium",
                    "appointments": [12],
                    "users": [3],
                    "resources": [],
                    "teams": [],
                    "start": "2026-11-30T09:30:00-08:00",
                    "end": "2026-11-30T10:00:00-08:00",
                    "amount": 30,
                    "message": "Ana (3) is needed by Windows (12) and the appointment at once, buffers included, "
                    "for 30 minutes from 2026-11-30 09:30.",
                }
            ]
        },
    )

    rule: str
    conflict_type: ConflictType
    impact_level: ImpactLevel
    appointments: list[int]
    users: list[int]
    resources: list[int]
    teams: list[int]
    start: datetime | None
    end: datetime | None
    amount: int
    message: str


class ViolationPage(BaseModel):
    """Some of the violations."""

    model_config = ConfigDict(title="ViolationPage")

    count: int
    next: str | None
    previous: str | None
    results: list[ShownViolation]


class Explanation(BaseModel):
    """Why an appointment is where it is, or nowhere.

    `details` of one that is placed: what it costs there, and the places it could have instead; of one that is left out:
    the causes, who is in the way, and which changes would help. One that breaks rules has `violations` instead.
    """

    appointment: int
    state: Literal["placed", "left_out", "broken"]
    details: dict[str, Any]
    violations: list[ShownViolation]


def add_checks(router: APIRouter, resource: Resource[Appointment]) -> None:
    """Add the checks to the router of appointments."""

    @router.get(
        "/{id:int}/explain/",
        response_model=Explanation,
        responses=responses("not_found", "conflict"),
        dependencies=[allowed(resource.path, "read")],
        summary="Explain an appointment",
    )
    def explain(session: Transaction, id: int) -> dict[str, Any]:
        """Say why an appointment is where it is, or why it is nowhere."""
        appointment = crud.find(session, resource, id)
        if appointment.status in FINAL:
            raise Conflict(f"Appointment {id} is {appointment.status}: there is nothing left to explain.")
        (booking,) = bookings_of(session, [id])
        told = explained(session, booking)
        return {
            "appointment": id,
            "state": told.state,
            "details": told.details,
            "violations": [document_of(each) for each in told.violations],
        }

    @router.get(
        "/conflicts/",
        response_model=ViolationPage,
        responses=responses("not_found"),
        dependencies=[allowed("conflicts", "read")],
        summary="Check for conflicts",
    )
    def conflicts(request: Request, session: Transaction, query: Annotated[CheckQuery, Query()]) -> dict[str, Any]:
        """Say what a booking would break; without a time, what is broken at present."""
        first, last = (query.page - 1) * query.page_size, query.page * query.page_size
        if query.start_datetime is None and query.end_datetime is None:
            count, documents = _present(session, query, first)
            return paged(request, count, documents, query)
        wanted, stood = _wanted(session, query)
        found = [document_of(each) for each in violations_of(session, wanted, stood=stood)]
        return paged(request, len(found), found[first:last], query)


def _present(session: Session, query: CheckQuery, first: int) -> tuple[int, list[Any]]:
    """Read what is broken at present, the soonest first."""
    chosen = select(ScheduleConflict).where(
        ScheduleConflict.status.in_(OPEN), ScheduleConflict.identity.is_not(None), *_narrowed(query)
    )
    count = session.scalar(chosen.with_only_columns(func.count(ScheduleConflict.id))) or 0
    ordered = chosen.order_by(ScheduleConflict.conflict_datetime, ScheduleConflict.id)
    rows = session.scalars(ordered.offset(first).limit(query.page_size))
    return count, [row.details["violation"] for row in rows]


def _narrowed(query: CheckQuery) -> list[Any]:
    named: list[tuple[Any, Any, Sequence[int]]] = [
        (ConflictUser.conflict_id, ConflictUser.user_id, query.users),
        (ConflictResource.conflict_id, ConflictResource.resource_id, query.resources),
    ]
    conditions: list[Any] = [
        ScheduleConflict.id.in_(select(own).where(key.in_(keys))) for own, key, keys in named if keys
    ]
    if query.team is not None:
        conditions.append(ScheduleConflict.subject == f"team:{query.team}")
    if query.exclude_id is not None:
        link = ConflictAppointment
        conditions.append(
            ScheduleConflict.id.not_in(select(link.conflict_id).where(link.appointment_id == query.exclude_id))
        )
    return conditions


def _wanted(session: Session, query: CheckQuery) -> tuple[Booking, datetime | None]:
    """Make up the booking that is asked about, and say where it stands so far."""
    _ensure_known(session, query)
    base = _stored(session, query.exclude_id)
    start, end = query.start_datetime, query.end_datetime
    if start is None and end is not None and base is not None:
        start = end - base.minutes * _MINUTE
    if end is None and start is not None and base is not None:
        end = start + base.minutes * _MINUTE
    if start is None or end is None:
        missing = "start_datetime" if start is None else "end_datetime"
        raise InvalidRecord([Fault(missing, "nothing", "both times", "Add it, or leave both out.")])
    start = start.astimezone(UTC).replace(second=0, microsecond=0)
    minutes = (end - start) // _MINUTE
    if not 1 <= minutes <= _LONGEST_MINUTES:
        expected = f"a time in the {_LONGEST_MINUTES} minutes after the start {start.isoformat()}"
        raise InvalidRecord([Fault("end_datetime", end.isoformat(), expected, "Swap start and end.")])
    stood = base.start if base is not None else None
    wanted = replace(base or Booking(minutes=minutes), start=start, minutes=minutes)
    if query.users:
        wanted = replace(wanted, seats=tuple(Seat(key) for key in query.users))
    if query.resources:
        wanted = replace(wanted, uses=tuple(Use(key) for key in query.resources))
    return replace(wanted, team=query.team or wanted.team), stood


def _ensure_known(session: Session, query: CheckQuery) -> None:
    named = {"assigned_users": query.users, "assigned_team": query.team, "required_resources": query.resources}
    try:
        ensure_known(session, Appointment, named)
    except InvalidRecord as unknown:
        asked = (replace(fault, where=fault.where.partition("_")[2]) for fault in unknown.faults)
        raise InvalidRecord(asked) from None


def _stored(session: Session, key: int | None) -> Booking | None:
    if key is None:
        return None
    found = bookings_where(session, Appointment.id == key)
    if not found:
        raise NotFound("appointment", key)
    return found[0]
