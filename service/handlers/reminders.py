"""When an appointment is reminded of: by default a day before, once, and anew after every move."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from models.enums import DeliveryMethod, NotificationStatus, NotificationType
from models.events import AppointmentCreated, Event
from models.lifecycle import BUSY
from models.records import Appointment, ScheduleNotification
from models.records.base import now
from service.handlers.notifying import appointment_of, told_of, waiting
from service.notices.outbox import notify, notify_client, tells_client
from service.schemas import organization

_KIND = NotificationType.APPOINTMENT_REMINDER
_Way = tuple[DeliveryMethod, int]


def plan_reminder(session: Session, event: Event) -> None:
    """Set the time of the reminder where there is none, and keep one waiting for it; drop those of another time."""
    appointment = appointment_of(session, event.id)
    if appointment is None:
        return
    start = appointment.start_datetime
    if start is None or appointment.status not in BUSY or appointment.hidden_at is not None:
        if start is None:
            appointment.reminder_datetime = None
        _keep(session, appointment, None)
        return
    if appointment.reminder_datetime is None:
        appointment.reminder_datetime = start - timedelta(hours=organization(session).policies.reminder_hours)
        session.flush()
    due = appointment.reminder_datetime
    kept, client_is_kept = set[_Way](), False
    if not isinstance(event, AppointmentCreated):
        kept, client_is_kept = _keep(session, appointment, due)
    if appointment.reminder_sent or not now() < due < start:
        return
    if crew := appointment.assigned_user_ids:
        notify(session, _KIND, crew, told_of(session, _KIND, appointment), appointment, at=due, known=kept)
    if not client_is_kept:
        notify_client(session, _KIND, appointment, due)


def _keep(session: Session, appointment: Appointment, due: datetime | None) -> tuple[set[_Way], bool]:
    """Keep the reminders that are due then for those who still come; tells which, and whether the client's is one."""
    kept, client_is_kept = set[_Way](), False
    for row in waiting(session, appointment, _KIND):
        stays = due is not None and row.scheduled_at == due
        if row.client_address is not None:
            stays = stays and row.client_address == appointment.client_email and tells_client(session, appointment)
            client_is_kept = client_is_kept or stays
        elif stays:
            stays = _keep_crew(row, appointment)
            kept.update((row.delivery_method, key) for key in row.recipient_ids if stays)
        if not stays:
            row.status = NotificationStatus.CANCELLED
    session.flush()
    return kept, client_is_kept


def _keep_crew(row: ScheduleNotification, appointment: Appointment) -> bool:
    """Take those from a reminder who no longer come; tells whether anybody is left."""
    crew = set(appointment.assigned_user_ids)
    left = [key for key in row.recipient_ids if key in crew]
    if left and len(left) < len(row.recipient_ids):
        row.assign({"recipient_ids": left})
    return bool(left)
