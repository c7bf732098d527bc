"""What is known of calendars elsewhere: how far each was read, which of its files say what, and feeds of our own."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field
from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped

from models.errors import Fault
from models.fields import Count, Flag
from models.records.base import Entity, Owned
from models.records.fields import Access, Address, Digest, JsonObject, Label, Moment, Name, Prose, field, reference


class CalendarState(Owned):
    """How far the calendar of an integration was read, and who synchronizes it at the moment."""

    __tablename__ = "calendar_states"
    UNIQUE = (("integration_id",),)

    integration_id: Mapped[int] = reference("schedule_integrations", on_delete="CASCADE")
    token: Mapped[Prose] = field("")
    tag: Mapped[Prose] = field("")
    terms: Mapped[JsonObject] = field(dict)
    lease: Mapped[Digest | None] = field()
    leased_until: Mapped[Moment | None] = field()


class CalendarObject(Owned):
    """A file of a calendar, which is one event with all its recurrences.

    One that shows an appointment says what both sides agreed on last (`base`), what was sent and not yet confirmed
    (`sent`), and what stands outside against it and is to be reviewed (`outside`). `altered` is one that others have
    added something to. One of somebody else is read until `read_until`, if it recurs.
    """

    __tablename__ = "calendar_objects"
    UNIQUE = (("href", "integration_id"),)

    integration_id: Mapped[int] = reference("schedule_integrations", on_delete="CASCADE")
    href: Mapped[Address]
    uid: Mapped[Address] = field("")
    etag: Mapped[Address] = field("")
    sequence: Mapped[Count] = field(0)
    read_until: Mapped[Moment | None] = field()
    appointment_id: Mapped[int | None] = reference("appointments", on_delete="CASCADE")
    appointment_version: Mapped[Count | None] = field()
    base: Mapped[JsonObject | None] = field()
    sent: Mapped[JsonObject | None] = field()
    outside: Mapped[JsonObject | None] = field()
    altered: Mapped[Flag] = field(False)
    conflict_id: Mapped[int | None] = reference("schedule_conflicts", on_delete="SET NULL")


class Details(StrEnum):
    """How much of an appointment a calendar shows: all of it, its title, or only that there is something."""

    FULL = "full"
    TITLE = "title"
    BUSY = "busy"


FeedDays = Annotated[int, Field(strict=True, ge=0, le=400)]


class CalendarFeed(Entity):
    """A secret address at which calendar programs read the appointments of a user, a team or a resource."""

    __tablename__ = "calendar_feeds"
    FILTERS = ("user_id", "team_id", "resource_id", "details")
    SEARCHED = ("name",)

    name: Mapped[Name]
    user_id: Mapped[int | None] = reference("users", on_delete="CASCADE")
    team_id: Mapped[int | None] = reference("teams", on_delete="CASCADE")
    resource_id: Mapped[int | None] = reference("resources", on_delete="CASCADE")
    details: Mapped[Details] = field(Details.TITLE)
    days_back: Mapped[FeedDays] = field(30)
    days_ahead: Mapped[FeedDays] = field(365)
    prefix: Mapped[Label] = field(access=Access.READ_ONLY)
    digest: Mapped[Digest] = field(access=Access.HIDDEN, unique=True)
    revoked_at: Mapped[Moment | None] = field(access=Access.READ_ONLY)

    @classmethod
    def constraints(cls) -> tuple[CheckConstraint, ...]:
        """It is of exactly one subject."""
        counted = " + ".join(f"CAST({name}_id IS NOT NULL AS INTEGER)" for name in ("user", "team", "resource"))
        return (CheckConstraint(f"{counted} = 1", name="one_subject"),)

    def check(self) -> list[Fault]:
        """Find a feed of nobody, or of several."""
        named = [name for name in ("user", "team", "resource") if getattr(self, f"{name}_id") is not None]
        if len(named) == 1:
            return []
        found = " and ".join(named) or "none of user, team and resource"
        return [Fault("user", found, "one of user, team and resource", "Name whose appointments it shows.")]
