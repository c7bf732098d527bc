"""What follows from an event: one table shows all effects."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from models.events import (
    AbsenceDeleted,
    AbsenceSaved,
    AnalyticsSaved,
    AppointmentCancelled,
    AppointmentCompleted,
    AppointmentConfirmed,
    AppointmentCreated,
    AppointmentDeleted,
    AppointmentUpdated,
    ConflictDetected,
    ConflictEscalated,
    ConflictResolved,
    Event,
    IntegrationSaved,
    LocationSaved,
    NotificationCreated,
    OrganizationSaved,
    ResourceSaved,
    RuleDeleted,
    RuleSaved,
    RunEnded,
    RunPublished,
    TeamMemberRemoved,
    TeamMemberSaved,
    TeamSaved,
    TemplateSaved,
    UserSaved,
)
from service.handlers import (
    away,
    clashing,
    connecting,
    costs,
    deciding,
    defaults,
    locking,
    notifying,
    rates,
    reminders,
    series,
)
from service.webhooks import outbox

Handler = Callable[[Session, Any], None]

HANDLERS: Mapping[type[Event], tuple[Handler, ...]] = {
    AppointmentCreated: (
        costs.estimate_cost,
        clashing.follow_appointment,
        reminders.plan_reminder,
        notifying.tell_of_new,
        outbox.post,
    ),
    AppointmentUpdated: (
        costs.estimate_cost,
        series.close_conflicts_of_occurrence,
        clashing.follow_appointment,
        reminders.plan_reminder,
        notifying.tell_of_change,
        outbox.post,
    ),
    AppointmentConfirmed: (
        costs.estimate_cost,
        series.close_conflicts_of_occurrence,
        clashing.follow_appointment,
        reminders.plan_reminder,
        notifying.tell_of_change,
        outbox.post,
    ),
    AppointmentCompleted: (
        series.close_conflicts_of_occurrence,
        clashing.follow_appointment,
        reminders.plan_reminder,
        outbox.post,
    ),
    AppointmentCancelled: (
        series.close_conflicts_of_occurrence,
        clashing.follow_appointment,
        reminders.plan_reminder,
        notifying.tell_of_end,
        outbox.post,
    ),
    AppointmentDeleted: (
        series.close_conflicts_of_occurrence,
        clashing.follow_appointment,
        reminders.plan_reminder,
        notifying.tell_of_end,
        outbox.post,
    ),
    RuleSaved: (locking.lock_named_by_rule, clashing.follow_rule),
    RuleDeleted: (clashing.follow_rule,),
    AbsenceSaved: (locking.lock_absent, clashing.follow_absence, away.tell_of_absence),
    AbsenceDeleted: (clashing.follow_absence,),
    TemplateSaved: (defaults.keep_one_default_template,),
    TeamSaved: (defaults.give_team_hours, clashing.follow_team),
    TeamMemberSaved: (defaults.give_member_hours, clashing.follow_member),
    TeamMemberRemoved: (clashing.follow_member,),
    UserSaved: (clashing.follow_user,),
    ResourceSaved: (clashing.follow_resource,),
    LocationSaved: (clashing.follow_location,),
    OrganizationSaved: (clashing.follow_organization,),
    AnalyticsSaved: (rates.add_rates,),
    ConflictDetected: (notifying.tell_of_conflict, deciding.decide_conflict, outbox.post),
    ConflictResolved: (outbox.post,),
    ConflictEscalated: (notifying.tell_of_escalation, outbox.post),
    RunEnded: (outbox.post,),
    RunPublished: (outbox.post,),
    IntegrationSaved: (connecting.test_connection,),
    NotificationCreated: (notifying.send_what_is_made,),
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
