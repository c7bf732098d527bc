"""A thing that appointments use: a room, a device, a vehicle."""

from typing import Annotated

from pydantic import ConfigDict, Field, JsonValue
from sqlalchemy.orm import Mapped

from models.enums import ResourceType
from models.errors import Fault
from models.fields import Amount, Duration, Flag, Instant, Names, Part, Positive
from models.people import Availability, Period, WallSpan, Zone
from models.records.base import Entity
from models.records.fields import Address, Currency, JsonList, Label, Name, Prose, field


class Specifications(Part):
    """What a resource offers: `features` that demands ask for, and whatever else is to be known."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, JsonValue]

    features: Names = ()


class MaintenanceSchedule(Part):
    """How often a resource is maintained, for how long, and between which wall times."""

    every_days: Annotated[int, Field(strict=True, ge=1, le=3650)]
    duration_minutes: Duration = 60
    window: WallSpan | None = None


class Resource(Entity):
    """A thing that appointments use, whole or by the unit; `capacity` is concurrent units."""

    __tablename__ = "resources"
    FILTERS = ("name", "resource_type", "is_active", "is_available", "capacity", "next_maintenance")
    SEARCHED = ("name", "description", "location")

    name: Mapped[Name]
    resource_type: Mapped[ResourceType] = field(ResourceType.OTHER)
    description: Mapped[Prose] = field("")
    location: Mapped[Label] = field("")
    capacity: Mapped[Positive] = field(1)
    specifications: Mapped[Specifications] = field(Specifications)
    is_active: Mapped[Flag] = field(True)
    is_available: Mapped[Flag] = field(True)
    availability_schedule: Mapped[Availability | None] = field()
    unavailable: Mapped[tuple[Period, ...]] = field(tuple)
    timezone: Mapped[Zone | None] = field()
    maintenance_schedule: Mapped[MaintenanceSchedule | None] = field()
    last_maintenance: Mapped[Instant | None] = field()
    next_maintenance: Mapped[Instant | None] = field()
    hourly_rate: Mapped[Amount | None] = field()
    daily_rate: Mapped[Amount | None] = field()
    currency: Mapped[Currency] = field("USD", inherits="currency")
    image_url: Mapped[Address] = field("")
    documents: Mapped[JsonList] = field(list)

    def check(self) -> list[Fault]:
        """Find maintenance that is due before it was done."""
        last, due = self.last_maintenance, self.next_maintenance
        if last is not None and due is not None and due < last:
            expected = f"a time from the last maintenance {last.isoformat()} on"
            return [Fault("next_maintenance", due.isoformat(), expected, "Swap the two.")]
        return []
