"""What requests on appointments can say about series, and what they are told about them."""

from typing import Annotated, Any

from fastapi import Depends, Query
from pydantic import BaseModel, Field, create_model
from sqlalchemy.orm import Session

from models.records import Appointment
from service.dependencies import Transaction
from service.schemas import schemas_of
from service.series.wishes import OccurrenceReport, OnConflict, Scope, ask_for_scope, ask_on_conflict, report_of

_READ = schemas_of(Appointment).read
_WITH_OCCURRENCES: type[BaseModel] = create_model(
    "AppointmentOfSeries",
    __base__=_READ,
    __doc__="An appointment, and what became of the occurrences of its series.",
    occurrences=Annotated[list[OccurrenceReport], Field(description="One for each occurrence that was touched.")],
)
SeriesAnswer: Any = _READ | _WITH_OCCURRENCES
"""What a write of an appointment is answered with."""


def _ask_for_scope(
    session: Transaction,
    scope: Annotated[
        Scope | None,
        Query(
            description="Which occurrences of a series are meant; by default this one alone, "
            "or all if the recurrence rule changes."
        ),
    ] = None,
) -> None:
    """Take from the query which occurrences are meant."""
    ask_for_scope(session, scope)


def _ask_on_conflict(
    session: Transaction,
    on_conflict: Annotated[
        OnConflict,
        Query(
            description="What becomes of occurrences that cannot be booked: everything is refused, they are left out "
            "(or stay as they are), or they become requests without a time, with a conflict."
        ),
    ] = OnConflict.FAIL,
) -> None:
    """Take from the query what becomes of occurrences that cannot be booked."""
    ask_on_conflict(session, on_conflict)


scoped = Depends(_ask_for_scope)
clashing = Depends(_ask_on_conflict)


def told(session: Session) -> dict[str, Any]:
    """What the request of a session is told about occurrences, if it touched some."""
    found = report_of(session)
    return {"occurrences": found} if found else {}
