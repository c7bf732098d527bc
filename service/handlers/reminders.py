"""When an appointment is reminded of: by default a day before, once, and anew after every move."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.enums import NotificationStatus, NotificationType
from models.events import AppointmentCreated, Event
from models.lifecycle import BUSY
from models.records import Appointment, ScheduleNotification
from models.records.base import now
from service.handlers.notifying import appointment_of, notify, told_of
from service.schemas import organization


def plan_reminder(session: Session, event: Event) -> None:
    """Set the time of the reminder where there is none, and keep one reminder waiting for it; drop those of another."""
    appointment = appointment_of(session, event.id)
    if appointment is None:
        return
    start = appointment.start_datetime
    if start is None or appointment.status not in BUSY or appointment.hidden_at is not None:
        if start is None:
            appointment.reminder_datetime = None
        _drop(session, appointment, None)
        return
    if appointment.reminder_datetime is None:
        appointment.reminder_datetime = start - timedelta(hours=organization(session).policies.reminder_hours)
        session.flush()
    due = appointment.reminder_datetime
    kept = not isinstance(event, AppointmentCreated) and _drop(session, appointment, due)
    if kept or appointment.reminder_sent or not now() < due < start:
        return
    kind = NotificationType.APPOINTMENT_REMINDER
    notify(session, kind, appointment.assigned_user_ids, *told_of(session, kind, appointment), appointment, at=due)


def _drop(session: Session, appointment: Appointment, due: object) -> bool:
    """Cancel the reminders that wait, unless they are due then; tells whether there are such."""
    waiting = select(ScheduleNotification).where(
        ScheduleNotification.related_appointment_id == appointment.id,
        ScheduleNotification.notification_type == NotificationType.APPOINTMENT_REMINDER,
        ScheduleNotification.status == NotificationStatus.PENDING,
    )
    kept = False
    for row in session.scalars(waiting):
        if due is not None and row.scheduled_at == due:
            kept = True
        else:
            row.status = NotificationStatus.CANCELLED
    session.flush()
    return kept
