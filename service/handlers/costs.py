"""What an appointment is estimated to cost, as long as nobody has said so."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.events import Event
from models.records import Appointment
from service.linking import load_links
from service.series.costs import estimate


def estimate_cost(session: Session, event: Event) -> None:
    """Let the estimated cost follow the template, the crew, the resources and the length."""
    statement = select(Appointment).where(Appointment.id == event.id, Appointment.estimates_cost)
    appointment = session.scalars(statement.options(*load_links(Appointment))).one_or_none()
    if appointment is None:
        return
    amount = estimate(session, appointment).get(appointment.currency)
    if amount != appointment.estimated_cost:
        appointment.estimated_cost = amount
        session.flush()
