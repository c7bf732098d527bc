"""Which appointments of an organization can be archived, and up to which day."""

from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from models.enums import ConflictStatus
from models.lifecycle import FINAL
from models.records import Appointment, AppointmentLink, Organization, ScheduleConflict
from models.records.base import now
from models.timegrid import day_start, instant
from models.zones import zone_of

SETTLED = timedelta(days=2)
_OPEN = (ConflictStatus.PENDING, ConflictStatus.ESCALATED)


def latest_day(organization: Organization) -> date:
    """Find the day up to which an organization can be archived: the beginning of the year whose figures may change.

    Figures of days, months and years are computed from appointments until two days after their end.
    """
    return ((now() - SETTLED).astimezone(zone_of(organization.timezone))).date().replace(month=1, day=1)


def midnight(organization: Organization, day: date) -> datetime:
    """The instant at which a day of an organization begins."""
    zone = zone_of(organization.timezone)
    return instant(day_start(day, zone), zone)


def archivable(organization: Organization, day: date) -> Select[int]:
    """Select the ids of what can go: over or deleted before a day, and needed by nothing that stays.

    What stays: an appointment with an open conflict, one that others of its series still name as their first, and one
    that an appointment follows which is not over.

    Parameters
    ----------
    organization
        Whose.
    day
        On its wall, exclusive.

    Returns
    -------
    For a session that sees all organizations, what is hidden included; what is left may be archivable afterwards.
    """
    child, follower = aliased(Appointment), aliased(Appointment)
    ended = func.coalesce(Appointment.end_datetime, Appointment.updated_at) < midnight(organization, day)
    is_over = or_(Appointment.status.in_(FINAL), Appointment.hidden_at.is_not(None))
    clashes = or_(
        ScheduleConflict.primary_appointment_id == Appointment.id,
        ScheduleConflict.conflicting_appointment_id == Appointment.id,
    )
    kept: tuple[ColumnElement[bool], ...] = (
        exists().where(clashes, ScheduleConflict.status.in_(_OPEN)),
        exists().where(child.parent_appointment_id == Appointment.id),
        exists().where(
            AppointmentLink.follows_id == Appointment.id,
            follower.id == AppointmentLink.appointment_id,
            and_(follower.status.not_in(FINAL), follower.hidden_at.is_(None)),
        ),
    )
    statement = select(Appointment.id).where(Appointment.organization_id == organization.id, is_over, ended)
    statement = statement.where(*(~each for each in kept))
    return statement.execution_options(include_hidden=True)
