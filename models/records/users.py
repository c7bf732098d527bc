"""A person: what somebody can do, when, and what somebody may do here."""

from enum import StrEnum

from sqlalchemy.orm import Mapped

from models.fields import Amount, Flag, Names
from models.people import Availability, Period, Zone
from models.records.base import Entity
from models.records.fields import Access, Email, Label, Moment, Name, Phone, Skills, field, reference


class Role(StrEnum):
    """What a user may do in an organization, from most to least; the rights stand in one table."""

    OWNER = "owner"
    PLANNER = "planner"
    DISPATCHER = "dispatcher"
    MEMBER = "member"
    VIEWER = "viewer"


class User(Entity):
    """A person of an organization; one without an email cannot log in, but can work."""

    __tablename__ = "users"
    FILTERS = ("name", "email", "role", "is_active")
    SEARCHED = ("name", "email", "phone")
    UNIQUE = (("email",),)

    name: Mapped[Name]
    email: Mapped[Email | None] = field()
    phone: Mapped[Phone] = field("")
    role: Mapped[Role] = field(Role.MEMBER)
    is_active: Mapped[Flag] = field(True)
    skills: Mapped[Skills] = field(tuple)
    certifications: Mapped[Names] = field(tuple)
    availability: Mapped[Availability | None] = field()
    unavailable: Mapped[tuple[Period, ...]] = field(tuple)
    timezone: Mapped[Zone | None] = field()
    max_hours_per_week: Mapped[Amount | None] = field()
    overtime_hours_per_week: Mapped[Amount | None] = field()
    hourly_cost: Mapped[Amount | None] = field(access=Access.CONFIDENTIAL)
    start_location_id: Mapped[int | None] = reference("locations")
    end_location_id: Mapped[int | None] = reference("locations")
    password_hash: Mapped[Label | None] = field(access=Access.HIDDEN)
    last_login_at: Mapped[Moment | None] = field(access=Access.READ_ONLY)
