"""Where people start and where appointments are: stored locations, and the bare coordinates of appointments."""

from collections.abc import Iterable

from models.problem import Location, TravelMatrix, TravelSpeed
from models.records import Location as LocationRecord
from service.snapshot.ids import LOCATION, key_of, respelled

Coordinates = tuple[float, float]
Travel = TravelSpeed | TravelMatrix | None


class Places:
    """The locations of a problem, collected while it is made.

    Parameters
    ----------
    travel
        The organization's; a table knows stored locations by their numbers, and nothing else.
    stored
        The locations that may be named.
    """

    def __init__(self, travel: Travel, stored: Iterable[LocationRecord]) -> None:
        self.travel = travel_of(travel)
        self._reachable = set(self.travel.locations) if isinstance(self.travel, TravelMatrix) else None
        self._stored: dict[int, Location] = {}
        self._at: dict[Coordinates, str] = {}
        self._used: dict[str, Location] = {}
        for record in stored:
            key = key_of(LOCATION, record.id)
            self._stored[record.id] = Location(id=key, latitude=record.latitude, longitude=record.longitude)
            self._at.setdefault((record.latitude, record.longitude), key)

    def of_record(self, number: int | None) -> str | None:
        """Name a stored location; None where it cannot be travelled to."""
        if number is None or number not in self._stored:
            return None
        return self._use(self._stored[number])

    def at(self, latitude: float | None, longitude: float | None) -> str | None:
        """Name the place at some coordinates: the stored location there, else the coordinates themselves."""
        if self.travel is None or latitude is None or longitude is None:
            return None
        key = self._at.get((latitude, longitude)) or f"@{latitude},{longitude}"
        return self._use(Location(id=key, latitude=latitude, longitude=longitude))

    def all(self) -> tuple[Location, ...]:
        """List the locations that were named."""
        return tuple(self._used.values())

    def _use(self, location: Location) -> str | None:
        if self._reachable is not None and location.id not in self._reachable:
            return None
        self._used.setdefault(location.id, location)
        return location.id


def travel_of(travel: Travel) -> Travel:
    """Read the travel of an organization, in which a table names locations by their numbers."""
    if not isinstance(travel, TravelMatrix):
        return travel
    return TravelMatrix(locations=respelled(LOCATION, travel.locations), minutes=travel.minutes)
