"""What new templates, teams and members are given."""

from datetime import time

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.enums import Weekday
from models.events import TeamMemberSaved, TeamSaved, TemplateSaved
from models.people import Availability, WallSpan
from models.records import ScheduleTemplate, Team, TeamMember

_WORKDAYS = list(Weekday)[:5]
OFFICE_HOURS: Availability = {day: (WallSpan(start=time(9), end=time(17)),) for day in _WORKDAYS}


def keep_one_default_template(session: Session, event: TemplateSaved) -> None:
    """Let the last template that was made the default be the only one."""
    template = session.get_one(ScheduleTemplate, event.id)
    if template.is_default:
        others = select(ScheduleTemplate).where(ScheduleTemplate.is_default, ScheduleTemplate.id != template.id)
        for other in session.scalars(others):
            other.is_default = False
        session.flush()


def give_team_hours(session: Session, event: TeamSaved) -> None:
    """Give a new team Monday to Friday from nine to five."""
    team = session.get_one(Team, event.id)
    if team.version == 1 and team.availability_schedule is None:
        team.availability_schedule = OFFICE_HOURS
        session.flush()


def give_member_hours(session: Session, event: TeamMemberSaved) -> None:
    """Give a new member the hours of its team."""
    member = session.get_one(TeamMember, event.id)
    if member.version == 1 and member.availability_schedule is None:
        member.availability_schedule = session.get_one(Team, member.team_id).availability_schedule
        session.flush()
