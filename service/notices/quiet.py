"""Quiet hours: when somebody wants to hear nothing, by the clock on the wall where that somebody is."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.enums import ImpactLevel, NotificationType as Kind, Priority
from models.records import Appointment, QuietHours, ScheduleConflict, ScheduleNotification, User
from models.zones import zone_of
from service.schemas import organization


def heard_at(session: Session, notification: ScheduleNotification, user: User, moment: datetime) -> datetime:
    """Find out when a user is told something that is due.

    Parameters
    ----------
    session
        Bound to the organization.
    notification
        What is told.
    user
        To whom.
    moment
        When it is due.

    Returns
    -------
    The moment, or the end of the user's quiet hours. What is urgent, or would come too late, does not wait.
    """
    own = session.scalars(select(QuietHours).where(QuietHours.user_id == user.id)).one_or_none()
    usual = organization(session).policies.quiet_hours
    if own is None and usual is None:
        return moment
    if own is not None:
        start, end = own.start_time, own.end_time
    else:
        assert usual is not None
        start, end = usual.start, usual.end
    heard = after_quiet(moment, start, end, zone_of(user.timezone or organization(session).timezone))
    return moment if heard != moment and _cannot_wait(session, notification, heard) else heard


def after_quiet(moment: datetime, start: time, end: time, zone: ZoneInfo) -> datetime:
    """Find the first moment from one on that is not quiet.

    Parameters
    ----------
    moment
        With an offset.
    start, end
        On the wall; an end before the start is the next day's, and equal ones are no quiet hours at all.
    zone
        Of the wall.

    Returns
    -------
    The moment itself, or the end of the hours it lies in.
    """
    local = moment.astimezone(zone)
    now = local.time()
    over_midnight = end < start
    quiet = (now >= start or now < end) if over_midnight else start <= now < end
    if not quiet:
        return moment
    day = local.date() + timedelta(days=1 if over_midnight and now >= start else 0)
    return max(moment, datetime.combine(day, end, zone).astimezone(moment.tzinfo))


def _cannot_wait(session: Session, notification: ScheduleNotification, until: datetime) -> bool:
    """Whether something is urgent, or a reminder that would come when it is of no use any more."""
    if notification.related_conflict_id is not None:
        conflict = session.get(ScheduleConflict, notification.related_conflict_id)
        return conflict is not None and conflict.impact_level is ImpactLevel.CRITICAL
    if notification.related_appointment_id is None:
        return False
    appointment = session.get(Appointment, notification.related_appointment_id)
    if appointment is None:
        return False
    late = appointment.start_datetime is not None and appointment.start_datetime <= until
    reminds = notification.notification_type is Kind.APPOINTMENT_REMINDER
    return appointment.priority is Priority.URGENT or (late and reminds)
