"""What follows from an event: one table shows all effects."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from models.events import (
    AbsenceSaved,
    AnalyticsSaved,
    AppointmentCancelled,
    AppointmentCompleted,
    AppointmentConfirmed,
    AppointmentDeleted,
    AppointmentUpdated,
    Event,
    RuleSaved,
    TeamMemberSaved,
    TeamSaved,
    TemplateSaved,
)
from service.handlers import defaults, locking, rates, series

Handler = Callable[[Session, Any], None]

HANDLERS: Mapping[type[Event], tuple[Handler, ...]] = {
    RuleSaved: (locking.lock_named_by_rule,),
    AbsenceSaved: (locking.lock_absent,),
    TemplateSaved: (defaults.keep_one_default_template,),
    TeamSaved: (defaults.give_team_hours,),
    AnalyticsSaved: (rates.add_rates,),
    TeamMemberSaved: (defaults.give_member_hours,),
    AppointmentUpdated: (series.close_conflicts_of_occurrence,),
    AppointmentConfirmed: (series.close_conflicts_of_occurrence,),
    AppointmentCompleted: (series.close_conflicts_of_occurrence,),
    AppointmentCancelled: (series.close_conflicts_of_occurrence,),
    AppointmentDeleted: (series.close_conflicts_of_occurrence,),
}
"""The handlers of every event, in order. They run in the transaction that caused it and only touch the database."""


def emit(session: Session, event: Event) -> None:
    """Say that something happened.

    Parameters
    ----------
    session
        Whose transaction it belongs to; it is flushed first.
    event
        What happened.
    """
    session.flush()
    for handle in HANDLERS.get(type(event), ()):
        handle(session, event)
