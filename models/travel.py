"""How long it takes from one place to another."""

import math
from typing import Annotated

from pydantic import Field, model_validator

from models.errors import Fault
from models.faults import nested, refusal, refuse, repeated
from models.fields import Id, Minutes, Part, ReadBy, Real

EARTH_RADIUS_KM = 6371.0088
Latitude = Annotated[Real, Field(ge=-90, le=90)]
Longitude = Annotated[Real, Field(ge=-180, le=180)]


class Location(Part):
    """A place on the globe, in degrees."""

    id: Id
    latitude: Latitude
    longitude: Longitude


class TravelSpeed(Part):
    """Travel by distance: the haversine times a detour factor at one speed."""

    speed_kmh: Annotated[Real, Field(ge=0.1, le=2000)] = 40
    detour_factor: Annotated[Real, Field(ge=0.1, le=100)] = 1.3


class TravelMatrix(Part):
    """Travel by table: minutes from each location (row) to each (column); it may be asymmetric."""

    locations: tuple[Id, ...]
    minutes: tuple[tuple[Minutes, ...], ...]

    @model_validator(mode="after")
    def _is_square(self) -> "TravelMatrix":
        size = len(self.locations)
        faults = []
        if len(self.minutes) != size:
            faults.append(Fault("minutes", f"{len(self.minutes)} rows", f"{size} rows, one per location"))
        for i, row in enumerate(self.minutes):
            if len(row) != size:
                faults.append(Fault(f"minutes[{i}]", f"{len(row)} numbers", f"{size} numbers, one per location"))
        faults += repeated(self.locations, "locations")
        if faults:
            raise refusal(*faults)
        return self


def read_travel(value: object) -> TravelSpeed | TravelMatrix:
    """Read either kind of travel: the one with a matrix has `minutes` or `locations`."""
    if isinstance(value, TravelSpeed | TravelMatrix):
        return value
    if not isinstance(value, dict):
        raise refuse(value, "null, an object with speed_kmh and detour_factor, or one with locations and minutes")
    if "minutes" in value or "locations" in value:
        return nested(TravelMatrix, value)
    return nested(TravelSpeed, value)


Travel = Annotated[TravelSpeed | TravelMatrix, ReadBy(read_travel, TravelSpeed | TravelMatrix)]


def distance_minutes(origin: Location, destination: Location, travel: TravelSpeed) -> int:
    """Compute the travel time between two coordinates.

    The haversine formula on a sphere of radius 6371.0088 km (the mean radius of IUGG).

    Parameters
    ----------
    origin, destination
        The two places.
    travel
        Speed in km/h and detour factor.

    Returns
    -------
    Whole minutes, rounded up.
    """
    north, south = math.radians(origin.latitude), math.radians(destination.latitude)
    east = math.radians(destination.longitude - origin.longitude)
    half = math.sin((south - north) / 2) ** 2 + math.cos(north) * math.cos(south) * math.sin(east / 2) ** 2
    distance_km = 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, half))) * travel.detour_factor
    return math.ceil(distance_km / travel.speed_kmh * 60 - 1e-9)


class TravelTimes:
    """Travel minutes between locations by id, each pair computed once.

    Parameters
    ----------
    travel
        Speed, matrix, or None for no travel at all.
    locations
        The places with their coordinates.
    """

    def __init__(self, travel: TravelSpeed | TravelMatrix | None, locations: tuple[Location, ...]) -> None:
        self._travel = travel
        self._places = {place.id: place for place in locations}
        self._rows = {key: i for i, key in enumerate(travel.locations)} if isinstance(travel, TravelMatrix) else {}
        self._known: dict[tuple[str, str], int] = {}

    def minutes(self, origin: str | None, destination: str | None) -> int:
        """Find the travel time between two locations.

        Parameters
        ----------
        origin, destination
            Location ids; None is nowhere and costs nothing.

        Returns
        -------
        Whole minutes; 0 from a location to itself.
        """
        if self._travel is None or origin is None or destination is None or origin == destination:
            return 0
        if isinstance(self._travel, TravelMatrix):
            return self._travel.minutes[self._rows[origin]][self._rows[destination]]
        pair = origin, destination
        if pair not in self._known:
            self._known[pair] = distance_minutes(self._places[origin], self._places[destination], self._travel)
        return self._known[pair]
