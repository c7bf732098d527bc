"""A team and its members."""

from datetime import UTC, date, datetime

from sqlalchemy.orm import Mapped

from models.enums import MemberRole
from models.fields import Amount, Day, Flag, Names, Positive
from models.people import Availability, Zone
from models.records.base import Entity
from models.records.fields import Name, Prose, Skills, field, reference


def _today() -> date:
    return datetime.now(UTC).date()


class Team(Entity):
    """Users who are assigned together."""

    __tablename__ = "teams"
    FILTERS = ("name", "is_active", "team_lead_id")
    SEARCHED = ("name", "description")

    name: Mapped[Name]
    description: Mapped[Prose] = field("")
    is_active: Mapped[Flag] = field(True)
    max_members: Mapped[Positive | None] = field()
    team_lead_id: Mapped[int | None] = reference("users")
    skills: Mapped[Skills] = field(tuple)
    specializations: Mapped[Names] = field(tuple)
    availability_schedule: Mapped[Availability | None] = field()
    timezone: Mapped[Zone | None] = field()
    max_concurrent: Mapped[Positive] = field(1)


class TeamMember(Entity):
    """A user in a team; what it says of skills and times adds to what the user says."""

    __tablename__ = "team_members"
    FILTERS = ("team_id", "user_id", "role", "is_active", "joined_date")
    UNIQUE = (("team_id", "user_id"),)

    team_id: Mapped[int] = reference("teams", on_delete="CASCADE")
    user_id: Mapped[int] = reference("users", on_delete="CASCADE")
    role: Mapped[MemberRole] = field(MemberRole.MEMBER)
    joined_date: Mapped[Day] = field(_today)
    is_active: Mapped[Flag] = field(True)
    skills: Mapped[Skills] = field(tuple)
    certifications: Mapped[Names] = field(tuple)
    availability_schedule: Mapped[Availability | None] = field()
    max_hours_per_week: Mapped[Amount | None] = field()
