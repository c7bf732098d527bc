"""Who is told that somebody or something is away."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.enums import Audience, NotificationType
from models.events import AbsenceSaved
from models.lifecycle import BUSY
from models.records import Absence, Appointment, AppointmentResource, AppointmentUser, Resource, Team, TeamMember, User
from models.records.absences import AbsenceKind
from models.records.base import now
from service.handlers.notifying import deciders
from service.notices.outbox import notify
from service.notices.wording import wall, worded
from service.schemas import organization


def tell_of_absence(session: Session, event: AbsenceSaved) -> None:
    """Tell those who lead and plan that somebody will be away, and those who need a resource that it will be.

    Absences of outside calendars are told to nobody: they come by the hundred.
    """
    absence = session.get_one(Absence, event.id)
    if absence.version > 1 or absence.kind is AbsenceKind.EXTERNAL or absence.end <= now():
        return
    zone = organization(session).timezone
    if absence.user_id is not None:
        kind, keys = NotificationType.TEAM_MEMBER_UNAVAILABLE, _who_lead(session, absence.user_id)
        name = session.scalars(select(User.name).where(User.id == absence.user_id)).one()
    else:
        kind, keys = NotificationType.RESOURCE_UNAVAILABLE, _who_need(session, absence)
        name = session.scalars(select(Resource.name).where(Resource.id == absence.resource_id)).one()
    facts = {"name": name, "since": wall(absence.start, zone), "until": wall(absence.end, zone)}
    notify(session, kind, keys, worded(session, kind, Audience.USERS, facts))


def _who_lead(session: Session, user: int) -> set[int]:
    leads = (
        select(Team.team_lead_id)
        .join(TeamMember, TeamMember.team_id == Team.id)
        .where(TeamMember.user_id == user, Team.is_active, Team.team_lead_id.is_not(None))
    )
    found = {key for key in session.scalars(leads) if key is not None}
    return (found | set(deciders(session))) - {user}


def _who_need(session: Session, absence: Absence) -> set[int]:
    users = (
        select(AppointmentUser.user_id)
        .join(Appointment, Appointment.id == AppointmentUser.appointment_id)
        .join(AppointmentResource, AppointmentResource.appointment_id == Appointment.id)
        .where(
            AppointmentResource.resource_id == absence.resource_id,
            Appointment.status.in_(BUSY),
            Appointment.start_datetime < absence.end,
            Appointment.end_datetime > absence.start,
        )
    )
    return set(session.scalars(users))
