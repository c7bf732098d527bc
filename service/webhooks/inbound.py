"""What integrations send in: appointments by their `external_id`, booked under the locks and rules of any other."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.enums import AppointmentStatus as Status
from models.errors import Fault, NotFound, TidyplanError
from models.lifecycle import FINAL
from models.records import Appointment, InboundMessage, ScheduleIntegration
from models.records.base import InvalidRecord
from models.records.integrations import OnClash
from models.records.requirements import Requirements
from service import crud
from service.auditing import because
from service.booking import change
from service.crud import Resource
from service.errors import Conflict
from service.handlers.series import INBOUND
from service.keyring import digest
from service.linking import load_links
from service.schemas import schemas_of, values_of
from service.series import writing
from service.series.clashing import store_clash
from service.series.occurrences import attempt
from service.webhooks.messages import Accepted, Cancelled, ClientChanged, Message, MessageType, Outcome, read_as
from service.webhooks.outbox import comes_from

MOST_OF_A_CLIENT = 1000
_APPOINTMENTS = Resource(
    Appointment, "appointments", "appointment", create=writing.create, update=writing.update, delete=writing.remove
)
_TIMES = ("start_datetime", "end_datetime")


def known_answer(session: Session, integration: int, message: str) -> Accepted | None:
    """Tell what a message was answered with, if it came before; one that was refused may come again.

    Parameters
    ----------
    session
        Bound to the organization.
    integration
        Whose message it is; until the transaction ends, other messages of it wait.
    message
        Its id.

    Returns
    -------
    The answer; None if it is new.
    """
    session.scalars(
        select(ScheduleIntegration.id).where(ScheduleIntegration.id == integration).with_for_update(key_share=True)
    ).one()
    statement = select(InboundMessage.answer).where(
        InboundMessage.integration_id == integration, InboundMessage.message == digest(message)
    )
    found = session.scalars(statement).one_or_none()
    return None if found is None else Accepted.model_validate(found)


def accept(session: Session, integration: ScheduleIntegration, message: str, body: Message) -> Accepted:
    """Do what a message asks for, and remember that it was done.

    Parameters
    ----------
    session
        Bound to the integration.
    integration
        Whose message it is.
    message, body
        Its id, and what it says.

    Returns
    -------
    What became of it.

    Raises
    ------
    TidyplanError
        If it cannot be done; nothing is remembered.
    """
    if not integration.is_active:
        raise Conflict(f"Integration {integration.id} is not in use. Set is_active first.")
    comes_from(session, integration.id)
    done = _done(session, integration, body)
    row = InboundMessage(integration_id=integration.id, message=digest(message), answer=done.model_dump(mode="json"))
    session.add(row)
    session.flush()
    return done


def _done(session: Session, integration: ScheduleIntegration, body: Message) -> Accepted:
    match body.type:
        case MessageType.UPSERT:
            return _upsert(session, integration, body.data)
        case MessageType.CANCEL:
            return _cancel(session, read_as(Cancelled, body.data))
        case MessageType.CLIENT:
            return _update_client(session, read_as(ClientChanged, body.data))
        case MessageType.PING:
            return Accepted(outcome=Outcome.PONG)


def _upsert(session: Session, integration: ScheduleIntegration, data: dict[str, Any]) -> Accepted:
    external = data.get("external_id")
    if not isinstance(external, str) or not external.strip():
        raise InvalidRecord([Fault("data.external_id", "nothing", "what the other system calls it", "Add it.")])
    known = _find(session, external)
    models = schemas_of(Appointment)
    body = read_as(models.create if known is None else models.update, data)
    values = values_of(Appointment, body, given_only=known is not None)
    if known is None:
        return _create(session, integration, values)
    error = attempt(session, lambda: crud.update(session, _APPOINTMENTS, known, values))
    if error is None:
        return Accepted(outcome=Outcome.UPDATED, appointments=[known.id], status=known.status)
    _ensure_stored(integration, error)
    session.refresh(known)
    return _clashed(session, known, error)


def _create(session: Session, integration: ScheduleIntegration, values: dict[str, Any]) -> Accepted:
    made: list[Appointment] = []
    error = attempt(session, lambda: made.append(crud.create(session, _APPOINTMENTS, values)))
    if error is None:
        return Accepted(outcome=Outcome.CREATED, appointments=[made[0].id], status=made[0].status)
    _ensure_stored(integration, error)
    return _clashed(session, crud.create(session, _APPOINTMENTS, _as_request(values)), error)


def _as_request(values: dict[str, Any]) -> dict[str, Any]:
    """Ask for what could not be booked: the same without a time, wished for where it was to be."""
    start, end, minutes = (values.get(name) for name in (*_TIMES, "duration_minutes"))
    if minutes is None and start is not None and end is not None:
        minutes = int((end - start).total_seconds() // 60)
    wished = values.get("requirements")
    if wished is None and start is not None:
        wished = Requirements(preferred_start=start)
    return {
        **values,
        **dict.fromkeys(_TIMES),
        "duration_minutes": minutes,
        "status": Status.REQUESTED,
        "requirements": wished,
    }


def _ensure_stored(integration: ScheduleIntegration, error: TidyplanError) -> None:
    """Refuse what cannot be booked, unless the integration wants it stored with a conflict."""
    if integration.options.on_clash is OnClash.REFUSE:
        raise error


def _clashed(session: Session, appointment: Appointment, error: TidyplanError) -> Accepted:
    conflict = store_clash(session, appointment, error, INBOUND)
    return Accepted(
        outcome=Outcome.CLASHED, appointments=[appointment.id], status=appointment.status, conflict=conflict.id
    )


def _cancel(session: Session, wish: Cancelled) -> Accepted:
    known = _find(session, wish.external_id)
    if known is None:
        raise NotFound("appointment with the external id", wish.external_id)
    if wish.reason:
        because(session, wish.reason)
    if known.status is not Status.CANCELLED:
        change(session, known, {"status": Status.CANCELLED})
    return Accepted(outcome=Outcome.CANCELLED, appointments=[known.id], status=known.status)


def _update_client(session: Session, wish: ClientChanged) -> Accepted:
    """Change what is known of a client in every appointment of theirs that is not over."""
    statement = select(Appointment).where(
        Appointment.client_email == wish.client_email, Appointment.status.not_in(FINAL)
    )
    statement = statement.options(*load_links(Appointment)).order_by(Appointment.id).limit(MOST_OF_A_CLIENT + 1)
    found = session.scalars(statement.with_for_update(of=Appointment, key_share=True)).all()
    if len(found) > MOST_OF_A_CLIENT:
        raise Conflict(
            f"{wish.client_email} has more than {MOST_OF_A_CLIENT} open appointments. Change them over HTTP."
        )
    values = wish.changes.model_dump(exclude_unset=True, exclude_none=True)
    for appointment in found:
        change(session, appointment, values)
    return Accepted(outcome=Outcome.UPDATED, appointments=[each.id for each in found])


def _find(session: Session, external: str) -> Appointment | None:
    """Find the appointment that another system calls so; of a series the first.

    Raises
    ------
    Conflict
        If several are called so.
    """
    statement = select(Appointment.id).where(
        Appointment.external_id == external, Appointment.parent_appointment_id.is_(None)
    )
    keys = session.scalars(statement.order_by(Appointment.id).limit(2)).all()
    if len(keys) > 1:
        raise Conflict(f'Appointments {keys[0]} and {keys[1]} are both called "{external}". Rename one of them.')
    return crud.find(session, _APPOINTMENTS, keys[0], lock=True) if keys else None
