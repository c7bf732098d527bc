"""A place: where people start and end, and where appointments are."""

from sqlalchemy.orm import Mapped

from models.records.base import Entity
from models.records.fields import Label, Name, field
from models.travel import Latitude, Longitude


class Location(Entity):
    """A named place on the globe, in degrees."""

    __tablename__ = "locations"
    FILTERS = ("name",)
    SEARCHED = ("name", "address")

    name: Mapped[Name]
    address: Mapped[Label] = field("")
    latitude: Mapped[Latitude]
    longitude: Mapped[Longitude]
