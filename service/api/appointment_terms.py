"""What an appointment costs, and on what terms it can be cancelled."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from models.records import Appointment
from service import crud
from service.crud import Resource
from service.dependencies import Transaction, allowed
from service.output import DecimalText
from service.problems import responses
from service.series.cancellation import terms_of
from service.series.costs import estimate


class CancellationTerms(BaseModel):
    """What cancelling costs now, or why it is refused."""

    allowed: bool
    fee: Annotated[DecimalText | None, Field(description="It becomes the actual cost.")]
    fee_percent: Annotated[DecimalText, Field(description="Of the estimated cost.")]
    currency: str
    free_until: Annotated[datetime | None, Field(description="Until then it costs nothing.")]
    rule: Annotated[int | None, Field(description="The rule that decides.")]
    reason: str


class Costs(BaseModel):
    """What an appointment costs by the rates, each currency for itself."""

    amounts: dict[str, DecimalText]
    estimated_cost: DecimalText | None
    actual_cost: DecimalText | None
    currency: str


def add_terms(router: APIRouter, resource: Resource[Appointment]) -> None:
    """Add what can be asked about costs to the router of appointments."""

    @router.get(
        "/{id:int}/cancellation/",
        response_model=CancellationTerms,
        responses=responses("not_found"),
        dependencies=[allowed(resource.path, "read")],
        summary="Ask what cancelling an appointment costs",
    )
    def cancellation(session: Transaction, id: int) -> dict[str, Any]:
        """Tell on what terms an appointment can be cancelled now."""
        appointment = crud.find(session, resource, id)
        terms = terms_of(session, appointment)
        return {name: getattr(terms, name) for name in terms.__slots__} | {"currency": appointment.currency}

    @router.get(
        "/{id:int}/costs/",
        response_model=Costs,
        responses=responses("not_found"),
        dependencies=[allowed(resource.path, "costs")],
        summary="Estimate the costs of an appointment",
    )
    def costs(session: Transaction, id: int) -> dict[str, Any]:
        """Estimate what an appointment costs, by its template or by the rates of who and what it takes."""
        appointment = crud.find(session, resource, id)
        told = {name: getattr(appointment, name) for name in ("estimated_cost", "actual_cost", "currency")}
        return told | {"amounts": estimate(session, appointment)}
