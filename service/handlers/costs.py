"""What an appointment is estimated to cost, as long as nobody has said so."""

from sqlalchemy.orm import Session

from models.events import Event
from service.handlers.notifying import appointment_of
from service.series.costs import estimate


def estimate_cost(session: Session, event: Event) -> None:
    """Let the estimated cost follow the template, the crew, the resources and the length."""
    appointment = appointment_of(session, event.id)
    if appointment is None or not appointment.estimates_cost:
        return
    amount = estimate(session, appointment).get(appointment.currency)
    if amount != appointment.estimated_cost:
        appointment.estimated_cost = amount
        session.flush()
