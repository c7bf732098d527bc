"""What is done with appointments: confirmed, cancelled, moved, started, completed, held."""

from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Body, Depends, Query, Response
from sqlalchemy.orm import Session

from models.records import Appointment
from service import crud
from service.api.series import SeriesAnswer, clashing, scoped
from service.booking import acting
from service.booking.refusals import ask_for_override
from service.booking.wishes import Cancellation, Completion, Hold, Move
from service.crud import Resource
from service.dependencies import Transaction, allowed
from service.etags import IfMatch, ensure_current
from service.idempotency import once
from service.problems import responses
from service.routing import single, written
from service.schemas import schemas_of
from service.series import writing

TAKEN = ("slot_taken", "rule_violated")
Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])


def _overriding(
    session: Transaction,
    override: Annotated[
        bool, Query(description="Store it although it breaks rules: for planners. Nobody is ever booked twice.")
    ] = False,
    reason: Annotated[str, Query(max_length=1000, description="Why rules are overridden, for the audit log.")] = "",
) -> None:
    """Take from the query whether rules may be overridden."""
    ask_for_override(session, override, reason)


overriding = Depends(_overriding)


def add_actions(router: APIRouter, resource: Resource[Appointment]) -> None:
    """Add the actions to the router of appointments."""

    def found(session: Session, key: int, if_match: str | None) -> Appointment:
        appointment = crud.find(session, resource, key, lock=True)
        ensure_current(appointment, if_match)
        return appointment

    def route(
        name: str, summary: str, *more: Any, answers: Any = None, problems: tuple[str, ...] = ()
    ) -> Callable[[Endpoint], Endpoint]:
        return router.post(
            f"/{{id:int}}/{name}/",
            response_model=answers or schemas_of(Appointment).read,
            responses=responses("not_found", "illegal_transition", "stale", *problems),
            dependencies=[allowed(resource.path, name), once, *more],
            summary=summary,
        )

    @route("confirm", "Confirm an appointment", overriding, problems=("hold_expired", "rule_violated"))
    def confirm(session: Transaction, response: Response, id: int, if_match: IfMatch = None) -> dict[str, Any]:
        """Confirm a booked appointment, or book a requested one whose hold still stands."""
        appointment = found(session, id, if_match)
        acting.confirm(session, appointment)
        return single(session, appointment, response)

    @route("cancel", "Cancel an appointment", overriding, scoped, answers=SeriesAnswer)
    def cancel(
        session: Transaction,
        response: Response,
        id: int,
        body: Annotated[Cancellation | None, Body()] = None,
        if_match: IfMatch = None,
    ) -> dict[str, Any]:
        """Cancel an appointment and free its time; a fee for short notice becomes its actual cost."""
        appointment = found(session, id, if_match)
        wish = body or Cancellation()
        writing.cancel(session, appointment, lambda each: acting.cancel(session, each, wish))
        return written(session, resource, appointment, response)

    @route(
        "reschedule", "Reschedule an appointment", overriding, scoped, clashing, answers=SeriesAnswer, problems=TAKEN
    )
    def reschedule(
        session: Transaction, response: Response, id: int, body: Annotated[Move, Body()], if_match: IfMatch = None
    ) -> dict[str, Any]:
        """Move a booked appointment to another time, perhaps with another crew."""
        appointment = found(session, id, if_match)
        values = acting.values_of(body)
        writing.reschedule(
            session, appointment, values, body.reason, lambda each: acting.reschedule(session, each, body)
        )
        return written(session, resource, appointment, response)

    @route("start", "Start an appointment")
    def start(session: Transaction, response: Response, id: int, if_match: IfMatch = None) -> dict[str, Any]:
        """Say that work has begun."""
        appointment = found(session, id, if_match)
        acting.start(session, appointment)
        return single(session, appointment, response)

    @route("complete", "Complete an appointment")
    def complete(
        session: Transaction,
        response: Response,
        id: int,
        body: Annotated[Completion | None, Body()] = None,
        if_match: IfMatch = None,
    ) -> dict[str, Any]:
        """Say that work is done, and how it went."""
        appointment = found(session, id, if_match)
        acting.complete(session, appointment, body or Completion())
        return single(session, appointment, response)

    @route("no-show", "Note that a client did not come")
    def no_show(session: Transaction, response: Response, id: int, if_match: IfMatch = None) -> dict[str, Any]:
        """Note that the client was not there."""
        appointment = found(session, id, if_match)
        acting.miss(session, appointment)
        return single(session, appointment, response)

    @route("unschedule", "Take the time from an appointment")
    def unschedule(session: Transaction, response: Response, id: int, if_match: IfMatch = None) -> dict[str, Any]:
        """Make a booked appointment a request again, without a time."""
        appointment = found(session, id, if_match)
        acting.unschedule(session, appointment)
        return single(session, appointment, response)

    @route("hold", "Hold a time for a requested appointment", problems=TAKEN)
    def hold(
        session: Transaction, response: Response, id: int, body: Annotated[Hold, Body()], if_match: IfMatch = None
    ) -> dict[str, Any]:
        """Keep a time and its people from others for a while; `confirm/` books it before it expires."""
        appointment = found(session, id, if_match)
        acting.hold(session, appointment, body)
        return single(session, appointment, response)
